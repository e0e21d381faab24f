import Foundation

/// The chi-square distribution, by the regularised incomplete gamma function.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.11.4 (series) and
/// 8.9.2 (continued fraction, evaluated by Lentz's method).
public enum ChiSquare {
    /// P(X > `statistic`) for X with `degreesOfFreedom`.
    public static func upperTail(_ statistic: Double, degreesOfFreedom: Int) -> Double {
        guard degreesOfFreedom > 0, statistic > 0 else { return 1 }
        guard statistic.isFinite else { return statistic.isNaN ? .nan : 0 }
        let shape = Double(degreesOfFreedom) / 2
        let point = statistic / 2
        let front = exp(shape * log(point) - point - lgamma(shape))
        if point < shape + 1 {
            var term = 1 / shape
            var sum = term
            var index = shape
            while term > sum * 1e-17 {
                index += 1
                term *= point / index
                sum += term
            }
            return max(0, 1 - front * sum)
        }
        let tiny = 1e-300
        var denominator = point + 1 - shape
        var ratio = 1 / tiny
        var inverse = 1 / denominator
        var fraction = inverse
        for index in 1..<10_000 {
            let numerator = -Double(index) * (Double(index) - shape)
            denominator += 2
            inverse = numerator * inverse + denominator
            if inverse.magnitude < tiny { inverse = tiny }
            ratio = denominator + numerator / ratio
            if ratio.magnitude < tiny { ratio = tiny }
            inverse = 1 / inverse
            let change = inverse * ratio
            fraction *= change
            if (change - 1).magnitude < 1e-16 { break }
        }
        return front * fraction
    }
}
