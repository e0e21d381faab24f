import ColumnFiles
import EncodedExtract
import Intake
import PipelineModel
import TestSupport
import Testing

@testable import Pseudonymise

@Suite("Pseudonymiser: versions of identities")
struct PseudonymiserTests {
    private let fields = ["surname", "postcode"]

    private func row(
        _ record: UInt64, _ surname: String?, _ postcode: String? = "LE1 4AB", subject: UInt64 = 1,
        known: Int32 = 20_000
    ) -> Fixtures.Row {
        var identity: [String: String] = [:]
        identity["surname"] = surname
        identity["postcode"] = postcode
        return .init(record: record, subject: subject, identity: identity, known: known)
    }

    private func close(_ record: UInt64, subject: UInt64 = 1, known: Int32 = 20_001) -> Fixtures.Row
    {
        .init(operation: .close, record: record, subject: subject, known: known)
    }

    private func encode(
        _ rows: [Fixtures.Row], _ held: IdentityVersionsHeld = .init(), seals: Bool = true
    ) throws -> EncodedDelta {
        try Fixtures.pseudonymiser().encode(
            Fixtures.delta(rows, fields: fields), held: held, sealsIdentities: seals)
    }

    private func summary(_ delta: EncodedDelta) -> [String] {
        let encodings = delta.encodings
        return (0..<encodings.count).map {
            "\(encodings.operation[$0]) \(encodings.record[$0].low) \(encodings.known[$0].number)"
        }
    }

    @Test("A new identity opens a version, with the identity to seal")
    func opens() throws {
        let delta = try encode([row(1, "Smith"), row(2, "Jones", subject: 2)])
        #expect(summary(delta) == ["open 1 20000", "open 2 20000"])
        #expect(delta.payload.count == 2)
        #expect(delta.identities.map(\.subject) == delta.encodings.subject)
        #expect(delta.identities.map(\.record) == delta.encodings.record)
        #expect(
            String(decoding: delta.identities[0].bytes, as: UTF8.self)
                == #"{"postcode":"LE1 4AB","surname":"Smith"}"#)
        #expect(delta.encodings.happened == [Day(19_000), Day(19_000)])
    }

    @Test("A second record with the same identity opens nothing")
    func repeated() throws {
        let first = try encode([row(1, "Smith")])
        let second = try encode([row(2, "Smith")], first.held)
        #expect(second.encodings.count == 0 && second.identities.isEmpty)
        #expect(second.payload.count == 1 && second.held.count == 2)
        let closed = try encode([close(1)], second.held)
        #expect(closed.encodings.count == 0)
        let last = try encode([close(2, known: 20_005)], closed.held)
        #expect(summary(last) == ["close 1 20005"])
        #expect(last.held.count == 0)
    }

    @Test("A correction of the payload alone gives no row of the encodings")
    func payloadOnly() throws {
        let first = try encode([row(1, "Smith")])
        let second = try encode([close(1), row(1, "Smith", known: 20_001)], first.held)
        #expect(second.encodings.count == 0)
        #expect(second.payload.operation == [.close, .open])
        #expect(second.held == first.held)
    }

    @Test("A correction of the identity closes the old version before it opens the new one")
    func corrected() throws {
        let first = try encode([row(1, "Smith")])
        let second = try encode([close(1), row(1, "Jones", known: 20_001)], first.held)
        #expect(summary(second) == ["close 1 20001", "open 1 20001"])
        #expect(second.identities.count == 1)
        #expect(second.encodings.subject[0] == first.encodings.subject[0])
        // A closed row carries nothing and does not count as missing.
        let filters = Fixtures.filters(second.encodings, "surname")
        #expect(filters[0].allSatisfy { $0 == 0 } && filters[1].contains { $0 != 0 })
        #expect(Fixtures.tokens(second.encodings, "postcode")[0] == 0)
        #expect(second.counts.versions == 1 && second.counts.counts.isEmpty)
    }

    @Test("Two open versions never bear one record")
    func carriers() throws {
        let first = try encode([row(1, "Smith"), row(2, "Smith")])
        #expect(summary(first) == ["open 1 20000"])
        let second = try encode([close(1), row(1, "Jones", known: 20_001)], first.held)
        #expect(second.encodings.operation == [.open])
        #expect(second.encodings.record[0] != first.encodings.record[0])
        let third = try encode([close(1, known: 20_002), close(2, known: 20_002)], second.held)
        #expect(third.encodings.operation == [.close, .close])
        #expect(
            Set(third.encodings.record)
                == [first.encodings.record[0], second.encodings.record[0]])
    }

    /// What the batches leave open, against what the records hold, over random histories.
    @Test("Any history of deltas leaves open exactly the versions that records hold")
    func histories() throws {
        var generator = SeededGenerator(seed: 21, label: "histories")
        var held = IdentityVersionsHeld()
        var holds: [UInt64: (subject: UInt64, surname: String)] = [:]
        var open: [RecordPseudonym: SubjectPseudonym] = [:]
        for night in 0..<60 {
            var rows: [Fixtures.Row] = []
            for record in 1...UInt64(8) where generator.chance(0.5) {
                let subject = record % 3
                if holds[record] != nil {
                    rows.append(close(record, subject: subject))
                    holds[record] = nil
                }
                if generator.chance(0.6) {
                    let surname = ["Smith", "Jones", "Patel"][generator.below(3)]
                    rows.append(row(record, surname, subject: subject))
                    holds[record] = (subject, surname)
                }
            }
            let delta = try encode(rows, held, seals: false)
            held = delta.held
            for index in 0..<delta.encodings.count {
                let record = delta.encodings.record[index]
                if delta.encodings.operation[index] == .close {
                    #expect(open.removeValue(forKey: record) != nil, "night \(night)")
                } else {
                    #expect(
                        open.updateValue(delta.encodings.subject[index], forKey: record) == nil)
                }
            }
            let expected = Set(holds.values.map { "\($0.subject) \($0.surname)" })
            #expect(open.count == expected.count, "night \(night)")
            #expect(held.count == holds.count)
        }
    }

    @Test("A rotation keeps subjects, and encodes every version anew from nothing held")
    func rotation() throws {
        var generator = SeededGenerator(seed: 3, label: "rotation")
        let rotated = Fixtures.keyring().rotated(created: Day(1), using: &generator)
        let delta = Fixtures.delta([row(1, "Smith")], fields: fields)
        let before = try encode([row(1, "Smith")])
        let after = try Fixtures.pseudonymiser(rotated).encode(
            delta, held: .init(), sealsIdentities: false)
        #expect(after.encodings.keyEpoch == 2 && before.encodings.keyEpoch == 1)
        #expect(after.encodings.subject == before.encodings.subject)
        #expect(after.held == before.held)
        #expect(
            Fixtures.tokens(after.encodings, "postcode")
                != Fixtures.tokens(before.encodings, "postcode"))
    }

    @Test("A trusted key gives one version a subject and the same token in every source")
    func trusted() throws {
        let rows: [Fixtures.Row] = [
            .init(record: 1, subject: 1, trusted: "77"),
            .init(record: 2, subject: 1, trusted: "77"),
            .init(record: 3, subject: 2, trusted: "78"), .init(record: 4, subject: 3),
        ]
        let pseudonymiser = try Fixtures.pseudonymiser()
        func encode(_ source: String, key: String) throws -> EncodedDelta {
            var delta = Fixtures.delta(rows, fields: [], trusted: true)
            delta.source = source
            delta.name = "\(source).stays"
            return try pseudonymiser.encode(
                delta, held: .init(), trustedKey: key, sealsIdentities: true)
        }
        let hospital = try encode("hospital", key: "patient")
        let tokens = Fixtures.tokens(hospital.encodings, "trusted")
        #expect(tokens.count == 2 && tokens[0] != tokens[1] && !tokens.contains(0))
        #expect(hospital.identities.isEmpty)
        #expect(
            Fixtures.tokens(try encode("clinic", key: "patient").encodings, "trusted") == tokens)
        #expect(Fixtures.tokens(try encode("school", key: "pupil").encodings, "trusted") != tokens)
    }

    @Test("Identities are handed out only where they are sealed, and are valid JSON")
    func identities() throws {
        #expect(try encode([row(1, "Smith")], seals: false).identities.isEmpty)
        let delta = try encode([row(1, "O\"Neill\\\u{1}é", nil)])
        #expect(
            String(decoding: delta.identities[0].bytes, as: UTF8.self)
                == "{\"surname\":\"O\\\"Neill\\\\\\u0001é\"}")
        #expect(try encode([row(1, nil, nil)]).encodings.count == 0)
    }

    @Test("What is held survives its column file; a damaged one is refused")
    func heldTable() throws {
        let folder = TemporaryFolder()
        let store = try ColumnStore(directory: folder.path)
        let held = try encode([row(2, "Smith"), row(1, "Jones", subject: 2)]).held
        let read = try IdentityVersionsHeld(store.read(try store.write(held.table)), file: "f")
        #expect(read == held)
        var table = held.table
        table.version = 9
        #expect(throws: StileError.self) { try IdentityVersionsHeld(table, file: "f") }
    }

    @Test("The encodings survive their column file")
    func encodingsTable() throws {
        let encodings = try encode([row(1, "Smith"), row(2, "Jones", nil, subject: 2)]).encodings
        let table = encodings.table
        #expect(try Encodings(table, file: "f") == encodings)
        #expect(encodings.specification == (try Fixtures.specification()).digest)
    }

    @Test("No name appears in an error or in what is printed of the outputs")
    func canary() throws {
        let canary = "Zzcanaryname"
        let delta = try encode([row(1, canary, canary)])
        var printed = "\(delta) \(delta.identities)"
        dump(delta, to: &printed)
        #expect(!printed.lowercased().contains(canary.lowercased()))
        let unknown = Fixtures.delta([row(1, canary)], fields: fields + ["forename"])
        let error = #expect(throws: StileError.self) {
            try Fixtures.pseudonymiser().encode(unknown, held: .init(), sealsIdentities: true)
        }
        #expect(error?.message == "The encoding has no field “forename”.")
        #expect(error.map { !"\($0)".lowercased().contains(canary.lowercased()) } == true)
    }

    @Test("Many subjects of one content are told apart by a hash, not one after the other")
    func oneContent() {
        let content = UnitPseudonym(high: 1, low: 2)
        let versions = (0..<1_000).map {
            IdentityVersionsHeld.Version(
                subject: SubjectPseudonym(high: 3, low: UInt64($0)), content: content)
        }
        #expect(Set(versions.map(\.hashValue)).count > 990)
    }
}
