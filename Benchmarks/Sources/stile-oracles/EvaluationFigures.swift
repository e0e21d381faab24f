import Evaluation
import Foundation
import Modelling
import PipelineModel
import Scoring

/// The evaluation of the rows tested beside the stored figures and R's, as it stands in
/// evaluation.json.
enum EvaluationFigures {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for design in oracles.designs where !Separated.sets.contains(design.name) {
            let scored = try scores(design)
            let outcome = design.tested.map { design.outcomes[$0] }
            let report = try EvaluationFile(
                ScoredTable(
                    score: scored.linearPredictor, probability: scored.probability,
                    outcome: outcome), listSize: max(1, outcome.count / 10))
            stored(design, report, &table)
            try lists(design, scored, &table)
            live(design, report, oracles.r, &table)
            try GroupFigures.compare(design, scored, &table)
        }
    }

    /// The rows tested, scored by the model of the rows fitted on.
    private static func scores(_ design: Design) throws -> ScoredMatrix {
        let train = design.train
        let model = try LogisticRegression.fit(
            design.matrix(train), outcomes: design.outcomes(train),
            provenance: ModelProvenance(model: design.name))
        return try Scorer(model: model.equation).score(design.matrix(design.tested))
    }

    private static let area = [
        "discrimination.estimate", "discrimination.standard_error", "discrimination.lower",
        "discrimination.upper",
    ]
    private static let calibration = [
        "calibration.in_the_large.estimate", "calibration.in_the_large.standard_error",
        "calibration.slope.estimate", "calibration.slope.standard_error",
    ]

    private static func stored(
        _ design: Design, _ report: EvaluationFile, _ table: inout OracleTable
    ) {
        let reference = design.evaluation
        let name = "reference.json"
        // The stored interval may end above 1; Stile and pROC cut it off there.
        let interval = (reference["auc_ci95"].numbers ?? []).map { min(max($0, 0), 1) }
        table.compare(
            design.name, "AUC, DeLong error and interval", with: name, report.figures(area),
            reference.figures(["auc", "auc_se_delong"]) + interval, within: 1e-8, .absolute)
        table.compare(
            design.name, "Brier, scaled Brier, observed to expected", with: name,
            report.figures(["brier", "scaled_brier", "observed_to_expected"]),
            reference.figures(["brier", "brier_skill", "oe_ratio"]), within: 1e-8, .absolute)
        table.compare(
            design.name, "calibration in the large, slope, their errors", with: name,
            report.figures(calibration),
            reference["calibration"].figures([
                "intercept_offset", "intercept_offset_se", "slope", "slope_se",
            ]), within: 1e-6, .absolute)
    }

    private static func lists(
        _ design: Design, _ scored: ScoredMatrix, _ table: inout OracleTable
    ) throws {
        var found: [Double] = []
        var expected: [Double] = []
        for top in design.evaluation["top"].elements {
            guard let size = top["k"].number else { continue }
            let report = try EvaluationFile(
                ScoredTable(
                    score: scored.linearPredictor, probability: scored.probability,
                    outcome: design.tested.map { design.outcomes[$0] }), listSize: Int(size))
            found += report.figures(["list.threshold", "list.events.expected"])
            // The reference gives the threshold as a probability.
            expected += [
                top["threshold"].number.map(Logistic.logit) ?? .nan,
                top["expected_tp_random_ties"].number ?? .nan,
            ]
        }
        table.compare(
            design.name, "lists of 0.5, 1, 5, 10 %: threshold, events", with: "reference.json",
            found, expected, within: 1e-6, .absolute)
    }

    private static func live(
        _ design: Design, _ report: EvaluationFile, _ r: RFigures, _ table: inout OracleTable
    ) {
        let which = design.hasTestRows ? "test" : "in_sample"
        table.compare(
            design.name, "AUC, DeLong error and interval", with: "pROC", report.figures(area),
            r[design.name, "\(which):auc"], within: 1e-8, .absolute)
        table.compare(
            design.name, "calibration in the large, slope, their errors", with: "R glm",
            report.figures(calibration), r[design.name, "\(which):calibration"],
            within: 1e-6, .absolute)
        table.compare(
            design.name, "Brier, calibration intercept and slope", with: "rms val.prob",
            report.figures([
                "brier", "calibration.slope_intercept", "calibration.slope.estimate",
            ]), r[design.name, "\(which):val.prob"], within: 1e-6, .absolute)
        table.compare(
            design.name, "average precision", with: "its definition in R",
            report.figures(["average_precision"]), r[design.name, "\(which):precision"],
            within: 1e-8, .absolute)
        // Where there are few rows of either outcome Stile draws no curve, and says so.
        if let curve = r[design.name, "\(which):curve"], report.has("calibration_curve") {
            table.compare(
                design.name, "spline calibration: ICI, E50, E90, Emax", with: "rms rcs, glm",
                report.figures([
                    "calibration_curve.integrated_index", "calibration_curve.median_distance",
                    "calibration_curve.ninetieth_distance", "calibration_curve.largest_distance",
                ]), curve, within: 1e-6, .absolute)
        }
    }
}

/// What evaluation.json says of a table.
struct EvaluationFile {
    let contents: Reference

    init(_ table: ScoredTable, listSize: Int, minimumCount: Int = 10) throws {
        let report = try Evaluation.evaluate(
            table, listSize: listSize, minimumCount: minimumCount)
        contents = Reference(
            value: try JSONSerialization.jsonObject(with: try report.canonicalJSON()))
    }

    /// The numbers at some paths; NaN, which agrees with nothing, where there is none.
    func figures(_ paths: [String]) -> [Double] { contents.figures(paths) }

    /// Whether there is a figure, and not the reason why there is none.
    func has(_ name: String) -> Bool {
        let part = contents[name]
        return !part.isEmpty && part["not_assessable"].isEmpty
    }
}

extension Reference {
    /// The numbers at some paths; of an estimate with its interval the estimate.
    func figures(_ paths: [String]) -> [Double] {
        paths.map { path in
            let place = path.split(separator: ".").reduce(self) { $0[String($1)] }
            return place.number ?? place["estimate"].number ?? .nan
        }
    }
}
