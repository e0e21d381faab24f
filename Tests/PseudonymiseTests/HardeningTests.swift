import EncodedExtract
import PipelineModel
import Testing

@testable import Pseudonymise

@Suite("Hardening and salts")
struct HardeningTests {
    private func yaml(_ hardening: String) -> String {
        """
        hardening: {\(hardening)}
        fields:
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
        """
    }

    private func person(_ given: String, _ family: String, _ born: String? = "2011-03-04")
        -> [String: String]
    {
        var identity = ["given_name": given, "surname": family]
        identity["date_of_birth"] = born
        return identity
    }

    private func salt(_ encodings: Encodings, _ field: String) -> String? {
        encodings.fields.first { $0.name == field }?.salt
    }

    /// Two salts, names that come again, letters without a place in the table, folded or not.
    @Test(
        "A salted filter does not depend on who else has the salt",
        arguments: ["salt: date_of_birth, diffusion: 0", "salt: date_of_birth, fold: true, diffusion: 3"])
    func drawnTogether(hardening: String) throws {
        let names = ["Ann", "Anna", "Hannah", "Сергей", "Bill", "Zoë", "Nan", "Anna-Lee"]
        let people = (0..<24).map { row in
            person(
                names[row % 8], names[(row * 5 + row / 8) % 8],
                ["2011-03-04", "2011-03-05", "2011-03-04"][row % 3])
        }
        let pseudonymiser = try Fixtures.pseudonymiser(yaml(hardening))
        let together = try Fixtures.encode(people, with: pseudonymiser)
        for field in ["surname", "given_name.formal", "names.year_month"] {
            let filters = Fixtures.filters(together, field)
            #expect(filters.count == people.count)
            for (row, person) in people.enumerated() {
                let alone = try Fixtures.encode([person], with: pseudonymiser)
                #expect(Fixtures.filters(alone, field) == [filters[row]])
            }
        }
    }

    @Test("A salted filter says what salts it; equal names of two salts have nothing in common")
    func salted() throws {
        let encodings = try Fixtures.encode(
            [
                person("Ann", "Smith"), person("Ann", "Smith"),
                person("Ann", "Smith", "2011-03-05"),
                person("Ann", "Smith", nil),
            ], with: Fixtures.pseudonymiser(yaml("salt: date_of_birth, diffusion: 0")))
        #expect(salt(encodings, "surname") == "date_of_birth")
        #expect(salt(encodings, "given_name.formal") == "date_of_birth")
        #expect(encodings["date_of_birth.year"] == nil)
        for field in ["given_name", "surname", "given_name.formal"] {
            let filters = Fixtures.filters(encodings, field)
            #expect(filters[0] == filters[1] && filters[0] != filters[2])
            #expect(Fixtures.dice(filters[0], filters[2]) < 0.3)
            #expect(filters[3].allSatisfy { $0 == 0 })
        }
    }

    @Test("A salt of the year brings the token of the year, and only then")
    func year() throws {
        let encodings = try Fixtures.encode(
            [person("Ann", "Smith", "2011-03-04"), person("Ann", "Smith", "2011-12-30")],
            with: Fixtures.pseudonymiser(yaml("salt: date_of_birth.year")))
        let filters = Fixtures.filters(encodings, "surname")
        let years = Fixtures.tokens(encodings, "date_of_birth.year")
        #expect(salt(encodings, "surname") == "date_of_birth.year")
        #expect(filters[0] == filters[1] && years[0] == years[1] && years[0] != 0)
    }

    @Test("How many bits a filter has tells the same name of two salts no better than another's")
    func populations() throws {
        let days = (0..<200).map { "2011-0\(1 + $0 / 25)-\(10 + $0 % 19)" }
        let encodings = try Fixtures.encode(
            days.map { person("Ann", "Smith", $0) },
            with: Fixtures.pseudonymiser(yaml("salt: date_of_birth")))
        let counts = Fixtures.filters(encodings, "surname").map { filter in
            filter.reduce(0) { $0 + $1.nonzeroBitCount }
        }
        #expect(Set(counts).count >= 6)
    }

    @Test("A compound agrees where names changed places, if the salt agrees")
    func compounds() throws {
        let encodings = try Fixtures.encode(
            [
                person("Ann", "Smith", "2011-03-04"), person("Smith", "Ann", "2011-03-14"),
                person("", "Smith", "2011-03-04"), person("Ann", "Smith", nil),
            ], with: Fixtures.pseudonymiser(yaml("salt: date_of_birth")))
        #expect(salt(encodings, "names.year_month") == "date_of_birth.year_month")
        #expect(salt(encodings, "names.month_day") == "date_of_birth.month_day")
        let yearMonth = Fixtures.filters(encodings, "names.year_month")
        #expect(yearMonth[0] == yearMonth[1])
        #expect(Fixtures.filters(encodings, "names.year_day")[0] != yearMonth[0])
        for field in ["names.year_month", "names.year_day", "names.month_day"] {
            let filters = Fixtures.filters(encodings, field)
            // One name alone is no compound.
            #expect(filters[2].allSatisfy { $0 == 0 } && filters[3].allSatisfy { $0 == 0 })
        }
    }

    @Test("With names that nothing salts, a compound compares them whatever the date of birth")
    func unsaltedCompound() throws {
        let encodings = try Fixtures.encode(
            [
                person("Ann", "Smith", "2011-03-04"), person("Smith", "Ann", "1987-10-29"),
                person("Ann", "Smith", nil), person("", "Smith", "2011-03-04"),
            ], with: Fixtures.pseudonymiser(yaml("salt: none")))
        #expect(encodings["names.year_month"] == nil)
        #expect(salt(encodings, "names.none") == nil)
        let filters = Fixtures.filters(encodings, "names.none")
        #expect(filters[0] == filters[1] && filters[0] == filters[2])
        #expect(filters[0].contains { $0 != 0 } && filters[3].allSatisfy { $0 == 0 })
    }

    @Test("A short form has the filter of the formal name behind it, under another key")
    func formal() throws {
        let encodings = try Fixtures.encode(
            ["Bill", "William", "Robert", "Chris", "Christopher", "Christine"].map {
                person($0, "Smith")
            }, with: Fixtures.pseudonymiser(yaml("salt: none, diffusion: 0")))
        let plain = Fixtures.filters(encodings, "given_name")
        let formal = Fixtures.filters(encodings, "given_name.formal")
        #expect(formal[0] == formal[1] && formal[1] != formal[2])
        #expect(Fixtures.dice(plain[0], plain[1]) < 0.7)
        // Formal already, and still not equal to the filter of the name as it is.
        #expect(Fixtures.dice(plain[2], formal[2]) < 0.4)
        #expect(Fixtures.dice(formal[3], formal[4]) > 0.75)
        #expect(Fixtures.dice(formal[3], formal[5]) > 0.7)
        #expect(encodings["surname.formal"] == nil)
    }

    @Test("Bands are small numbers of the published table; a missing name has none")
    func bands() throws {
        let encodings = try Fixtures.encode(
            [
                person("John", "Smith", "1944-01-02"), person("Zebulon", "Xyzzy"),
                person("", "Khan"), person("Margaret", "Smith", "2014-01-02"),
                person("Margaret", "Smith", nil),
            ], with: Fixtures.pseudonymiser(yaml("salt: none")))
        #expect(Fixtures.tokens(encodings, "surname.band") == [1, 3, 2, 1, 1])
        #expect(Fixtures.tokens(encodings, "given_name.band") == [1, 3, 0, 2, 1])
    }

    @Test(
        "Folds, diffusion and noise change the filter and keep similarity",
        arguments: [
            "salt: none, fold: true, diffusion: 0", "salt: none, diffusion: 3",
            "salt: none, diffusion: 0, flip: 0.02",
            "salt: none, fold: true, diffusion: 2, flip: 0.01",
        ])
    func similarity(hardening: String) throws {
        let names = ["Catherine", "Katherine", "Oluwaseun"]
        let people = names.map { person("Ann", $0) }
        let plain = try Fixtures.encode(
            people, with: Fixtures.pseudonymiser(yaml("salt: none, diffusion: 0")))
        let pseudonymiser = try Fixtures.pseudonymiser(yaml(hardening))
        let hard = try Fixtures.encode(people, with: pseudonymiser)
        #expect(hard == (try Fixtures.encode(people, with: pseudonymiser)))
        let filters = Fixtures.filters(hard, "surname")
        #expect(filters[0].count == 8)
        #expect(filters[0] != Fixtures.filters(plain, "surname")[0])
        #expect(
            Fixtures.dice(filters[0], filters[1]) > Fixtures.dice(filters[0], filters[2]) + 0.15)
    }

    @Test("Diffusion is linear: the stored filter of a union is the XOR of what its bits give")
    func diffusion() {
        var settings = EncodingSpecification.Hardening.none
        settings.diffusion = 3
        let hardening = FilterHardening(settings, bits: 512, key: SipHash(1, 2))
        func stored(_ words: [UInt64]) -> [UInt64] {
            var drawn = words
            var result = [UInt64](repeating: 0, count: 8)
            drawn.withUnsafeMutableBufferPointer { drawn in
                result.withUnsafeMutableBufferPointer { hardening.harden(drawn, into: $0) }
            }
            return result
        }
        var generator = SeededGenerator(seed: 3, label: "diffusion")
        let left = (0..<8).map { _ in generator.next() }
        let right = (0..<8).map { _ in generator.next() }
        let both: [UInt64] = zip(left, right).map { $0 ^ $1 }
        let expected: [UInt64] = zip(stored(left), stored(right)).map { $0 ^ $1 }
        #expect(stored(both) == expected)
        // Each stored bit is the XOR of three bits, so that the single bits together set 3 × 512.
        let total = (0..<512).reduce(0) { sum, bit in
            var one = [UInt64](repeating: 0, count: 8)
            one[bit / 64] = 1 << UInt64(bit % 64)
            return sum + stored(one).reduce(0) { $0 + $1.nonzeroBitCount }
        }
        #expect(total == 3 * 512)
    }

    @Test("A fold is the XOR of the halves")
    func fold() {
        var settings = EncodingSpecification.Hardening.none
        settings.fold = true
        let hardening = FilterHardening(settings, bits: 256, key: SipHash(1, 2))
        var drawn: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8]
        var result = [UInt64](repeating: 0, count: 4)
        drawn.withUnsafeMutableBufferPointer { drawn in
            result.withUnsafeMutableBufferPointer { hardening.harden(drawn, into: $0) }
        }
        #expect(result == [4, 4, 4, 12])
    }

    @Test("Noise inverts the stated share of bits, the same for the same value of one subject")
    func noise() throws {
        for probability in [0.01, 0.05, 0.2] {
            var settings = EncodingSpecification.Hardening.none
            settings.flip = probability
            let hardening = FilterHardening(settings, bits: 512, key: SipHash(5, 6))
            var flipped = 0
            for subject in 0..<2_000 {
                var filter = [UInt64](repeating: 0, count: 8)
                filter.withUnsafeMutableBufferPointer {
                    hardening.flip($0, of: (7, UInt64(subject)))
                }
                flipped += filter.reduce(0) { $0 + $1.nonzeroBitCount }
            }
            // Five standard errors of a binomial of 1,024,000 draws.
            let share = Double(flipped) / (512 * 2_000)
            let error = (probability * (1 - probability) / (512 * 2_000)).squareRoot()
            #expect(abs(share - probability) < 5 * error)
        }
        let pseudonymiser = try Fixtures.pseudonymiser(yaml("salt: none, flip: 0.05"))
        let rows: [Fixtures.Row] = [
            .init(record: 1, subject: 1, identity: person("Ann", "Smith", "2011-03-04")),
            .init(record: 2, subject: 1, identity: person("Ann", "Smith", "2011-03-05")),
            .init(record: 3, subject: 2, identity: person("Ann", "Smith", "2011-03-04")),
        ]
        let encodings = try pseudonymiser.encode(
            Fixtures.delta(rows, fields: ["given_name", "surname", "date_of_birth"]),
            held: .init(), sealsIdentities: false
        ).encodings
        let filters = Fixtures.filters(encodings, "surname")
        #expect(filters[0] == filters[1] && filters[0] != filters[2])
    }

    /// The vectors of the reference implementation of SipHash-2-4, key 00…0f, message 00…07.
    @Test("SipHash by its published vector")
    func sipHash() {
        let key = SipHash(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        #expect(key([0x0706_0504_0302_0100]) == 0x93f5_f579_9a93_2462)
    }

    @Test("Replaced values are keyed as the current ones, followed no more, and never sealed")
    func replaced() throws {
        let yaml = """
            fields:
              nhs_number: {kind: nhs_number}
              former: {kind: nhs_number, former_of: nhs_number}
              replaced: {kind: nhs_number, must_not_link: nhs_number}
            """
        let pseudonymiser = try Fixtures.pseudonymiser(yaml)
        let (new, old, third) = ("4000000004", "4010232137", "4505577104")
        let rows: [[String: String]] = [
            ["nhs_number": new, "replaced": old, "former": old],
            ["nhs_number": old],
            ["nhs_number": third, "replaced": third, "former": third],
            ["replaced": "12"],
        ]
        let delta = try pseudonymiser.encode(
            Fixtures.delta(
                rows.enumerated().map {
                    .init(
                        record: UInt64($0.offset), subject: UInt64($0.offset),
                        identity: $0.element)
                }, fields: ["nhs_number", "former", "replaced"]),
            held: .init(), sealsIdentities: true)
        func sets(_ name: String) throws -> [[UInt64]] {
            guard case .tokenSet(let offsets, let tokens)? = delta.encodings[name] else {
                Issue.record("no \(name)")
                return []
            }
            return zip(offsets, offsets.dropFirst()).map { Array(tokens[$0..<$1]) }
        }
        let current = Fixtures.tokens(delta.encodings, "nhs_number")
        #expect(
            try sets("nhs_number.must_not_link") == [[current[1]], [], [], []])
        #expect(
            try sets("nhs_number.any") == [[current[0]], [current[1]], [current[2]], []])
        #expect(delta.encodings["replaced"] == nil)
        #expect(delta.counts.count(field: "replaced", rule: "nhs_number.shape") == 1)
        let sealed = delta.identities.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(sealed.count == 3 && sealed[0].contains(new))
        #expect(sealed.allSatisfy { !$0.contains("replaced") })
    }

    @Test("Former values share the key of the current one; a temporary UPN is neither")
    func former() throws {
        let pseudonymiser = try Fixtures.pseudonymiser(
            """
            fields:
              upn: {kind: upn}
              former_upn: {kind: upn, former_of: upn}
              nhs_number: {kind: nhs_number}
            """)
        let encodings = try Fixtures.encode(
            [
                ["upn": "B801200005001", "former_upn": "A938400115012"],
                ["upn": "A938400115012", "nhs_number": "4000000004"],
                ["upn": "M80120000500A", "former_upn": "M80120000500A", "nhs_number": "x"],
            ], with: pseudonymiser)
        guard case .tokenSet(let offsets, let tokens)? = encodings["upn.any"] else {
            Issue.record("no set")
            return
        }
        #expect(offsets == [0, 2, 3, 3])
        #expect(tokens[0..<2].contains(tokens[2]))
        let current = Fixtures.tokens(encodings, "upn")
        #expect(tokens[0..<2].contains(current[0]) && current[1] == tokens[2] && current[2] == 0)
        #expect(encodings["former_upn"] == nil && encodings["nhs_number.any"] == nil)
    }
}
