/// Text as identifiers are compared: ASCII in upper case, without spaces and hyphens.
enum CompactText {
    /// The compact bytes; `nil` where a character outside ASCII remains.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        let isKept = text.utf8.withContiguousStorageIfAvailable { text in
            text.allSatisfy { $0 < 0x80 }
                ? text.allSatisfy { append(Unicode.Scalar($0), to: &bytes) } : nil
        }
        if case .some(.some(let isKept)) = isKept { return isKept ? bytes : nil }
        return text.unicodeScalars.allSatisfy { append($0, to: &bytes) } ? bytes : nil
    }

    /// Appends what is kept of a character; false where it is none of ASCII.
    @inline(__always)
    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) -> Bool {
        switch scalar.value {
        case 0x61...0x7a: bytes.append(UInt8(scalar.value - 0x20))
        case 0x09...0x0d, 0x20, 0x2d: break
        // Spaces and hyphens of other kinds, as word processors put them.
        case 0xa0, 0xad, 0x2000...0x2015, 0x202f, 0x2212, 0xfeff: break
        case 0x21...0x7e: bytes.append(UInt8(scalar.value))
        default: return false
        }
        return true
    }

    /// A short string of ASCII bytes.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }
}
