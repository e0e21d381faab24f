import Foundation
import Modelling
import PipelineModel

/// Fits the data of a folder several times; reading them is not timed, unless they stay in their
/// file and each pass reads them.
struct TimedFit {
    var folder: URL
    var threads: Int
    var runs: Int
    var isStreamed: Bool

    /// What `fit_table.py` reads.
    private struct Result: Codable {
        var system: String
        var version: String
        var threads: Int
        var seconds: [Double]
        var iterations: Int
        /// How often XᵀWX was worked out over all rows.
        var informations: Int
        var intercept: Double
        var coefficients: [Double]
    }

    func run(into file: URL) throws {
        let stored = try StoredDesign(folder)
        let design: any DesignRows = isStreamed ? try FileRows(stored) : try stored.matrix()
        let outcomes = Outcomes(values: try stored.outcomes())
        let clock = ContinuousClock()
        var seconds: [Double] = []
        for _ in 0..<runs {
            let start = clock.now
            let model = try LogisticRegression.fit(
                design, outcomes: outcomes, provenance: ModelProvenance(model: "benchmark"),
                threads: threads)
            let taken = start.duration(to: clock.now).components
            seconds.append(Double(taken.seconds) + Double(taken.attoseconds) * 1e-18)
            // After each run, so that what is stopped by its limit of time still counts.
            try JSONEncoder().encode(
                Result(
                    system: isStreamed ? "Stile, from the file" : "Stile",
                    version: "Stile with \(model.blas)", threads: threads, seconds: seconds,
                    iterations: model.iterations, informations: model.informations,
                    intercept: model.intercept,
                    coefficients: model.terms.map { $0.coefficient ?? 0 })
            ).write(to: file)
        }
    }
}

/// The folder that ``MadeDesign`` wrote.
struct StoredDesign {
    let folder: URL
    let rows: Int
    let columns: Int
    var names: [String] { (0..<columns).map { "x\($0)" } }

    private struct Facts: Codable {
        var rows: Int
        var columns: Int
    }

    init(_ folder: URL) throws {
        self.folder = folder
        let facts = try JSONDecoder().decode(
            Facts.self, from: Data(contentsOf: folder.appendingPathComponent("design.json")))
        rows = facts.rows
        columns = facts.columns
    }

    /// The design as the fit takes it, held once.
    func matrix() throws -> DesignMatrix {
        let day = Day(iso: "2025-06-02") ?? .missing
        return DesignMatrix(
            unitKind: .person,
            rows: (0..<rows).map {
                RowKey(
                    unit: UnitPseudonym(high: 1, low: UInt64($0)), asOf: day,
                    person: PersonPseudonym(high: 1, low: UInt64($0)))
            }, columns: names, values: try doubles("design.f64", count: rows * columns))
    }

    func outcomes() throws -> [Double] { try doubles("outcomes.f64", count: rows) }

    /// The numbers of a file, read straight to where they stay.
    private func doubles(_ name: String, count: Int) throws -> [Double] {
        let file = try OpenFile(folder.appendingPathComponent(name))
        return try [Double](unsafeUninitializedCapacity: count) { buffer, initialised in
            try file.read(UnsafeMutableRawBufferPointer(buffer), at: 0)
            initialised = count
        }
    }
}
