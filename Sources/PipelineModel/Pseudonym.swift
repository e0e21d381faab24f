/// 128 bits that stand for something without saying what: a person as one
/// source knows them, a record, a linked person, a household.
///
/// The `Kind` keeps the different sorts apart at compile time.
public struct Pseudonym<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a pseudonym from the first 16 bytes; `nil` where there are fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count >= 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (offset, byte) in bytes.prefix(16).enumerated() {
            if offset < 8 {
                words.0 = words.0 << 8 | UInt64(byte)
            } else {
                words.1 = words.1 << 8 | UInt64(byte)
            }
        }
        self.init(high: words.0, low: words.1)
    }

    /// Reads 32 hexadecimal digits in lower case; `nil` for anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex), bytes.count == 16 else { return nil }
        self.init(bytes: bytes)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }

    /// 32 hexadecimal digits in lower case.
    public var hex: String { Hex.encode(bytes) }

    public var description: String { hex }

    /// All zeros: stands for "none" in a column.
    public static var none: Pseudonym { Pseudonym(high: 0, low: 0) }

    public static func < (left: Pseudonym, right: Pseudonym) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The same bits as a pseudonym of another kind, as when a person becomes
    /// the unit of a row.
    public func cast<Other>(to _: Other.Type = Other.self) -> Pseudonym<Other> {
        Pseudonym<Other>(high: high, low: low)
    }
}

/// A person as one source knows them.
public enum Subject {}
/// One row of a source: a spell, an attendance, a registration.
public enum Record {}
/// A person, as linkage sees them across the sources.
public enum Person {}
/// The people behind one UPRN at one time.
public enum Household {}
/// A place or service: a school, a practice, a ward.
public enum Setting {}
/// Whatever a row of the design matrix is about.
public enum Unit {}

public typealias SubjectPseudonym = Pseudonym<Subject>
public typealias RecordPseudonym = Pseudonym<Record>
public typealias PersonPseudonym = Pseudonym<Person>
public typealias HouseholdPseudonym = Pseudonym<Household>
public typealias UnitPseudonym = Pseudonym<Unit>
