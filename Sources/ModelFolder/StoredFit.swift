import PipelineModel

/// What is read of `coefficients.json`; it may be of another release, or of a penalised fit, so
/// that whatever can be missing may be missing.
struct StoredFit: Decodable, Sendable, Equatable {
    struct Term: Decodable, Sendable, Equatable {
        var name: String
        /// Absent where the term is aliased, or the weight of the rows.
        var coefficient: Double?
        /// Absent where the term is aliased, the fit was penalised or the rows weighted.
        var standardError: Double?
        /// Absent where the rows were taken for independent and alike.
        var clusteredStandardError: Double?
        /// Absent but by Firth's method.
        var profileInterval: Interval?
        /// `true` for a term whose coefficient is 1 and no estimate.
        var isOffset: Bool?
    }

    /// Of a coefficient by Firth's method.
    struct Interval: Decodable, Sendable, Equatable {
        var lower: Double?
        var upper: Double?
        /// Why a bound is not there: `out_of_reach`, `not_converged`, or what another release says.
        var lowerMissing: String?
        var upperMissing: String?
    }

    /// How a penalised fit was held back.
    struct Penalty: Decodable, Sendable, Equatable {
        /// 0 for ridge, 1 for LASSO.
        var mixing: Double?
        var strength: Double?
        var chosenBy: String?
        /// Where λ lies at an end of what was tried: `strongest` or `weakest`.
        var pathEnd: String?
    }

    /// What the criteria of Riley and others ask for.
    struct SampleSize: Decodable, Sendable, Equatable {
        var candidates: Int
        var rows: Int
        var rowsForShrinkage: Int
        var rowsForOptimism: Int
        var rowsForPrevalence: Int
        var rowsForError: Int?
        var clustering: Clustering?
    }

    /// Rows that depend on each other.
    struct Clustering: Decodable, Sendable, Equatable {
        var rows: Int
        var clusters: Int
        var intraclassCorrelation: Double
        var designEffect: Double
        /// Of weights; absent where the rows count alike.
        var weightEffect: Double?
    }

    /// A column that says how many people each row of the fit stands for.
    struct Weighting: Decodable, Sendable, Equatable {
        var column: String
        var total: Double
        var designEffect: Double
    }

    /// What the test rows can tell.
    struct TestPrecision: Decodable, Sendable, Equatable {
        var discrimination: Double
        var calibrationSlope: Double?
        var netBenefit: Double?
    }

    var method: String?
    var intercept: Double
    var interceptStandardError: Double?
    var clusteredInterceptStandardError: Double?
    var interceptProfileInterval: Interval?
    var terms: [Term]
    var aliased: [String]?
    var rows: Int?
    var events: Int?
    /// Whether the specification says that the data are too few for more than a trial.
    var exploratory: Bool?
    var penalty: Penalty?
    var sampleSize: SampleSize?
    var testPrecision: TestPrecision?
    /// The intercept and the terms that have a coefficient.
    var parameters: [String]?
    /// In their order, row after row.
    var covariance: [Double]?
    var clusteredCovariance: [Double]?
    /// People, households or settings by which standard errors were made robust.
    var clusters: Int?
    /// Absent where the rows count alike.
    var weighting: Weighting?

    /// `nil` where the bytes hold no fit.
    init?(_ bytes: [UInt8]) {
        guard let fit = CanonicalForm.value(StoredFit.self, bytes) else { return nil }
        self = fit
    }

    /// The standard error of a term, the robust one where there is one; `nil` where the fit has
    /// none.
    func standardError(of name: String) -> Double? {
        let term = terms.first { $0.name == name }
        return (term?.clusteredStandardError ?? term?.standardError).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Whether a term is added as it is.
    func isOffset(_ name: String) -> Bool {
        terms.contains { $0.name == name && $0.isOffset == true }
    }

    /// Whether the fit has intervals by the profile of its likelihood.
    var hasProfiles: Bool { terms.contains { $0.profileInterval != nil } }

    /// The interval of a term by the profile of its likelihood, in words; `nil` where there is none.
    func interval(of name: String) -> String? {
        terms.first { $0.name == name }?.profileInterval.map(Self.text)
    }

    /// The interval of the intercept, likewise.
    var interceptInterval: String? { interceptProfileInterval.map(Self.text) }

    private static func text(_ interval: Interval) -> String {
        func bound(_ value: Double?, _ missing: String?) -> String {
            if let value { return Decimals.significant(value, digits: 3) }
            return switch missing {
            case "out_of_reach": "none within a thousand standard errors"
            case "not_converged": "not found (the fit on the way there did not converge)"
            default: "not found"
            }
        }
        return
            "\(bound(interval.lower, interval.lowerMissing)) to \(bound(interval.upper, interval.upperMissing))"
    }

    /// The standard error of the intercept, likewise.
    var interceptError: Double? {
        (clusteredInterceptStandardError ?? interceptStandardError).flatMap { $0 > 0 ? $0 : nil }
    }
}
