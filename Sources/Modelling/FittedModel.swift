public import Foundation
public import PipelineModel

/// What a fitted model was made from, for its record.
public struct ModelProvenance: Codable, Sendable, Equatable {
    /// The name of the model.
    public var model: String
    /// The SHA-256 of the specification, in hexadecimal digits.
    public var specification: String
    /// The SHA-256 of each input, in hexadecimal digits, by name.
    public var data: [String: String]

    public init(model: String, specification: String = "", data: [String: String] = [:]) {
        self.model = model
        self.specification = specification
        self.data = data
    }
}

/// A logistic regression with all that is needed to score, explain and check it.
///
/// Stored as `coefficients.json`: canonical JSON (keys sorted, in snake case, no
/// spaces), doubles in the shortest form that reads back to the same bits.
public struct FittedModel: Codable, Sendable, Equatable {
    /// The name of the intercept among ``parameters``.
    public static let interceptName = "(intercept)"
    /// The version of the stored form; a reader refuses one that it does not know.
    public static let formatVersion = 3

    /// A column of the matrix and what the fit made of it.
    public struct Term: Codable, Sendable, Equatable {
        public var name: String
        /// The log odds ratio of one unit; absent where the term is aliased or the weight of the rows.
        public var coefficient: Double?
        /// From the inverse Hessian at the estimate; absent where the term is aliased, and where the
        /// coefficients are penalised or the rows weighted, for which it would promise too much.
        public var standardError: Double?
        /// The standard error by the sandwich, which holds where rows of one person or household
        /// depend on each other, and where rows are weighted, each by itself if need be; else absent.
        public var clusteredStandardError: Double?
        /// Firth: the 95 % interval by the profile of the penalised likelihood, which takes the place
        /// of coefficient ± 1.96 standard errors.
        public var profileInterval: ProfileInterval?
        /// The (weighted) mean of the column in the fitting data.
        public var mean: Double
        /// The (weighted) standard deviation by which the column was divided inside the fit, on which
        /// a penalty looks at its coefficient; absent where there is no penalty, and for a constant.
        public var scale: Double?
        /// `true` for an offset, whose coefficient is 1 and no estimate; absent for other terms.
        public var isOffset: Bool?
        /// `true` for the column that weights the rows, which is no term of the equation.
        public var isWeight: Bool?

        public init(
            name: String, coefficient: Double?, standardError: Double?,
            clusteredStandardError: Double? = nil, profileInterval: ProfileInterval? = nil,
            mean: Double, isOffset: Bool? = nil, isWeight: Bool? = nil
        ) {
            self.isOffset = isOffset
            self.isWeight = isWeight
            self.name = name
            self.coefficient = coefficient
            self.standardError = standardError
            self.clusteredStandardError = clusteredStandardError
            self.profileInterval = profileInterval
            self.mean = mean
        }
    }

    public var format: Int
    public var provenance: ModelProvenance
    public var method: String
    public var intercept: Double
    /// Absent where the coefficients are penalised, or where Firth's intercept was corrected.
    public var interceptStandardError: Double?
    public var clusteredInterceptStandardError: Double?
    /// As ``Term/profileInterval``; absent where the intercept was corrected.
    public var interceptProfileInterval: ProfileInterval?
    /// All columns of the matrix, in its order.
    public var terms: [Term]
    /// The terms without a coefficient of their own: constant, or a linear
    /// combination of the columns before them.
    public var aliased: [String]
    /// The names of the rows and columns of ``covariance``: the intercept, then the
    /// terms that are not aliased.
    public var parameters: [String]
    /// The covariance of the estimates, column-major, `parameters.count` squared.
    ///
    /// Empty where the coefficients are penalised or the rows weighted. Where Firth's intercept was corrected, the rows of the
    /// intercept are those of the one before.
    public var covariance: [Double]
    /// The covariance by clusters of rows, or by rows where they are weighted, of the same form; empty
    /// where there is none.
    public var clusteredCovariance: [Double]
    /// People or households among the rows, where one of them has several rows.
    public var clusters: Int?
    /// By what the rows are weighted, where a column says whom each stands for.
    public var weighting: Weighting?
    /// Whether the rows were enough for so many parameters, by the criteria of Riley and others.
    public var sampleSize: SampleSize?
    /// What the test rows can tell at best.
    public var testPrecision: TestPrecision?
    /// Whether the model was fitted although the rows were too few, as its specification says.
    public var exploratory: Bool
    /// The penalty and how it was chosen, where the coefficients are penalised.
    public var penalty: FittedPenalty?
    /// Firth: ℓ + ½ log det of the information, and the intercept before it was corrected.
    public var penalisedLogLikelihood: Double?
    public var uncorrectedIntercept: Double?
    /// Rows fitted on, and those of them with outcome 1.
    public var rows: Int
    public var events: Int
    /// The sum of the weights; the number of rows where there were none, or where they say whom a row
    /// stands for: then likelihood and deviance are of weights with a mean of 1.
    public var totalWeight: Double
    public var logLikelihood: Double
    /// −2 × the log-likelihood.
    public var deviance: Double
    /// The deviance of the intercept (and offset) alone.
    public var nullDeviance: Double
    /// Newton steps taken.
    public var iterations: Int
    /// How often the information was worked out over all rows.
    public var informations: Int
    /// √(gᵀH⁻¹g) at the estimate: the next step, in standard errors.
    public var newtonDecrement: Double
    /// The largest |gradient| at the estimate, each divided by the root of its information.
    public var scaledGradient: Double
    /// `cholesky`, or `qr` where the design is ill-conditioned.
    public var factorisation: String
    /// An estimate of the reciprocal condition number of the scaled Hessian.
    public var reciprocalCondition: Double
    /// The library that did the linear algebra.
    public var blas: String
    /// The processor, by which kernels are chosen: the same library on another one gives other last
    /// bits.
    public var processor: String
}

extension FittedModel {
    /// The estimates in the order of ``parameters``.
    public var estimates: [Double] { [intercept] + estimated.compactMap(\.coefficient) }

    /// The terms whose coefficients are estimates.
    private var estimated: [Term] { terms.filter { $0.coefficient != nil && $0.isOffset != true } }

    /// The standard errors in the order of ``parameters``; empty where there are none.
    public var standardErrors: [Double] {
        covariance.isEmpty ? [] : Self.errors(covariance, parameters.count)
    }

    /// The standard errors by clusters in the order of ``parameters``; empty where there are none.
    public var clusteredStandardErrors: [Double] {
        clusteredCovariance.isEmpty ? [] : Self.errors(clusteredCovariance, parameters.count)
    }

    private static func errors(_ covariance: [Double], _ count: Int) -> [Double] {
        (0..<count).map { covariance[$0 * count + $0].squareRoot() }
    }

    /// The equation that scoring uses; an aliased term is not in it.
    public var equation: ScoringEquation {
        ScoringEquation(
            name: provenance.model, intercept: intercept,
            terms: terms.compactMap { term in
                term.coefficient.map {
                    ScoringEquation.Term(name: term.name, coefficient: $0, mean: term.mean)
                }
            })
    }

    /// The canonical JSON of the model, with a newline at its end.
    public func canonicalJSON() throws -> Data {
        try Data(
            CanonicalForm.bytes(
                self, keys: .snakeCase, lines: .one,
                otherwise: StileError(
                    .integrity, "The fitted model holds a number that is not finite.",
                    remedy: "Fit it again; a model like this must not be stored.")))
    }

    /// Reads what ``canonicalJSON()`` wrote.
    ///
    /// - Parameters:
    ///   - data: The bytes of the file.
    ///   - file: What messages call the data.
    /// - Throws: `StileError` with code `integrity` where it is not such a model.
    public init(canonicalJSON data: Data, file: String) throws {
        let place = StileError.Place(file: file)
        guard let model = CanonicalForm.value(FittedModel.self, data) else {
            throw StileError(
                .integrity, "This is not a stored model.", at: place,
                remedy: "Restore the file, or train the model again.")
        }
        guard model.format == FittedModel.formatVersion else {
            throw StileError(
                .integrity, "The stored model has format \(model.format), which is not known.",
                at: place,
                remedy: "Use the version of Stile that wrote it, or train the model again.")
        }
        let estimated = model.estimated.map(\.name)
        let square = model.parameters.count * model.parameters.count
        guard model.parameters == [FittedModel.interceptName] + estimated,
            [0, square].contains(model.covariance.count),
            [0, square].contains(model.clusteredCovariance.count)
        else {
            throw StileError(
                .integrity, "The covariance of the stored model does not fit its terms.",
                at: place, remedy: "Restore the file, or train the model again.")
        }
        self = model
    }
}
