/// The format in which an extract arrives.
///
/// The statutory XML and census formats are to become further cases; whoever
/// switches over the format is then told by the compiler.
public enum ExtractFormat: String, Sendable, CaseIterable {
    /// Delimited text in the manner of RFC 4180.
    case csv
}

/// The character encoding of an extract.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
}

/// How the bytes of a delimited file are to be read.
public struct CSVDialect: Sendable, Equatable {
    /// What stands between fields; an ASCII character other than a quote or a newline.
    public var delimiter: UInt8
    public var encoding: TextEncoding
    /// The most bytes that one row may have, newlines within quotes included.
    public var rowLimit: Int

    public init(
        delimiter: UInt8 = UInt8(ascii: ","), encoding: TextEncoding = .utf8,
        rowLimit: Int = 1 << 20
    ) {
        self.delimiter = delimiter
        self.encoding = encoding
        self.rowLimit = rowLimit
    }
}
