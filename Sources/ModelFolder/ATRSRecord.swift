import PipelineModel

/// `atrs.md`: a record for the United Kingdom's Algorithmic Transparency Recording Standard.
///
/// The headings are those of the two tiers of its template, version 3.0; what Stile cannot know
/// stays blank.
/// Source: https://www.gov.uk/government/collections/algorithmic-transparency-recording-standard-hub
enum ATRSRecord {
    static func text(_ facts: ModelFacts) -> String {
        var lines = [
            "# Algorithmic transparency record: \(facts.model.title)", "",
            "Written by Stile \(facts.model.stile) from the model's folder, under the headings of the Algorithmic Transparency Recording Standard, template version 3.0. Compare them with the template in force before it is sent; what stands in square brackets is for the service.",
        ]
        for (heading, fields) in tiers(facts) {
            lines += ["", "## \(heading)"]
            for (name, text) in fields { lines += ["", "### \(name)", "", text] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private typealias Field = (String, String)

    private static func tiers(_ facts: ModelFacts) -> [(String, [Field])] {
        [
            ("Tier 1 - Overview", overview(facts)),
            ("Tier 2 - Owner and Responsibility", owner),
            ("Tier 2 - Description and Rationale", rationale(facts)),
            ("Tier 2 - Deployment Context", deployment(facts)),
            ("Tier 2 - Tool Specification", specification(facts)),
            ("Tier 2 - Risks, Mitigations and Impact Assessments", risks(facts)),
        ]
    }

    private static func overview(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            ("1 - Name", facts.named),
            (
                "2 - Description",
                "Each night the tool works out, from records that were linked under pseudonyms, a chance for each of the \(facts.model.unit.plural) in its cohort, and puts a list of at most \(Decimals.count(facts.model.listSize)) in front of named people. They decide whether the list may be opened; nobody is approached without their signatures. Its purpose is “\(facts.model.purpose)”. \(blank("the problem in plain words, and what is offered to those on the list"))"
            ),
            ("3 - Website URL", blank("page for the public")),
            ("4 - Contact email", blank("address that is read")),
        ]
    }

    private static var owner: [Field] {
        let blank = ModelFacts.blank
        return [
            ("1.1 - Organisation or department", blank("name")),
            ("1.2 - Team", blank("name")),
            ("1.3 - Senior responsible owner", blank("role")),
            (
                "1.4 - Third party involvement",
                blank(
                    "third party, its number at Companies House, role, procurement, terms of its access to data"
                )
            ),
        ]
    }

    private static func rationale(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "2.1 - Detailed description",
                "\(facts.kind) It has \(facts.model.equation.terms.count) terms; `equation.txt` states all of them with a worked example. The outcome is: \(facts.outcome)."
            ),
            (
                "2.2 - Scope",
                "\(facts.unitPhrase.prefix(1).uppercased() + facts.unitPhrase.dropFirst()). \(blank("who is in the cohort, where, and what the tool is not for"))"
            ),
            ("2.3 - Benefit", blank("what is better than before, and how that is measured")),
            (
                "2.4 - Previous process",
                facts.model.baseline.map {
                    "The service ranks today by `\($0)`; the evaluation compares the two. \(blank("how decisions were made before"))"
                } ?? blank("how decisions were made before")
            ),
            ("2.5 - Alternatives considered", blank("other tools, and doing without one")),
        ]
    }

    private static func deployment(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "3.1 - Integration into broader operational process",
                "The tool proposes a list; an ethics gate keeps every identity sealed until a quorum of roles has signed for exactly that list. \(blank("what happens with a released list"))"
            ),
            (
                "3.2 - Human review",
                "Reviewers see rank, chance and the strongest reasons that raise and lower it, under pseudonyms, with the evaluation and the linkage's quality. They approve or hold, with a reason that is logged."
            ),
            (
                "3.3 - Frequency and scale of usage",
                "At most one list a night of at most \(Decimals.count(facts.model.listSize)). \(blank("how often lists are released, and to how many people"))"
            ),
            ("3.4 - Required training", blank("what reviewers and recipients are taught")),
            ("3.5 - Appeals and review", blank("how somebody objects or asks for a review")),
        ]
    }

    private static func specification(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        let folds =
            facts.folds.isEmpty
            ? "None: the equation was not fitted here." : facts.folds.joined(separator: "\n- ")
        return [
            (
                "4.1.1 - System architecture",
                "Three zones under separate accounts: one that sees identifiers and encodes them, one that links and scores pseudonyms only, one that opens a list that was signed. Stile \(facts.model.stile)."
            ),
            (
                "4.1.2 - System-level input",
                "Extracts of \(facts.model.sources.map(\.extract).joined(separator: ", "))"
            ),
            (
                "4.1.3 - System-level output",
                "A list of at most \(Decimals.count(facts.model.listSize)) \(facts.model.unit.plural) with rank, chance and reasons"
            ),
            ("4.1.4 - Maintenance", blank("who looks at it how often, and when it is fitted anew")),
            ("4.1.5 - Models", facts.model.name),
            ("4.2.1 - Model name", facts.model.name),
            ("4.2.2 - Model version", String(facts.model.version)),
            ("4.2.3 - Model task", "A chance of the outcome: \(facts.outcome)"),
            (
                "4.2.4 - Model input",
                "\(facts.model.equation.terms.count) columns, in `equation.json`"
            ),
            ("4.2.5 - Model output", "A probability, a rank, and each term's part in it"),
            ("4.2.6 - Model architecture", "Logistic regression. \(facts.kind)"),
            ("4.2.7 - Model performance", facts.figureTable.joined(separator: "\n")),
            ("4.2.8 - Datasets and their purposes", "- \(folds)"),
            (
                "4.3 - Development data",
                "Digests, folds and ranges: `data.json`. Sensitive attributes used to measure fairness: \(facts.model.groupings.isEmpty ? "none" : facts.model.groupings.joined(separator: ", ")). \(blank("completeness, representativeness, cleaning, collection, access, sharing agreements"))"
            ),
            (
                "4.4 - Operational data",
                facts.sourceTable.joined(separator: "\n")
                    + "\n\n\(blank("who has access, how long data are kept, sharing agreements"))"
            ),
        ]
    }

    private static func risks(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "5.1 - Impact assessments",
                blank(
                    "data protection impact assessment, equality impact assessment: title, date, link"
                )
            ),
            (
                "5.2 - Risks and mitigations",
                [
                    "- Wrong link between records: precision and recall of the linkage stand beside every list.",
                    "- A list reaches people who should not see it: identities stay sealed until the quorum has signed, and every opening is logged.",
                    "- Groups are treated unequally: measured by group in `evaluation.json`. \(blank("what was decided about it"))",
                    "- The world changes: \(blank("who watches which figures, and when the model is retired"))",
                    "- \(blank("further risks of this use"))",
                ].joined(separator: "\n")
            ),
        ]
    }
}
