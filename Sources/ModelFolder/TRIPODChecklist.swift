import PipelineModel

/// `tripod-ai.md`: the items of TRIPOD+AI with what the folder says to each.
///
/// Item numbers are those of G S Collins and others, TRIPOD+AI statement, BMJ 2024;385:e078378;
/// the wording is ours, and short: read the statement for what an item asks in full.
enum TRIPODChecklist {
    static func text(_ facts: ModelFacts) -> String {
        Checklist(
            title: "TRIPOD+AI checklist: \(facts.model.title)",
            introduction: [
                "Item numbers are those of TRIPOD+AI (Collins and others, BMJ 2024;385:e078378); the words are our own and short, so read the statement for what an item asks. What stands in square brackets is for those who report the study."
            ],
            sections: [
                ("Title, abstract, introduction", opening(facts)),
                ("Methods", methods(facts) + analysis(facts)),
                ("Open science, involvement", openScience(facts)),
                ("Results", results(facts)),
                ("Discussion", discussion),
            ]
        ).text
    }

    private typealias Item = Checklist.Item

    private static func opening(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item("1", "Title says model, population, outcome", "\(facts.named); \(facts.outcome)"),
            Item("2", "Abstract", blank("structured abstract")),
            Item("3a", "Context, reasons, earlier models", blank("background")),
            Item(
                "3b", "Who it is for and who uses it",
                "Purpose “\(facts.model.purpose)”, a list of at most \(facts.model.listSize) for named reviewers. \(blank("place in the pathway"))"
            ),
            Item("3c", "Known inequalities between groups", blank("what is known locally")),
            Item(
                "4", "Objectives; development, evaluation or both",
                facts.model.isFitted
                    ? "Development and evaluation" : "Evaluation of a published equation"),
        ]
    }

    private static func methods(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "5a", "Sources of data, and whom they represent",
                "\(facts.model.sources.map(\.extract).joined(separator: ", ")); digests in data.json. \(blank("whom they represent"))"
            ),
            Item("5b", "Dates of the data", facts.folds.joined(separator: "; ")),
            Item("6a", "Setting", blank("places and services")),
            Item("6b", "Who is eligible", "`cohort` in specification/model.yaml"),
            Item("6c", "Treatment or help received meanwhile", blank("what was offered, to whom")),
            Item(
                "7", "Preparing and checking the data",
                "Extracts are checked against contracts and linked under pseudonyms; columns are made as specification/features.yaml says, for every group alike"
            ),
            Item("8a", "Outcome, horizon, how it is found", facts.outcome),
            Item("8b", "Who judges a subjective outcome", blank("or: it is a recorded fact")),
            Item(
                "8c", "Is the outcome judged blind to predictors",
                "Outcome facts are taken from records as they stand after the horizon. \(blank("whether recording depends on the predictors"))"
            ),
            Item(
                "9a", "How predictors were chosen",
                blank("reasons; nothing is selected by Stile unless the specification says so")),
            Item(
                "9b", "Predictors, how and when measured",
                "specification/features.yaml; only what was known before the as-of date is used"),
            Item("9c", "Who judges subjective predictors", blank("or: none is")),
            Item(
                "10", "Sample size and its grounds",
                "\(facts.folds.joined(separator: "; ")). \(facts.sampleSize ?? blank("grounds"))"
            ),
            Item(
                "11", "Missing values",
                "Each feature declares what missing means (`missing:` in specification/features.yaml)"
            ),
        ]
    }

    private static func analysis(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "12a", "How data were used and split",
                "data.json: \(facts.folds.count) folds. \(facts.apartPhrase)"),
            Item(
                "12b", "Form of predictors",
                "`transform`, `cap`, `levels` in specification/features.yaml"),
            Item("12c", "Kind of model and how it was built", facts.kind),
            Item(
                "12d", "Differences between places or times", "Results by fold in evaluation.json"),
            Item("12e", "Measures of performance", Self.measures),
            Item(
                "12f", "Updating after evaluation",
                facts.model.recalibration == nil
                    ? blank("whether the model was recalibrated") : facts.kind),
            Item(
                "12g", "How predictions are made",
                "equation.json, equation.txt, model.pmml; check.py makes them again"),
            Item(
                "13", "Unequal classes",
                facts.fit?.weighting.map {
                    "Nothing is resampled. The rows of the fit are weighted by `\($0.column)`, whom each stands for, not by their outcome"
                } ?? "Nothing is resampled or reweighted"),
            Item(
                "14", "Fairness",
                facts.model.groupings.isEmpty
                    ? blank("no grouping is declared; say why")
                    : "By \(facts.model.groupings.joined(separator: ", ")), in evaluation.json"),
            Item(
                "15", "What the model gives out",
                "A probability, a rank, and each term's part; a list of at most \(facts.model.listSize) by rank"
            ),
            Item(
                "16", "How development and evaluation data differ",
                facts.model.isFitted
                    ? "Later or other rows of the same sources; folds in data.json"
                    : blank("how these data differ from those of the authors")),
            Item(
                "17", "Ethical approval",
                blank("approval and legal basis beyond the sources' terms")),
        ]
    }

    private static func openScience(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item("18a", "Funding", blank("funders")),
            Item("18b", "Interests", blank("of everyone involved")),
            Item(
                "18c", "Protocol",
                "specification/, digest \(facts.model.specification.short)… \(blank("where it was lodged"))"
            ),
            Item("18d", "Registration", blank("register and number")),
            Item("18e", "Data", "Data of people are not shared; test-pack.csv is made up"),
            Item("18f", "Code", "Stile \(facts.model.stile); this folder"),
            Item("19", "Patients and the public", blank("who was involved, and in what")),
        ]
    }

    private static func results(_ facts: ModelFacts) -> [Item] {
        let blank = ModelFacts.blank
        return [
            Item(
                "20a", "Flow of people, with and without the outcome",
                facts.folds.joined(separator: "; ")),
            Item(
                "20b", "Characteristics, overall and by group",
                facts.characteristics.isEmpty
                    ? blank("table of characteristics")
                    : "The table of characteristics in card.md and data.json; missing values and groups in evaluation.json. \(blank("whom these rows stand for"))"
            ),
            Item(
                "20c", "Predictors here against those of development",
                facts.drift),
            Item("21", "Numbers in each analysis", "data.json, evaluation.json"),
            Item(
                "22", "The whole model",
                "equation.txt and equation.json; terms of access: \(blank("who may use it"))"),
            Item(
                "23a", "Performance with intervals",
                "AUROC \(facts.figure("discrimination")), calibration slope \(facts.figure("calibration.slope")); the rest in evaluation.json"
            ),
            Item(
                "23b", "Performance by place or time",
                "By fold in evaluation.json, where there are several"),
            Item("24", "Results of updating", blank("or: not updated")),
        ]
    }

    private static var discussion: [Item] {
        let blank = ModelFacts.blank
        return [
            Item("25", "What the results mean, fairness included", blank("interpretation")),
            Item("26", "Limits", blank("limits of data, linkage and method")),
            Item(
                "27a", "Poor or missing input in use",
                "A model whose source is missing, late or out of its legal basis is not scored that night"
            ),
            Item("27b", "What users must know", blank("training of reviewers and recipients")),
            Item("27c", "What comes next", blank("further study")),
        ]
    }
}

extension TRIPODChecklist {
    /// Each measure and how it is made, as `evaluation.json` has them.
    static let measures = [
        "AUROC: the share of pairs of one row with and one without the event in which the former scores higher, ties by half; DeLong's interval and test, where every row is of another person, household or setting",
        "average precision: the sum of precision times the step in sensitivity over the distinct scores",
        "Brier score: the mean of (outcome − probability)²; scaled: 1 − Brier ÷ p(1 − p) with p the share with the event",
        "calibration in the large and slope: intercept (slope held at 1) and slope of a logistic regression of the outcome on the logit of the probability",
        "observed ÷ expected: events ÷ sum of the probabilities, with Wilson's interval of the share of events",
        "ICI, E50, E90: mean, median and ninetieth percentile of the distance between probability and a calibration curve by a natural cubic spline",
        "of a list: precision (events ÷ places), sensitivity (÷ all events), lift (precision ÷ share with the event), number needed to offer (1 ÷ precision), Wilson's intervals, ties worst, best and expected",
        "net benefit at a threshold t: (true positives − false positives × t ÷ (1 − t)) ÷ rows",
        "by group: FNR, FPR, FOR, PPV, calibration, share of the list",
        "where several rows are of one person, household or setting, the intervals allow for it: areas and their test by Obuchowski's clustered variance, calibration and its curve by sandwich errors, shares by Wilson's interval on the effective size of Rao and Scott; figures without a formula of this kind (average precision, Brier scores, ICI, net benefit) have intervals only by the bootstrap, which draws all rows of one together",
    ].joined(separator: "; ")
}
