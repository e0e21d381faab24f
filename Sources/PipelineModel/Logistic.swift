#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The logistic function, safe for linear predictors of any size.
public enum Logistic {
    /// 1 ÷ (1 + e^−η), without overflow; the same bits on every machine.
    public static func probability(_ linearPredictor: Double) -> Double {
        let small = Exponential.ofMinus(linearPredictor.magnitude)
        return linearPredictor >= 0 ? 1 / (1 + small) : small / (1 + small)
    }

    /// log(p ÷ (1 − p)), with `probability` held inside 1e-15…1 − 1e-15.
    public static func logit(_ probability: Double) -> Double {
        let held = min(max(probability, 1e-15), 1 - 1e-15)
        return log(held) - log1p(-held)
    }

    /// log(1 + e^η), without overflow.
    public static func softplus(_ linearPredictor: Double) -> Double {
        max(linearPredictor, 0) + log1p(exp(-linearPredictor.magnitude))
    }
}
