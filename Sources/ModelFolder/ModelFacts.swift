import PipelineModel

/// What Stile knows of a model, in the words that its documents share.
struct ModelFacts {
    let model: PublishedModel
    let data: DataStatement
    let bands: [ScoreBand]?
    let pack: TestPack
    let fit: StoredFit?
    let evaluation: EvaluationHeadline?

    init(
        _ model: PublishedModel, data: DataStatement, bands: [ScoreBand]?, pack: TestPack
    ) {
        self.model = model
        self.data = data
        self.bands = bands
        self.pack = pack
        fit = model.coefficients.flatMap(StoredFit.init)
        evaluation = model.evaluation.flatMap(EvaluationHeadline.init)
    }

    /// A blank that nobody can overlook.
    static func blank(_ what: String) -> String { "[to be filled in by the service: \(what)]" }

    var named: String { "\(model.title) (`\(model.name)`, version \(model.version))" }

    var unitPhrase: String {
        switch model.unit {
        case .person: "one row for each person and as-of date"
        case .spell: "one row for each spell of a person, such as a stay in hospital"
        case .household: "one row for each household and as-of date"
        case .setting: "one row for each setting, such as a school, and as-of date"
        }
    }

    var kind: String {
        if let part = model.recalibration {
            return
                "A logistic equation that was published elsewhere; its \(part == "slope" ? "intercept and slope were" : "intercept was") fitted again on the training rows here."
        }
        guard model.isFitted else {
            return
                "A logistic equation that was published elsewhere and is used as it stands; nothing of it was fitted here."
        }
        let method = fit?.method.map { ", by the method `\($0)`" } ?? ""
        let size =
            fit.flatMap { fit in
                fit.rows.map { rows in
                    ", on \(Decimals.count(rows)) rows, \(fit.events.map(Self.withheld) ?? "?") of them with the event"
                }
            } ?? ""
        return "A logistic regression that Stile fitted\(method)\(size).\(caution)"
    }

    /// What a fit says against itself.
    private var caution: String {
        var text = ""
        if fit?.exploratory == true {
            text += " The specification marks it exploratory: a trial, not for decisions."
        }
        if let penalty = fit?.penalty {
            let strength =
                penalty.strength.map { ", λ \(Decimals.significant($0, digits: 4))" } ?? ""
            let chosen = penalty.chosenBy.map { ", chosen by \($0)" } ?? ""
            text += " Its coefficients are held back by a penalty\(strength)\(chosen)."
            switch penalty.pathEnd {
            case "strongest"?:
                text +=
                    " That is the strongest that was tried: the terms hardly tell the rows apart."
            case "weakest"?:
                text += " That is the weakest that was tried: a weaker one may be better."
            default: break
            }
        }
        return text
    }

    /// What the standard errors allow for; `nil` where they are those of independent rows that count
    /// alike.
    var errorsNote: String? {
        let notes = [clustersNote, weightsNote].compactMap(\.self)
        return notes.isEmpty ? nil : notes.joined(separator: " ")
    }

    /// By what the rows of the fit were weighted, and what that means for each figure; `nil` where they
    /// were not.
    private var weightsNote: String? {
        fit?.weighting.map { weighting in
            let errors =
                fit?.penalty == nil
                ? "Standard errors are by the sandwich, which does not take a weight for so many people seen."
                : "There are no standard errors, as of every fit with a penalty."
            return
                "The fit weighted its rows by `\(weighting.column)`, which says how many people each stands for (\(Decimals.significant(weighting.total, digits: 5)) in all): the coefficients estimate what a fit on all of those would have found, and \(Decimals.fixed(weighting.designEffect, decimals: 2)) rows tell as much as one would if they counted alike. \(errors) The evaluation counts each row once, since a list is made of the rows as they are: its figures, calibration among them, are of these rows and not of those whom the weights stand for."
        }
    }

    private var clustersNote: String? {
        fit?.clusters.map { clusters in
            let one =
                switch model.unit {
                case .person, .spell:
                    "person (or of one household, where the specification keeps households together and they are known)"
                case .household: "household"
                case .setting: "setting"
                }
            return
                "Standard errors allow for which rows are of one \(one); the rows are of \(Decimals.count(clusters)) such, taken as independent of each other."
        }
    }

    /// Whether the margins of the specification were met, and how often the labels were read.
    var acceptance: [String] {
        var lines: [String] = []
        if let verdict = evaluation?.acceptance {
            let words = verdict.split(separator: "_").joined(separator: " ")
            lines.append("Against the margins that the specification states beforehand: \(words).")
        }
        if let openings = evaluation?.openings {
            lines.append(
                "The labels of the test rows have been read \(Self.counted(openings.count, "time")), for \(Self.counted(openings.equations, "equation"))."
            )
        }
        return lines
    }

    var outcome: String {
        model.outcome ?? "no outcome is declared: the equation is only applied"
    }

    /// The sides of the split, one line each.
    var folds: [String] {
        data.folds.map { fold in
            let counts = [
                fold.rows.map { "\(Decimals.count($0)) rows" } ?? "rows withheld",
                fold.units.map { "\(Decimals.count($0)) \(model.unit.plural)" },
                fold.events.map { "\(Decimals.count($0)) events" } ?? "events withheld",
            ].compactMap(\.self).joined(separator: ", ")
            return
                "fold \(fold.fold), \(fold.role): \(counts); as of \(fold.asOf.joined(separator: ", "))"
        }
    }

    /// Whether the people are enough for so many parameters; `nil` where the fit does not say.
    var sampleSize: String? {
        guard let size = fit?.sampleSize else { return nil }
        let test = fit?.testPrecision.map { precision in
            let further = [
                precision.calibrationSlope.map {
                    "the calibration slope to within ±\(Decimals.fixed($0, decimals: 2))"
                },
                precision.netBenefit.map {
                    "the net benefit of offering to all above the prevalence to within ±\(Decimals.fixed(100 * $0, decimals: 1)) % of the prevalence"
                },
            ].compactMap(\.self).map { ", \($0)" }.joined()
            return
                " The test rows can tell the AUROC to within ±\(Decimals.fixed(precision.discrimination, decimals: 3))\(further) at best."
        }
        let error = size.rowsForError.map {
            " For a mean absolute error of at most 0.05, \(Decimals.count($0))."
        }
        let people =
            size.clustering.map { independent(size.rows, $0) }
            ?? "\(Decimals.count(size.rows)) \(model.unit.plural)"
        return
            "\(people) for \(size.candidates) candidate parameters. Riley's criteria ask for \(Decimals.count(size.rowsForShrinkage)) (shrinkage of at least 0.9), \(Decimals.count(size.rowsForOptimism)) (optimism in R² of at most 0.05) and \(Decimals.count(size.rowsForPrevalence)) (mean probability within 0.05).\(error ?? "")\(test ?? "")"
    }

    /// How many independent rows that count alike others stand for.
    private func independent(_ rows: Int, _ clustering: StoredFit.Clustering) -> String {
        let weights = clustering.weightEffect.map {
            "the weights make a design effect of \(Decimals.fixed($0, decimals: 2))"
        }
        guard clustering.clusters < clustering.rows else {
            return
                "As many rows as \(Decimals.count(rows)) that count alike (of \(Decimals.count(clustering.rows)); \(weights ?? ""))"
        }
        return
            "As many rows as \(Decimals.count(rows)) independent ones (\(Decimals.count(clustering.rows)) rows of \(Decimals.count(clustering.clusters)) people, households or settings that are kept together; an intraclass correlation of \(Decimals.fixed(clustering.intraclassCorrelation, decimals: 3)) makes a design effect of \(Decimals.fixed(clustering.designEffect, decimals: 2)); the smaller of the clusters and the rows by that effect counts\(weights.map { "; \($0), by which both are divided" } ?? ""))"
    }

    /// A count of people's rows, or that it is too small to be told.
    static func withheld(_ count: Int) -> String {
        count > 0 && count < ColumnRange.smallestCount
            ? "fewer than \(ColumnRange.smallestCount)" : Decimals.count(count)
    }

    private static func counted(_ count: Int, _ what: String) -> String {
        "\(Decimals.count(count)) \(what)\(count == 1 ? "" : "s")"
    }

    /// The columns of which so few people differ that their coefficient says something of them.
    var rare: [String] { data.columns.filter(\.isRare).map(\.name) }

    var thirdParty: [String] { model.terms.filter(\.isThirdParty).map(\.title) }

    /// A figure of the evaluation in words, or that there is none.
    func figure(_ name: String) -> String {
        evaluation?[name]?.text ?? "not in evaluation.json"
    }

    // MARK: Markdown

    /// A table; bars in cells are escaped.
    static func table(_ header: [String], _ rows: [[String]]) -> [String] {
        func line(_ cells: [String]) -> String {
            "| "
                + cells.map {
                    $0.split(separator: "|", omittingEmptySubsequences: false)
                        .joined(separator: "\\|").split(whereSeparator: \.isNewline)
                        .joined(separator: " ")
                }.joined(separator: " | ") + " |"
        }
        return [line(header), "|" + header.map { _ in "---|" }.joined()] + rows.map(line)
    }

    /// The bands with what happened in them.
    var bandTable: [String] {
        guard let bands else { return ["There are no test rows with a known outcome."] }
        return Self.table(
            ["Chance", "Rows", "Expected events", "Events", "Share with the event"],
            bands.map { band in
                [
                    "\(Self.bound(band.from)) to \(band.to < 1 ? "under " : "")\(Self.bound(band.to)) %",
                    band.rows.map(Decimals.count) ?? "withheld",
                    band.expected.map { Decimals.fixed($0, decimals: 1) } ?? "withheld",
                    band.events.map(Decimals.count) ?? "withheld",
                    band.share.map(Decimals.percent) ?? (band.rows == 0 ? "–" : "withheld"),
                ]
            })
    }

    private static func bound(_ share: Double) -> String { String(Int((100 * share).rounded())) }

    /// The figures of the evaluation.
    var figureTable: [String] {
        guard let evaluation else {
            return [
                "The model was not evaluated here: there are no test rows with a known outcome."
            ]
        }
        return Self.table(
            ["Figure, with its 95 % interval where it has one", "Found"],
            evaluation.figures.map { [$0.title, $0.text] })
    }

    /// The terms of the equation.
    var termTable: [String] {
        let words = Dictionary(
            model.terms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        // Firth's likelihood is skewed, so that its profile tells more than a standard error.
        let hasProfiles = fit?.hasProfiles == true
        return Self.table(
            [
                "Column", "What it is", "The value is", "Coefficient",
                hasProfiles ? "95 % interval by the profile likelihood" : "Standard error",
                "Source",
            ],
            [
                [
                    "(intercept)", "", "", coefficient(model.equation.intercept),
                    hasProfiles ? fit?.interceptInterval ?? "–" : interceptError, "",
                ]
            ]
                + model.equation.terms.map { term in
                    [
                        "`\(term.name)`",
                        (words[term.name]?.title ?? "")
                            + (fit?.isOffset(term.name) == true
                                ? "; an offset: its coefficient is 1 and no estimate" : ""),
                        words[term.name]?.scale ?? "as it stands in the matrix",
                        coefficient(term.coefficient),
                        (hasProfiles
                            ? fit?.interval(of: term.name)
                            : fit?.standardError(of: term.name).map {
                                Decimals.significant($0, digits: 3)
                            }) ?? "–",
                        words[term.name]?.source ?? "",
                    ]
                })
    }

    private func coefficient(_ value: Double) -> String { Decimals.significant(value, digits: 5) }

    private var interceptError: String {
        fit?.interceptError.map { Decimals.significant($0, digits: 3) } ?? "–"
    }

    var sourceTable: [String] {
        guard !model.sources.isEmpty else { return ["No source is named."] }
        return Self.table(
            ["Source", "Purpose agreed", "Legal basis", "Expires"],
            model.sources.map { [$0.extract, $0.purpose, $0.legalBasis, $0.legalBasisExpires] })
    }
}
