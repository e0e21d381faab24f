/// Where a field lies in the tokeniser's buffer, without its quotes.
struct FieldRange: BitwiseCopyable {
    var start: Int
    var end: Int
    var doubledQuotes: Bool
}

/// One row of a delimited file: slices of the reader's buffer.
///
/// It is valid only during the call to which it is handed.
public struct CSVRow {
    /// Why a row cannot be taken as it stands; the fields are numbered from 0.
    public enum Fault: Sendable, Equatable {
        /// It has another number of fields than the header.
        case ragged(fields: Int, expected: Int)
        /// A field goes on after its closing quote.
        case strayQuote(field: Int)
        /// A field holds bytes that are not text in the file's encoding.
        case invalidText(field: Int)
    }

    let base: UnsafePointer<UInt8>
    let fields: UnsafePointer<FieldRange>
    /// The number of fields.
    public let count: Int
    /// The line on which the row begins; the first of the file is 1.
    public let line: Int
    /// Where the row begins, in bytes of the unpacked text as UTF-8.
    public let byteOffset: Int
    public let fault: Fault?

    /// The bytes of a field, without quotes around it, doubled quotes made one.
    @inlinable public subscript(field: Int) -> UnsafeBufferPointer<UInt8> { bytes(field) }

    @usableFromInline func bytes(_ field: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(field >= 0 && field < count, "no such field")
        let range = fields[field]
        return UnsafeBufferPointer(start: base + range.start, count: range.end - range.start)
    }

    /// A field as text.
    public func text(_ field: Int) -> String { String(decoding: bytes(field), as: UTF8.self) }
}
