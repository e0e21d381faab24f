import PipelineModel

extension LinkState {
    /// The specification by which people were linked: what the configuration leaves out derived
    /// from the fields that are held, and the threshold that training chose.
    ///
    /// - Parameters:
    ///   - specification: The `linkage:` configuration.
    ///   - next: What to do once people are linked by it, for the remedy.
    /// - Throws: `StileError` with code `input` where people were linked by another.
    func linkedBy(
        _ specification: LinkageSpecification, then next: String
    ) throws -> LinkageSpecification {
        let resolved = try specification.resolved(over: held)
        guard self.specification == resolved.digest else {
            throw StileError(
                .input,
                "People were linked by another specification of linkage than the configuration has now.",
                remedy: "Run stile link, then \(next).")
        }
        return resolved.taking(parameters)
    }
}
