public import Foundation
import PipelineModel

extension EvaluationReport {
    /// The canonical JSON: keys sorted, in snake case, with a newline at its end.
    public func canonicalJSON() throws -> Data {
        try Data(
            CanonicalForm.bytes(
                self, keys: .snakeCase, lines: .one,
                otherwise: StileError(
                    .integrity, "The evaluation holds a number that is not finite.",
                    remedy: "Look for scores of extreme size.")))
    }

    /// Reads what ``canonicalJSON()`` wrote.
    ///
    /// - Parameters:
    ///   - data: The bytes of the file.
    ///   - file: What messages call the data.
    /// - Throws: `StileError` with code `integrity` where it is not an evaluation.
    public init(canonicalJSON data: Data, file: String) throws {
        guard let report = CanonicalForm.value(EvaluationReport.self, data),
            report.format == EvaluationReport.formatVersion
        else {
            throw StileError(
                .integrity, "This is not an evaluation that this version of Stile knows.",
                at: .init(file: file), remedy: "Restore the file, or evaluate again.")
        }
        self = report
    }
}
