import Evaluation
import Modelling
import PipelineModel
import Scoring

/// The evaluation of the rows tested beside the stored figures and R's.
enum EvaluationFigures {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for design in oracles.designs where !Separated.sets.contains(design.name) {
            let scored = try scores(design)
            let rows = design.tested
            let report = try report(design, scored, listSize: max(1, rows.count / 10))
            try stored(design, scored, report, &table)
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

    private static func report(
        _ design: Design, _ scored: ScoredMatrix, listSize: Int
    ) throws -> EvaluationReport {
        try Evaluation.evaluate(
            ScoredTable(
                score: scored.linearPredictor, probability: scored.probability,
                outcome: design.tested.map { design.outcomes[$0] }), listSize: listSize)
    }

    private static func stored(
        _ design: Design, _ scored: ScoredMatrix, _ report: EvaluationReport,
        _ table: inout OracleTable
    ) throws {
        let reference = design.evaluation
        let name = "reference.json"
        let area = report.discrimination.value
        // The stored interval may end above 1; Stile and pROC cut it off there.
        let interval = (reference["auc_ci95"].numbers ?? []).map { min(max($0, 0), 1) }
        table.compare(
            design.name, "AUC, DeLong error and interval", with: name,
            [area?.estimate, area?.standardError, area?.lower, area?.upper].map { $0 ?? .nan },
            [reference["auc"].number, reference["auc_se_delong"].number].map { $0 ?? .nan }
                + interval, within: 1e-8, .absolute)
        table.compare(
            design.name, "Brier, scaled Brier, observed to expected", with: name,
            [report.brier, report.scaledBrier.value, report.observedToExpected.value].map {
                $0 ?? .nan
            }, ["brier", "brier_skill", "oe_ratio"].map { reference[$0].number ?? .nan },
            within: 1e-8, .absolute)
        let calibration = reference["calibration"]
        table.compare(
            design.name, "calibration in the large, slope, their errors", with: name,
            figures(report.calibration.value),
            ["intercept_offset", "intercept_offset_se", "slope", "slope_se"].map {
                calibration[$0].number ?? .nan
            }, within: 1e-6, .absolute)
        var found: [Double] = []
        var expected: [Double] = []
        for top in reference["top"].elements {
            guard let size = top["k"].number else { continue }
            let list = try self.report(design, scored, listSize: Int(size)).list
            found += [list.threshold, list.events.expected].map { $0 }
            // The reference gives the threshold as a probability.
            expected += [
                top["threshold"].number.map(Logistic.logit) ?? .nan,
                top["expected_tp_random_ties"].number ?? .nan,
            ]
        }
        table.compare(
            design.name, "lists of 0.5, 1, 5, 10 %: threshold, events", with: name, found,
            expected, within: 1e-6, .absolute)
    }

    private static func figures(_ calibration: Calibration?) -> [Double] {
        let slope = calibration?.slope.value
        return [
            calibration?.inTheLarge.estimate, calibration?.inTheLarge.standardError,
            slope?.estimate, slope?.standardError,
        ].map { $0 ?? .nan }
    }

    private static func live(
        _ design: Design, _ report: EvaluationReport, _ r: RFigures, _ table: inout OracleTable
    ) {
        let which = design.hasTestRows ? "test" : "in_sample"
        let area = report.discrimination.value
        table.compare(
            design.name, "AUC, DeLong error and interval", with: "pROC",
            [area?.estimate, area?.standardError, area?.lower, area?.upper].map { $0 ?? .nan },
            r[design.name, "\(which):auc"], within: 1e-8, .absolute)
        table.compare(
            design.name, "calibration in the large, slope, their errors", with: "R glm",
            figures(report.calibration.value), r[design.name, "\(which):calibration"],
            within: 1e-6, .absolute)
        table.compare(
            design.name, "Brier, calibration intercept and slope", with: "rms val.prob",
            [
                report.brier, report.calibration.value?.slopeIntercept.value ?? .nan,
                report.calibration.value?.slope.value?.estimate ?? .nan,
            ], r[design.name, "\(which):val.prob"], within: 1e-6, .absolute)
    }
}
