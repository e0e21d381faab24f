import PipelineModel

/// A date of birth of which a part is not given or impossible.
///
/// The other parts still say something: registers fill in the first of a month or no day at all,
/// and a clerk who mistypes a month has typed the year and the day.
public struct PartialBirthDate: Hashable, Sendable {
    /// The year as written; `nil` where it is not given.
    public let year: Int?
    /// The month as written, possible or not; `nil` where it is not given.
    public let month: Int?
    /// The day of the month as written, possible or not; `nil` where it is not given.
    public let day: Int?

    /// Reads a date with a part that is impossible, empty or filled with `?`, `x`, `*`, `_`, `#`,
    /// full stops or spaces, in the forms of ``BirthDate/read(_:)``; also `yyyy-mm`, `mm/yyyy` and
    /// `yyyy`.
    ///
    /// A year that systems fill in where none is known is missing where nothing but the first of
    /// January stands beside it. What leaves neither a year nor a month with its day has no parts
    /// worth keeping.
    public static func read(_ text: some StringProtocol) -> Verdict<PartialBirthDate> {
        guard let date = parse(Array(text.utf8)),
            date.possibleYear != nil || (date.possibleMonth != nil && date.possibleDay != nil)
        else { return .invalid(.birthDateShape) }
        if let year = date.possibleYear, BirthDate.placeholderYears.contains(year),
            date.possibleMonth ?? 1 == 1, date.possibleDay ?? 1 == 1
        {
            return .missing(.birthDatePlaceholder)
        }
        return .valid(date)
    }

    /// Which parts are impossible, and whether one is not given.
    public var rules: [IdentifierRule] {
        var rules: [IdentifierRule] = []
        if [year, month, day].contains(nil) { rules.append(.birthDatePartial) }
        if year != nil, possibleYear == nil { rules.append(.birthDateYear) }
        if month != nil, possibleMonth == nil { rules.append(.birthDateMonth) }
        if day != nil, possibleDay == nil { rules.append(.birthDateDay) }
        // Each part is possible, the day is not in the month.
        if rules.isEmpty { rules.append(.birthDateDay) }
        return rules
    }

    /// The year, where there can be one like it.
    public var possibleYear: Int? { year.flatMap { $0 > 0 ? $0 : nil } }
    /// The month, from 1 to 12.
    public var possibleMonth: Int? { month.flatMap { (1...12).contains($0) ? $0 : nil } }
    /// The day, from 1 to 31.
    public var possibleDay: Int? { day.flatMap { (1...31).contains($0) ? $0 : nil } }

    /// Whether there is a year that has this month and day.
    public var hasPossibleAnniversary: Bool {
        guard let month, let day else { return false }
        // A leap year has every day that there is.
        return Day(year: 2000, month: month, day: day) != nil
    }

    /// Whether the date is one of the calendar when month and day change places.
    public var isPossibleExchanged: Bool {
        guard let year, let month, let day else { return false }
        return Day(year: year, month: day, day: month) != nil
    }

    private static func parse(_ bytes: [UInt8]) -> PartialBirthDate? {
        let slash = UInt8(ascii: "/")
        let hyphen = UInt8(ascii: "-")
        let isSlashed = bytes.contains(slash)
        let separator = isSlashed ? slash : hyphen
        var parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
        if isSlashed { parts.reverse() }
        switch (parts.count, bytes.count) {
        case (1, 8): parts = [bytes[..<4], bytes[4..<6], bytes[6...]]
        case (1, 4), (2, _): parts += Array(repeating: [], count: 3 - parts.count)
        case (3, _): break
        default: return nil
        }
        guard let year = Part(parts[0], digits: 4, fillsHyphen: isSlashed),
            let month = Part(parts[1], digits: 2, fillsHyphen: isSlashed),
            let day = Part(parts[2], digits: 2, fillsHyphen: isSlashed)
        else { return nil }
        return PartialBirthDate(year: year.value, month: month.value, day: day.value)
    }

    private init(year: Int?, month: Int?, day: Int?) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// One part as it is written.
    private struct Part {
        /// `nil` where it is empty or has fillers in it.
        let value: Int?

        private static let fillers = Set("?xX*_#. ".utf8)

        /// Nothing where there is something that no part of a date has.
        init?(_ bytes: ArraySlice<UInt8>, digits: Int, fillsHyphen: Bool) {
            if bytes.isEmpty {
                value = nil
                return
            }
            guard bytes.count == digits else { return nil }
            var number: Int? = 0
            for byte in bytes {
                if CompactText.isDigit(byte) {
                    number = number.map { 10 * $0 + Int(byte) - 0x30 }
                } else if Self.fillers.contains(byte)
                    || (fillsHyphen && byte == UInt8(ascii: "-"))
                {
                    number = nil
                } else {
                    return nil
                }
            }
            value = number
        }
    }
}
