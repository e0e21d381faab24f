import PipelineModel

/// Subjects that a source has given a new identity (adoption, change of gender, protection), and
/// those of the identity that was replaced: never one person, whatever they weigh.
///
/// A field `<name>.must_not_link` holds the replaced values of the identifier `<name>`, under the
/// key of its tokens. Who is kept from whom is what is protected: nothing here is ever printed.
struct MustNotLink {
    /// How the names of such fields end.
    static let suffix = ".must_not_link"
    /// More subjects than this that carry one replaced value: it is no identifier.
    static let mostCarriers = 100

    /// By the indices of subjects.
    private(set) var pairs: [(Int32, Int32)] = []
    /// Everyone in ``pairs``, and everyone with a replaced identity.
    private(set) var subjects: Set<Int32> = []

    /// - Throws: `StileError` with code `input` where a replaced value is one that many carry, so
    ///   that the source has put something else into the field.
    init(_ store: FieldStore) throws {
        var found: [UInt64: (Int32, Int32)] = [:]
        for (name, replaced) in store.sets.sorted(by: { $0.key < $1.key })
        where name.hasSuffix(Self.suffix) {
            let identifier = String(name.dropLast(Self.suffix.count))
            let wanted = Set(replaced.tokens)
            guard !wanted.isEmpty else { continue }
            var carriers: [UInt64: Set<Int32>] = [:]
            for (row, token) in (store.tokens[identifier]?.values ?? []).enumerated()
            where token != 0 && wanted.contains(token) {
                carriers[token, default: []].insert(store.rowSubject[row])
            }
            if let former = store.sets["\(identifier).any"] {
                former.forEach(0..<store.rowCount) { row, tokens in
                    for token in tokens where wanted.contains(token) {
                        carriers[token, default: []].insert(store.rowSubject[row])
                    }
                }
            }
            guard carriers.allSatisfy({ $0.value.count <= Self.mostCarriers }) else {
                throw StileError(
                    .input,
                    "A value of “\(name)” is carried by more than \(Self.mostCarriers) subjects, so it is no identifier of a replaced identity.",
                    remedy:
                        "Correct the column of the field in the source zone; until then nobody is linked."
                )
            }
            replaced.forEach(0..<store.rowCount) { row, tokens in
                guard !tokens.isEmpty else { return }
                let own = store.rowSubject[row]
                subjects.insert(own)
                for token in tokens {
                    for other in carriers[token] ?? [] where other != own {
                        subjects.insert(other)
                        let pair = (min(own, other), max(own, other))
                        found[Self.key(pair.0, pair.1)] = pair
                    }
                }
            }
        }
        pairs = found.sorted { $0.key < $1.key }.map(\.value)
    }

    var isEmpty: Bool { pairs.isEmpty }

    /// The pairs without those that must not be linked: they are not kept, so that no list, report
    /// or review can show them.
    func without(_ pairs: [PeopleClustering.Edge]) -> [PeopleClustering.Edge] {
        guard !isEmpty else { return pairs }
        let forbidden = Set(self.pairs.map { Self.key($0.0, $0.1) })
        return pairs.filter { !forbidden.contains(Self.key($0.left, $0.right)) }
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
