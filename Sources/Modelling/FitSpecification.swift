public import StrictYAML

/// How a model is fitted: the `fit:` part of a model specification.
///
/// ```yaml
/// fit:
///   method: irls
///   tolerance: 1e-9
///   maximum_iterations: 50
/// ```
public struct FitSpecification: Sendable, Equatable {
    /// The ways of fitting that this version knows.
    public enum Method: String, Sendable, CaseIterable {
        /// Maximum likelihood by iteratively reweighted least squares.
        case irls
    }

    public var method: Method
    /// The fit has converged once a Newton step would move no combination of
    /// coefficients by more than this many of its standard errors.
    public var tolerance: Double
    /// More steps than this are a fault.
    public var maximumIterations: Int

    public init(
        method: Method = .irls, tolerance: Double = 1e-9, maximumIterations: Int = 50
    ) {
        self.method = method
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// Reads the node under `fit:`; every fault is noted in `faults`.
    public static func parse(_ node: YAMLNode, faults: inout FaultList) -> FitSpecification {
        var reader = MappingReader(node, what: "fit", faults: &faults)
        let standard = FitSpecification()
        let method = reader.choice("method", of: Method.self, &faults)
        let tolerance = reader.number(
            "tolerance", in: 1e-12...1e-4, default: standard.tolerance, &faults)
        let iterations = reader.integer(
            "maximum_iterations", in: 1...1_000, default: standard.maximumIterations, &faults)
        reader.finish(&faults)
        return FitSpecification(
            method: method ?? .irls, tolerance: tolerance, maximumIterations: iterations)
    }
}
