import Linkage
import PipelineModel
import Tabular

/// A file of who is who in truth: `source,subject,person`, pseudonyms only.
struct TruthFile {
    static let columns = ["source", "subject", "person"]

    /// Reads the file and finds its subjects among those that are held.
    ///
    /// - Parameters:
    ///   - path: Where the file lies.
    ///   - state: The state of the newest linkage.
    ///   - skipUnknown: Whether rows of subjects that no source holds are left out.
    /// - Throws: `StileError` with code `input` and the line where a row is none, names a subject that is not
    ///   held or was named before, or gives one person more subjects than
    ///   ``LinkTruth/mostSubjects``.
    static func read(
        _ path: String, for state: LinkState, skipUnknown: Bool
    ) throws -> LinkTruth {
        let file = try NamedColumns(path: path, columns, others: .refused)
        let sources = state.sources
        var held: [SubjectPseudonym: String] = [:]
        for membership in state.memberships {
            held[membership.subject] = sources[Int(membership.source)]
        }
        var rows: [LinkTruth.Row] = []
        var lines: [SubjectPseudonym: Int] = [:]
        var subjects: [PersonPseudonym: Int] = [:]
        var unknown: (first: Int, count: Int)?
        try file.forEachRow { texts, line in
            func fault(_ what: String, _ remedy: String, _ column: String) -> StileError {
                StileError(
                    .input, what, at: .init(file: path, line: line, column: column), remedy: remedy)
            }
            guard let subject = SubjectPseudonym(hex: texts[1]) else {
                throw fault(
                    "A subject is not a pseudonym of 32 hexadecimal digits in lower case.",
                    "Have the source zone make the file: stile pseudonymise --truth.", "subject")
            }
            guard let person = PersonPseudonym(hex: texts[2]) else {
                throw fault(
                    "A person is not a pseudonym of 32 hexadecimal digits in lower case.",
                    "Have the source zone make the file (stile pseudonymise --truth): no number or name of a person may come here.",
                    "person")
            }
            if let before = lines.updateValue(line, forKey: subject) {
                throw fault(
                    "The subject was named before, in line \(before).",
                    "Name each subject once, with one person.", "subject")
            }
            guard let source = held[subject] else {
                unknown = (unknown?.first ?? line, (unknown?.count ?? 0) + 1)
                return
            }
            guard source == texts[0] else {
                throw fault(
                    "The subject is held, but of another source than the row says.",
                    "Have the source zone make the file anew: stile pseudonymise --truth.", "source"
                )
            }
            subjects[person, default: 0] += 1
            guard subjects[person, default: 0] <= LinkTruth.mostSubjects else {
                throw fault(
                    "One person has more than \(LinkTruth.mostSubjects) subjects, so that it is nobody.",
                    "Leave out subjects whose person is not known.", "person")
            }
            rows.append(LinkTruth.Row(subject: subject, person: person))
        }
        if let unknown, !skipUnknown {
            let others =
                unknown.count == 1 ? "" : ", and so for \(unknown.count - 1) further lines"
            throw StileError(
                .input, "No source holds the subject\(others).",
                at: .init(file: path, line: unknown.first, column: "subject"),
                remedy:
                    "Leave out what was never delivered or was refused, or give --skip-unknown to have it left out and counted."
            )
        }
        return LinkTruth(rows, notHeld: unknown?.count ?? 0)
    }
}
