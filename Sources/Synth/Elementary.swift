/// The exponential and the logarithm from the four operations alone, so that the
/// county has the same bytes whatever mathematics library the machine has.
enum Elementary {
    /// e to the power of `x`, to a few units in the last place, for |x| < 700.
    ///
    /// Halves the argument to |r| ≤ ln 2 / 2 and sums the Taylor series.
    static func exp(_ x: Double) -> Double {
        let power = (x * 1.442695040888963407).rounded(.toNearestOrEven)
        let rest = (x - power * 0x1.62e42fee00000p-1) - power * 0x1.a39ef35793c76p-33
        var term = 1.0
        var sum = 1.0
        for index in 1...15 {
            term = term * rest / Double(index)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }

    /// The natural logarithm of a positive number.
    ///
    /// log(m 2ᵏ) = k ln 2 + 2 artanh((m − 1)/(m + 1)) with m in [1, 2).
    static func log(_ x: Double) -> Double {
        let ratio = (x.significand - 1) / (x.significand + 1)
        let square = ratio * ratio
        var power = ratio
        var sum = 0.0
        for index in stride(from: 1, through: 33, by: 2) {
            sum += power / Double(index)
            power *= square
        }
        return Double(x.exponent) * 0.693147180559945309 + 2 * sum
    }

    /// 1 / (1 + exp(−x)).
    static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
