import PipelineModel

/// `probast-ai.md`: the questions of PROBAST+AI by part and domain, with what the folder says.
///
/// The parts and domains are those of K G M Moons and others, PROBAST+AI, BMJ 2025;388:e082505;
/// the questions are put in our own words and numbered within a domain by us.
enum PROBASTChecklist {
    static func text(_ facts: ModelFacts) -> String {
        Checklist(
            title: "PROBAST+AI: \(facts.model.title)",
            introduction: [
                "PROBAST+AI (Moons and others, BMJ 2025;388:e082505) judges the quality of a development and the risk of bias of an evaluation, in four domains each. The questions below are in our own words, and their letters are ours, not those of the tool: use its own form for a formal assessment. A judgement (low, high, unclear) is for people; Stile gives none."
            ],
            sections: development(facts) + evaluation(facts) + [("Overall", overall)]
        ).text
    }

    private typealias Item = Checklist.Item
    private typealias Section = (heading: String, items: [Item])

    private static func development(_ facts: ModelFacts) -> [Section] {
        let blank = ModelFacts.blank
        guard facts.model.isFitted else {
            return [
                (
                    "Development",
                    [
                        Item(
                            "–", "Quality of the development",
                            "The equation was developed elsewhere: \(blank("assessment of its publication"))"
                        )
                    ]
                )
            ]
        }
        return [
            (
                "Development, domain 1: participants and data sources",
                [
                    Item(
                        "1a", "Were the sources fit for the purpose?",
                        "\(facts.model.sources.map(\.extract).joined(separator: ", ")). \(blank("judgement"))"
                    ),
                    Item(
                        "1b",
                        "Were the right people in, and do they stand for those who will be scored?",
                        "`cohort` in specification/model.yaml. \(blank("judgement"))"),
                ]
            ),
            (
                "Development, domain 2: predictors",
                [
                    Item(
                        "2a", "Were predictors made alike for everyone?",
                        "One declaration for all rows, specification/features.yaml. \(blank("whether services record alike"))"
                    ),
                    Item(
                        "2b",
                        "Were they made without knowledge of the outcome, and are they there when the model is used?",
                        "Only facts known before the as-of date enter; an outcome is refused as a feature. \(blank("judgement"))"
                    ),
                ]
            ),
            (
                "Development, domain 3: outcome",
                [
                    Item(
                        "3a", "Was the outcome well defined and found alike for everyone?",
                        "\(facts.outcome). \(blank("judgement"))"),
                    Item(
                        "3b", "Was it found without the predictors, after a fitting time?",
                        "Counted from the as-of date over the horizon; rows whose horizon has not passed are out. \(blank("judgement"))"
                    ),
                ]
            ),
            (
                "Development, domain 4: analysis",
                [
                    Item(
                        "4a", "Were there enough people and events?",
                        "\(facts.fit.flatMap { fit in fit.events.map { "\(Decimals.count($0)) events, \(facts.model.equation.terms.count) terms" } } ?? "coefficients.json"). \(blank("judgement"))"
                    ),
                    Item(
                        "4b", "Were missing values and rare ones handled well?",
                        "As declared. \(facts.rare.isEmpty ? "No column rests on fewer than ten people." : "Columns of few people: \(facts.rare.joined(separator: ", ")).") \(blank("judgement"))"
                    ),
                    Item(
                        "4c",
                        "Was overfitting, selection and tuning dealt with inside every resample?",
                        "\(facts.kind) \(blank("judgement"))"),
                    Item(
                        "4d", "Were fairness and unequal classes considered?",
                        facts.model.groupings.isEmpty
                            ? blank("no grouping is declared")
                            : "Groups: \(facts.model.groupings.joined(separator: ", ")). \(blank("judgement"))"
                    ),
                ]
            ),
        ]
    }

    private static func evaluation(_ facts: ModelFacts) -> [Section] {
        let blank = ModelFacts.blank
        guard facts.evaluation != nil else {
            return [
                (
                    "Evaluation",
                    [
                        Item(
                            "–", "Risk of bias of the evaluation",
                            "The model was not evaluated here. \(blank("where it was"))")
                    ]
                )
            ]
        }
        return [
            (
                "Evaluation, domain 1: participants and data sources",
                [
                    Item(
                        "1a", "Are the test rows of the people who will be scored?",
                        "\(facts.folds.joined(separator: "; ")). \(blank("judgement"))"),
                    Item(
                        "1b", "Are they apart from the rows of the fit?",
                        facts.model.learnsHere
                            ? "Other folds; people who are in both are counted in evaluation.json. \(blank("judgement"))"
                            : "Nothing was fitted here."),
                ]
            ),
            (
                "Evaluation, domain 2: predictors",
                [
                    Item(
                        "2a", "Were predictors made as in the development?",
                        "The same specification, digest \(facts.model.specification.short)…"),
                    Item(
                        "2b", "Were they known before the outcome?",
                        "Only facts known before the as-of date enter."),
                ]
            ),
            (
                "Evaluation, domain 3: outcome",
                [
                    Item(
                        "3a",
                        "Was the outcome as in the development, and found alike for every group?",
                        "\(facts.outcome). \(blank("judgement"))"),
                    Item(
                        "3b", "Was it free of the score, such as help that a list brought?",
                        blank("whether earlier lists changed what happened")),
                ]
            ),
            (
                "Evaluation, domain 4: analysis",
                [
                    Item(
                        "4a", "Were there enough people and events?",
                        "\(facts.figure("rows")) rows, \(facts.figure("events")) events. \(blank("judgement"))"
                    ),
                    Item(
                        "4b",
                        "Were discrimination, calibration and usefulness reported with intervals?",
                        "AUROC \(facts.figure("discrimination")); slope \(facts.figure("calibration.slope")); events for each expected \(facts.figure("observed_to_expected"))"
                    ),
                    Item(
                        "4c", "Were all rows kept, missing values and repeated people handled?",
                        "Rows without a known outcome are out and counted in data.json. \(blank("judgement"))"
                    ),
                    Item(
                        "4d", "Was performance reported by group?",
                        facts.model.groupings.isEmpty
                            ? "No grouping is declared."
                            : "By \(facts.model.groupings.joined(separator: ", ")), small groups not assessable."
                    ),
                ]
            ),
        ]
    }

    private static var overall: [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "Quality", "Of the development, over its four domains",
                blank("low, high or unclear concern, and why")),
            Item(
                "Bias", "Of the evaluation, over its four domains",
                blank("low, high or unclear risk, and why")),
            Item(
                "Applicability", "To the people, predictors and outcome of this service",
                blank("judgement, assessor, date")),
        ]
    }
}
