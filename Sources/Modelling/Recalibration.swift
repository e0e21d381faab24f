public import PipelineModel

/// A published equation fitted to the people here: its intercept alone, or intercept and slope.
///
/// Intercept: outcome ~ a + offset(η). Slope: outcome ~ a + b η. The equation becomes a + η, or
/// a + b η. Source: E. W. Steyerberg, "Clinical prediction models" (2nd ed.), 20.2, methods 1 and 2.
public struct Recalibration: Codable, Sendable, Equatable {
    /// What is fitted again.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case intercept, slope
    }

    public var kind: Kind
    /// a, in log odds.
    public var intercept: Double
    public var interceptStandardError: Double
    /// b; 1 where the intercept alone is fitted.
    public var slope: Double
    /// 0 where the intercept alone is fitted.
    public var slopeStandardError: Double
    public var rows: Int
    public var events: Int
    /// People or households by which the standard errors are; absent where each has one row.
    public var clusters: Int?

    /// Fits a (and b) by maximum likelihood.
    ///
    /// - Parameters:
    ///   - kind: What is fitted.
    ///   - predictors: η of each row by the published equation.
    ///   - outcomes: 0 or 1 for each row.
    ///   - clusters: The person or household of each row, from 0 without gaps, where rows of one
    ///     depend on each other: the standard errors are then those that hold all the same.
    /// - Throws: `StileError` where outcomes are of one kind or separated by η, or all η are equal
    ///   and a slope is asked for.
    public init(
        _ kind: Kind, predictors: [Double], outcomes: [Double], clusters: [UInt32]? = nil
    ) throws {
        let column = "linear predictor"
        let hasSlope = kind == .slope
        let design = PredictorDesign(values: hasSlope ? predictors : [], rowCount: predictors.count)
        guard !hasSlope || !Self.separates(predictors, outcomes) else {
            throw StileError(
                .input, "The published equation separates the outcomes, so that it has no slope.",
                remedy: "Use it as it stands, or recalibrate its intercept alone.")
        }
        let fitted = try LogisticRegression.fit(
            design, outcomes: Outcomes(values: outcomes),
            offsets: hasSlope ? nil : predictors, clusters: clusters,
            provenance: ModelProvenance(model: "recalibration"))
        guard fitted.aliased.isEmpty else {
            throw StileError(
                .input, "The published equation gives every row the same \(column).",
                remedy: "Recalibrate its intercept, or check the features that it uses.")
        }
        self.kind = kind
        intercept = fitted.intercept
        interceptStandardError =
            fitted.clusteredInterceptStandardError ?? fitted.interceptStandardError ?? 0
        slope = hasSlope ? fitted.terms[0].coefficient ?? 1 : 1
        slopeStandardError =
            hasSlope
            ? fitted.terms[0].clusteredStandardError ?? fitted.terms[0].standardError ?? 0 : 0
        self.clusters = fitted.clusters
        rows = fitted.rows
        events = fitted.events
    }

    /// Whether no η of one outcome is above any of the other, so that the likelihood grows with b
    /// without end.
    ///
    /// Exact in one dimension, where a hyperplane is a value of η. Source: A. Albert and J. A.
    /// Anderson, "On the existence of maximum likelihood estimates in logistic regression models",
    /// Biometrika 71 (1984): complete and quasi-complete separation.
    ///
    /// - Returns: `false` where outcomes are of one kind or all η are equal: then there is no slope
    ///   for another reason.
    static func separates(_ predictors: [Double], _ outcomes: [Double]) -> Bool {
        var range: [ClosedRange<Double>?] = [nil, nil]
        for (predictor, outcome) in zip(predictors, outcomes) where predictor.isFinite {
            let kind = outcome == 1 ? 1 : 0
            range[kind] =
                range[kind].map {
                    min($0.lowerBound, predictor)...max($0.upperBound, predictor)
                } ?? predictor...predictor
        }
        guard let without = range[0], let with = range[1],
            min(without.lowerBound, with.lowerBound) < max(without.upperBound, with.upperBound)
        else { return false }
        return without.upperBound <= with.lowerBound || with.upperBound <= without.lowerBound
    }

    /// The equation with a and b worked in.
    public func applied(to equation: ScoringEquation) -> ScoringEquation {
        var applied = equation
        applied.intercept = intercept + slope * equation.intercept
        for index in applied.terms.indices { applied.terms[index].coefficient *= slope }
        return applied
    }
}

/// A design of one column, or of none.
private struct PredictorDesign: DesignRows {
    let values: [Double]
    let rowCount: Int
    var columns: [String] { values.isEmpty ? [] : ["linear predictor"] }

    func withRows(
        _ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void
    ) throws {
        try values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            try body(
                LentRows(base: base + range.lowerBound, stride: values.count, columns: columns))
        }
    }
}
