/// Windows-1252 text as UTF-8.
///
/// The five bytes that Windows-1252 leaves undefined become a byte that UTF-8
/// does not know, so that the row that holds one is located like any other
/// invalid text.
public final class Windows1252Source: ByteSource {
    private let encoded: any ByteSource
    private var input: [UInt8] = []

    public init(_ encoded: any ByteSource) { self.encoded = encoded }

    /// - Precondition: `buffer` has room for at least three bytes.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        precondition(buffer.count >= 3, "no room for one character")
        let capacity = min(buffer.count / 3, 1 << 16)
        if input.count < capacity { input = [UInt8](repeating: 0, count: capacity) }
        let count = try input.withUnsafeMutableBytes {
            try encoded.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<capacity]))
        }
        var written = 0
        for byte in input[..<count] {
            if byte < 0x80 {
                buffer[written] = byte
                written += 1
                continue
            }
            let scalar = byte < 0xa0 ? Self.upper[Int(byte) - 0x80] : UInt16(byte)
            if scalar == 0 {
                buffer[written] = 0xff
                written += 1
            } else if scalar < 0x800 {
                buffer[written] = 0xc0 | UInt8(scalar >> 6)
                buffer[written + 1] = 0x80 | UInt8(scalar & 0x3f)
                written += 2
            } else {
                buffer[written] = 0xe0 | UInt8(scalar >> 12)
                buffer[written + 1] = 0x80 | UInt8(scalar >> 6 & 0x3f)
                buffer[written + 2] = 0x80 | UInt8(scalar & 0x3f)
                written += 3
            }
        }
        return written
    }

    /// The scalars of 0x80 to 0x9F, where 0 is undefined.
    ///
    /// Source: unicode.org,
    /// Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT.
    private static let upper: [UInt16] = [
        0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
        0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
        0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
    ]
}
