import Identifiers

/// The parts of a date in its normal form, without a copy.
///
/// A whole date is `yyyymmdd`. Behind one of which a part is not given or impossible stand the
/// parts that can be used and a mark, a byte that no normal form has, for it is in no UTF-8.
enum DateParts {
    typealias Value = UnsafeBufferPointer<UInt8>

    /// What can be taken from a date; the raw value is its bit in a partial one.
    enum Form: UInt8 {
        case year = 1
        case yearMonth = 2
        case yearDay = 4
        case monthDay = 8
        /// Day and month exchanged.
        case swapped = 16
    }

    private static let mark: UInt8 = 0xff

    /// Whether a value of any kind is more than parts of a date.
    @inline(__always)
    static func isWhole(_ value: Value) -> Bool { value.last != mark }

    /// Appends the normal form of a date.
    static func append(_ date: BirthDate, to bytes: inout [UInt8]) {
        append(date.year, digits: 4, to: &bytes)
        append(date.month, digits: 2, to: &bytes)
        append(date.day, digits: 2, to: &bytes)
    }

    /// Appends the normal form of a date of which some parts can be used.
    static func append(_ date: PartialBirthDate, to bytes: inout [UInt8]) {
        append(date.year ?? 0, digits: 4, to: &bytes)
        append(date.month ?? 0, digits: 2, to: &bytes)
        append(date.day ?? 0, digits: 2, to: &bytes)
        let (year, month, day) = (
            date.possibleYear != nil, date.possibleMonth != nil, date.possibleDay != nil
        )
        let forms: [(Form, Bool)] = [
            (.year, year), (.yearMonth, year && month), (.yearDay, year && day),
            (.monthDay, date.hasPossibleAnniversary), (.swapped, date.isPossibleExchanged),
        ]
        bytes.append(forms.reduce(0) { $1.1 ? $0 | $1.0.rawValue : $0 })
        bytes.append(mark)
    }

    /// Appends a part of a normal form; false where the date does not have it.
    @inline(__always)
    static func append(_ form: Form, of value: Value, to bytes: inout [UInt8]) -> Bool {
        if !isWhole(value) {
            guard value[8] & form.rawValue != 0 else { return false }
        } else if form == .swapped {
            // The day must be able to stand as a month.
            guard value[6] == 0x30 || value[6] == 0x31 && value[7] <= 0x32 else { return false }
        }
        switch form {
        case .year: bytes.append(contentsOf: value[..<4])
        case .yearMonth: bytes.append(contentsOf: value[..<6])
        case .yearDay:
            bytes.append(contentsOf: value[..<4])
            bytes.append(contentsOf: value[6..<8])
        case .monthDay: bytes.append(contentsOf: value[4..<8])
        case .swapped:
            bytes.append(contentsOf: value[..<4])
            bytes.append(contentsOf: value[6..<8])
            bytes.append(contentsOf: value[4..<6])
        }
        return true
    }

    /// The year; 0 where it is missing.
    static func year(_ value: Value) -> Int {
        guard isWhole(value) || value[8] & Form.year.rawValue != 0 else { return 0 }
        return value.prefix(4).reduce(0) { 10 * $0 + Int($1) - 0x30 }
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
