import StrictYAML

/// The penalty of ridge, LASSO and elastic net.
///
/// With W the sum of the weights, ℓ the log-likelihood and b the coefficients of the columns
/// divided by their population standard deviations, what is made least is
///
///     −ℓ ÷ W + λ ((1 − α) Σ b² ÷ 2 + α Σ |b|)
///
/// The intercept is not penalised. Source: J. Friedman, T. Hastie and R. Tibshirani,
/// "Regularization paths for generalized linear models via coordinate descent", J. Stat. Softw. 33
/// (2010); λ and α are on the scale of their program glmnet.
public struct Penalty: Sendable, Equatable {
    /// How strong the penalty is.
    public enum Strength: Sendable, Equatable {
        /// λ itself.
        case fixed(Double)
        /// Chosen by cross-validated deviance, along a path of λ.
        case crossValidated(CrossValidation)
    }

    /// How λ is chosen.
    public struct CrossValidation: Sendable, Equatable {
        /// Which λ of the path is taken.
        public enum Rule: String, Sendable, CaseIterable {
            /// That of the least mean deviance.
            case minimum
            /// The largest whose mean deviance is within one standard error of the least.
            case oneStandardError = "one_standard_error"
        }

        /// Parts into which the rows are divided; rows of one person stay together.
        public var folds: Int
        public var rule: Rule
        /// Which division it is.
        public var seed: UInt64

        public init(folds: Int = 10, rule: Rule = .minimum, seed: UInt64 = 1) {
            self.folds = folds
            self.rule = rule
            self.seed = seed
        }
    }

    /// α of an elastic net, in 0…1; ridge is 0 and LASSO 1 whatever it says.
    public var mixing: Double
    public var strength: Strength

    public init(
        mixing: Double = 0.5, strength: Strength = .crossValidated(CrossValidation())
    ) {
        self.mixing = mixing
        self.strength = strength
    }

    /// Reads the keys of the penalty from the mapping under `fit:`.
    static func parse(
        _ reader: inout MappingReader, _ method: FitSpecification.Method, _ faults: inout FaultList
    ) -> Penalty {
        var penalty = Penalty()
        let keys = ["strength", "mixing", "folds", "choose", "seed"]
        guard method.isPenalised else {
            for key in keys where reader.node(key) != nil {
                faults.add(
                    "“\(key)” belongs to a penalised method.", at: reader.place,
                    remedy: "Remove it, or fit by ridge, lasso or elastic_net.")
            }
            return penalty
        }
        if method == .elasticNet {
            penalty.mixing = reader.number("mixing", in: 0...1, default: 0.5, &faults)
        } else if reader.node("mixing") != nil {
            faults.add(
                "“mixing” belongs to the method elastic_net.", at: reader.place,
                remedy: "Remove it: ridge is a mixing of 0 and lasso one of 1.")
        }
        var validation = CrossValidation()
        validation.folds = reader.integer("folds", in: 2...50, default: 10, &faults)
        validation.seed = UInt64(
            reader.integer("seed", in: 0...Int(Int32.max), default: 1, &faults))
        if reader.node("choose") != nil {
            validation.rule =
                reader.choice("choose", of: CrossValidation.Rule.self, &faults) ?? .minimum
        }
        guard let node = reader.node("strength"),
            node.text("strength", &faults) != "cross_validated"
        else {
            penalty.strength = .crossValidated(validation)
            return penalty
        }
        penalty.strength = .fixed(reader.number("strength", in: 0...1e9, default: 0, &faults))
        return penalty
    }
}
