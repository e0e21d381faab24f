/// Text as identifiers are compared: ASCII in upper case, without spaces and hyphens.
enum CompactText {
    /// The compact bytes; `nil` where a character outside ASCII remains.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x61...0x7a: bytes.append(UInt8(scalar.value - 0x20))
            case 0x09...0x0d, 0x20, 0x2d: continue
            // Spaces and hyphens of other kinds, as word processors put them.
            case 0xa0, 0xad, 0x2000...0x2015, 0x202f, 0x2212, 0xfeff: continue
            case 0x21...0x7e: bytes.append(UInt8(scalar.value))
            default: return nil
            }
        }
        return bytes
    }

    /// A short string of ASCII bytes.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }
}
