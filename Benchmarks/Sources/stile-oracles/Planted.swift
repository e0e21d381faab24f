import Foundation
import Modelling
import PipelineModel
import Synth

/// The coefficients planted in synthetic counties, tested jointly at 5 %: of many counties as
/// many are rejected as chance allows.
enum Planted {
    static let counties = 240
    static let people = 4000

    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let rejections = Collected()
        let seeds = Array(UInt64(1)...UInt64(counties))
        let workers = ProcessInfo.processInfo.activeProcessorCount
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for seed in seeds where Int(seed) % workers == worker {
                rejections.add(Result { try pValue(seed: seed) < 0.05 ? 1 : 0 })
            }
        }
        let rejected = try rejections.all().reduce(0) { try $0 + $1.get() }
        let range = Binomial.range(of: counties, chance: 0.05, coverage: 0.99)
        table.state(
            "synthetic county", "joint Wald test of \(counties) counties at 5 %",
            with: "planted coefficients", "\(rejected) rejected",
            wanted: "\(range.lowerBound)–\(range.upperBound)", range.contains(rejected))
    }

    /// The p-value of the planted coefficients in a county of its own.
    private static func pValue(seed: UInt64) throws -> Double {
        let planted = PlantedModel.emergencyAdmission
        var truth: [UInt8] = []
        let night = Day(iso: "2025-06-02") ?? .missing
        _ = try SyntheticCounty.generate(
            people: people, seed: seed, nights: 1, firstNight: night, into: "",
            write: { path, bytes in
                if path.hasSuffix("truth/\(planted.name).csv") { truth = bytes }
            })
        let lines = String(decoding: truth, as: UTF8.self).split(whereSeparator: \.isNewline)
        let names = planted.terms.map(\.name)
        guard let header = lines.first?.split(separator: ","),
            header.dropFirst(2).map(String.init) == names + ["outcome"]
        else {
            throw StileError(
                .input, "The truth of the county has other columns than its model.",
                remedy: "This is a fault of the benchmark.")
        }
        let rows = lines.dropFirst().map { $0.split(separator: ",").dropFirst(2).map(String.init) }
        var values: [Double] = []
        for column in names.indices {
            for row in rows { values.append(Double(row[column]) ?? .nan) }
        }
        let keys = rows.indices.map {
            RowKey(
                unit: UnitPseudonym(high: 1, low: UInt64($0)), asOf: night,
                person: PersonPseudonym(high: 1, low: UInt64($0)))
        }
        let model = try LogisticRegression.fit(
            DesignMatrix(unitKind: .person, rows: keys, columns: names, values: values),
            outcomes: Outcomes(values: rows.map { Double($0[names.count]) ?? .nan }),
            provenance: ModelProvenance(model: planted.name))
        return try WaldTest.joint(
            estimate: model.estimates,
            planted: [planted.intercept] + planted.terms.map(\.coefficient),
            covariance: model.covariance
        ).pValue
    }
}

/// How many of several rare events chance allows.
enum Binomial {
    /// The counts between the two tails, each of which has at most half of what is not covered.
    static func range(of count: Int, chance: Double, coverage: Double) -> ClosedRange<Int> {
        let tail = (1 - coverage) / 2
        var mass = pow(1 - chance, Double(count))
        var below = 0.0
        var lower = 0
        for events in 0...count {
            // P(X < events) is `below`; P(X ≤ events) is `below + mass`.
            if below + mass <= tail { lower = events + 1 }
            if 1 - (below + mass) <= tail { return lower...max(lower, events) }
            below += mass
            mass *= Double(count - events) / Double(events + 1) * chance / (1 - chance)
        }
        return lower...count
    }
}
