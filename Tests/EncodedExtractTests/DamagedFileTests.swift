import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import PipelineModel
import Sealing
import TestSupport
import Testing

/// What comes from the other zone is refused with a sentence, whatever its bytes: it never
/// stops the program and never passes for something else.
@Suite struct DamagedFileTests {
    private static let subjects = (1...3).map { SubjectPseudonym(high: 7, low: UInt64($0)) }
    private static let records = (1...3).map { RecordPseudonym(high: 9, low: UInt64($0)) }
    private static let days = [Day(20_000), Day(20_001), .missing]

    private static let encodings = Encodings(
        source: "gp", keyEpoch: 1,
        specification: ContentDigest.sha256("specification"),
        subject: subjects, record: records, operation: [.open, .close, .open], happened: days,
        known: days,
        fields: [
            .init("nhs_number", .token([1, 2, 0])),
            .init("surname", .filter(bits: 128, words: [1, 2, 3, 4, 5, 6]), salt: "birth"),
            .init("postcode.near", .tokenSet(offsets: [0, 2, 2, 3], tokens: [8, 9, 10])),
        ])

    private static let payload = Payload(
        source: "gp", name: "gp.events", keyEpoch: 1, subject: subjects, record: records,
        operation: [.open, .open, .close], happened: days, known: days,
        columns: [
            Column(
                "code", .code(vocabulary: ["a", "b"], codes: [0, 1, ColumnValues.missingCode])),
            Column("value", .number([1, .nan, 3])), Column("until", .day(days)),
        ])

    /// What a reader of the linking zone does with a file of the source zone.
    private func read(_ bytes: [UInt8]) throws {
        let table = try ColumnFileReader.table(Data(bytes), file: "file")
        switch table.schema {
        case "encodings":
            let encodings = try Encodings(table, file: "file")
            for field in encodings.fields { _ = field.values.count }
        case "payload": _ = try Payload(table, file: "file")
        default: _ = try SealedBatch(table, file: "file")
        }
    }

    private func check(_ bytes: [UInt8], _ what: Comment) {
        do {
            try read(bytes)
        } catch let error as StileError {
            #expect(error.code == .integrity, what)
        } catch {
            Issue.record("\(what): \(error)")
        }
    }

    @Test func mutatedBytesAreReadOrRefused() throws {
        var random = SeededGenerator(seed: 20_250_605)
        for table in [Self.encodings.table, Self.payload.table] {
            let whole = try ColumnFileWriter.bytes(of: table)
            try read(whole)
            for round in 0..<2_000 {
                var bytes = whole
                for _ in 0...Int.random(in: 0..<4, using: &random) {
                    // Most of what can go wrong stands in the header.
                    let end = Bool.random(using: &random) ? min(1_200, bytes.count) : bytes.count
                    bytes[Int.random(in: 0..<end, using: &random)] = UInt8.random(
                        in: .min ... .max, using: &random)
                }
                if round.isMultiple(of: 5) {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                }
                check(bytes, "mutation \(round) of \(table.schema)")
            }
        }
    }

    /// The file with its header replaced.
    private func file(of table: ColumnTable, replacing old: String, by new: String) throws
        -> [UInt8]
    {
        let whole = try ColumnFileWriter.bytes(of: table)
        let size = whole[8..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = String(decoding: whole[16..<(16 + size)], as: UTF8.self)
        let changed = header.replacingOccurrences(of: old, with: new)
        #expect(changed != header, "the header holds “\(old)”")
        var result = Array(whole[..<8])
        withUnsafeBytes(of: UInt64(changed.utf8.count).littleEndian) {
            result.append(contentsOf: $0)
        }
        result += Array(changed.utf8)
        result += [UInt8](repeating: 0, count: (64 - result.count % 64) % 64)
        let body = (16 + size + 63) / 64 * 64
        return result + whole[body...]
    }

    @Test(arguments: [
        ("\"parts\":[48]", "\"parts\":[9223372036854775807]"),
        ("\"parts\":[48]", "\"parts\":[-16]"),
        ("\"parts\":[48]", "\"parts\":[]"),
        ("\"parts\":[48]", "\"parts\":[49]"),
        ("\"rows\":3", "\"rows\":-3"),
        ("\"rows\":3", "\"rows\":9223372036854775807"),
        ("\"name\":\"record\"", "\"name\":\"subject\""),
        ("\"name\":\"known\"", "\"name\":\"\""),
        ("\"kind\":\"day\"", "\"kind\":\"pseudonym\""),
        ("\"kind\":\"pseudonym\"", "\"kind\":\"variable\""),
        ("\"width\":8", "\"width\":9223372036854775807"),
        ("\"width\":8", "\"width\":0"),
        ("\"width\":16", "\"width\":3"),
        ("\"version\":1", "\"version\":2"),
        ("\"key_epoch\":\"1\"", "\"key_epoch\":\"99999999999999999999\""),
    ])
    func craftedHeadersAreRefused(old: String, new: String) throws {
        let bytes = try file(of: Self.encodings.table, replacing: old, by: new)
        let error = #expect(throws: StileError.self) { try self.read(bytes) }
        #expect(error?.code == .integrity)
    }

    @Test func aLengthBeyondTheFileIsRefused() throws {
        var bytes = try ColumnFileWriter.bytes(of: Self.payload.table)
        for length in [UInt64.max, UInt64(Int64.max), UInt64(bytes.count)] {
            withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(8..<16, with: $0) }
            let error = #expect(throws: StileError.self) { try self.read(bytes) }
            #expect(error?.code == .integrity)
        }
    }
}
