import EthicsGate
import PipelineModel

/// Who is taken off a list at the release, unopened: an objection may have come since it was made.
struct Withholding {
    /// Who may not be on a list today.
    let persons: Set<PersonPseudonym>
    /// What the sources call them: a person may have been merged or split since.
    let subjects: Set<SubjectPseudonym>

    /// The rows that may be opened.
    ///
    /// A household goes or stays whole. Its score, and so the reason why any of its members is
    /// named, was made of the facts of all of them.
    func kept(_ rows: [Candidate]) -> [Candidate] {
        let withheld = Set(rows.filter(concernsExcluded).map(\.about))
        return rows.filter { !withheld.contains($0.about) }
    }

    private func concernsExcluded(_ row: Candidate) -> Bool {
        row.person.map(persons.contains) ?? false
            || row.records.contains { subjects.contains($0.subject) }
            || !subjects.isDisjoint(with: row.home?.subjects ?? [])
    }
}
