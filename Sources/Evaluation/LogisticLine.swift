import Foundation

/// outcome ~ intercept + slope · logit by maximum likelihood, the slope held at 1 where it is
/// not free.
struct LogisticLine {
    var intercept = 0.0
    var slope = 1.0
    var interceptError = 0.0
    var slopeError = 0.0

    /// The log-likelihood of a line with its first and second derivatives.
    private struct Surface {
        var likelihood = 0.0
        var (g0, g1) = (0.0, 0.0)
        var (h00, h01, h11) = (0.0, 0.0, 0.0)
    }

    /// As a share of the product of its diagonal, a smaller determinant is made of rounding.
    private static let leastDeterminant = 1e-14

    /// Newton's method with step-halving; `nil` where it does not converge.
    ///
    /// - Parameters:
    ///   - logits: Finite.
    ///   - outcome: 0 or 1, as many, of both kinds.
    ///   - slopeIsFree: Whether the slope is estimated too.
    static func fit(
        _ logits: [Double], _ outcome: [Double], slopeIsFree: Bool
    ) -> LogisticLine? {
        var line = LogisticLine()
        var surface = surface(line, logits, outcome, slopeIsFree)
        for _ in 0..<100 {
            let determinant = surface.h00 * surface.h11 - surface.h01 * surface.h01
            guard determinant > leastDeterminant * surface.h00 * surface.h11 else { return nil }
            let step = (
                (surface.h11 * surface.g0 - surface.h01 * surface.g1) / determinant,
                (surface.h00 * surface.g1 - surface.h01 * surface.g0) / determinant
            )
            line.interceptError = (surface.h11 / determinant).squareRoot()
            line.slopeError = (surface.h00 / determinant).squareRoot()
            if (surface.g0 * step.0 + surface.g1 * step.1).magnitude < 1e-18 {
                // At a likelihood of 1 the outcomes are separated, and the line is arbitrary.
                return line.interceptError.isFinite && line.slopeError.isFinite
                    && surface.likelihood < -1e-6 ? line : nil
            }
            var share = 1.0
            var moved = false
            for _ in 0..<30 {
                var next = line
                next.intercept += share * step.0
                next.slope += share * step.1
                let there = Self.surface(next, logits, outcome, slopeIsFree)
                let least =
                    surface.likelihood - 1e-12 * (surface.likelihood.magnitude + 1)
                if there.likelihood.isFinite && there.likelihood >= least {
                    (line, surface, moved) = (next, there, true)
                    break
                }
                share /= 2
            }
            // The steps that are left are below what the sums can tell.
            if !moved { return nil }
        }
        // The sums of many rows carry an error that may keep the last step above the limit.
        let determinant = surface.h00 * surface.h11 - surface.h01 * surface.h01
        let decrement =
            (surface.h11 * surface.g0 * surface.g0 - 2 * surface.h01 * surface.g0 * surface.g1
                + surface.h00 * surface.g1 * surface.g1) / determinant
        return determinant > leastDeterminant * surface.h00 * surface.h11
            && decrement.magnitude < 1e-12 ? line : nil
    }

    private static func surface(
        _ line: LogisticLine, _ logits: [Double], _ outcome: [Double], _ slopeIsFree: Bool
    ) -> Surface {
        var sum = Surface()
        // log(1 + e^−|η|) of many rows as the logarithm of a product, which stays below 2^512.
        var product = 1.0
        for index in logits.indices {
            let logit = logits[index]
            let linear = line.intercept + line.slope * logit
            let small = exp(-linear.magnitude)
            let expected = (linear >= 0 ? 1 : small) / (1 + small)
            let information = small / ((1 + small) * (1 + small))
            let isEvent = outcome[index] == 1
            sum.likelihood -= max(isEvent ? -linear : linear, 0)
            product *= 1 + small
            if index % 512 == 511 {
                sum.likelihood -= log(product)
                product = 1
            }
            let residual = (isEvent ? 1 : 0) - expected
            sum.g0 += residual
            sum.g1 += residual * logit
            sum.h00 += information
            sum.h01 += information * logit
            sum.h11 += information * logit * logit
        }
        sum.likelihood -= log(product)
        if !slopeIsFree { (sum.g1, sum.h01, sum.h11) = (0, 0, 1) }
        return sum
    }
}
