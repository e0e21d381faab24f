import Foundation
import Modelling
import PipelineModel

/// Fits the data of a folder several times; reading them is not timed.
struct TimedFit {
    var folder: URL
    var threads: Int
    var runs: Int

    /// What `fit_table.py` reads.
    private struct Result: Codable {
        var system = "Stile"
        var version: String
        var threads: Int
        var seconds: [Double]
        var iterations: Int
        var intercept: Double
        var coefficients: [Double]
    }

    func run(into file: URL) throws {
        let design = try StoredDesign(folder)
        let matrix = try design.matrix()
        let outcomes = Outcomes(values: try design.outcomes())
        let clock = ContinuousClock()
        var seconds: [Double] = []
        for _ in 0..<runs {
            let start = clock.now
            let model = try LogisticRegression.fit(
                matrix, outcomes: outcomes, provenance: ModelProvenance(model: "benchmark"),
                threads: threads)
            let taken = start.duration(to: clock.now).components
            seconds.append(Double(taken.seconds) + Double(taken.attoseconds) * 1e-18)
            // After each run, so that what is stopped by its limit of time still counts.
            try JSONEncoder().encode(
                Result(
                    version: "Stile with \(model.blas)", threads: threads, seconds: seconds,
                    iterations: model.iterations, intercept: model.intercept,
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
            }, columns: (0..<columns).map { "x\($0)" },
            values: try doubles("design.f64", count: rows * columns))
    }

    func outcomes() throws -> [Double] { try doubles("outcomes.f64", count: rows) }

    /// The numbers of a file, read straight to where they stay.
    private func doubles(_ name: String, count: Int) throws -> [Double] {
        let handle = try FileHandle(forReadingFrom: folder.appendingPathComponent(name))
        defer { try? handle.close() }
        let short = StileError(
            .input, "The file \(name) is shorter than its design says.",
            remedy: "Make the data again.")
        return try [Double](unsafeUninitializedCapacity: count) { buffer, initialised in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var filled = 0
            while filled < bytes.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
                let read = read(
                    handle.fileDescriptor, rest.baseAddress, min(rest.count, 1 << 24))
                guard read > 0 else { throw short }
                filled += read
            }
            initialised = count
        }
    }
}
