import NightRun
import Attestation
import Foundation
import Hashing
import PipelineModel

/// Who may not be on a list today, as the linking zone last published it.
struct Exclusions {
    var persons: Set<PersonPseudonym>
    /// What the sources call them: a person may have been merged or split since a list was made.
    var subjects: Set<SubjectPseudonym>
    var digest: ContentDigest

    /// Reads `exclusions.json` beside the lists.
    ///
    /// - Parameters:
    ///   - log: The gate's log, in which each publication of the exclusions is a leaf.
    ///   - today: The day that the operator gave; today in Europe/London by default.
    ///   - listAsOf: The as-of day of the list, for a deployment without a calendar.
    /// - Throws: `StileError` with code `policy` where it is too old: an objection may have
    ///   come since.
    static func read(
        _ configuration: ReleaseConfiguration, log: LogView, today: String?, listAsOf: String
    ) throws -> Exclusions {
        let path = "\(configuration.lists)/exclusions.json"
        let bytes = try ReleaseZone.bytes(path)
        let digest = ContentDigest.sha256(bytes)
        let published = log.leaves.last { $0.entry.kind == "exclusions.published" }
        guard published?.entry["exclusions.json"] == digest else {
            throw StileError(
                .integrity, "The exclusions are not those that the log names last.",
                at: .init(file: path),
                remedy: "Run the linking zone's night again; find out who changed the file.")
        }
        var fields = try JSONFields(
            try StrictJSON.read(bytes, file: path, limit: 1 << 28), what: "exclusions", file: path)
        guard try fields.string("kind") == "stile exclusions", try fields.integer("version") == 1
        else { throw fields.fault("it is not a list of exclusions of version 1") }
        let asOf = try fields.string("as_of")
        func pseudonyms<Kind>(_ texts: [String]) throws -> Set<Pseudonym<Kind>> {
            Set(
                try texts.map { text in
                    guard let pseudonym = Pseudonym<Kind>(hex: text) else {
                        throw fields.fault("a pseudonym cannot be read")
                    }
                    return pseudonym
                })
        }
        let (people, names) = (try fields.strings("persons"), try fields.strings("subjects"))
        let persons: Set<PersonPseudonym> = try pseudonyms(people)
        let subjects: Set<SubjectPseudonym> = try pseudonyms(names)
        try fields.finish()
        try checkAge(asOf, configuration, today: today, listAsOf: listAsOf, path: path)
        return Exclusions(persons: persons, subjects: subjects, digest: digest)
    }

    private static func checkAge(
        _ asOf: String, _ configuration: ReleaseConfiguration, today: String?, listAsOf: String,
        path: String
    ) throws {
        let tooOld = StileError(
            .policy, "The exclusions are those of \(asOf), which is too old to release by.",
            at: .init(file: path),
            remedy: "Run the linking zone's night first: an objection may have come since.")
        guard let known = Day(iso: asOf) else {
            // An ordinal clock: the exclusions must be of the night that made the list, or later.
            guard let exclusions = Int(asOf), let list = Int(listAsOf), exclusions >= list else {
                throw tooOld
            }
            return
        }
        let day: Day
        if let today {
            guard let given = Day(iso: today) else {
                throw StileError(
                    .configuration, "--as-of is not a date.", remedy: "Write it as yyyy-mm-dd.")
            }
            guard configuration.isSample else {
                throw StileError(
                    .policy, "A real deployment releases as of today only.",
                    remedy: "Leave --as-of out.")
            }
            day = given
        } else {
            day = try Day(inLondon: Date())
        }
        guard known <= day else {
            throw StileError(
                .policy, "The exclusions are those of \(asOf), a day that is still to come.",
                at: .init(file: path),
                remedy: "Check the clock of this machine, and the day of the linking zone's night.")
        }
        guard day - known <= configuration.exclusionsMaximumAgeDays else { throw tooOld }
    }
}
