import PipelineModel

/// What must be one person and what must not, whatever the weights say, by the indices of
/// subjects.
struct LinkConstraints {
    /// In order of precedence: what people have said, then trusted keys.
    private(set) var together: [(Int32, Int32)] = []
    private(set) var apart: [(Int32, Int32)] = []

    init(_ overrides: LinkOverrides, _ mustNotLink: MustNotLink, _ store: FieldStore) {
        apart = mustNotLink.pairs
        for entry in overrides.standing {
            // A subject that no source holds any longer binds nobody.
            let pairs = entry.pairs.compactMap { left, right -> (Int32, Int32)? in
                guard let one = store.index(of: left), let two = store.index(of: right) else {
                    return nil
                }
                return (one, two)
            }
            if entry.kind == .join { together += pairs } else { apart += pairs }
        }
        together += SubjectPairs.trusted(store, besides: mustNotLink.subjects)
    }

    /// Keeps further subjects apart.
    mutating func separate(_ pairs: [(Int32, Int32)]) { apart += pairs }
}
