/// Tells whether bytes are well-formed UTF-8 (Unicode 15, table 3-7).
public enum UTF8Check {
    public static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        let count = bytes.count
        func isContinuation(_ at: Int, _ range: ClosedRange<UInt8> = 0x80...0xbf) -> Bool {
            at < count && range.contains(bytes[at])
        }
        while index < count {
            let lead = bytes[index]
            switch lead {
            case 0x00...0x7f:
                index += 1
            case 0xc2...0xdf:
                guard isContinuation(index + 1) else { return false }
                index += 2
            case 0xe0...0xef:
                // No overlong form and no surrogate.
                let second: ClosedRange<UInt8> =
                    lead == 0xe0 ? 0xa0...0xbf : lead == 0xed ? 0x80...0x9f : 0x80...0xbf
                guard isContinuation(index + 1, second), isContinuation(index + 2) else {
                    return false
                }
                index += 3
            case 0xf0...0xf4:
                // No overlong form and nothing beyond U+10FFFF.
                let second: ClosedRange<UInt8> =
                    lead == 0xf0 ? 0x90...0xbf : lead == 0xf4 ? 0x80...0x8f : 0x80...0xbf
                guard isContinuation(index + 1, second), isContinuation(index + 2),
                    isContinuation(index + 3)
                else { return false }
                index += 4
            default:
                return false
            }
        }
        return true
    }
}
