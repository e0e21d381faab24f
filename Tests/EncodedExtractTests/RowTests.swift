import EncodedExtract
import Hashing
import PipelineModel
import Testing

@Suite("Rows of encodings")
struct RowTests {
    private let all = Encodings(
        source: "gp", keyEpoch: 3, specification: ContentDigest.sha256("s"),
        subject: (0..<4).map { SubjectPseudonym(high: 1, low: $0) },
        record: (0..<4).map { RecordPseudonym(high: 2, low: $0) },
        operation: [.open, .close, .open, .open], happened: (0..<4).map { Day($0) },
        known: (10..<14).map { Day($0) },
        fields: [
            .init("sex", .token([5, 6, 7, 8])),
            .init(
                "surname", .filter(bits: 128, words: [1, 2, 3, 4, 5, 6, 7, 8]),
                salt: "date_of_birth", hardening: .init(mixed: 3, flip: 0.05)),
            .init(
                "postcode.near", .tokenSet(offsets: [0, 2, 2, 3, 6], tokens: [1, 2, 3, 4, 5, 6])),
        ])

    @Test("Each kind of value is taken in the order in which the rows are named")
    func order() {
        let part = all.rows([3, 0, 1])
        #expect(part.source == "gp" && part.keyEpoch == 3)
        #expect(part.specification == all.specification)
        #expect(part.subject.map(\.low) == [3, 0, 1] && part.record.map(\.low) == [3, 0, 1])
        #expect(part.operation == [.open, .open, .close])
        #expect(part.happened == [Day(3), Day(0), Day(1)])
        #expect(part.known == [Day(13), Day(10), Day(11)])
        #expect(part["sex"] == .token([8, 5, 6]))
        #expect(part["surname"] == .filter(bits: 128, words: [7, 8, 1, 2, 3, 4]))
        #expect(
            part["postcode.near"] == .tokenSet(offsets: [0, 3, 5, 5], tokens: [4, 5, 6, 1, 2]))
        #expect(part.field("surname")?.salt == "date_of_birth")
        #expect(part.field("surname")?.hardening == .init(mixed: 3, flip: 0.05))
    }

    @Test("All rows are the encodings themselves, and none leave every field empty")
    func extremes() {
        #expect(all.rows(0..<all.count) == all)
        let none = all.rows([])
        #expect(none.count == 0 && none.fields.map(\.name) == all.fields.map(\.name))
        #expect(none.fields.allSatisfy { $0.values.count == 0 })
    }

    @Test("Two parts joined are the rows of both, and a row may come twice")
    func joined() {
        var parts = all.rows([0, 1])
        parts.append(all.rows([2, 3]))
        var sorted = all
        sorted.fields.sort { $0.name < $1.name }
        #expect(parts == sorted)
        #expect(all.rows([1, 1]).subject == [all.subject[1], all.subject[1]])
    }
}
