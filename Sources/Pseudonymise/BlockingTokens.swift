import Hashing
import Identifiers

/// The tokens of one blocking key: an HMAC of all its parts together, missing where any is.
struct BlockingTokens: Sendable {
    let hasher: KeyedHasher
    let parts: [EncodingSpecification.Part]

    /// - Parameter columns: The normal forms of each part's field, in the order of the parts.
    func tokens(_ columns: [NormalColumn], rows: Int) -> [UInt64] {
        var tokens = [UInt64](repeating: 0, count: rows)
        Self.messages(of: parts, columns, rows: rows) { row, message in
            tokens[row] = hasher.token(message)
        }
        return tokens
    }

    /// Gives `body` what is keyed of each row that has all the parts.
    @inline(__always)
    static func messages(
        of parts: [EncodingSpecification.Part], _ columns: [NormalColumn], rows: Int,
        _ body: (_ row: Int, _ message: [UInt8]) -> Void
    ) {
        let forms = parts.map(\.form)
        NormalColumn.withViews(of: columns) { views in
            var message = Message()
            for row in 0..<rows {
                message.removeAll()
                let isComplete = views.indices.allSatisfy { part in
                    message.add { append(forms[part], of: views[part].row(row), to: &$0) }
                }
                if isComplete { body(row, message.bytes) }
            }
        }
    }

    /// Appends a part of a normal form; false where it is missing.
    private static func append(
        _ form: EncodingSpecification.Part.Form, of value: UnsafeBufferPointer<UInt8>,
        to bytes: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty else { return false }
        switch form {
        case .whole:
            guard DateParts.isWhole(value) else { return false }
            bytes.append(contentsOf: value)
        case .prefix(let length):
            var left = length
            for byte in value where byte != 0x20 {
                if byte & 0xc0 != 0x80 {
                    if left == 0 { break }
                    left -= 1
                }
                bytes.append(byte)
            }
        case .soundex: return Soundex.append(of: value, to: &bytes)
        case .year: return DateParts.append(.year, of: value, to: &bytes)
        case .monthDay: return DateParts.append(.monthDay, of: value, to: &bytes)
        case .district: bytes.append(contentsOf: PostcodeParts.district(value))
        case .sector:
            guard let sector = PostcodeParts.sector(value) else { return false }
            bytes.append(contentsOf: sector)
        }
        return true
    }
}

/// The parts of a postcode in its normal form, without a copy.
enum PostcodeParts {
    typealias Part = UnsafeBufferPointer<UInt8>.SubSequence

    static func district(_ postcode: UnsafeBufferPointer<UInt8>) -> Part {
        postcode[..<(postcode.firstIndex(of: 0x20) ?? postcode.endIndex)]
    }

    /// Up to the first digit of the inward part; `nil` for forces' post.
    static func sector(_ postcode: UnsafeBufferPointer<UInt8>) -> Part? {
        guard let space = postcode.firstIndex(of: 0x20), !postcode.starts(with: "BFPO".utf8)
        else { return nil }
        return postcode[..<(space + 2)]
    }
}
