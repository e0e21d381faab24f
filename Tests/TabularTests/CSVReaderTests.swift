import PipelineModel
import Tabular
import Testing

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["1", "2"]]),
        ("a,b\n1,2", [["1", "2"]]),
        ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
        ("a,b\r1,2\r3,4", [["1", "2"], ["3", "4"]]),
        ("\u{feff}a,b\n1,2\n", [["1", "2"]]),
        ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["x,y", "say \"hi\""]]),
        ("a,b\n\"two\nlines\",2\n", [["two\nlines", "2"]]),
        ("a,b\n\"two\r\nlines\",\"\"\n", [["two\r\nlines", ""]]),
        ("a,b\n,\n", [["", ""]]),
        ("a,b\n\n1,2\n\n", [["1", "2"]]),
        ("a,b\n5\" pipe,2\n", [["5\" pipe", "2"]]),
        ("a,b\nCrème,2\n", [["Crème", "2"]]),
    ])
    func takesWhatIsFoundInTheWild(text: String, rows: [[String]]) throws {
        let result = try readAll(text)
        #expect(result.header == ["a", "b"])
        #expect(result.rows.map(\.fields) == rows)
        #expect(result.rows.allSatisfy { $0.fault == nil })
    }

    @Test func aRowCarriesItsLineAndItsOffset() throws {
        let text = "a,b\r\n\"1\n1\",2\r\n\n3,4\r5,6"
        let reader = try CSVReader(
            MemorySource(Array(text.utf8)), file: "t", dialect: CSVDialect())
        var lines: [Int] = []
        var offsets: [Int] = []
        try reader.forEachRow {
            lines.append($0.line)
            offsets.append($0.byteOffset)
        }
        #expect(lines == [2, 5, 6])
        #expect(offsets == [5, 15, 19])
    }

    @Test func aSingleColumnKeepsItsBlankLines() throws {
        #expect(try readAll("a\n1\n\n2\n").rows.map(\.fields) == [["1"], [""], ["2"]])
    }

    @Test func otherDelimiters() throws {
        let result = try readAll(
            "a\tb\n1,5\t2\n", dialect: CSVDialect(delimiter: UInt8(ascii: "\t")))
        #expect(result.rows.map(\.fields) == [["1,5", "2"]])
    }

    @Test func aRaggedRowIsAnOutcomeAndTheOthersAreRead() throws {
        let result = try readAll("a,b\n1\n1,2\n1,2,3\n")
        #expect(
            result.rows.map(\.fault) == [
                .ragged(fields: 1, expected: 2), nil, .ragged(fields: 3, expected: 2),
            ])
    }

    @Test func textAfterAClosingQuoteIsAnOutcome() throws {
        let result = try readAll("a,b\n1,\"x\"y\n1,2\n")
        #expect(result.rows.map(\.fault) == [.strayQuote(field: 1), nil])
    }

    @Test func invalidTextIsLocated() throws {
        let result = try readAll(MemorySource(Array("a,b\n1,".utf8) + [0xc3, 0x28] + [10]))
        #expect(result.rows.map(\.fault) == [.invalidText(field: 1)])
        #expect(result.rows.map(\.line) == [2])
    }

    @Test func aQuoteThatNeverClosesIsRefusedWithItsLine() {
        let error = fault { _ = try readAll("a,b\n1,2\n3,\"canary\n5,6\n") }
        #expect(
            error?.description
                == "test.csv:3: A quote that opens in the row of line 3 is never closed. Ask the source to send the file again with balanced quotes."
        )
    }

    @Test func aNulByteIsRefusedWithItsLine() {
        for text in ["a,b\n1,2\n3,\0\n", "a,b\n1,2\n\"\0\",1\n"] {
            let error = fault { _ = try readAll(text) }
            #expect(error?.place?.line == 3)
            #expect(error?.message == "The file has a NUL byte on line 3.")
        }
        #expect(fault { _ = try readAll("a,b\n1,\"x\n\0\"\n") }?.place?.line == 3)
    }

    @Test(arguments: ["", "\u{feff}"]) func anEmptyFileIsRefused(text: String) {
        let error = fault { _ = try readAll(text) }
        #expect(error?.message == "The file is empty: it has not even a header.")
    }

    @Test func aHeaderAloneHasNoRows() throws {
        #expect(try readAll("a,b\n").rows.isEmpty)
    }

    @Test func twoColumnsOfOneNameAreRefusedWithoutTheName() {
        let error = fault { _ = try readAll("id,canary,x, canary\n1,2,3,4\n") }
        #expect(error?.message == "Columns 2 and 4 of the header have one name.")
        #expect(error?.description.contains("canary") == false)
    }

    @Test func aMissingFileIsRefused() {
        let error = fault {
            _ = try CSVReader(path: "/nowhere/x.csv", file: "gp/x.csv", dialect: CSVDialect())
        }
        #expect(error?.message == "The file is missing.")
        #expect(error?.code == .input)
    }

    @Test(arguments: [1, 1 << 20])
    func aLineWithoutEndStopsEarly(limit: Int) {
        let source = EndlessSource("a,b\n1,2\n")
        let error = fault {
            _ = try readAll(source, dialect: CSVDialect(rowLimit: max(limit, 64)))
        }
        #expect(error?.message == "Line 3 is longer than \(max(limit, 64)) bytes.")
        #expect(source.given < 4 << 20)
    }

    @Test func aQuoteWithoutEndStopsEarly() {
        let source = EndlessSource("a,b\n1,\"2")
        let error = fault { _ = try readAll(source, dialect: CSVDialect(rowLimit: 4096)) }
        #expect(
            error?.message
                == "A quote that opens in the row of line 2 is not closed within 4096 bytes.")
    }

    @Test func windows1252BecomesUTF8() throws {
        let bytes: [UInt8] =
            Array("a,b\n".utf8) + [0x80, 0x2c, 0xe9, 0x0a] + [0x81, 0x2c, 0x31, 0x0a]
        let result = try readAll(
            MemorySource(bytes), dialect: CSVDialect(encoding: .windows1252))
        #expect(result.rows[0].fields == ["€", "é"])
        #expect(result.rows.map(\.fault) == [nil, .invalidText(field: 0)])
    }

    @Test func marksOfOtherEncodingsAreRefused() {
        let utf16 = fault { _ = try readAll(MemorySource([0xff, 0xfe, 0x61, 0x00])) }
        #expect(utf16?.message == "The file begins with the mark of UTF-16, not of utf-8.")
        let utf8 = fault {
            _ = try readAll("\u{feff}a,b\n", dialect: CSVDialect(encoding: .windows1252))
        }
        #expect(utf8?.message == "The file begins with the mark of UTF-8, not of windows-1252.")
    }
}
