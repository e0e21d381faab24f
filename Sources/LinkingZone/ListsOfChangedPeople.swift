import Attestation
import EthicsGate
import Linkage
import NightRun
import PipelineModel
import Storage

/// Lists on which somebody stands who was found to be several people, or one with another: what
/// was reviewed was not that person's record.
///
/// A list that is not released yet is withdrawn, whatever was signed; a released one is marked, for
/// nothing can be taken back. A record that only joins a person changes nobody's list.
struct ListsOfChangedPeople {
    /// Everybody who merged or split, under the pseudonyms before and after.
    private let people: Set<PersonPseudonym>
    /// What the sources call them.
    private let subjects: Set<SubjectPseudonym>

    init(_ outcome: LinkOutcome) {
        let people = Set(
            outcome.merges.flatMap { [$0.kept, $0.alias] }
                + outcome.splits.flatMap { [$0.from] + $0.into })
        self.people = people
        subjects = Set(
            zip(outcome.spine.subject, outcome.spine.person).filter { people.contains($0.1) }
                .map(\.0))
    }

    /// Withdraws and marks lists in `work`.
    ///
    /// - Returns: Lines for whoever reads the command's output.
    func settle(_ desk: ListDesk, _ work: inout StageWork) throws -> [String] {
        guard !people.isEmpty else { return [] }
        let database = work.context.database
        var notes: [String] = []
        for record in try database.lists().sorted(by: { $0.id < $1.id })
        where [.waiting, .approved, .released].contains(record.state) {
            // A list whose files are not as they were is one that the gate refuses already.
            guard let (list, _, proposal) = try? desk.proposed(record.id, past: true),
                list.rows.contains(where: concerns), try database.meta(Self.mark(record.id)) == nil
            else { continue }
            work.commit.meta[Self.mark(record.id)] = work.context.id
            let isReleased =
                try record.state == .released || desk.released(record.id, proposal) != nil
            work.leaves.append(
                LogLeaf.Entry(
                    kind: isReleased ? "list.marked" : "list.withdrawn", list: record.id,
                    actor: "stile", scope: Self.reason))
            if isReleased {
                notes.append(
                    "  list \(record.id) was released, and \(Self.words): tell its recipients")
            } else {
                work.commit.listStates.append(
                    ListStateChange(list: record.id, from: record.state, to: .void))
                notes.append("  list \(record.id) is withdrawn: \(Self.words)")
            }
        }
        return notes
    }

    private func concerns(_ row: Candidate) -> Bool {
        row.person.map(people.contains) ?? false
            || row.records.contains { subjects.contains($0.subject) }
            || row.home?.subjects.contains(where: subjects.contains) ?? false
    }

    /// Why, as a leaf of the log may say it.
    private static let reason = "people-merged-or-split"
    private static let words = "somebody on it was found to be several people, or one with another"

    private static func mark(_ list: String) -> String { "list.people-changed.\(list)" }

    /// What to say of a list that was withdrawn or marked for its people; `nil` where none was.
    static func line(of record: ListRecord, in database: ZoneDatabase) throws -> String? {
        guard let run = try database.meta(mark(record.id)) else { return nil }
        return record.state == .void
            ? "withdrawn in run \(run): \(words)"
            : "marked in run \(run), after its release: \(words)"
    }

    /// The lists of a model that were withdrawn for their people, so that the next night proposes
    /// another, even of the same scores.
    static func withdrawn(of model: String, in database: ZoneDatabase) throws -> [String] {
        try database.lists(state: .void)
            .filter { try $0.model == model && database.meta(mark($0.id)) != nil }
            .map(\.id).sorted()
    }
}
