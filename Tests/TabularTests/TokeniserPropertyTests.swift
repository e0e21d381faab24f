import PipelineModel
import Tabular
import Testing

/// A plain, slow reading of the same rules, over the whole text at once.
private func slowRows(_ bytes: [UInt8]) -> [[[UInt8]]]? {
    let quote = UInt8(ascii: "\"")
    var rows: [[[UInt8]]] = []
    var index = 0
    while index < bytes.count {
        var row: [[UInt8]] = []
        var ended = false
        var wasQuoted = false
        while !ended {
            var field: [UInt8] = []
            if index < bytes.count, bytes[index] == quote {
                wasQuoted = true
                index += 1
                while true {
                    guard index < bytes.count else { return nil }
                    if bytes[index] != quote {
                        field.append(bytes[index])
                        index += 1
                    } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                        field.append(quote)
                        index += 2
                    } else {
                        index += 1
                        break
                    }
                }
                while index < bytes.count, !",\n\r".utf8.contains(bytes[index]) { index += 1 }
            } else {
                while index < bytes.count, !",\n\r".utf8.contains(bytes[index]) {
                    field.append(bytes[index])
                    index += 1
                }
            }
            row.append(field)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == 10 { index += 1 }
            ended = true
        }
        if row != [[]] || wasQuoted { rows.append(row) }
    }
    return rows
}

@Suite struct TokeniserPropertyTests {
    @Test func everyPieceSizeGivesWhatTheSlowReadingGives() throws {
        var generator = SeededGenerator(seed: 7, label: "tokeniser")
        let alphabet = Array("ab,,\"\"\n\r".utf8) + [0xc3]
        for _ in 0..<3000 {
            let length = generator.below(24)
            let body = (0..<length).map { _ in alphabet[generator.below(alphabet.count)] }
            let text = Array("h,i\n".utf8) + body
            let sizes = (0..<4).map { _ in 1 + generator.below(5) }
            let source = DribblingSource(text, sizes: sizes)
            guard let expected = slowRows(text) else {
                #expect(throws: StileError.self) { _ = try readAll(source) }
                continue
            }
            let reader = try CSVReader(source, file: "t", dialect: CSVDialect())
            var rows: [[[UInt8]]] = []
            try reader.forEachRow { row in rows.append((0..<row.count).map { Array(row[$0]) }) }
            #expect(rows == Array(expected.dropFirst()), "\(text)")
        }
    }

    @Test func validTextIsWhatTheStandardLibraryTakes() {
        var generator = SeededGenerator(seed: 8, label: "utf-8")
        let leads: [UInt8] = [
            0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xf0,
            0x90, 0x8f, 0xf4, 0xf5, 0xff,
        ]
        for _ in 0..<20_000 {
            let text = (0..<(1 + generator.below(5))).map { _ in
                leads[generator.below(leads.count)]
            }
            let isValid = text.withUnsafeBufferPointer(UTF8Check.isValid)
            #expect(isValid == (String(validating: text, as: UTF8.self) != nil), "\(text)")
        }
    }
}
