import PipelineModel

/// How many candidate pairs are held at once.
///
/// The pairs are worked out in segments of so many, so that what a linkage takes does not grow with
/// their number, but with that of the versions. Beside it stand a sample of at most 1.5 million
/// pairs for training and the pairs of one block, which is never cut.
struct PairBudget: Sendable {
    let most: Int

    /// Where nothing is said of memory.
    static let usual = 16_000_000
    /// With fewer than so many the work would be cut into pieces that are not worth it.
    static let fewest = 250_000
    /// A pair with its pattern, and what sorting them takes.
    private static let bytesPerPair = 40

    init(_ specification: LinkageSpecification, _ store: FieldStore) {
        guard let memory = specification.memory else {
            most = Self.usual
            return
        }
        most = max((memory * 1_000_000 - Self.bytes(store)) / Self.bytesPerPair, Self.fewest)
    }

    /// About what the versions take while they are compared, whatever the number of pairs.
    private static func bytes(_ store: FieldStore) -> Int {
        let sets = store.sets.count * 24 * store.rowCount
        // Tokens that are compared stand in records; beside them subjects, what their encodings say
        // of when, fingerprints of keys, groups, and the filters of a batch.
        return store.rowCount * (8 * store.tokens.count + 300) + sets
    }

    /// - Throws: `StileError` with code `configuration` where the memory that is allowed is less than
    ///   what the versions take before a pair is compared.
    static func check(_ specification: LinkageSpecification, _ store: FieldStore) throws {
        let needed = (bytes(store) + fewest * bytesPerPair) / 1_000_000 + 1
        guard let memory = specification.memory, memory < needed else { return }
        throw StileError(
            .configuration,
            "“memory” of the linkage is \(memory) MB, but \(store.rowCount) versions of identities take \(needed) MB with the fewest pairs at once.",
            remedy: "Set it to \(needed) at least, or leave it out.")
    }
}
