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
}
