public import PipelineModel

/// A moment to the second, in UTC, as RFC 3339 writes it with a `Z`.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since 1 January 1970, leap seconds not counted.
    public var seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    /// Reads `yyyy-mm-ddThh:mm:ssZ`; `nil` for anything else: an offset, a
    /// fraction, 30 February, hour 24, second 60.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "Z"),
            let day = Day(iso: String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = Self.number(bytes[11], bytes[12]), hour < 24,
            let minute = Self.number(bytes[14], bytes[15]), minute < 60,
            let second = Self.number(bytes[17], bytes[18]), second < 60
        else { return nil }
        seconds = Int64(day.number) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func number(_ tens: UInt8, _ ones: UInt8) -> Int64? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(tens), digits.contains(ones) else { return nil }
        return Int64(tens - 48) * 10 + Int64(ones - 48)
    }

    /// `yyyy-mm-ddThh:mm:ssZ`.
    public var description: String {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let second = rest < 0 ? rest + 86_400 : rest
        let day = Day(Int32(truncatingIfNeeded: rest < 0 ? days - 1 : days))
        func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
        return "\(day.iso)T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// The day in UTC.
    public var day: Day {
        Day(
            Int32(truncatingIfNeeded: seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
        )
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    public static func + (time: Timestamp, seconds: Int64) -> Timestamp {
        Timestamp(seconds: time.seconds + seconds)
    }
}
