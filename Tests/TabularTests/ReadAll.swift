import PipelineModel
import Tabular

/// A source that gives its bytes in pieces of the sizes asked for, over and over.
final class DribblingSource: ByteSource {
    private let bytes: [UInt8]
    private let sizes: [Int]
    private var position = 0
    private var turn = 0

    init(_ bytes: [UInt8], sizes: [Int]) {
        self.bytes = bytes
        self.sizes = sizes
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(sizes[turn % sizes.count], buffer.count, bytes.count - position)
        turn += 1
        for offset in 0..<count { buffer[offset] = bytes[position + offset] }
        position += count
        return count
    }
}

/// A source that never ends and keeps count of what was asked of it.
final class EndlessSource: ByteSource {
    private let start: [UInt8]
    private(set) var given = 0

    init(_ start: String) { self.start = Array(start.utf8) }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        for offset in 0..<buffer.count {
            let position = given + offset
            buffer[offset] = position < start.count ? start[position] : UInt8(ascii: "x")
        }
        given += buffer.count
        return buffer.count
    }
}

struct ReadRow: Equatable {
    var line: Int
    var fields: [String]
    var fault: CSVRow.Fault?
}

func readAll(
    _ source: any ByteSource, file: String = "test.csv", dialect: CSVDialect = CSVDialect()
) throws -> (header: [String], rows: [ReadRow]) {
    let reader = try CSVReader(source, file: file, dialect: dialect)
    var rows: [ReadRow] = []
    try reader.forEachRow { row in
        rows.append(
            ReadRow(
                line: row.line, fields: (0..<row.count).map { row.text($0) }, fault: row.fault))
    }
    return (reader.header, rows)
}

func readAll(_ text: String, dialect: CSVDialect = CSVDialect()) throws -> (
    header: [String], rows: [ReadRow]
) {
    try readAll(MemorySource(Array(text.utf8)), dialect: dialect)
}

/// What `body` throws, as a ``StileError``.
func fault(_ body: () throws -> Void) -> StileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StileError
    }
}

func bytes(hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }
