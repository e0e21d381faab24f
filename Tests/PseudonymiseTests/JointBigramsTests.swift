import EncodedExtract
import Testing

@testable import Pseudonymise

@Suite("Joint filters of names")
struct JointBigramsTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        "There is a pair of each two bigrams of different names, whatever their order",
        arguments: [
            ("ann\0lee", 16), ("lee\0ann", 16), ("ann\0lee\0jo", 40), ("ann", 0), ("", 0),
            // Four bigrams of either, of which two are the same.
            ("anna\0anna", 15), ("жя\0ab", 9),
        ])
    func pairs(text: String, count: Int) {
        #expect(JointBigrams.pairs(of: Self.bytes(text)).count == count)
    }

    @Test("Names that changed places make the same pairs, and others other ones")
    func order() {
        func pairs(_ text: String) -> Set<UInt64> { JointBigrams.pairs(of: Self.bytes(text)) }
        #expect(pairs("ann\0lee") == pairs("lee\0ann"))
        #expect(pairs("ann\0lee").allSatisfy { $0 < 1 << 42 })
        // Of one name alike and the other not at all, nothing is left.
        #expect(pairs("ann\0lee").isDisjoint(with: pairs("ann\0smith")))
        // One letter of one name: as much as that name has in common, all of the other.
        let (one, other) = (pairs("john\0smith"), pairs("john\0smyth"))
        #expect(one.intersection(other).count == 5 * 4 && one.count == 5 * 6)
        #expect(pairs("жя\0ab") != pairs("жю\0ab"))
    }

    @Test("Of a text of any length no more pairs are taken than of two long names")
    func long() {
        let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        let text = (0..<50_000).map { letters[($0 * $0 / 7 + $0) % 26] }
        let pairs = JointBigrams.pairs(of: text + [0] + text.reversed())
        #expect(pairs.count > 100 && pairs.count <= 64 * 64)
        #expect(pairs == JointBigrams.pairs(of: text.prefix(80) + [0] + text.reversed().prefix(80)))
    }

    private static let yaml = """
        hardening: {diffusion: 0}
        fields:
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
        compounds:
          names: {fields: [given_name, surname], salts: [date_of_birth.year], joint: true}
        """

    /// One pair and one position after the other, by SipHash itself.
    private static func plain(_ text: [UInt8], _ function: SipHash, bits: Int) -> [UInt64] {
        var filter = [UInt64](repeating: 0, count: bits / 64)
        for pair in JointBigrams.pairs(of: text) {
            let value = function([pair])
            for number in 0..<EncodingSpecification.Compound.positionsPerPair {
                let position = Int(
                    value >> UInt64(number * bits.trailingZeroBitCount) & UInt64(bits - 1))
                filter[position / 64] |= 1 << UInt64(position % 64)
            }
        }
        return filter
    }

    @Test("A joint filter sets the positions of its pairs, whatever the date of birth")
    func filters() throws {
        let pseudonymiser = try Fixtures.pseudonymiser(Self.yaml)
        func person(_ given: String, _ family: String, _ born: String?) -> [String: String] {
            var person = ["given_name": given, "surname": family]
            person["date_of_birth"] = born
            return person
        }
        let encodings = try Fixtures.encode(
            [
                person("Ann", "Smith", "2011-03-04"), person("Ann", "Smith", nil),
                person("Smith", "Ann", "1987-10-29"), person("", "Smith", "2011-03-04"),
                person("Ann", "Brown", "2011-03-04"),
            ], with: pseudonymiser)
        let field = try #require(encodings.field("names.joint"))
        #expect(field.salt == nil && field.parts == ["given_name", "surname"])
        let filters = Fixtures.filters(encodings, "names.joint")
        let compound = try #require(
            pseudonymiser.compounds.first { $0.name == "names.joint" })
        let expected = Self.plain(
            Self.bytes("ann\0smith"), SipHash(compound.filter.hasher, []), bits: 512)
        #expect(filters[0] == expected && filters[1] == expected && filters[2] == expected)
        #expect(filters[3].allSatisfy { $0 == 0 })
        #expect(Fixtures.dice(filters[0], filters[4]) < 0.25)
        #expect(Fixtures.filters(encodings, "names.year")[1].allSatisfy { $0 == 0 })
    }
}
