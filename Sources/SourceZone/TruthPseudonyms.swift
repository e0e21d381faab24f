import Foundation
import Intake
import PipelineModel
import Pseudonymise
import Tabular

extension SourceZone {
    /// Turns a truth by local identifiers into one by pseudonyms, for the linking zone to measure its
    /// linkage against.
    ///
    /// The names of people become pseudonyms too, under the project's key, so that several source zones
    /// of one project give one person one pseudonym. Rows come in ascending order of subject: their
    /// order in the file is lost.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - truth: A CSV file with the columns `source`, `subject` (the local identifier) and `person` (any name that is the same
    ///     wherever it is the same person); other columns are not read.
    /// - Returns: The text of a CSV file `source,subject,person`.
    /// - Throws: `StileError` with code `input` and the line where a row is none, names a source that there
    ///   is not, or a subject that was named before; `configuration` where the zone is not in order.
    public static func truthByPseudonym(
        configuration path: String, truth: String
    ) throws -> String {
        let setting = try SourceSetting(configuration: path)
        let known = Set(setting.contract.sources.map(\.name))
        let hasher = try setting.keyring.pseudonymHasher()
        let file = try NamedColumns(
            path: truth, ["source", "subject", "person"], others: .passedOver)
        var rows: [(subject: SubjectPseudonym, text: String)] = []
        var lines: [SubjectPseudonym: Int] = [:]
        try file.forEachRow { texts, line in
            let source = texts[0]
            guard known.contains(source) else {
                throw StileError(
                    .input, "There is no such source.",
                    at: .init(file: truth, line: line, column: "source"),
                    remedy: "Write one of: \(known.sorted().joined(separator: ", ")).")
            }
            let subject = SubjectPseudonym(
                hasher, domain: "subject:\(source)", Array(texts[1].utf8))
            if let before = lines.updateValue(line, forKey: subject) {
                throw StileError(
                    .input, "The subject was named before, in line \(before).",
                    at: .init(file: truth, line: line, column: "subject"),
                    remedy: "Name each subject of a source once, with one person.")
            }
            let person = PersonPseudonym(hasher, domain: "truth", Array(texts[2].utf8))
            rows.append((subject, "\(source),\(subject.hex),\(person.hex)\n"))
        }
        return "source,subject,person\n"
            + rows.sorted { $0.subject < $1.subject }.map(\.text).joined()
    }
}

extension Pseudonym {
    /// The keyed hash of some bytes in a domain.
    init(_ hasher: PseudonymHasher, domain: String, _ bytes: [UInt8]) {
        let (high, low) = hasher(domain: domain, bytes: bytes)
        self.init(high: high, low: low)
    }
}
