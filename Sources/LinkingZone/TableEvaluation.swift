import ColumnFiles
import Evaluation
import Foundation
import PipelineModel

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
    /// - Throws: `StileError` with a sentence for each cell that cannot be read.
    public init(path: String, listSize: Int?) throws {
        let file = try ScoredTableFile(path: path)
        let report = try Evaluation.evaluate(
            file.table, listSize: listSize ?? (file.table.score.count + 9) / 10)
        text = report.text
        json = try Array(report.canonicalJSON())
        var made = ["Made from a table of \(report.rows) rows by stile evaluate --table."]
        if !file.unused.isEmpty {
            made.append("Columns that were not read: \(file.unused.joined(separator: ", ")).")
        }
        let name = URL(fileURLWithPath: path).lastPathComponent
        html = Array(EvaluationPage.html(report, title: name, made: made).utf8)
    }

    /// Writes a file whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try DiskFileSystem().writeDurably(bytes, to: path)
    }
}
