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
        ])
    func refused(yaml: String, message: String) throws {
        let found = try faults(yaml)
        #expect(found.contains { $0.message.contains(message) })
        #expect(found.allSatisfy { $0.code == .configuration && $0.place?.line != nil })
    }

    @Test("All faults are reported at once")
    func together() throws {
        #expect(
            try faults("fields: {a: {kind: nam}, B: {kind: code}}\nsalt: x").count == 3)
    }

    @Test("Initials are written in quotes in a flow list, and may go without in a block list")
    func initials() throws {
        let block = try Fixtures.specification(
            """
            fields: {a: {kind: name}, b: {kind: code}}
            blocking:
              k:
                - a[2]
                - b
            """)
        #expect(block.blocking[0].parts.map(\.description) == ["a[2]", "b"])
        #expect(throws: StileError.self) {
            try Fixtures.specification(
                "fields: {a: {kind: name}, b: {kind: code}}\nblocking: {k: [a[2], b]}")
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
