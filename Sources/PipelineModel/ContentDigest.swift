/// A SHA-256 digest: 32 bytes that name a file, a configuration or a list.
///
/// The bytes are computed by `Hashing`; this type only carries, compares and
/// prints them.
public struct ContentDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The digest as four big-endian words.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Makes a digest from exactly 32 bytes; `nil` for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var parts: [UInt64] = [0, 0, 0, 0]
        for (offset, byte) in bytes.enumerated() {
            parts[offset / 8] = parts[offset / 8] << 8 | UInt64(byte)
        }
        words = (parts[0], parts[1], parts[2], parts[3])
    }

    /// Reads 64 hexadecimal digits in lower case; `nil` for anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes, most significant first.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// 64 hexadecimal digits in lower case.
    public var hex: String { Hex.encode(bytes) }

    /// The first twelve hexadecimal digits, for people to compare by eye.
    public var short: String { String(hex.prefix(12)) }

    public var description: String { hex }

    public static func == (left: ContentDigest, right: ContentDigest) -> Bool {
        left.words == right.words
    }

    public static func < (left: ContentDigest, right: ContentDigest) -> Bool {
        left.words < right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
