/// What is read of `coefficients.json`; it may be of another release, or of a penalised fit, so
/// that whatever can be missing may be missing.
struct StoredFit: Decodable, Sendable, Equatable {
    struct Term: Decodable, Sendable, Equatable {
        var name: String
        /// Absent where the term is aliased.
        var coefficient: Double?
        /// Absent where the term is aliased or the fit was penalised.
        var standardError: Double?
    }

    var method: String?
    var intercept: Double
    var interceptStandardError: Double?
    var terms: [Term]
    var aliased: [String]?
    var rows: Int?
    var events: Int?
    var iterations: Int?
    var factorisation: String?
    var blas: String?

    /// `nil` where the bytes hold no fit.
    init?(_ bytes: [UInt8]) {
        guard let fit = CanonicalForm.value(StoredFit.self, bytes) else { return nil }
        self = fit
    }

    /// The standard error of a term; `nil` where the fit has none.
    func standardError(of name: String) -> Double? {
        terms.first { $0.name == name }?.standardError.flatMap { $0 > 0 ? $0 : nil }
    }
}
