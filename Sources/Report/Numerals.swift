/// Numbers as a report sets them, the same on every machine and in every locale.
public enum Numerals {
    /// `1234567` as `1 234 567`, with narrow no-break spaces.
    public static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var result = value < 0 ? "\u{2212}" : ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, digits.count > 4, (digits.count - offset).isMultiple(of: 3) {
                result += "\u{202f}"
            }
            result.append(digit)
        }
        return result
    }

    /// A number with `decimals` (0–9) decimals; "not known" where it is not finite.
    public static func number(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "not known" }
        let places = min(max(decimals, 0), 9)
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
        guard scaled < 9e15 else { return "\(value)" }
        let whole = Int(scaled)
        let unit = Int(scale)
        let fraction = String(whole % unit)
        let sign = value < 0 && whole != 0 ? "\u{2212}" : ""
        let head = sign + count(whole / unit)
        guard places > 0 else { return head }
        return head + "." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
