import Evaluation
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
            let whole = reference["__all__"]
            guard let true1 = whole["tp"].number, let false1 = whole["fp"].number else { continue }
            let codes = rows.map { row in
                levels.firstIndex(of: group.levels[row]).map(UInt32.init) ?? .max
            }
            let report = try Evaluation.evaluate(
                ScoredTable(
                    score: scored.linearPredictor, probability: scored.probability,
                    outcome: rows.map { design.outcomes[$0] },
                    groups: [.init(name: group.name, levels: levels, codes: codes)]),
                listSize: Int(true1 + false1), minimumCount: 2)
            var found: [Double] = []
            var expected: [Double] = []
            for level in levels {
                guard let entry = report.groups.first(where: { $0.level == level }) else {
                    table.fault(
                        design.name, "\(group.name) \(level)", with: "audit", "not there")
                    continue
                }
                let (got, wanted) = figures(entry, reference[level])
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
        _ entry: GroupFairness, _ reference: Reference
    ) -> ([Double], [Double]) {
        func count(_ names: String...) -> Double {
            names.reduce(0) { $0 + (reference[$1].number ?? .nan) }
        }
        var found = [Double(entry.rows), Double(entry.events), Double(entry.listed)]
        var expected = [count("n"), count("events"), count("tp", "fp")]
        let (events, others) = (count("events"), count("n") - count("events"))
        let rates: [(Double?, String, Double)] = [
            (entry.positivePredictiveValue.value, "ppv", count("tp", "fp")),
            (entry.falseNegativeRate.value, "fnr", events),
            (entry.falseOmissionRate.value, "for", count("fn", "tn")),
            (entry.discrimination.value?.estimate, "auc", min(events, others)),
        ]
        for (rate, name, denominator) in rates where denominator >= 2 {
            guard let wanted = reference[name].number else { continue }
            found.append(rate ?? .nan)
            expected.append(wanted)
        }
        return (found, expected)
    }
}
