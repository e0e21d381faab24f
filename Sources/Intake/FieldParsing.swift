import PipelineModel

typealias Bytes = UnsafeBufferPointer<UInt8>

/// Reads values from the bytes of a field, without a String in between.
enum FieldParsing {
    /// The field without spaces and tabs around it.
    static func trimmed(_ bytes: Bytes) -> Bytes {
        var first = 0
        var last = bytes.count
        while first < last, isBlank(bytes[first]) { first += 1 }
        while last > first, isBlank(bytes[last - 1]) { last -= 1 }
        return Bytes(rebasing: bytes[first..<last])
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    static func equal(_ bytes: Bytes, _ other: [UInt8]) -> Bool {
        guard bytes.count == other.count else { return false }
        for index in 0..<other.count where bytes[index] != other[index] { return false }
        return true
    }

    /// A day in the style of the file; `nil` for anything else, 30 February included.
    static func day(_ bytes: Bytes, _ style: ExtractContract.DateStyle) -> Day? {
        switch style {
        case .iso:
            guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
            else { return nil }
            return day(bytes, year: 0, month: 5, day: 8)
        case .uk:
            guard bytes.count == 10, bytes[2] == UInt8(ascii: "/"), bytes[5] == UInt8(ascii: "/")
            else { return nil }
            return day(bytes, year: 6, month: 3, day: 0)
        case .compact:
            guard bytes.count == 8 else { return nil }
            return day(bytes, year: 0, month: 4, day: 6)
        }
    }

    private static func day(_ bytes: Bytes, year: Int, month: Int, day: Int) -> Day? {
        let number = digits(bytes, from: year, count: 4)
        let ofYear = digits(bytes, from: month, count: 2)
        let ofMonth = digits(bytes, from: day, count: 2)
        guard number >= 0, ofYear >= 0, ofMonth >= 0 else { return nil }
        return Day(year: number, month: ofYear, day: ofMonth)
    }

    /// The value of so many digits; -1 where a byte is not one.
    private static func digits(_ bytes: Bytes, from start: Int, count: Int) -> Int {
        var value = 0
        for index in start..<(start + count) {
            let digit = Int(bytes[index]) - 48
            guard digit >= 0, digit <= 9 else { return -1 }
            value = value * 10 + digit
        }
        return value
    }

    /// A whole number as a day of an ordinal clock; the ends of the range mean
    /// “missing” and “open” and are refused.
    static func ordinal(_ bytes: Bytes) -> Day? {
        guard let first = bytes.first, bytes.count <= 11 else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        guard bytes.count > start else { return nil }
        let value = digits(bytes, from: start, count: bytes.count - start)
        guard value >= 0, value < Int(Int32.max) else { return nil }
        return Day(Int32(isNegative ? -value : value))
    }

    /// A decimal number: a sign, digits, a fraction, an exponent; nothing else.
    static func number(_ bytes: Bytes) -> Double? {
        var index = 0
        var isNegative = false
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            index = 1
        }
        var mantissa: Int64 = 0
        var digits = 0
        var fraction = 0
        var sawPoint = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 48, byte <= 57 {
                digits += 1
                if digits <= 18 { mantissa = mantissa * 10 + Int64(byte - 48) }
                if sawPoint { fraction += 1 }
            } else if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        // Both the digits and the power of ten are exact here, so one division rounds correctly.
        if index == bytes.count, digits <= 15, fraction <= 15 {
            let value = Double(mantissa) / powersOfTen[fraction]
            return isNegative ? 0 - value : value
        }
        if index < bytes.count {
            guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
            index += 1
            if index < bytes.count,
                bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
            {
                index += 1
            }
            guard index < bytes.count else { return nil }
            while index < bytes.count {
                guard bytes[index] >= 48, bytes[index] <= 57 else { return nil }
                index += 1
            }
        }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value + 0
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// The first day of the month or year that a day lies in.
    static func coarsened(_ day: Day, _ coarsening: ExtractContract.Coarsening) -> Day {
        let (year, month, _) = day.civil
        let first = coarsening == .month ? month : 1
        return Day(year: year, month: first, day: 1) ?? day
    }
}
