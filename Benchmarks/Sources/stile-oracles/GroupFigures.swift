import PipelineModel
import Scoring

/// What a list of a tenth does to each group, beside the stored audit.
enum GroupFigures {
    /// - Parameter scored: The rows tested, in the order of the design.
    static func compare(
        _ design: Design, _ scored: ScoredMatrix, _ table: inout OracleTable
    ) throws {
        let audit = design.reference["audit_test_top10pct"]
        let rows = design.tested
        for group in design.groups where !audit[group.name].isEmpty {
            let reference = audit[group.name]
            let levels = reference.keys.filter { $0 != "__all__" }
            let listed = reference["__all__"].figures(["tp", "fp"]).reduce(0, +)
            guard listed.isFinite else { continue }
            let codes = rows.map { row in
                levels.firstIndex(of: group.levels[row]).map(UInt32.init) ?? .max
            }
            let report = try EvaluationFile(
                ScoredTable(
                    score: scored.linearPredictor, probability: scored.probability,
                    outcome: rows.map { design.outcomes[$0] },
                    groups: [.init(name: group.name, levels: levels, codes: codes)]),
                listSize: Int(listed), minimumCount: 2)
            let entries = report.contents["groups"].elements
            var found: [Double] = []
            var expected: [Double] = []
            for level in levels {
                let entry = entries.first { $0["level"].value as? String == level }
                let (got, wanted) = figures(entry ?? Reference(value: nil), reference[level])
                found += got
                expected += wanted
            }
            table.compare(
                design.name, "\(group.name): \(found.count) figures of \(levels.count) groups",
                with: "reference.json", found, expected, within: 1e-8, .absolute)
        }
    }

    /// Counts and rates of one group; a rate that the reference lacks, or whose denominator is
    /// below two, is left out.
    private static func figures(
        _ entry: Reference, _ reference: Reference
    ) -> ([Double], [Double]) {
        func count(_ names: String...) -> Double { reference.figures(names).reduce(0, +) }
        var found = entry.figures(["rows", "events", "listed"])
        var expected = [count("n"), count("events"), count("tp", "fp")]
        let (events, others) = (count("events"), count("n") - count("events"))
        let rates: [(String, String, Double)] = [
            ("positive_predictive_value", "ppv", count("tp", "fp")),
            ("false_discovery_rate", "fdr", count("tp", "fp")),
            ("false_negative_rate", "fnr", events),
            ("false_positive_rate", "fpr", others),
            ("false_omission_rate", "for", count("fn", "tn")),
            ("discrimination", "auc", min(events, others)),
        ]
        for (name, stored, denominator) in rates where denominator >= 2 {
            guard let wanted = reference[stored].number else { continue }
            found += entry.figures([name])
            expected.append(wanted)
        }
        return (found, expected)
    }
}
