import EncodedExtract
import Foundation
import PipelineModel
import StrictYAML
import Testing

@testable import Linkage

@Suite("What a run reports")
struct ReportTests {
    private static func outcome(
        _ people: Int = 400
    ) throws -> (outcome: LinkOutcome, both: Set<UInt64>) {
        let (first, second) = SyntheticEncodings.county(people)
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
            ], specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        return (outcome, Set(first.map(\.subject)).intersection(second.map(\.subject)))
    }

    @Test("A report with its detail survives JSON, and without it has none")
    func roundTrip() throws {
        var report = try Self.outcome().outcome.report
        report.groups = [GroupedRates("Sex", source: "a", counts: [("F", 20, 15), ("M", 30, 12)])]
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(LinkageReport.self, from: data) == report)
        let (first, second) = SyntheticEncodings.county(100)
        let plain = try LinkerTests.link([
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ])
        #expect(plain.report.detail == nil)
    }

    @Test("Completeness, weights and sensitivity agree with what was linked")
    func detail() throws {
        let (outcome, _) = try Self.outcome()
        let (report, state) = (outcome.report, outcome.state)
        let detail = try #require(report.detail)
        #expect(detail.weights.reduce(0) { $0 + $1.pairs } == state.pairs.count)
        #expect(detail.weights.reduce(0) { $0 + $1.conflicts } == state.pairs.count { $0.conflict })
        let used = try #require(detail.sensitivity.first { $0.threshold == detail.linkThreshold })
        #expect(used.people == report.people)
        for (lower, higher) in zip(detail.sensitivity, detail.sensitivity.dropFirst()) {
            #expect(lower.threshold < higher.threshold && lower.pairs >= higher.pairs)
            #expect(lower.people <= higher.people && lower.recall >= higher.recall)
            #expect(lower.precision <= higher.precision)
        }
        let number = try #require(
            detail.completeness.first?.fields.first { $0.field == "nhs_number" }?.present)
        guard case .token(let tokens)? = state.held[0]["nhs_number"] else {
            Issue.record("no tokens")
            return
        }
        #expect(number == Proportion(tokens.count { $0 != 0 }, of: tokens.count))
        #expect(!detail.completeness[0].fields.contains { $0.field.hasPrefix("block") })
        #expect(
            detail.mobility.first { $0.source == "a" }?.levels.map(\.subjects)
                == [state.held[0].count])
    }

    @Test(
        "Modelled precision and recall lie near the truth of a county whose errors are as modelled")
    func modelledQuality() throws {
        let (outcome, both) = try Self.outcome(1_500)
        let quality = try #require(outcome.report.detail?.quality)
        let linked = outcome.state.pairs.filter { pair in
            outcome.spine.subject.firstIndex(of: pair.left).map { outcome.spine.person[$0] }
                == outcome.spine.subject.firstIndex(of: pair.right).map { outcome.spine.person[$0] }
        }
        #expect(quality.linkedPairs == linked.count)
        let right = linked.count { $0.left.low == $0.right.low }
        let precision = Double(right) / Double(linked.count)
        let recall = Double(right) / Double(both.count)
        #expect(abs(quality.precision.value - precision) < 0.02, "\(quality) \(precision)")
        #expect(abs(quality.recall.value - recall) < 0.03, "\(quality) \(recall)")
        #expect(quality.precision.low <= quality.precision.value)
        #expect(quality.recall.high >= quality.recall.value && quality.recall.high <= 1)
    }

    @Test("How many of each source are found in each other is counted from who is who")
    func crossRates() throws {
        let (first, second) = SyntheticEncodings.county(120)
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
                SyntheticEncodings.encode("c", Array(second.prefix(30))),
            ], specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        let rates = try #require(outcome.report.detail?.crossRates)
        #expect(rates.map(\.source) == ["a", "a", "b", "b", "c", "c"])
        #expect(rates.map(\.other) == ["b", "c", "a", "c", "a", "b"])
        let people = Dictionary(grouping: outcome.state.memberships, by: \.serial).values
            .map { Set($0.map { outcome.state.sources[Int($0.source)] }) }
        for rate in rates {
            // Each source knows a person once here.
            let all = people.count { $0.contains(rate.source) }
            let both = people.count { $0.contains(rate.source) && $0.contains(rate.other) }
            #expect(rate.subjects == all && both >= 10)
            #expect(rate.linked == Proportion(both, of: all))
        }
        func shown(_ count: Int, of all: Int) -> [Bool] {
            let rate = LinkageReport.CrossRate(source: "a", other: "b", count: count, of: all)
            return [rate.subjects != nil, rate.linked != nil]
        }
        #expect(shown(0, of: 9) == [false, false] && shown(0, of: 10) == [true, true])
        #expect(shown(9, of: 30) == [true, false] && shown(10, of: 30) == [true, true])
        #expect(shown(1, of: 10) == [true, false] && shown(29, of: 30) == [true, true])
        #expect(shown(30, of: 30) == [true, true] && shown(1, of: 2) == [false, false])
    }

    @Test("A record that says too little weighs less than the threshold against itself")
    func selfWeights() throws {
        var (first, second) = SyntheticEncodings.county(400)
        for index in 0..<60 {
            first.append(
                Identity(
                    subject: UInt64(5_000 + index), given: "", surname: "smith", birth: "",
                    home: ""))
        }
        second += (0..<7).map {
            Identity(
                subject: UInt64(6_000 + $0), given: "", surname: "smith", birth: "", home: "")
        }
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
            ], specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        let weights = try #require(outcome.report.detail?.selfWeights)
        #expect(weights.map(\.source) == ["a", "b"])
        #expect(weights[0].below == Proportion(60, of: first.count), "\(weights)")
        #expect(weights[1].below == Proportion(7, of: second.count), "\(weights)")
        // A night that brings little weighs as many.
        let later = try Linker.link(
            state: outcome.state,
            delta: [
                SyntheticEncodings.encode(
                    "b",
                    [Identity(subject: 7_000, given: "", surname: "smith", birth: "", home: "")])
            ], specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        #expect(!later.report.trained)
        #expect(
            later.report.detail?.selfWeights?.map(\.below.count) == [60, 8])
    }

    @Test("Wilson's interval, against R's prop.test without correction")
    func wilson() {
        // prop.test(8, 10, correct = FALSE)$conf.int: 0.4901625 0.9433178
        let some = Proportion(8, of: 10)
        #expect(abs(some.low - 0.4901625) < 1e-7 && abs(some.high - 0.9433178) < 1e-7)
        // prop.test(0, 10, correct = FALSE)$conf.int: 0.0000000 0.2775328
        let none = Proportion(0, of: 10)
        #expect(none.low == 0 && abs(none.high - 0.2775328) < 1e-7)
        let empty = Proportion(0, of: 0)
        #expect(empty.share == 0 && empty.low == 0 && empty.high == 1)
    }

    @Test("Small numbers are suppressed, and so is what would give them away")
    func suppression() {
        func levels(_ counts: [(String, Int, Int)]) -> [GroupedRates.Level] {
            GroupedRates("g", source: "s", counts: counts.map { ($0.0, $0.1, $0.2) }).levels
        }
        let one = levels([("few", 9, 5), ("some", 40, 20), ("many", 100, 50)])
        #expect(one.map(\.subjects) == [nil, nil, 100])
        #expect(one.map { $0.linked == nil } == [true, true, false])
        let none = levels([("ten", 10, 0), ("many", 100, 50)])
        #expect(none.map(\.subjects) == [10, 100])
        // Two tiny levels are not enough: together they still say who is missing.
        let tiny = levels([("a", 1, 1), ("b", 2, 2), ("c", 30, 15), ("d", 80, 40)])
        #expect(tiny.map(\.subjects) == [nil, nil, nil, 80])
        let nearAll = levels([("a", 100, 91), ("b", 100, 90), ("c", 100, 9), ("d", 100, 10)])
        #expect(nearAll[0].linked == nil && nearAll[0].moreThan == 0.9)
        #expect(nearAll[1].linked == Proportion(90, of: 100))
        #expect(nearAll[2].linked == nil && nearAll[2].lessThan == 0.1)
        #expect(nearAll[3].linked == Proportion(10, of: 100))
    }

    @Test("Declared groups are read with their bands, and faults are found")
    func groups() throws {
        func read(_ text: String) throws -> LinkageSpecification {
            var faults = FaultList()
            let specification = LinkageSpecification(
                try YAMLDocument.parse(Array(text.utf8), file: "s.yaml"), faults: &faults)
            try faults.check()
            return specification
        }
        let specification = try read(
            """
            report:
              groups:
                - {name: Age, column: gp.patients.birth_month, bands: [5, 18]}
                - {column: gp.patients.sex}
            """)
        #expect(specification.reportGroups.map(\.name) == ["Age", "sex"])
        let age = specification.reportGroups[0]
        #expect(age.extract == "gp.patients" && age.column == "birth_month")
        #expect(age.bandNames == ["below 5", "5 to under 18", "18 and over"])
        #expect(
            [4, 5, 17, 18].map(age.band) == [
                "below 5", "5 to under 18", "5 to under 18", "18 and over",
            ])
        #expect(specification.digest == LinkageSpecification().digest)
        #expect(specification.attackFile == nil)
        // What an attack reads changes no link, and so weighs nothing anew.
        let attacked = try read("report: {attack: attack.json}")
        #expect(attacked.attackFile == "attack.json" && attacked.reportGroups.isEmpty)
        #expect(attacked.digest == LinkageSpecification().digest)
        for (text, message) in [
            ("report: {groups: [{column: sex}]}", "does not name a column of facts"),
            ("report: {groups: [{column: a.b.c, bands: [5, 5]}]}", "not in ascending order"),
            ("report: {groups: [{column: a.b.c, bands: [x]}]}", "is not a number"),
            ("report: {group: []}", "group"),
        ] {
            #expect { try read(text) } throws: { "\($0)".contains(message) }
        }
    }
}
