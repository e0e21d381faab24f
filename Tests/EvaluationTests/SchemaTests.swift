import Evaluation
import Foundation
import PipelineModel
import Testing

/// Reports against docs/schemas/evaluation.schema.json.
struct SchemaTests {
    private let schema: JSONSchema

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(
            contentsOf: root.appendingPathComponent("docs/schemas/evaluation.schema.json"))
        schema = JSONSchema(root: try JSONDecoder().decode(JSONNode.self, from: data))
    }

    private func node(_ report: EvaluationReport) throws -> JSONNode {
        try JSONDecoder().decode(JSONNode.self, from: report.canonicalJSON())
    }

    /// A report in which everything is there that can be.
    private func whole() throws -> EvaluationReport {
        var table = FourHundredRows.table
        table.unit = .household
        table.about = (0..<400).map { UnitPseudonym(high: 1, low: UInt64($0 / 2)) }
        table.together = (0..<400).map { UnitPseudonym(high: 2, low: UInt64($0 / 4)) }
        table.fold = (0..<400).map { Int32($0 % 3) }
        table.missing = (0..<400).map { Int32($0 % 5 == 0 ? 1 : 0) }
        table.missingInputs = [.init(name: "weight", holds: (0..<400).map { $0 % 7 == 0 })]
        table.linkedSources = [.init(name: "hospital", holds: (0..<400).map { $0 % 4 < 2 })]
        table.groups = ["sex", "side"].enumerated().map { shift, name in
            .init(
                name: name, levels: ["a", "b"],
                codes: (0..<400).map { $0 < 5 ? .max : UInt32(($0 >> shift) % 2) })
        }
        var report = try Evaluation.evaluate(
            table, listSize: 40, trainedOn: Set(table.about.prefix(40)),
            trainedTogether: Set(table.together.prefix(40)), resamples: 50)
        report.openings = Openings(count: 2, equations: 2, specifications: 1, first: "2026-01-01")
        report.fitWeights = "stands_for"
        report.stability = StabilityReport(
            referenceRows: 400,
            score: PopulationStability.assess(reference: table.score, other: table.score),
            inputs: [
                .init(
                    name: "age",
                    stability: PopulationStability.assess(reference: [], other: table.score))
            ])
        report.refits = EvaluationReport.Refits(
            optimism: try Optimism.bootstrap(
                outcome: table.outcome, about: [], resamples: 3, seed: 1
            ) { _ in
                { rows in
                    .init(
                        score: rows.map { table.score[$0] },
                        probability: rows.map { table.probability[$0] })
                }
            },
            listStability: ListStability.assess(
                score: table.score, refits: [table.score, FourHundredRows.rule], size: 40),
            learningCurve: .value(
                try LearningCurve.assess([.init(rows: 9, events: 3, table: table)])),
            tuning: Tuning.assess(
                names: ["age"],
                model: .init(strength: 0.1, isAtPathEnd: false, isKept: [true]),
                refits: [.init(strength: 0.2, isAtPathEnd: true, isKept: [false])]))
        let scores = RollingOrigin.Scores(score: table.score, probability: table.probability)
        report.rollingOrigin = .value(
            try RollingOrigin.assess(
                [
                    .init(
                        origin: "2024-01-01", rowsOfFit: 9, eventsOfFit: 3, listSize: 40,
                        outcome: table.outcome, refitted: .value(scores),
                        firstFit: .notAssessable("none"),
                        model: .value(scores), presentRule: .value(FourHundredRows.rule))
                ], threshold: 0.2, thresholdSource: .margin, outcomeKnownAfterDays: 30))
        let scored = PersonSplit.Scored(
            table: table, part: (0..<400).map { $0 / 2 % 3 }, listSize: 40)
        report.personSplit = try PersonSplit.assess(
            .folds(3), seed: 1, sameRows: .value(scored), model: FourHundredRows.rule,
            allRows: .value(scored))
        // A report has one of the two; the schema knows both.
        report.personSplit?.testShare = 0.3
        report.cannotHappen = try CannotHappen.assess(
            [.init(group: "sex", levels: ["b"], why: "Since it cannot.")], table, listSize: 40,
            fit: (table.groups, 400), anew: .value((table.score, table.probability)))
        report.secondScore = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: table, listSize: 40, resamples: 50)
        report.acceptance = AcceptanceReport.judge(
            .init(
                overall: [.init(.auroc, least: 0.7), .init(.scaledBrier, least: 0, most: 1)],
                byGroup: [.init(.representation, most: 2)], netBenefitAbovePresentRule: [0.2]),
            report, file: ContentDigest(bytes: [UInt8](repeating: 7, count: 32)))
        return report
    }

    @Test func aWholeReportKeepsToTheSchema() throws {
        let report = try whole()
        let found = try node(report)
        #expect(schema.faults(found) == [])
        // Whatever a schema may leave out is there, so that nothing of it is untested.
        guard case .object(let properties)? = schema.root["properties"] else {
            Issue.record("the schema has no properties")
            return
        }
        for key in properties.keys { #expect(found[key] != nil, "\(key)") }
    }

    @Test func theModelAndTheRuleAreComparedInEachFold() throws {
        let periods = try #require(try whole().periods)
        #expect(periods.periods.map(\.period) == ["0", "1", "2"])
        #expect(periods.summaries.map(\.model) == ["model", "present rule"])
        #expect(periods.summaries[0].best + periods.summaries[1].best >= 3)
        for period in periods.periods {
            let found = period.results.compactMap(\.found.value)
            let regrets = period.results.compactMap(\.regret.value)
            #expect(found.count == 2 && regrets.min() == 0)
            #expect(regrets[0] == (found.max() ?? 0) - found[0])
        }
        #expect(try whole().text.contains("Over 3 folds model: best in"))
    }

    @Test func aPoorReportKeepsToTheSchema() throws {
        for outcome in [0.0, 1] {
            let report = try Evaluation.evaluate(
                ScoredTable(
                    score: [1, 2], probability: [], outcome: [outcome, outcome],
                    groups: [.init(name: "g", levels: ["a"], codes: [0, .max])]), listSize: 1)
            #expect(schema.faults(try node(report)) == [])
        }
    }

    @Test func theSchemaRefusesWhatIsNoReport() throws {
        guard case .object(var entries) = try node(whole()) else { return }
        func faults(_ change: (inout [String: JSONNode]) -> Void) -> [String] {
            var changed = entries
            change(&changed)
            return schema.faults(.object(changed))
        }
        #expect(faults { $0["brier"] = nil } == ["$: no brier"])
        #expect(faults { $0["brier"] = .text("NaN") } == ["$.brier: none of anyOf"])
        #expect(faults { $0["brier"] = .null } == ["$.brier: none of anyOf"])
        #expect(faults { $0["more"] = .number(1) } == ["$: has more"])
        #expect(faults { $0["format"] = .number(1) } == ["$.format: not the constant"])
        #expect(faults { $0["rows"] = .number(0.5) } == ["$.rows: not integer"])
        #expect(faults { $0["rows"] = .number(-1) } == ["$.rows: too small"])
        #expect(faults { $0["prevalence"] = .number(2) } == ["$.prevalence: too large"])
        #expect(faults { $0["groups"] = .list([.object([:])]) }.count == 17)
        entries["list"] = .object([:])
        #expect(!schema.faults(.object(entries)).isEmpty)
    }
}
