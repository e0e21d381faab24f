import Foundation

/// Student's distribution, for intervals and tests that rest on few clusters.
///
/// Up to 200 degrees of freedom in its closed form, beyond them the expansion of its 97.5 % point
/// about the normal one, and beyond 1,000 the normal distribution for the chance of a test. Source:
/// M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3, 26.7.4 and
/// 26.7.5.
enum StudentDistribution {
    /// The chance of a magnitude of at least `t`.
    static func twoSided(_ t: Double, _ degrees: Int) -> Double {
        guard degrees > 0 else { return 1 }
        return degrees > 1_000
            ? erfc(t.magnitude / 2.0.squareRoot()) : max(0, 1 - central(t.magnitude, degrees))
    }

    /// The 97.5 % point of a whole number of degrees of freedom; infinite where there is none.
    static func upper(_ degrees: Int) -> Double {
        guard degrees > 0 else { return .infinity }
        guard degrees <= 200 else { return expansion(Double(degrees)) }
        var (low, high) = (1.9, 13.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if central(middle, degrees) < 0.95 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The chance that the magnitude is below `t`.
    private static func central(_ t: Double, _ degrees: Int) -> Double {
        let angle = atan(t / Double(degrees).squareRoot())
        let (sine, cosine) = (sin(angle), cos(angle))
        let isOdd = degrees % 2 == 1
        var term = isOdd ? cosine : 1
        var sum = degrees == 1 ? 0 : term
        var power = isOdd ? 2.0 : 1
        while Int(power) <= degrees - 3 {
            term *= power / (power + 1) * cosine * cosine
            sum += term
            power += 2
        }
        return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
    }

    private static func expansion(_ degrees: Double) -> Double {
        let x = Interval.normalQuantile
        let square = x * x
        let terms = [
            x * (square + 1) / 4,
            x * ((5 * square + 16) * square + 3) / 96,
            x * (((3 * square + 19) * square + 17) * square - 15) / 384,
            x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
        ]
        return terms.reversed().reduce(0) { ($0 + $1) / degrees } + x
    }
}
