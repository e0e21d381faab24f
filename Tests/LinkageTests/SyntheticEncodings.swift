import EncodedExtract
import PipelineModel

/// A made-up person, as a source has written them down.
struct Identity {
    var subject: UInt64
    var given: String
    var surname: String
    var birth: String = "20100203"
    var home: String = "h1"
    var number: String = ""
    var day: Int32 = 1
    var operation: Operation = .open
    var trusted: String = ""
    /// Numbers that were superseded, and numbers of an identity that was replaced.
    var former: [String] = []
    var replaced: [String] = []
}

/// Encodes identities with hashes that stand in for the keyed functions of the source zone.
enum SyntheticEncodings {
    static func encode(
        _ source: String, _ identities: [Identity], epoch: Int = 1, specification: UInt8 = 1,
        formerNumbers: Bool = false
    ) -> Encodings {
        let salt = UInt64(epoch) &* 0x9e37_79b9_7f4a_7c15
        func tokens(_ label: String, _ value: (Identity) -> String) -> Encodings.Field {
            Encodings.Field(
                label,
                .token(
                    identities.map {
                        let text = value($0)
                        return text.isEmpty ? 0 : hash(label + "\u{1}" + text, salt) | 1
                    }))
        }
        func filters(_ label: String, _ value: (Identity) -> String) -> Encodings.Field {
            Encodings.Field(
                label,
                .filter(bits: 512, words: identities.flatMap { filter(value($0), label, salt) }))
        }
        func sets(_ label: String, _ values: (Identity) -> [String]) -> Encodings.Field {
            var offsets = [0]
            var all: [UInt64] = []
            for identity in identities {
                all += values(identity).map { hash("nhs_number\u{1}" + $0, salt) | 1 }.sorted()
                offsets.append(all.count)
            }
            return Encodings.Field(label, .tokenSet(offsets: offsets, tokens: all))
        }
        let others =
            (formerNumbers
                ? [
                    sets("nhs_number.any") {
                        $0.former + ($0.number.isEmpty ? [] : [$0.number])
                    }
                ] : [])
            + (identities.contains { !$0.replaced.isEmpty }
                ? [sets("nhs_number.must_not_link", \.replaced)] : [])
        return Encodings(
            source: source, keyEpoch: epoch,
            specification: digest(specification),
            subject: identities.map { subject(source, $0.subject) },
            record: identities.map {
                RecordPseudonym(high: hash(source, 7), low: $0.subject)
            },
            operation: identities.map(\.operation),
            happened: identities.map { Day($0.day) }, known: identities.map { Day($0.day) },
            fields: [
                tokens("block.given_birth") {
                    $0.birth.isEmpty ? "" : "\($0.given.prefix(1))|\($0.birth)"
                },
                tokens("block.home") {
                    $0.home.isEmpty ? "" : "\($0.home)|\($0.surname.prefix(2))"
                },
                tokens("block.surname_birth") {
                    $0.birth.isEmpty ? "" : "\($0.surname.prefix(2))|\($0.birth)"
                },
                tokens("date_of_birth", \.birth),
                filters("given_name", \.given),
                tokens("nhs_number", \.number),
                filters("surname", \.surname),
                tokens("trusted", \.trusted),
                tokens("uprn", \.home),
            ] + others)
    }

    private static func digest(_ byte: UInt8) -> ContentDigest {
        guard let digest = ContentDigest(bytes: [UInt8](repeating: byte, count: 32)) else {
            preconditionFailure("a digest has 32 bytes")
        }
        return digest
    }

    static func subject(_ source: String, _ number: UInt64) -> SubjectPseudonym {
        SubjectPseudonym(high: hash(source, 3), low: number)
    }

    static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var value = seed ^ 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        return value ^ (value >> 31)
    }

    static func filter(_ text: String, _ label: String, _ salt: UInt64) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: 8)
        guard !text.isEmpty else { return words }
        let letters = Array("_\(text)_")
        for (first, second) in zip(letters, letters.dropFirst()) {
            for position in 0..<6 {
                let bit = Int(hash("\(label)\(first)\(second)\(position)", salt) >> 55)
                words[bit / 64] |= 1 << UInt64(bit % 64)
            }
        }
        return words
    }

    static let given = [
        "amelia", "oliver", "isla", "george", "ava", "noah", "mia", "arthur", "ivy", "leo",
        "florence", "harry", "rosie", "theodore", "willow", "jack", "zainab", "mohammed",
    ]
    static let surnames = [
        "smith", "jones", "taylor", "brown", "williams", "wilson", "johnson", "davies", "patel",
        "robinson", "wright", "thompson", "evans", "walker", "white", "roberts", "green", "hall",
        "okafor", "khan",
    ]

    /// Two sources that share most of their people, with typing errors, moves and gaps.
    static func county(
        _ people: Int, seed: UInt64 = 1, shift: Int = 0
    ) -> (first: [Identity], second: [Identity]) {
        var generator = SeededGenerator(seed: seed, label: "county")
        var first: [Identity] = []
        var second: [Identity] = []
        for index in shift..<(shift + people) {
            let identity = Identity(
                subject: UInt64(index + 1), given: given[generator.below(given.count)],
                surname: surnames[generator.below(surnames.count)],
                birth:
                    "20\(10 + generator.below(9))0\(1 + generator.below(9))1\(generator.below(9))",
                home: "h\(generator.below(100_000))",
                number: generator.chance(0.6) ? "n\(index)" : "")
            if generator.chance(0.9) { first.append(identity) }
            guard generator.chance(0.8) else { continue }
            var other = identity
            if generator.chance(0.1) { other.given.removeLast() }
            if generator.chance(0.1) { other.home = "h\(generator.below(100_000))" }
            if generator.chance(0.3) { other.number = "" }
            if generator.chance(0.02) { other.birth = "" }
            second.append(other)
        }
        return (first, second)
    }
}
