import PipelineModel

/// Reads a delimited file row by row, in pieces, with bounded memory.
///
/// RFC 4180 as found in the wild: quoted newlines, doubled quotes, a byte order
/// mark, lines that end in LF, CRLF or a lone CR, a last line without an end,
/// blank lines (skipped, unless the file has a single column). A quote inside a
/// field that does not begin with one is an ordinary character.
///
/// What concerns one row (ragged, text after a closing quote, invalid text) is a
/// ``CSVRow/Fault`` of that row; what makes the rest of the file unreadable (a
/// NUL byte, a row beyond the limit, a quote that never closes) is thrown.
public final class CSVReader {
    /// The names of the columns, trimmed.
    public private(set) var header: [String] = []

    private let source: any ByteSource
    private let file: String
    private let dialect: CSVDialect
    private var scanner: RowScanner
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// The bytes of the buffer that are not yet consumed.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var line = 1
    /// The bytes of the file before those in the buffer.
    private var consumed = 0

    /// Opens the file at `path` and reads its header.
    ///
    /// - Parameters:
    ///   - path: Where the file lies.
    ///   - file: What messages call the file.
    ///   - dialect: Its delimiter and text encoding.
    public convenience init(path: String, file: String, dialect: CSVDialect) throws {
        try self.init(
            try FileSource(path: path, file: file), file: file, dialect: dialect)
    }

    /// Reads the header of the file that `source` holds, packed or not.
    public init(_ source: any ByteSource, file: String, dialect: CSVDialect) throws {
        self.source = try ExtractBytes.open(source, file: file, encoding: dialect.encoding)
        self.file = file
        self.dialect = dialect
        scanner = RowScanner(delimiter: dialect.delimiter)
        capacity = 1 << 18
        buffer = .allocate(capacity: 1 << 18)
        try skipByteOrderMark()
        try readHeader()
    }

    deinit { buffer.deallocate() }

    /// Hands each row to `body`, in the order of the file.
    public func forEachRow(_ body: (CSVRow) throws -> Void) throws {
        let expected = header.count
        while let row = try nextRow(expecting: expected) { try body(row) }
    }

    private func nextRow(expecting expected: Int?) throws -> CSVRow? {
        while true {
            if start == end, isAtEnd { return nil }
            switch scanner.scan(buffer, from: start, to: end, isLast: isAtEnd) {
            case .row(let next):
                if next - start > dialect.rowLimit { throw tooLong(withinQuotes: false) }
                let rowLine = line
                let rowStart = start
                line += scanner.newlines
                start = next
                if scanner.count == 1, expected != 1, isBlank(from: rowStart) { continue }
                if scanner.hasDoubledQuotes { scanner.unescape(buffer) }
                return CSVRow(
                    base: UnsafePointer(buffer), fields: UnsafePointer(scanner.fields),
                    count: scanner.count, line: rowLine, byteOffset: consumed + rowStart,
                    fault: fault(expecting: expected))
            case .incomplete(let withinQuotes):
                if end - start > dialect.rowLimit { throw tooLong(withinQuotes: withinQuotes) }
                try refill()
            case .unclosedQuote:
                throw StileError(
                    .input, "A quote that opens in the row of line \(line) is never closed.",
                    at: .init(file: file, line: line),
                    remedy: "Ask the source to send the file again with balanced quotes.")
            case .nul(let below):
                throw StileError(
                    .input, "The file has a NUL byte on line \(line + below).",
                    at: .init(file: file, line: line + below),
                    remedy: "Ask the source for a text file, written anew.")
            }
        }
    }

    private func isBlank(from rowStart: Int) -> Bool {
        scanner.fields[0].start == rowStart && scanner.fields[0].end == rowStart
    }

    private func fault(expecting expected: Int?) -> CSVRow.Fault? {
        if let field = scanner.strayField { return .strayQuote(field: field) }
        if let expected, scanner.count != expected {
            return .ragged(fields: scanner.count, expected: expected)
        }
        guard scanner.isWide else { return nil }
        for field in 0..<scanner.count {
            let range = scanner.fields[field]
            let bytes = UnsafeBufferPointer(
                start: UnsafePointer(buffer + range.start), count: range.end - range.start)
            if !UTF8Check.isValid(bytes) { return .invalidText(field: field) }
        }
        return nil
    }

    /// Moves what is left to the front and reads on; a row may take the whole buffer.
    private func refill() throws {
        if start > 0 {
            buffer.update(from: buffer + start, count: end - start)
            consumed += start
            end -= start
            start = 0
        }
        if capacity - end < 1 << 12 {
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
            larger.update(from: buffer, count: end)
            buffer.deallocate()
            buffer = larger
            capacity *= 2
        }
        let count = try source.read(
            into: UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end))
        end += count
        isAtEnd = count == 0
    }

    private func tooLong(withinQuotes: Bool) -> StileError {
        StileError(
            .input,
            withinQuotes
                ? "A quote that opens in the row of line \(line) is not closed within \(dialect.rowLimit) bytes."
                : "Line \(line) is longer than \(dialect.rowLimit) bytes.",
            at: .init(file: file, line: line),
            remedy: "Check that it is a text file with one row a line; ask the source for it again."
        )
    }

    private func skipByteOrderMark() throws {
        while end < 6, !isAtEnd { try refill() }
        func begins(_ mark: [UInt8]) -> Bool {
            end >= mark.count && mark.indices.allSatisfy { buffer[$0] == mark[$0] }
        }
        if begins([0xef, 0xbb, 0xbf]) { start = 3 }
        let isUTF16 =
            dialect.encoding == .utf8
            ? begins([0xff, 0xfe]) || begins([0xfe, 0xff])
            : begins([0xc3, 0xbf, 0xc3, 0xbe]) || begins([0xc3, 0xbe, 0xc3, 0xbf])
        let isUTF8After =
            dialect.encoding == .windows1252
            && begins([0xc3, 0xaf, 0xc2, 0xbb, 0xc2, 0xbf])
        if isUTF16 || isUTF8After {
            throw StileError(
                .input,
                "The file begins with the mark of \(isUTF16 ? "UTF-16" : "UTF-8"), not of \(dialect.encoding.rawValue).",
                at: .init(file: file),
                remedy: isUTF16
                    ? "Ask the source for UTF-8." : "Write “text: utf-8” in the contract.")
        }
    }

    private func readHeader() throws {
        guard let row = try nextRow(expecting: nil) else {
            throw StileError(
                .input, "The file is empty: it has not even a header.", at: .init(file: file),
                remedy: "Ask the source to send it again.")
        }
        if let fault = row.fault {
            let field = if case .invalidText(let index) = fault { index } else { 0 }
            throw StileError(
                .input, "The header cannot be read.",
                at: .init(file: file, line: row.line, column: String(field + 1)),
                remedy: "Check the quotes and the “text” encoding that the contract declares.")
        }
        header = (0..<row.count).map { field in
            let bytes = row[field]
            let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let first = bytes.firstIndex { !blank($0) } ?? bytes.endIndex
            let last = bytes.lastIndex { !blank($0) } ?? first - 1
            return String(decoding: bytes[first..<max(first, last + 1)], as: UTF8.self)
        }
        var positions: [String: Int] = [:]
        for (index, name) in header.enumerated() where !name.isEmpty {
            if let other = positions[name] {
                // The names stay out of the message: a file without a header
                // would show the first person in it.
                throw StileError(
                    .input, "Columns \(other + 1) and \(index + 1) of the header have one name.",
                    at: .init(file: file, line: row.line),
                    remedy: "Ask the source for a file whose columns have different names.")
            }
            positions[name] = index
        }
    }
}
