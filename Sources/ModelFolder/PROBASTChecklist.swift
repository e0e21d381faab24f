import PipelineModel

/// `probast-ai.md`: the questions of PROBAST+AI by part and domain, with what the folder says.
///
/// Parts, domains and the numbers of the signalling questions are those of K G M Moons and others,
/// PROBAST+AI, BMJ 2025;388:e082505: sixteen on the development (three, four, four and five in the
/// four domains) and eighteen on the evaluation (three, four, four and seven). The words are ours.
enum PROBASTChecklist {
    static func text(_ facts: ModelFacts) -> String {
        Checklist(
            title: "PROBAST+AI: \(facts.model.title)",
            introduction: [
                "PROBAST+AI (Moons and others, BMJ 2025;388:e082505) judges the quality of a development by sixteen signalling questions and the risk of bias of an evaluation by eighteen, in four domains each. Domains and numbers below are the tool’s, the words are ours: use its own form for a formal assessment. A judgement (low, high, unclear) is for people; Stile gives none."
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
                            "1.1–4.5", "Quality of the development",
                            "The equation was developed elsewhere: \(blank("assessment of its publication"))"
                        )
                    ]
                )
            ]
        }
        return [
            ("Development, domain 1: participants and data sources", participants(facts)),
            ("Development, domain 2: predictors", predictors(facts)),
            ("Development, domain 3: outcome", outcome(facts)),
            ("Development, domain 4: analysis", developmentAnalysis(facts)),
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
                            "1.1–4.7", "Risk of bias of the evaluation",
                            "The model was not evaluated here. \(blank("where it was"))")
                    ]
                )
            ]
        }
        return [
            ("Evaluation, domain 1: participants and data sources", participants(facts)),
            ("Evaluation, domain 2: predictors", predictors(facts)),
            ("Evaluation, domain 3: outcome", outcome(facts)),
            ("Evaluation, domain 4: analysis", evaluationAnalysis(facts)),
        ]
    }

    // MARK: Domains that both parts share

    private static func participants(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "1.1", "Were the data sources fit for it?",
                "\(facts.model.sources.map(\.extract).joined(separator: ", ")). \(blank("judgement"))"
            ),
            Item(
                "1.2", "Was the design of the study fit for it?",
                "Records of routine care, as of dates or spells: \(facts.folds.joined(separator: "; ")). \(blank("judgement"))"
            ),
            Item(
                "1.3", "Do those who were let in stand for those who will be scored?",
                "`cohort` in specification/model.yaml; who objected is out. \(blank("judgement"))"),
        ]
    }

    private static func predictors(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "2.1", "Were predictors defined and recorded alike for everyone?",
                "One declaration for all rows, digest \(facts.model.specification.short)…; \(blank("whether services record alike"))"
            ),
            Item(
                "2.2", "Was their preparation the same for everyone?",
                "Windows, caps, transforms and what missing means are part of the declaration in specification/features.yaml."
            ),
            Item(
                "2.3", "Were they recorded without knowledge of the outcome?",
                "Only facts known before the as-of date enter; an outcome is refused as a feature."),
            Item(
                "2.4", "Are they there when the model is to be used?",
                "The night makes them by the same declaration. \(blank("judgement"))"),
        ]
    }

    private static func outcome(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "3.1", "Was the outcome well defined and found?",
                "\(facts.outcome). \(blank("judgement"))"),
            Item(
                "3.2", "Was it defined and found alike for everyone?",
                "One declaration for all rows. \(blank("whether services record it alike for every group"))"
            ),
            Item(
                "3.3", "Was it found without the predictors, and without the score?",
                "Its column may be no feature. \(blank("whether earlier lists changed what happened"))"
            ),
            Item(
                "3.4", "Was the time between predictors and outcome fitting?",
                "Counted from the as-of date over the horizon; rows whose horizon has not passed are out. \(blank("judgement"))"
            ),
        ]
    }

    // MARK: Analysis

    private static func developmentAnalysis(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "4.1", "Is there evidence that the people were enough?",
                "\(facts.fit.flatMap { fit in fit.events.map { "\(ModelFacts.withheld($0)) events, \(facts.model.equation.terms.count) terms" } } ?? "coefficients.json"). \(facts.sampleSize.map { "\($0) " } ?? "")\(blank("judgement"))"
            ),
            Item(
                "4.2", "Were continuous and categorical predictors handled well?",
                "As declared. \(facts.rare.isEmpty ? "No column rests on fewer than ten people." : "Columns of few people: \(facts.rare.joined(separator: ", ")).") \(blank("judgement"))"
            ),
            Item(
                "4.3", "Were missing values, and people who were lost, handled well?",
                "Missing values as declared, shown by group in evaluation.json; rows without a known outcome are out and counted in data.json. \(blank("judgement"))"
            ),
            Item(
                "4.4", "If classes were balanced, were the chances set right again?",
                "Stile balances no classes."),
            Item(
                "4.5", "Was overfitting dealt with?",
                "\(facts.kind)\(facts.fit?.weighting.map { " Its rows are weighted by `\($0.column)`, whom each stands for; card.md says what that means for each figure." } ?? "") What fitting anew on resampled rows took off the figures is in evaluation.json, where `resampling` asks for it. \(blank("judgement"))"
            ),
        ]
    }

    private static func evaluationAnalysis(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "4.1", "Does it go beyond the rows that the model was fitted on?",
                facts.model.learnsHere
                    ? "Rows of other folds test it. \(blank("whether they are of other places or times enough"))"
                    : "Nothing was fitted here: every row tests it."),
            Item(
                "4.2", "Is there evidence that the people were enough?",
                "\(facts.figure("rows")) rows, \(facts.figure("events")) events. \(blank("judgement"))"
            ),
            Item(
                "4.3", "Were missing values, and people who were lost, handled well?",
                "As in the development, by the same declaration. \(blank("judgement"))"),
            Item(
                "4.4", "If classes were balanced, was it tested on rows that were not?",
                "Stile balances no classes."),
            Item(
                "4.5", "Did nothing of the test rows leak into the fit?",
                facts.model.learnsHere
                    ? "Folds are divided by date or person; people on both sides, and each reading of the test labels, are counted in evaluation.json. \(facts.apartPhrase) \(blank("judgement"))"
                    : "Nothing was fitted here."),
            Item(
                "4.6", "Was every step of the development done again in each resample?",
                "With its tuning, where `resampling` asks for refits. \(blank("selection outside Stile"))"
            ),
            Item(
                "4.7", "Were calibration, discrimination and usefulness measured well?",
                "AUROC \(facts.figure("discrimination")); slope \(facts.figure("calibration.slope")); events for each expected \(facts.figure("observed_to_expected")); net benefit and groups (\(facts.model.groupings.isEmpty ? "none declared" : facts.model.groupings.joined(separator: ", "))) in evaluation.json. \(blank("judgement"))"
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
