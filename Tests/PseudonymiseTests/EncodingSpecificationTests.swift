import PipelineModel
import StrictYAML
import Testing

@testable import Pseudonymise

@Suite("Encoding specification")
struct EncodingSpecificationTests {
    private func faults(_ yaml: String) throws -> [StileError] {
        var faults = FaultList()
        _ = EncodingSpecification(
            try YAMLDocument.parse(Array(yaml.utf8), file: "stile.yaml"), faults: &faults)
        return faults.faults
    }

    @Test("The example of the contract")
    func example() throws {
        let specification = try Fixtures.specification()
        #expect(specification.filterBits == 1024 && specification.positionsPerBigram == 10)
        #expect(specification.fields.count == 10)
        #expect(specification["street"]?.near == true)
        #expect(
            specification.blocking.map(\.parts).map { $0.map(\.description) } == [
                ["surname.soundex", "date_of_birth"],
                ["given_name.soundex", "surname.soundex", "date_of_birth.year"],
                ["postcode", "given_name[1]"], ["nhs_number"],
            ])
    }

    @Test(
        "A key of several names and one other token compares names under that token",
        arguments: [
            ("[given_name.soundex, surname.soundex, postcode.sector]", "postcode.sector"),
            ("[given_name.soundex, surname, postcode]", "postcode"),
            ("[surname.soundex, given_name.soundex, birth]", "birth"),
            ("[given_name.soundex, surname.soundex, sex]", "sex"),
            // One name, two others, no other, and a year, which has no token.
            ("[surname.soundex, postcode.sector]", nil),
            ("[given_name.soundex, \"given_name[3]\", postcode.sector]", nil),
            ("[given_name.soundex, surname.soundex, postcode.sector, sex]", nil),
            ("[given_name.soundex, surname.soundex]", nil),
            ("[given_name.soundex, surname.soundex, birth.year]", nil),
        ] as [(String, String?)])
    func saltOfKey(parts: String, salt: String?) throws {
        let specification = try Fixtures.specification(
            """
            fields: {given_name: {kind: name}, surname: {kind: name}, birth: {kind: date_of_birth}, \
            sex: {kind: code}, postcode: {kind: uk_postcode}}
            blocking: {k: \(parts)}
            """)
        #expect(specification.salt(of: specification.blocking[0]) == salt)
    }

    @Test("The digest follows what decides an encoding, not the order")
    func digest() throws {
        let one = try Fixtures.specification("fields: {a: {kind: code}, b: {kind: name}}")
        let same = try Fixtures.specification("fields: {b: {kind: name}, a: {kind: code}}")
        let other = try Fixtures.specification("fields: {a: {kind: code}, b: {kind: text}}")
        let wider = try Fixtures.specification(
            "filter: {bits: 2048}\nfields: {a: {kind: code}, b: {kind: name}}")
        #expect(one.digest == same.digest)
        #expect(one.digest != other.digest)
        #expect(one.digest != wider.digest)
    }

    @Test(
        "Faults, each with what is wrong",
        arguments: [
            ("fields: {a: {kind: code}}\nsalt: x", "has no key “salt”"),
            ("fields: {a: {kind: nam}}", "cannot be “nam”"),
            ("fields: {A: {kind: code}}", "cannot be a name here"),
            ("fields: {trusted: {kind: code}}", "cannot be a name here"),
            ("fields: {a: {kind: name, near: true}}", "“near” is for fields of kind text or code"),
            ("fields: {a: {kind: code}}\nfilter: {bits: 1000}", "power of two"),
            ("filter: {bits: 1024}", "has no fields"),
            ("fields: {a: {kind: name}}\nblocking: {k: [a]}", "made of the one field “a”"),
            ("fields: {a: {kind: name}}\nblocking: {k: [a.soundex]}", "made of the one field “a”"),
            (
                "fields: {a: {kind: name}}\nblocking: {k: [a.soundex, \"a[1]\"]}",
                "made of the one field “a”"
            ),
            ("fields: {a: {kind: text}}\nblocking: {k: [a]}", "made of the one field “a”"),
            ("fields: {a: {kind: code}}\nblocking: {k: [b]}", "unknown field “b”"),
            ("fields: {a: {kind: code}}\nblocking: {k: [a.year]}", "is not a part of a code field"),
            (
                "fields: {a: {kind: uk_postcode}}\nblocking: {k: [\"a[2]\"]}",
                "is not a part of a uk_postcode field"
            ),
            ("fields: {a: {kind: code}}\nblocking: {k: []}", "has no parts"),
            ("hardening: {salt: b}\nfields: {a: {kind: name}}", "“b” cannot salt a filter"),
            ("hardening: {salt: a}\nfields: {a: {kind: name}}", "“a” cannot salt a filter"),
            ("hardening: {diffusion: 1}\nfields: {a: {kind: name}}", "only rearranges"),
            ("hardening: {flip: 0.5}\nfields: {a: {kind: name}}", "“flip” must be a number"),
            ("hardening: {fold: 1}\nfields: {a: {kind: name}}", "“fold” must be true or false"),
            ("fields: {a: {kind: code, salt: none}}", "“salt” is for fields of kind name or text"),
            ("fields: {a: {kind: upn, former_of: b}}", "cannot hold former values of “b”"),
            (
                "fields: {a: {kind: upn, former_of: b}, b: {kind: code}}",
                "cannot hold former values"
            ),
            (
                "fields: {a: {kind: name, former_of: b}, b: {kind: name}}",
                "cannot hold former values"
            ),
            (
                "fields: {a: {kind: upn, must_not_link: b}}",
                "cannot hold must-not-link values of “b”"
            ),
            (
                "fields: {a: {kind: upn, must_not_link: b, former_of: b}, b: {kind: upn}}",
                "both “former_of” and “must_not_link”"
            ),
            (
                "fields: {a: {kind: upn, must_not_link: b}, b: {kind: upn, former_of: c}, c: {kind: upn}}",
                "cannot hold must-not-link values of “b”"
            ),
            (
                "fields: {a: {kind: upn, must_not_link: b}, b: {kind: upn}}\nblocking: {k: [a]}",
                "names “a”, which must not be linked"
            ),
            ("fields: {a: {kind: name, part: middle}}", "“part” cannot be “middle”"),
            (
                "fields: {a: {kind: name}, d: {kind: date_of_birth}}\ncompounds: {c: {fields: [a], salts: [d]}}",
                "must have two or more fields of kind name"
            ),
            (
                "fields: {a: {kind: name}, b: {kind: name}}\ncompounds: {c: {fields: [a, b], salts: [d]}}",
                "must have salts"
            ),
            (
                "fields: {a: {kind: name}, b: {kind: name}}\ncompounds: {c: {fields: [a, b]}}",
                "must have salts"
            ),
            (
                "fields: {a: {kind: name}, b: {kind: name}}\ncompounds: {c: {fields: [a, b], joint: true}, d: {fields: [a, b], joint: true}}",
                "are both joint"
            ),
            (
                "fields: {a: {kind: name, salt: none}, b: {kind: name, salt: none}, joint: {kind: code}}\ncompounds: {c: {fields: [a, b], salts: [joint], joint: true}}",
                "must have salts, each once and of another form"
            ),
            (
                "fields: {a: {kind: name}}\ncompounds: {c: {fields: [a], joint: true}}",
                "must have two or more fields of kind name"
            ),
            (
                "fields: {a: {kind: name}, b: {kind: name}}\ncompounds: {c: {fields: [a, b], joint: both}}",
                "joint"
            ),
            (
                "fields: {a: {kind: name, salt: none}, b: {kind: name}, d: {kind: date_of_birth}}\ncompounds: {c: {fields: [a, b], salts: [none]}}",
                "a name in it is salted"
            ),
            ("fields: {none: {kind: code}}", "cannot be a name here"),
        ])
    func refused(yaml: String, message: String) throws {
        let found = try faults(yaml)
        #expect(found.contains { $0.message.contains(message) })
        #expect(found.allSatisfy { $0.code == .configuration && $0.place?.line != nil })
    }

    @Test("Every setting of the dial is part of the digest")
    func dial() throws {
        func digest(_ hardening: String) throws -> ContentDigest {
            try Fixtures.specification(
                "\(hardening)\nfields: {a: {kind: name}, b: {kind: date_of_birth}}"
            ).digest
        }
        let settings = [
            "", "hardening: {salt: none}", "hardening: {salt: b.year}", "hardening: {fold: true}",
            "hardening: {diffusion: 0}", "hardening: {diffusion: 2}", "hardening: {flip: 0.02}",
            "hardening: {flip: 0.05}",
            "filter: {bits: 256}", "filter: {positions_per_bigram: 8}",
        ]
        #expect(try Set(settings.map(digest)).count == settings.count)
        #expect(try digest("") == digest("hardening: {salt: b, diffusion: 3}"))
        // Names are salted, places are not unless they say so.
        let usual = try Fixtures.specification(
            "fields: {a: {kind: name}, c: {kind: text}, d: {kind: text, salt: b.year}, b: {kind: date_of_birth}}"
        )
        #expect(usual["a"]?.salt == "b" && usual["c"]?.salt == nil && usual["d"]?.salt == "b.year")
        #expect(usual.hardening.diffusion == 3 && usual.hardening.flip == 0)
        let salt = try Fixtures.specification(
            "hardening: {salt: b}\nfields: {a: {kind: name}, c: {kind: text, salt: none}, b: {kind: date_of_birth}}"
        )
        #expect(salt["a"]?.salt == "b" && salt["c"]?.salt == nil && salt["b"]?.salt == nil)
    }

    @Test("The parts of a name and a date of birth make a compound of themselves")
    func derivedCompound() throws {
        let fields =
            "fields: {given_name: {kind: name}, surname: {kind: name}, born: {kind: date_of_birth}}"
        let derived = try Fixtures.specification(fields)
        #expect(
            derived.compounds == [
                .init(
                    name: "names", fields: ["given_name", "surname"],
                    salts: ["born.year_month", "born.year_day", "born.month_day"],
                    isJoint: true)
            ])
        #expect(
            derived.compounds[0].encodedNames == [
                "names.year_month", "names.year_day", "names.month_day", "names.joint",
            ])
        #expect(derived.filterBits == 512)
        // Salted by something that is no date, they are compared by the joint filter alone.
        let byHome = try Fixtures.specification(
            "hardening: {salt: home}\nfields: {given_name: {kind: name}, surname: {kind: name}, home: {kind: uk_postcode}}"
        )
        #expect(byHome.compounds.map(\.encodedNames) == [["names.joint"]])
        let unsalted = [
            EncodingSpecification.Compound(
                name: "names", fields: ["given_name", "surname"], salts: ["none"])
        ]
        #expect(
            try Fixtures.specification("hardening: {salt: none}\n" + fields).compounds == unsalted)
        #expect(
            try Fixtures.specification(
                "fields: {given_name: {kind: name}, surname: {kind: name}}"
            ).compounds == unsalted)
        #expect(
            try Fixtures.specification(
                "hardening: {salt: none}\n" + fields
                    + "\ncompounds: {names: {fields: [given_name, surname], salts: [none]}}"
            ).compounds == unsalted)
        // With a part of the name salted, an unsalted filter of it would undo the salt.
        let part = try Fixtures.specification(
            "fields: {given_name: {kind: name, salt: none}, surname: {kind: name}, born: {kind: date_of_birth}}"
        )
        #expect(part.compounds == derived.compounds)
        #expect(try Fixtures.specification(fields + "\ncompounds: {}").compounds.isEmpty)
        #expect(
            try Fixtures.specification("fields: {surname: {kind: name}}").compounds.isEmpty)
        let declared = try Fixtures.specification(
            fields + "\ncompounds: {both: {fields: [surname, given_name], salts: [born]}}")
        #expect(declared.compounds.map(\.encodedNames) == [["both.born"]])
        let joint = try Fixtures.specification(
            fields + "\ncompounds: {both: {fields: [surname, given_name], joint: true}}")
        #expect(joint.compounds.map(\.encodedNames) == [["both.joint"]])
        #expect(Set([derived, declared, joint].map(\.digest)).count == 3)
        #expect(declared.digest != derived.digest)
    }

    @Test("All faults are reported at once")
    func together() throws {
        #expect(
            try faults("fields: {a: {kind: nam}, B: {kind: code}}\nsalt: x").count == 3)
    }

    @Test(
        "A key of one name needs more than codes beside it",
        arguments: [
            ("[surname, sex]", true), ("[surname.soundex, sex, ward]", true),
            ("[\"surname[1]\", sex]", true), ("[street, sex]", true),
            ("[surname, \"abroad[2]\"]", true), ("[surname, \"surname[1]\", sex]", true),
            ("[surname, abroad]", false), ("[surname, sex, birth.year]", false),
            ("[given_name, surname, sex]", false), ("[surname, street]", false),
            ("[surname, postcode.district]", false), ("[surname, nhs]", false),
            ("[surname, uprn]", false), ("[surname, patient]", false), ("[sex, ward]", false),
        ])
    func namesBesideCodes(parts: String, isRefused: Bool) throws {
        let found = try faults(
            """
            fields: {given_name: {kind: name}, surname: {kind: name}, street: {kind: text}, \
            birth: {kind: date_of_birth}, sex: {kind: code}, ward: {kind: code}, \
            abroad: {kind: code, near: true}, postcode: {kind: uk_postcode}, uprn: {kind: uprn}, \
            nhs: {kind: nhs_number}, patient: {kind: local_id}}
            blocking: {k: \(parts)}
            """)
        #expect(found.count == (isRefused ? 1 : 0), "\(found)")
        #expect(found.allSatisfy { $0.message.contains("alone: where such a code has few values") })
    }

    @Test("Initials are written in quotes in a flow list, and may go without in a block list")
    func initials() throws {
        let block = try Fixtures.specification(
            """
            fields: {a: {kind: name}, b: {kind: uprn}}
            blocking:
              k:
                - a[2]
                - b
            """)
        #expect(block.blocking[0].parts.map(\.description) == ["a[2]", "b"])
        #expect(throws: StileError.self) {
            try Fixtures.specification(
                "fields: {a: {kind: name}, b: {kind: uprn}}\nblocking: {k: [a[2], b]}")
        }
    }

    @Test("An identity mapping names fields of the encoding")
    func identity() throws {
        let specification = try Fixtures.specification()
        var faults = FaultList()
        let place = StileError.Place(file: "stile.yaml", line: 9)
        specification.check(identityField: "surname", at: place, &faults)
        specification.check(identityField: "forename", at: place, &faults)
        #expect(faults.faults.map(\.message) == ["The encoding has no field “forename”."])
    }
}
