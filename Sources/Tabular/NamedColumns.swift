import PipelineModel

/// A small file of text of which a few columns are wanted by name, and every row must be whole.
public struct NamedColumns {
    /// Whether the file may have other columns too.
    public enum Others: Sendable {
        /// They are not read.
        case passedOver
        /// Nothing else may come along.
        case refused
    }

    private let reader: CSVReader
    private let file: String
    private let places: [Int]
    private let names: [String]

    /// Opens the file and finds the columns in its header, in any order.
    ///
    /// - Parameters:
    ///   - path: Where the file lies, which is also what messages call it.
    ///   - names: The columns that are wanted.
    ///   - others: What becomes of other columns.
    /// - Throws: `StileError` with code `input` where the file is missing, or empty, or its first line
    ///   does not name the columns; `inputOutput` where it cannot be opened.
    public init(path: String, _ names: [String], others: Others) throws {
        file = path
        self.names = names
        let wanted = "“\(names.joined(separator: ","))”"
        let reader = try CSVReader(path: path, file: path, dialect: CSVDialect())
        self.reader = reader
        places = names.compactMap { name in reader.header.firstIndex(of: name) }
        guard places.count == names.count else {
            // What stands there may be a row of data.
            throw StileError(
                .input, "The first line does not name the columns.",
                at: .init(file: path, line: 1),
                remedy: "Write \(wanted) there.")
        }
        guard others == .passedOver || reader.header.count == names.count else {
            throw StileError(
                .input, "The file has other columns than those that are read.",
                at: .init(file: path, line: 1),
                remedy: "Keep \(wanted) alone: nothing else may come here.")
        }
    }

    /// Hands over the texts of each row, in the order of the names, without blanks around them, and its
    /// line.
    ///
    /// - Throws: `StileError` with code `input` where a row is not whole or a text is missing, or there is
    ///   no row; what `body` throws.
    public func forEachRow(_ body: (_ texts: [String], _ line: Int) throws -> Void) throws {
        var isThere = false
        try reader.forEachRow { row in
            isThere = true
            guard row.fault == nil else {
                throw StileError(
                    .input, "The row does not have one text for each column of the first line.",
                    at: .init(file: file, line: row.line), remedy: "Correct the line.")
            }
            let texts = places.map { Self.trimmed(row.text($0)) }
            if let empty = texts.firstIndex(of: "") {
                throw StileError(
                    .input, "The row has nothing there.",
                    at: .init(file: file, line: row.line, column: names[empty]),
                    remedy: "Fill it in, or leave the row out.")
            }
            try body(texts, row.line)
        }
        guard isThere else {
            throw StileError(
                .input, "The file has no row below its first line.", at: .init(file: file),
                remedy: "Give a file with a row for each subject.")
        }
    }

    private static func trimmed(_ text: String) -> String {
        let kept = text.drop(while: \.isWhitespace)
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...last])
    }
}
