import ColumnFiles
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
    /// Whether columns that are mostly zero are kept as what is not.
    var isSparse: Bool
    /// What the table calls it.
    var system: String

    /// What `fit_table.py` reads.
    private struct Result: Codable {
        var system: String
        /// The folder, where it is not that of the other results.
        var data: String
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
        let design: any DesignRows
        if isStreamed {
            design = try stored.rowsOfFile()
        } else if isSparse {
            design = try stored.columns()
        } else {
            design = try stored.matrix()
        }
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
                    system: system, data: folder.path,
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
    private let folder: URL
    private let facts: Facts

    private struct Facts: Codable {
        var rows: Int
        var columns: Int
        /// Where the first column begins, and how far on the next, in bytes.
        var offset: Int
        var stride: Int
    }

    init(_ folder: URL) throws {
        self.folder = folder
        facts = try JSONDecoder().decode(
            Facts.self, from: Data(contentsOf: folder.appendingPathComponent("design.json")))
    }

    private var design: String { folder.appendingPathComponent("design.columns").path }

    /// The design, left in its file and read range by range.
    func rowsOfFile() throws -> ColumnFileRows { try ColumnFileRows(path: design) }

    /// The design as the fit takes it, held once.
    func matrix() throws -> DesignMatrix {
        let day = Day(iso: "2025-06-02") ?? .missing
        return DesignMatrix(
            unitKind: .person,
            rows: (0..<facts.rows).map {
                RowKey(
                    unit: UnitPseudonym(high: 1, low: UInt64($0)), asOf: day,
                    person: PersonPseudonym(high: 1, low: UInt64($0)))
            }, columns: (0..<facts.columns).map { "x\($0)" },
            values: try doubles(
                design, at: (0..<facts.columns).map { facts.offset + $0 * facts.stride }))
    }

    /// The design with each column in the form that fits it.
    func columns() throws -> DesignColumns {
        var design = DesignColumns(rowCount: facts.rows)
        for column in 0..<facts.columns {
            design.append(
                "x\(column)", try doubles(self.design, at: [facts.offset + column * facts.stride]))
        }
        return design
    }

    func outcomes() throws -> [Double] {
        try doubles(folder.appendingPathComponent("outcomes.f64").path, at: [0])
    }

    /// A number for each row from each place of a file, read straight to where it stays.
    private func doubles(_ path: String, at places: [Int]) throws -> [Double] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw unreadable }
        defer { close(descriptor) }
        let size = 8 * facts.rows
        let count = facts.rows * places.count
        return try [Double](unsafeUninitializedCapacity: count) { buffer, initialised in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for (index, place) in places.enumerated() {
                var filled = 0
                while filled < size {
                    let start = index * size + filled
                    let part = pread(
                        descriptor, bytes.baseAddress.map { $0 + start },
                        min(size - filled, 1 << 24), off_t(place + filled))
                    guard part > 0 else { throw unreadable }
                    filled += part
                }
            }
            initialised = count
        }
    }

    private var unreadable: StileError {
        StileError(
            .inputOutput, "The data of the benchmark cannot be read to their end.",
            remedy: "Make them again.")
    }
}
