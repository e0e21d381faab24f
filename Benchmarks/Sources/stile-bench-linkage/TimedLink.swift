import Foundation
import Linkage
import PipelineModel

/// What one run of the linker took, and what a night of it takes with reading and writing.
struct TimedLink {
    /// Of a night: reading the state and the new encodings before, writing the state after.
    struct Night {
        var reading: LinkingCost
        var writing: LinkingCost
    }

    var name: String
    var newVersions: Int
    var people: Int
    var candidatePairs: Int
    /// The linker by itself.
    var cost: LinkingCost
    var night: Night?
    /// Of a delta: how many subjects that were there have another person now.
    var moved: MovedSubjects?

    var values: [String: Any] {
        var values: [String: Any] = [
            "name": name, "new_versions": newVersions, "people": people,
            "candidate_pairs": candidatePairs, "seconds": cost.seconds,
            "processor_seconds": cost.processorSeconds, "peak_rss_mb": cost.peakMegabytes,
        ]
        if let night {
            let parts = [night.reading, cost, night.writing]
            values["reading_seconds"] = night.reading.seconds
            values["writing_seconds"] = night.writing.seconds
            values["night_seconds"] = parts.reduce(0) { $0 + $1.seconds }
            values["night_processor_seconds"] = parts.reduce(0) { $0 + $1.processorSeconds }
            values["night_peak_rss_mb"] = night.writing.peakMegabytes
        }
        if let moved {
            values["moved_subjects"] = moved.all
            values["moved_untouched_subjects"] = moved.untouched
        }
        return values
    }

    /// A line for a person, of a night only.
    var nightText: String? {
        guard let night else { return nil }
        return String(
            format:
                "%@ as a night: %.2f s wall (%.2f reading, %.2f linking with the report's detail, %.2f writing), %.2f s of processors; peak %.0f MB",
            name, night.reading.seconds + cost.seconds + night.writing.seconds,
            night.reading.seconds, cost.seconds, night.writing.seconds,
            night.reading.processorSeconds + cost.processorSeconds + night.writing.processorSeconds,
            night.writing.peakMegabytes)
    }
}

/// Subjects whose person is another one after a delta.
struct MovedSubjects {
    var all = 0
    /// Those of them that nothing new touches.
    var untouched = 0

    /// New records touch the people that they belong to, those that they were weighed against, and
    /// whoever changed people with one of these.
    ///
    /// - Parameters:
    ///   - before: The person of each subject before the delta.
    ///   - state: What the delta left.
    ///   - new: The subjects of the delta.
    init(
        before: [SubjectPseudonym: PersonPseudonym], state: LinkState, new: Set<SubjectPseudonym>
    ) {
        var near = new
        for pair in state.pairs {
            if new.contains(pair.left) { near.insert(pair.right) }
            if new.contains(pair.right) { near.insert(pair.left) }
        }
        var touched: Set<PersonPseudonym> = []
        var moved: [(from: PersonPseudonym, to: PersonPseudonym)] = []
        for member in state.memberships {
            let former = before[member.subject]
            if near.contains(member.subject) {
                touched.insert(member.person)
                if let former { touched.insert(former) }
            }
            if let former, former != member.person { moved.append((former, member.person)) }
        }
        all = moved.count
        var isSettled = false
        while !isSettled {
            let rest = moved.filter { !touched.contains($0.from) && !touched.contains($0.to) }
            isSettled = rest.count == moved.count
            for move in moved where touched.contains(move.from) || touched.contains(move.to) {
                touched.formUnion([move.from, move.to])
            }
            moved = rest
        }
        untouched = moved.count
    }
}
