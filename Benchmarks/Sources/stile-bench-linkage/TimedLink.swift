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
    /// Those of them whose people, before and after, hold nobody who shares a person with a new subject.
    var untouched = 0

    /// - Parameters:
    ///   - before: The person of each subject before the delta.
    ///   - after: The memberships after it.
    ///   - new: The subjects of the delta.
    init(
        before: [SubjectPseudonym: PersonPseudonym], after: [LinkState.Membership],
        new: Set<SubjectPseudonym>
    ) {
        let joined = Set(after.lazy.filter { new.contains($0.subject) }.map(\.person))
        // Who was with a subject that a new one took along has been touched too.
        var left: Set<PersonPseudonym> = []
        for member in after {
            guard let person = before[member.subject] else { continue }
            if joined.contains(member.person) || new.contains(member.subject) {
                left.insert(person)
            }
        }
        for member in after {
            guard let person = before[member.subject], person != member.person else { continue }
            all += 1
            if !joined.contains(member.person), !left.contains(person) { untouched += 1 }
        }
    }
}
