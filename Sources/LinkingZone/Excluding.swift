import ColumnFiles
import EncodedExtract
import Attestation
import Features
import Foundation
import Hashing
import NightRun
import PipelineModel
import Storage

/// Who may not be scored, as the registers say tonight.
struct ExclusionSet {
    /// In ascending order, each person once.
    var persons: [PersonPseudonym] = []
    /// What the sources call these people, in ascending order: a list that was signed before
    /// a merge or a split may know them by another person.
    var subjects: [SubjectPseudonym] = []
    /// The number of persons by register.
    var counts: [String: Int] = [:]
    var digest: ContentDigest

    /// For the features: out of the rows, and out of the features of relatives.
    var exclusions: Exclusions {
        Exclusions(fromRows: Set(persons), asRelatives: Set(persons))
    }
}

extension LinkingNight {
    /// The file by which the release zone learns who must be withheld.
    static let exclusionsFile = "exclusions.json"

    /// The exclusions that stand tonight.
    ///
    /// Unlike a feature, an exclusion counts from the moment it is received: an objection
    /// that came in today already holds.
    func exclusions() throws -> ExclusionSet {
        var excluded: Set<PersonPseudonym> = []
        var subjects: [SubjectPseudonym] = []
        var counts: [String: Int] = [:]
        if let (spine, _) = try spine() {
            var person: [SubjectPseudonym: PersonPseudonym] = [:]
            for (subject, who) in zip(spine.subject, spine.person) { person[subject] = who }
            for (extract, terms) in try terms().sorted(by: { $0.key < $1.key })
            where terms.register != "facts" {
                guard let facts = try facts(extract) else { continue }
                var found: Set<PersonPseudonym> = []
                for row in 0..<facts.count where facts.knownTo[row] == .open {
                    if let who = person[facts.subject[row]] { found.insert(who) }
                }
                counts[terms.register, default: 0] += found.count
                excluded.formUnion(found)
            }
            subjects = zip(spine.subject, spine.person).filter { excluded.contains($0.1) }
                .map(\.0).sorted()
        }
        let persons = excluded.sorted()
        return ExclusionSet(
            persons: persons, subjects: subjects, counts: counts,
            digest: ContentDigest.sha256(Self.exclusionBytes(persons, subjects, asOf: "")))
    }

    /// Writes the exclusions of the night where the release zone reads them, and their digest
    /// into the log: the release zone takes none but the newest.
    ///
    /// - Returns: `false` where a register has not been heard from for too long: somebody may
    ///   have objected since, so nobody is scored and nothing is released.
    mutating func publishExclusions() throws -> Bool {
        let set = try exclusions()
        let overdue = try StileError.all(overdueRegisters())
        let asOf = configuration.clock.text(context.today)
        let stage = Stage(
            "exclusions", inputs: [Artefact("exclusions", kind: .value, digest: set.digest)],
            settings: ["as_of": asOf, "overdue": overdue?.description ?? ""])
        let name = below("\(configuration.lists)/\(Self.exclusionsFile)")
        return try night.attempt(stage) { work in
            if let overdue { throw overdue }
            // The role is the name by which the release zone finds the digest in the leaf.
            try work.write(
                Self.exclusionBytes(set.persons, set.subjects, asOf: asOf), file: name,
                as: Self.exclusionsFile)
            for (register, count) in set.counts.sorted(by: { $0.key < $1.key }) {
                work.count(.excluded, register, count)
            }
            work.rows(out: set.persons.count)
        } != nil
    }

    /// The registers that never came, and those whose newest delivery is older than their
    /// source allows.
    private func overdueRegisters() throws -> [StileError] {
        let terms = try terms().filter { $0.value.register != "facts" }
        let known = Set(terms.keys.map { String($0.prefix { $0 != "." }) })
        let remedy =
            "Find out why it is late: until it comes nobody is scored, for somebody may have objected since."
        let missing = configuration.registers.filter { !known.contains($0) }.sorted().map {
            StileError(
                .input, "The register \($0) has never been heard from.",
                at: .init(file: configuration.path), remedy: remedy)
        }
        let late: [StileError] = try terms.sorted { $0.key < $1.key }.compactMap { extract, terms in
            let source = String(extract.prefix { $0 != "." })
            guard
                let last = try context.database.lastAccepted(source: source, extract: extract),
                context.today - last.day > terms.maximumAgeDays
            else { return nil }
            return StileError(
                .input,
                "The register \(extract) was last heard from on \(configuration.clock.text(last.day)), more than its \(terms.maximumAgeDays) days ago.",
                at: .init(file: configuration.path), remedy: remedy)
        }
        return missing + late
    }

    private static func exclusionBytes(
        _ persons: [PersonPseudonym], _ subjects: [SubjectPseudonym], asOf: String
    ) -> [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "as_of": .string(asOf), "kind": .string("stile exclusions"),
                "persons": .array(persons.map { .string($0.hex) }),
                "subjects": .array(subjects.map { .string($0.hex) }), "version": .integer(1),
            ]))
    }

    /// The facts held of an extract; `nil` where nothing has arrived of it.
    func facts(_ extract: String) throws -> FactTable? {
        try context.database.held("facts.\(extract)").map {
            try FactTable(context.columns.read($0), file: context.columns.path(of: $0))
        }
    }
}
