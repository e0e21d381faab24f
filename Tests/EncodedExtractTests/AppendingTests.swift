import EncodedExtract
import Hashing
import PipelineModel
import Testing

@Suite("Encodings are joined")
struct AppendingTests {
    private func encodings(_ rows: Int, salt: String?) -> Encodings {
        Encodings(
            source: "gp", keyEpoch: 1, specification: ContentDigest.sha256("s"),
            subject: (0..<rows).map { SubjectPseudonym(high: 1, low: UInt64($0)) },
            record: (0..<rows).map { RecordPseudonym(high: 2, low: UInt64($0)) },
            operation: Array(repeating: .open, count: rows),
            happened: Array(repeating: Day(1), count: rows),
            known: Array(repeating: Day(1), count: rows),
            fields: [
                .init(
                    "block.names", .token(WordColumn(Array(repeating: 7, count: rows))), salt: salt)
            ])
    }

    @Test(
        "What stands beside names in a key is kept, whichever of the two says it",
        arguments: [("postcode", nil), (nil, "postcode"), ("postcode", "postcode")]
            as [(String?, String?)])
    func salts(before: String?, after: String?) {
        var all = encodings(3, salt: before)
        all.append(encodings(2, salt: after))
        #expect(all.count == 5 && all.field("block.names")?.salt == "postcode")
    }

    @Test("How filters were hardened is kept, and read again from a file")
    func hardening() throws {
        func encodings(_ hardening: Encodings.Hardening) -> Encodings {
            var encodings = encodings(2, salt: nil)
            encodings.fields = [
                .init("surname", .filter(bits: 64, words: [1, 2]), hardening: hardening)
            ]
            return encodings
        }
        let hard = Encodings.Hardening(mixed: 6, flip: 0.02)
        for (before, after) in [(hard, hard), (.none, hard), (hard, .none)] {
            var all = encodings(before)
            all.append(encodings(after))
            #expect(all.field("surname")?.hardening == hard)
            let read = try Encodings(all.table, file: "file")
            #expect(read == all)
        }
        for text in ["", "3", "3 0.5", "0 0", "3 -0.1", "3 0.1 1", "x 0"] {
            var table = encodings(hard).table
            table.attributes["hardening.surname"] = text
            let error = #expect(throws: StileError.self) { try Encodings(table, file: "file") }
            #expect(error?.code == .integrity)
            #expect(error?.message.contains("hardening") == true)
        }
    }
}
