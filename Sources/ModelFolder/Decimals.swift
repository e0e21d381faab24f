import Foundation

/// Numbers as people read them.
enum Decimals {
    /// With so many digits that count, such as `0.0012` or `12000`.
    static func significant(_ value: Double, digits: Int = 6) -> String {
        guard value != 0 else { return "0" }
        let power = Int(floor(log10(value.magnitude)))
        guard power > -6, power < 15 else { return scientific(value, digits: digits) }
        return fixed(
            Double(scientific(value, digits: digits)) ?? value,
            decimals: max(0, digits - 1 - power))
    }

    /// In scientific form with so many digits, such as `1.2e-03`.
    static func scientific(_ value: Double, digits: Int) -> String {
        String(format: "%.\(max(0, digits - 1))e", value)
    }

    /// With so many decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }

    /// As a percentage with one decimal.
    static func percent(_ share: Double) -> String { "\(fixed(100 * share, decimals: 1)) %" }

    /// With a comma after each thousand.
    static func count(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        var text = count < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// The shortest decimal that reads back to the same bits.
    static func roundTrip(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15
            ? String(Int64(value)) : value.description
    }
}
