import PipelineModel

/// The sizes that BLAS and LAPACK take: 32-bit integers.
enum Dimension {
    /// `size` as the libraries take it.
    ///
    /// - Throws: `StileError` with code `input` where it does not fit.
    static func checked(_ size: Int, of what: String) throws -> Int32 {
        guard let narrow = Int32(exactly: size), narrow >= 0 else {
            throw StileError(
                .input, "The \(what) of a matrix are too many for the linear algebra library.",
                remedy: "Fit the model on fewer rows or terms; the limit is 2,147,483,647.")
        }
        return narrow
    }
}
