extension FolderCheck {
    /// What is wrong with the standard errors of a fit: each must be the root of its place on the
    /// diagonal of the covariance.
    static func errorFaults(_ fit: StoredFit) -> [String] {
        faults(
            fit.covariance ?? [], "covariance", fit.parameters ?? [],
            intercept: fit.interceptStandardError,
            terms: fit.terms.map { ($0.name, $0.standardError) })
            + faults(
                fit.clusteredCovariance ?? [], "clustered covariance", fit.parameters ?? [],
                intercept: fit.clusteredInterceptStandardError,
                terms: fit.terms.map { ($0.name, $0.clusteredStandardError) })
    }

    private static func faults(
        _ covariance: [Double], _ what: String, _ parameters: [String], intercept: Double?,
        terms: [(name: String, error: Double?)]
    ) -> [String] {
        guard !covariance.isEmpty else {
            return terms.contains { $0.error != nil }
                ? ["coefficients.json has standard errors without their covariance."] : []
        }
        let order = parameters.count
        guard covariance.count == order * order else {
            return ["The \(what) of coefficients.json is not a square of the parameters."]
        }
        return parameters.indices.compactMap { place in
            let name = parameters[place]
            let error = place == 0 ? intercept : terms.first { $0.name == name }?.error
            // The error of an intercept that was fitted again is not stated.
            if place == 0, error == nil { return nil }
            let root = max(covariance[place * order + place], 0).squareRoot()
            if let error, (error - root).magnitude <= tolerance * root { return nil }
            return "The standard error of \(name) is not that of its covariance."
        }
    }
}
