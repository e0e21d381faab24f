import EncodedExtract
import Identifiers
import Intake
import PipelineModel
import StrictYAML

@testable import Attack
@testable import Pseudonymise

/// People who do not exist, with names as common as the published tables say.
struct MadePeople {
    var given: [String] = []
    var family: [String] = []
    var born: [String] = []
    var sex: [String] = []

    init(_ count: Int, seed: UInt64 = 1) {
        var generator = SeededGenerator(seed: seed, label: "people")
        let firsts = Self.cumulative(NameFrequencies.given)
        let seconds = Self.cumulative(NameFrequencies.family)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        for person in 0..<count {
            given.append(
                Self.draw(firsts, &generator) ?? Self.rare(generator.below(3_000), syllables: 3))
            family.append(
                Self.draw(seconds, &generator) ?? Self.rare(generator.below(20_000), syllables: 4))
            born.append(
                "\(1935 + generator.below(85))-\(two(1 + generator.below(12)))-\(two(1 + generator.below(28)))"
            )
            sex.append(person % 2 == 0 ? "F" : "M")
        }
    }

    /// One of many names that no table has; the vowel tells the place of a syllable, so that no
    /// two names have the same bigrams.
    private static func rare(_ number: Int, syllables: Int) -> String {
        let consonants = Array("bcdfghjklmnprst")
        var (text, left) = ("", number)
        for vowel in "aeio".prefix(syllables) {
            text.append(consonants[left % consonants.count])
            text.append(vowel)
            left /= consonants.count
        }
        return text
    }

    private static func cumulative(
        _ table: NameFrequencies
    ) -> [(sum: Double, name: String)] {
        var sum = 0.0
        return table.ranked.map { entry in
            sum += entry.share
            return (sum, String(decoding: entry.name, as: UTF8.self))
        }
    }

    /// A name of the table; `nil` for one of the many that are not in it.
    private static func draw(
        _ table: [(sum: Double, name: String)], _ generator: inout SeededGenerator
    ) -> String? {
        let point = generator.uniform()
        var (low, high) = (0, table.count)
        while low < high {
            let middle = (low + high) / 2
            if table[middle].sum > point { high = middle } else { low = middle + 1 }
        }
        return low < table.count ? table[low].name : nil
    }

    var identities: [String: [String?]] {
        ["given_name": given, "surname": family, "date_of_birth": born, "sex": sex]
    }

    static func specification(_ hardening: String) throws -> EncodingSpecification {
        try specification(
            yaml: """
                hardening: {\(hardening)}
                fields:
                  given_name: {kind: name}
                  surname: {kind: name}
                  date_of_birth: {kind: date_of_birth}
                  sex: {kind: code}
                blocking:
                  names_year: [given_name.soundex, surname.soundex, date_of_birth.year]
                """)
    }

    static func specification(yaml: String) throws -> EncodingSpecification {
        var faults = FaultList()
        let specification = EncodingSpecification(
            try YAMLDocument.parse(Array(yaml.utf8), file: "stile.yaml"), faults: &faults)
        try faults.check()
        return specification
    }

    static func pseudonymiser(
        _ specification: EncodingSpecification, seed: UInt64 = 1
    ) throws -> Pseudonymiser {
        var generator = SeededGenerator(seed: seed, label: "keys")
        return try Pseudonymiser(
            specification: specification,
            keyring: .create(project: "made", created: Day(1), using: &generator))
    }

    /// The people as they are stored at a setting of the dial.
    func attacked(_ hardening: String) throws -> AttackedRecords {
        try Self.attacked(identities, Self.specification(hardening))
    }

    /// Rows of identities as they are stored, a person each.
    static func attacked(
        _ identities: [String: [String?]], _ specification: EncodingSpecification
    ) throws -> AttackedRecords {
        let rows = 0..<(identities.values.first?.count ?? 0)
        var delta = ExtractDelta(source: "gp", name: "gp.patients", delivered: Day(1))
        delta.operation = rows.map { _ in .open }
        delta.record = rows.map { RecordPseudonym(high: 0, low: UInt64($0 + 1)) }
        delta.subject = rows.map { SubjectPseudonym(high: 1, low: UInt64($0 + 1)) }
        delta.happened = rows.map { _ in Day(1) }
        delta.known = delta.happened
        delta.identity = identities.sorted { $0.key < $1.key }.map {
            IdentityColumn($0.key, $0.value)
        }
        let encodings = try pseudonymiser(specification).encode(
            delta, held: IdentityVersionsHeld(), sealsIdentities: false
        ).encodings
        // In the order of the rows.
        let order = encodings.record.map { Int($0.low) - 1 }
        return AttackedRecords(
            encodings, specification: specification,
            identities: identities.mapValues { values in order.map { values[$0] } })
    }

    /// The same people with a token of each single name, which the program refuses to make.
    func naive() throws -> AttackedRecords {
        let specification = try Self.specification("salt: none")
        var encodings = Encodings(
            source: "gp", keyEpoch: 1, specification: specification.digest,
            subject: given.indices.map { SubjectPseudonym(high: 1, low: UInt64($0 + 1)) })
        for (name, values) in [("given_name", given), ("surname", family)] {
            var numbers: [String: UInt64] = [:]
            encodings.fields.append(
                .init(
                    name,
                    .token(
                        values.map { value in
                            let number = numbers[value] ?? UInt64(numbers.count + 1)
                            numbers[value] = number
                            return number
                        })))
        }
        return AttackedRecords(encodings, specification: specification, identities: identities)
    }
}
