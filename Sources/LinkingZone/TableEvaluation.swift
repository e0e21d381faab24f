import ColumnFiles
import Evaluation
import Features
import Foundation
import Hashing
import PipelineModel
import StrictYAML

/// The evaluation of a table of scores and outcomes, whatever made it.
public struct TableEvaluation: Sendable {
    /// The report for a terminal.
    public var text: String
    /// The canonical JSON of the report, with a newline at its end.
    public var json: [UInt8]
    /// One self-contained HTML page.
    public var html: [UInt8]

    /// Evaluates the CSV file at `path`.
    ///
    /// - Parameters:
    ///   - path: A file with the columns that docs/Configuration.md names.
    ///   - listSize: The rows that a list can take; `nil` for a tenth of all, rounded up.
    ///   - columns: Which columns say whom a row is about, and hold a second score.
    ///   - margins: A YAML file of margins to judge the figures by; `nil` for none. Its digest is
    ///     in the report: a table whose outcomes are known cannot seal them.
    /// - Throws: `StileError` with a sentence for each cell, column or margin that cannot be read.
    public init(
        path: String, listSize: Int?, columns: ScoredTableColumns = .init(),
        margins: String? = nil
    ) throws {
        // Read before the table, whose outcomes must not be evaluated for margins that are none.
        let margins = try margins.map(Self.margins)
        let file = try ScoredTableFile(path: path, columns: columns)
        if let margins, !margins.margins.byGroup.isEmpty, file.table.groups.isEmpty {
            throw StileError(
                .input, "The margins ask for groups, and the table has none.",
                at: .init(file: path, line: 1),
                remedy: "Add a column “group.<name>”, or remove “by_group” from the margins.")
        }
        let size = listSize ?? (file.table.score.count + 9) / 10
        var report = try Evaluation.evaluate(file.table, listSize: size)
        if let name = columns.secondScore {
            report.secondScore = try Evaluation.compare(
                file.secondScore, named: name, with: file.table, listSize: size)
        }
        report.acceptance = margins.map {
            AcceptanceReport.judge($0.margins, report, file: $0.digest)
        }
        text = report.text
        json = try Array(report.canonicalJSON())
        var made = ["Made from a table of \(report.rows) rows by stile evaluate --table."]
        if !file.unused.isEmpty {
            made.append("Columns that were not read: \(file.unused.joined(separator: ", ")).")
        }
        let name = URL(fileURLWithPath: path).lastPathComponent
        html = Array(EvaluationPage.html(report, title: name, made: made).utf8)
    }

    private static func margins(
        _ path: String
    ) throws -> (margins: AcceptanceMargins, digest: ContentDigest) {
        guard let bytes = try PlainFile.bytes(at: path) else {
            throw StileError(
                .configuration, "There is no file of margins.", at: .init(file: path),
                remedy: "Check the name that --margins gives.")
        }
        return (
            try AcceptanceMargins(file: YAMLDocument.parse(bytes, file: path)),
            ContentDigest.sha256(bytes)
        )
    }

    /// Writes a file whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try DiskFileSystem().writeDurably(bytes, to: path)
    }
}
