import PipelineModel

/// `card.md`: what the model is for, how good it is, and what it must not be used for.
///
/// The sections follow M Mitchell and others, Model Cards for Model Reporting, FAT* 2019.
enum ModelCard {
    static func text(_ facts: ModelFacts) -> String {
        let model = facts.model
        let blank = ModelFacts.blank
        var lines = [
            "# Model card: \(model.title)", "",
            "What stands in square brackets is for the people who run the service; Stile cannot know it.",
            "", "## The model", "",
            "- Name: `\(model.name)`, version \(model.version), written by Stile \(model.stile)",
            "- Kind: \(facts.kind)",
            "- Purpose: \(model.purpose)",
            "- About: \(facts.unitPhrase)",
            "- Outcome: \(facts.outcome)",
            "- Specification (SHA-256): `\(model.specification.hex)`; its files are in `specification/`",
            "- Owner and contact: \(blank("team, senior responsible owner, e-mail address"))",
            "- Date on which it came into use: \(blank("date, and who decided"))",
            "", "## Use", "",
            "- Meant for: a list of at most \(Decimals.count(model.listSize)) \(model.unit.plural), which named people review and sign before anybody is approached, for the purpose “\(model.purpose)”",
            "- Meant for whom: \(blank("who receives the list and what they offer"))",
            "- Not meant for: refusing a service, judging a person, or evidence in a court or a case record. A chance is not a finding, and absence from the list says nothing about safety.",
            "- How somebody objects, or asks why they were listed: \(blank("contact and procedure"))",
            "", "## The equation", "",
        ]
        lines += facts.termTable
        lines += [
            "",
            "`equation.txt` has a worked example; `equation.json` and `model.pmml` have every digit.",
        ]
        if let note = facts.errorsNote { lines.append(note) }
        if let aliased = facts.fit?.aliased, !aliased.isEmpty {
            lines.append(
                "Columns without a coefficient of their own, since others say the same: \(aliased.joined(separator: ", "))."
            )
        }
        if !facts.thirdParty.isEmpty {
            lines.append(
                "These say something about other people than the one who is scored: \(facts.thirdParty.joined(separator: "; "))."
            )
        }
        lines += ["", "## Data", ""]
        lines += facts.sourceTable
        lines += [""]
        lines +=
            facts.folds.isEmpty
            ? ["No rows were used here: the equation is only applied."]
            : facts.folds.map { "- \($0)" }
        if let size = facts.sampleSize { lines += ["- Size: \(size)"] }
        lines += facts.characteristics.isEmpty ? [] : [""] + facts.characteristics
        lines += [
            "", "`data.json` has the digests of what was read.",
            "How the people in these data differ from those who will be scored: \(blank("who is missing from the sources, and why"))",
            "", "## How good it is", "",
        ]
        lines += facts.figureTable
        lines += (facts.beside + facts.acceptance).flatMap { ["", $0] }
        lines += [
            "", "`evaluation.json` has all figures, those by group among them.", "",
            "### What happened to people by their chance", "",
        ]
        lines += facts.bandTable
        lines += [
            "",
            "Test rows only. Numbers of fewer than \(data(facts)) people are withheld, and where one could be worked out from the others, the next smallest too.",
            "", "## Fairness", "",
            model.groupings.isEmpty
                ? "No grouping is declared, so that nothing was measured by group."
                : "Measured by group in `evaluation.json`: \(model.groupings.joined(separator: ", ")).",
            "What was found acceptable, by whom, and on what grounds: \(blank("decision of the ethics board, with date"))",
            "", "## Before this folder is given to anybody", "",
            "- It holds no row, name or pseudonym of a person; the rows of `test-pack.csv` are made up.",
        ]
        if facts.evaluation != nil {
            lines.append(
                "- `evaluation.json` and its page are for reviewers: their histogram, decision curve and tenths count fewer than ten people in places, from which withheld numbers of the bands could be worked out. `stile models export --public` leaves both out."
            )
        }
        if facts.rare.isEmpty {
            lines.append("- No column of the equation rests on fewer than ten people.")
        } else {
            lines.append(
                "- These columns rest on so few people that their mean or coefficient could say something of them: \(facts.rare.joined(separator: ", ")). Look at them before the folder leaves the service."
            )
        }
        lines += [
            "- `python3 check.py` checks every digest and every test row without Stile.",
            "- Reviewed before publication by: \(blank("name, role, date"))", "",
        ]
        return lines.joined(separator: "\n")
    }

    private static func data(_ facts: ModelFacts) -> Int { facts.data.smallestCount }
}
