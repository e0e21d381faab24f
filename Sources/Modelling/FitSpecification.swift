public import StrictYAML

/// How a model is fitted: the `fit:` part of a model specification.
///
/// ```yaml
/// fit:
///   method: irls            # or firth, ridge, lasso, elastic_net
///   tolerance: 1e-9
///   maximum_iterations: 50
///   strength: 0.01          # penalised: λ, or cross_validated (the default)
///   mixing: 0.5             # elastic_net: the share of the absolute penalty
///   folds: 10               # cross_validated
///   choose: minimum         # or one_standard_error
///   seed: 1
///   correct_intercept: true # firth
///   profile_intervals: true # firth
///   offset: expected        # a column whose coefficient is 1
///   weights: stands_for     # a column with how many people each row stands for; not firth
///   candidates: 40          # parameters that were looked at before these
///   anticipated_r2: 0.05    # Cox–Snell; without it 15 % of the largest possible
///   exploratory: true       # fitted although the rows are too few
/// ```
public struct FitSpecification: Sendable, Equatable {
    /// The ways of fitting that this version knows.
    public enum Method: String, Sendable, CaseIterable {
        /// Maximum likelihood by iteratively reweighted least squares.
        case irls
        /// Firth's penalised likelihood, which has a maximum where outcomes are separated too.
        case firth
        /// Squared coefficients penalised.
        case ridge
        /// Absolute coefficients penalised: some become zero.
        case lasso
        /// A mixture of both penalties.
        case elasticNet = "elastic_net"

        /// Whether the coefficients themselves are penalised.
        public var isPenalised: Bool { self == .ridge || self == .lasso || self == .elasticNet }
    }

    public var method: Method
    /// The fit has converged once a Newton step would move no combination of
    /// coefficients by more than this many of its standard errors.
    public var tolerance: Double
    /// More steps than this are a fault.
    public var maximumIterations: Int
    /// The penalty of `ridge`, `lasso` and `elasticNet`.
    public var penalty: Penalty
    /// Firth: whether the intercept is fitted again by maximum likelihood, with the other terms
    /// held, so that the mean probability is the share of events.
    ///
    /// Source: R. Puhr and others, "Firth's logistic regression with rare events", Statistics in
    /// Medicine 36 (2017), FLIC.
    public var correctsIntercept: Bool
    /// Firth: whether each coefficient gets an interval by the profile of the penalised likelihood,
    /// which takes some thirty passes over the rows for each; not where rows are of clusters, of
    /// which a profile knows nothing.
    public var profilesIntervals: Bool
    /// Penalised, λ by cross-validation: whether the coefficients at each λ that is tried are kept.
    public var keepsPath = true
    /// The column that is added to each row's linear predictor as it is, in log odds, and gets no
    /// coefficient of its own; `nil` for none.
    public var offset: String?
    /// The column with how many people each row of the fit stands for (``SamplingWeights``), which
    /// gets no coefficient; `nil` where each row counts alike.
    public var weights: String?
    /// How many parameters were candidates before those of the model were chosen; `nil` for as
    /// many as the model has.
    public var candidates: Int?
    /// The Cox–Snell R² that is expected of the model; `nil` for a share of the largest possible.
    public var anticipatedR2: Double?
    /// Whether a model may be fitted although the rows are too few for it.
    public var exploratory: Bool

    public init(
        method: Method = .irls, tolerance: Double = 1e-9, maximumIterations: Int = 50,
        penalty: Penalty = Penalty(), correctsIntercept: Bool = true,
        profilesIntervals: Bool = false, candidates: Int? = nil,
        anticipatedR2: Double? = nil, exploratory: Bool = false
    ) {
        self.method = method
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
        self.penalty = penalty
        self.correctsIntercept = correctsIntercept
        self.profilesIntervals = profilesIntervals
        self.candidates = candidates
        self.anticipatedR2 = anticipatedR2
        self.exploratory = exploratory
    }

    /// The steps that the method may take: Firth's shrink steadily and not ever faster.
    var mostSteps: Int { method == .firth ? 10 * maximumIterations : maximumIterations }

    /// The share of the absolute penalty that the method stands for.
    var mixing: Double {
        switch method {
        case .lasso: 1
        case .elasticNet: penalty.mixing
        case .irls, .firth, .ridge: 0
        }
    }

    /// Reads the node under `fit:`; every fault is noted in `faults`.
    public static func parse(_ node: YAMLNode, faults: inout FaultList) -> FitSpecification {
        var reader = MappingReader(node, what: "fit", faults: &faults)
        let standard = FitSpecification()
        let method = reader.choice("method", of: Method.self, &faults) ?? .irls
        let tolerance = reader.number(
            "tolerance", in: 1e-12...1e-4, default: standard.tolerance, &faults)
        let iterations = reader.integer(
            "maximum_iterations", in: 1...1_000, default: standard.maximumIterations, &faults)
        let penalty = Penalty.parse(&reader, method, &faults)
        let corrects = reader.boolean("correct_intercept", default: true, &faults)
        let profiles = reader.boolean("profile_intervals", default: true, &faults)
        for key in ["correct_intercept", "profile_intervals"]
        where reader.node(key) != nil && method != .firth {
            faults.add(
                "“\(key)” belongs to the method firth.", at: reader.place,
                remedy: "Remove it, or fit by firth.")
        }
        var candidates: Int?
        if reader.node("candidates") != nil {
            candidates = reader.integer("candidates", in: 1...100_000, default: 1, &faults)
        }
        var anticipated: Double?
        if reader.node("anticipated_r2") != nil {
            anticipated = reader.number("anticipated_r2", in: 1e-6...0.99, &faults)
        }
        let exploratory = reader.boolean("exploratory", default: false, &faults)
        let offset = reader.optionalString("offset", &faults)
        let weights = reader.optionalString("weights", &faults)
        if weights != nil, method == .firth {
            faults.add(Self.noWeightsForFirth, at: reader.place, remedy: Self.withoutFirth)
        }
        if let weights, weights == offset {
            faults.add(
                "“\(weights)” is both offset and weight.", at: reader.place,
                remedy: "Remove one of them.")
        }
        reader.finish(&faults)
        var specification = FitSpecification(
            method: method, tolerance: tolerance, maximumIterations: iterations, penalty: penalty,
            correctsIntercept: corrects, profilesIntervals: profiles && method == .firth,
            candidates: candidates,
            anticipatedR2: anticipated, exploratory: exploratory)
        specification.offset = offset
        specification.weights = weights
        return specification
    }

    /// Firth's penalty is that of so many independent rows, which weighted rows are not.
    static let noWeightsForFirth =
        "Firth’s penalised likelihood is not known to correct anything where rows are weighted."
    static let withoutFirth = "Fit by irls, ridge, lasso or elastic_net, or without weights."

    /// The columns of the design that get no coefficient of their own to estimate.
    public var unestimated: Set<String> { Set([offset, weights].compactMap(\.self)) }
}
