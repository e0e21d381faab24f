import EncodedExtract
import PipelineModel

/// Checks a specification against the fields that the sources have.
enum SpecificationCheck {
    /// - Throws: One `StileError` with all faults.
    static func check(_ specification: LinkageSpecification, sources: [Encodings]) throws {
        let kinds = try FieldStore.kinds(sources)
        var faults: [StileError] = []
        func fault(_ message: String, _ remedy: String) {
            faults.append(StileError(.configuration, message, remedy: remedy))
        }
        for comparison in specification.comparisons ?? [] {
            for level in comparison.levels {
                for need in level.needs where kinds[need.field] != need.kind {
                    fault(
                        "The comparison “\(comparison.name)” needs the field “\(need.field)”, which no source has in that form.",
                        "Correct the name, or encode the field in the source zone.")
                }
            }
        }
        let blocking = specification.blocking ?? []
        for field in blocking where kinds[field] != .token {
            fault(
                "The blocking field “\(field)” is not a token that any source has.",
                "Correct the name, or add it under “blocking” in the source zone.")
        }
        for source in sources.sourceNames {
            let pieces = sources.filter { $0.source == source }
            guard pieces.allSatisfy({ $0["trusted"] == nil }),
                !blocking.contains(where: { field in pieces.contains { $0[field] != nil } })
            else { continue }
            fault(
                "The source “\(source)” has no blocking field, so none of its records could ever be linked.",
                "Give it the identity fields of a blocking key in the source zone, or a trusted key."
            )
        }
        if let pinned = specification.pinned {
            let asked = (specification.comparisons ?? []).map { [$0.name] + $0.levels.map(\.text) }
            let given = pinned.comparisons.map { [$0.name] + $0.levels.dropLast() }
            if asked != given {
                fault(
                    "The pinned parameters belong to other comparisons.",
                    "Pin the parameters that a run with these comparisons wrote.")
            }
        }
        if let error = StileError.all(faults) { throw error }
    }
}
