import PipelineModel

/// `atrs.md`: a record for the United Kingdom's Algorithmic Transparency Recording Standard.
///
/// The sections, fields and their numbers are those of version 4.0 (2025) of the standard; of fields
/// whose own number its guidance does not print, the section's stands above them. What Stile cannot
/// know stays blank.
/// Source: https://www.gov.uk/government/collections/algorithmic-transparency-recording-standard-hub
enum ATRSRecord {
    static func text(_ facts: ModelFacts) -> String {
        var lines = [
            "# Algorithmic transparency record: \(facts.model.title)", "",
            "Written by Stile \(facts.model.stile) from the model's folder, under the headings of the Algorithmic Transparency Recording Standard, version 4.0 (2025). The standard takes its own template only, unaltered: copy the answers into it, and compare the headings with the version in force. What stands in square brackets is for the service.",
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
            ("Title information", title(facts)),
            ("Tier 1 - Summary Information", overview(facts)),
            ("Tier 2 - 2.1 Owner and Responsibility", owner),
            ("Tier 2 - 2.2 Description and Rationale", rationale(facts)),
            ("Tier 2 - 2.3 Deployment Context", deployment(facts)),
            ("Tier 2 - 2.4.1 Tool Specification", tool(facts)),
            ("Tier 2 - 2.4.2 Model Specification", specification(facts)),
            ("Tier 2 - 2.4.3 Development Data", developmentData(facts)),
            ("Tier 2 - 2.4.4 Operational Data", operationalData(facts)),
            ("Tier 2 - 2.5 Risks, Mitigations and Impact Assessments", risks(facts)),
        ]
    }

    private static func title(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            ("Title", facts.model.title),
            ("Organisation", blank("full name of the public body")),
            (
                "Phase",
                blank("pre-deployment, private or public beta, production, or retired")
            ),
            ("Region", blank("where people are affected")),
            (
                "One sentence description",
                "A list of at most \(Decimals.count(facts.model.listSize)) \(facts.model.unit.plural) by their chance of the outcome, for named people to review before anybody is approached. \(blank("what it is for, in one sentence"))"
            ),
        ]
    }

    private static func overview(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            ("1.1 - Name", facts.named),
            (
                "1.2 - Description",
                "Each night the tool works out, from records that were linked under pseudonyms, a chance for each of the \(facts.model.unit.plural) in its cohort, and puts a list of at most \(Decimals.count(facts.model.listSize)) in front of named people. They decide whether the list may be opened; nobody is approached without their signatures. Its purpose is “\(facts.model.purpose)”. \(blank("the problem in plain words, and what is offered to those on the list"))"
            ),
            ("1.3 - Website URL", blank("page for the public")),
            ("1.4 - Contact email", blank("address that is read")),
        ]
    }

    private static var owner: [Field] {
        let blank = ModelFacts.blank
        return [
            ("2.1.1 - Organisation or department", blank("name")),
            ("2.1.2 - Team", blank("name")),
            (
                "2.1.3 - Senior responsible owner",
                blank("title of the role; the standard asks for no person’s name")
            ),
            ("2.1.4 - Third party involvement", blank("whether there is one")),
            ("2.1.4.1 - Third party", blank("name")),
            ("2.1.4.2 - Companies House Number", blank("number")),
            ("2.1.4.3 - Third party role", blank("what it did and does")),
            ("2.1.4.4 - Procurement procedure type", blank("procedure")),
            ("2.1.4.5 - Third party data access terms", blank("terms, or: none has access")),
        ]
    }

    private static func rationale(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "2.2.1 - Detailed description",
                "\(facts.kind) It has \(facts.model.equation.terms.count) terms; `equation.txt` states all of them with a worked example. The outcome is: \(facts.outcome). Scope: \(facts.unitPhrase). \(blank("who is in the cohort, where, and what the tool is not for"))"
            ),
            ("2.2.2 - Benefits", blank("what is better than before, and how that is measured")),
            (
                "2.2.3 - Previous process",
                facts.model.baseline.map {
                    "The service ranks today by `\($0)`; the evaluation compares the two. \(blank("how decisions were made before"))"
                } ?? blank("how decisions were made before")
            ),
            ("2.2.4 - Alternatives considered", blank("other tools, and doing without one")),
        ]
    }

    private static func deployment(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "2.3.1 - Integration into broader operational process",
                "The tool proposes a list; an ethics gate keeps every identity sealed until a quorum of roles has signed for exactly that list. \(blank("what happens with a released list"))"
            ),
            (
                "2.3.2 - Human review",
                "Reviewers see rank, chance and the strongest reasons that raise and lower it, under pseudonyms, with the evaluation and the linkage's quality. They approve or hold, with a reason that is logged."
            ),
            (
                "2.3.3 - Frequency and scale of usage",
                "At most one list a night of at most \(Decimals.count(facts.model.listSize)). \(blank("how often lists are released, and to how many people"))"
            ),
            ("2.3.4 - Required training", blank("what reviewers and recipients are taught")),
            ("2.3.5 - Appeals and review", blank("how somebody objects or asks for a review")),
        ]
    }

    private static func tool(_ facts: ModelFacts) -> [Field] {
        return [
            (
                "2.4.1.1 - System architecture",
                "Three zones under separate accounts: one that sees identifiers and encodes them, one that links and scores pseudonyms only, one that opens a list that was signed. Stile \(facts.model.stile)."
            ),
            (
                "2.4.1.2 - System-level input",
                "Extracts of \(facts.model.sources.map(\.extract).joined(separator: ", "))"
            ),
            (
                "2.4.1.3 - System-level output",
                "A list of at most \(Decimals.count(facts.model.listSize)) \(facts.model.unit.plural) with rank, chance and reasons"
            ),
            (
                "2.4.1.4 - Maintenance",
                ModelFacts.blank("who looks at it how often, and when it is fitted anew")
            ),
            ("2.4.1.5 - Models", facts.model.name),
        ]
    }

    private static func specification(_ facts: ModelFacts) -> [Field] {
        let groups =
            facts.model.groupings.isEmpty
            ? "No grouping is declared, so that nothing was measured by subgroup."
            : "By subgroup (\(facts.model.groupings.joined(separator: ", "))): error rates, calibration and share of the list with intervals, in `evaluation.json`."
        return [
            ("2.4.2.1 - Model name", facts.model.name),
            ("2.4.2.2 - Model version", String(facts.model.version)),
            ("2.4.2.3 - Model task", "A chance of the outcome: \(facts.outcome)"),
            (
                "2.4.2.4 - Model input",
                "\(facts.model.equation.terms.count) columns, in `equation.json`"
            ),
            ("2.4.2.5 - Model output", "A probability, a rank, and each term's part in it"),
            ("2.4.2.6 - Model architecture", "Logistic regression. \(facts.kind)"),
            (
                "2.4.2.7 - Model performance",
                (facts.figureTable + ["", groups] + facts.acceptance.flatMap { ["", $0] })
                    .joined(separator: "\n")
                    + "\n\n\(ModelFacts.blank("what was done about differences between subgroups"))"
            ),
            ("2.4.2.8 - Datasets and their purposes", quantities(facts)),
        ]
    }

    /// The sides of the split, or that there is none.
    private static func quantities(_ facts: ModelFacts) -> String {
        facts.folds.isEmpty
            ? "None: the equation was not fitted here."
            : facts.folds.map { "- \($0)" }.joined(separator: "\n")
    }

    private static func sensitive(_ facts: ModelFacts) -> String {
        let others =
            facts.thirdParty.isEmpty
            ? ""
            : " These say something of other people than the one who is scored: \(facts.thirdParty.joined(separator: "; "))."
        return
            "Personal data under pseudonyms. To measure fairness, and no feature by that: \(facts.model.groupings.isEmpty ? "none" : facts.model.groupings.joined(separator: ", ")).\(others) \(ModelFacts.blank("protected characteristics, and columns that may stand for one"))"
    }

    private static func developmentData(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        let sources = facts.model.sources.map(\.extract).joined(separator: ", ")
        return [
            ("Source data name", sources.isEmpty ? "No source is named" : sources),
            ("Data modality", "Tabular"),
            (
                "Data description",
                "Records of services, made into \(facts.model.equation.terms.count) columns as `specification/features.yaml` declares; ranges and digests in `data.json`. \(blank("what the services record, and for whom"))"
            ),
            ("Data quantities", quantities(facts)),
            ("Sensitive attributes", sensitive(facts)),
            (
                "Data completeness and representativeness",
                "How often each input was missing, and who was found in which source, stand by group in `evaluation.json`, where it was measured. \(blank("who is missing from the sources, and whom the rest stand for"))"
            ),
            ("Source data URL", "None: data of people are not published."),
            ("Data collection", blank("for what purpose, how and when the services collect it")),
            (
                "Data cleaning",
                "Extracts are checked against contracts; a row that breaks one is set aside and counted. Windows, caps, transforms and what missing means are part of `specification/features.yaml`."
            ),
            (
                "Data sharing agreements",
                facts.sourceTable.joined(separator: "\n") + "\n\n\(blank("agreements"))"
            ),
            (
                "Data access and storage",
                "Names and identifiers stay in the zone that encodes them; what is linked and scored has pseudonyms. \(blank("who has access, and how long data are kept"))"
            ),
        ]
    }

    private static func operationalData(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            ("Data sources", facts.sourceTable.joined(separator: "\n")),
            ("Sensitive attributes", sensitive(facts)),
            (
                "Data processing methods",
                "Each night by the same declarations as in the development: checks against contracts, linkage under pseudonyms, features from what was known before the night. A model whose source is missing, late or out of its legal basis is not scored."
            ),
            (
                "Data access and storage",
                "As in the development; each opening of a list is in a signed log that names nobody. \(blank("who has access, and how long lists and logs are kept"))"
            ),
            ("Data sharing agreements", blank("agreements for extracts, lists and logs")),
        ]
    }

    private static func risks(_ facts: ModelFacts) -> [Field] {
        let blank = ModelFacts.blank
        return [
            (
                "Impact assessments",
                blank(
                    "data protection impact assessment, equality impact assessment: title, date, link"
                )
            ),
            (
                "Risks and mitigations",
                [
                    "- Data: a wrong link between records. Precision and recall of the linkage stand beside every list. \(blank("further risks of the data"))",
                    "- Application and use: a list reaches people who should not see it, or is used for something else. Identities stay sealed until the quorum has signed, for one purpose and named recipients, and every opening is logged. \(blank("further risks of use"))",
                    "- Efficacy: the world changes. \(facts.drift). \(blank("who watches which figures, and when the model is retired"))",
                    "- Outputs and decisions: groups are treated unequally, or a chance is taken for a finding. Measured by group in `evaluation.json`. \(blank("what was decided about it"))",
                    "- Organisational: \(blank("skills, capacity to help those on a list, dependence on a supplier"))",
                    "- Public engagement: \(blank("who was asked, and what they said"))",
                ].joined(separator: "\n")
            ),
        ]
    }
}
