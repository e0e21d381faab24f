import Features
import PipelineModel

/// In which of a model's sources each person was found.
///
/// Not to be found in a source is no fault of the linkage by itself: most people are in no
/// hospital. That one group is found less often than others can be one, and is for people to judge.
struct LinkedSources {
    private let names: [String]
    private let spine: Spine
    private let isOfPersons: Bool

    /// - Parameters:
    ///   - specification: Its sources but that of the cohort, where everyone is, are looked at.
    ///   - spine: Who is in which source.
    init(_ specification: ModelSpecification, _ spine: Spine) {
        let own = specification.cohort.table.prefix { $0 != "." }
        names = specification.sources.filter { $0 != own }
        self.spine = spine
        isOfPersons = specification.unit == .person || specification.unit == .spell
    }

    /// One flag for each source, and where there are several one for any of them; none where the
    /// rows are of no single person.
    func flags(_ rows: [RowKey]) -> [ScoredTable.Flag] {
        guard isOfPersons, !names.isEmpty else { return [] }
        let wanted = Set(rows.map(\.person))
        let places = names.map { name in spine.sources.firstIndex(of: name).map(UInt32.init) }
        var found = names.map { _ in Set<PersonPseudonym>() }
        for subject in spine.subject.indices where wanted.contains(spine.person[subject]) {
            for (index, place) in places.enumerated() where place == spine.source[subject] {
                found[index].insert(spine.person[subject])
            }
        }
        var flags = zip(names, found).map { name, people in
            ScoredTable.Flag(name: name, holds: rows.map { people.contains($0.person) })
        }
        if names.count > 1 {
            flags.append(
                .init(
                    name: "any of them",
                    holds: rows.indices.map { row in flags.contains { $0.holds[row] } }))
        }
        return flags
    }
}
