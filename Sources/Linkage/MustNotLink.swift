import PipelineModel

/// Subjects that a source has given a new identity (adoption, change of gender, protection), and
/// those of the identity that was replaced: never one person, whatever they weigh.
///
/// A field `<name>.must_not_link` holds the replaced values of the identifier `<name>`, under the
/// key of its tokens. Who is kept from whom is what is protected: nothing here is ever printed.
/// Subjects that carry neither value are for ``ReplacedPeople``.
struct MustNotLink {
    /// One subject with a replaced identity: who is surely of the new one, and who of that before.
    struct Replacement {
        /// The subject, and those that carry its present value of the identifier.
        var new: [Int32]
        /// Those that carry a replaced value, now or before.
        var old: [Int32]
    }

    /// How the names of such fields end.
    static let suffix = ".must_not_link"
    /// More subjects than this that carry one replaced value: it is no identifier.
    static let mostCarriers = 100

    /// By the indices of subjects.
    private(set) var pairs: [(Int32, Int32)] = []
    /// Everyone in ``pairs``, and everyone with a replaced identity.
    private(set) var subjects: Set<Int32> = []
    /// In ascending order of the subjects that have been given a new identity.
    private(set) var replacements: [Replacement] = []

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
            var values: [Int32: Set<UInt64>] = [:]
            replaced.forEach(0..<store.rowCount) { row, tokens in
                guard !tokens.isEmpty else { return }
                values[store.rowSubject[row], default: []].formUnion(tokens)
            }
            let bearers = Self.bearers(of: identifier, values, store)
            for (own, tokens) in values.sorted(by: { $0.key < $1.key }) {
                subjects.insert(own)
                let old = tokens.reduce(into: Set<Int32>()) { $0.formUnion(carriers[$1] ?? []) }
                    .subtracting([own])
                guard !old.isEmpty else { continue }
                let new = bearers[own, default: []].subtracting(old).union([own])
                replacements.append(Replacement(new: new.sorted(), old: old.sorted()))
                subjects.formUnion(new.union(old))
                for one in new {
                    for other in old {
                        let pair = (min(one, other), max(one, other))
                        found[Self.key(pair.0, pair.1)] = pair
                    }
                }
            }
        }
        pairs = found.sorted { $0.key < $1.key }.map(\.value)
    }

    var isEmpty: Bool { pairs.isEmpty }

    /// For each subject with a replaced identity, the subjects that carry its present value of the
    /// identifier.
    private static func bearers(
        of identifier: String, _ replaced: [Int32: Set<UInt64>], _ store: FieldStore
    ) -> [Int32: Set<Int32>] {
        guard let column = store.tokens[identifier]?.values else { return [:] }
        // A number that was replaced may still stand in an older version of the same subject.
        var own: [Int32: Set<UInt64>] = [:]
        for (subject, tokens) in replaced {
            own[subject] = Set(store.rows(of: subject).map { column[$0] })
                .subtracting(tokens).subtracting([0])
        }
        let wanted = own.values.reduce(into: Set()) { $0.formUnion($1) }
        guard !wanted.isEmpty else { return [:] }
        var carriers: [UInt64: Set<Int32>] = [:]
        for (row, token) in column.enumerated() where token != 0 && wanted.contains(token) {
            carriers[token, default: []].insert(store.rowSubject[row])
        }
        return own.mapValues { tokens in
            tokens.reduce(into: []) { bearers, token in
                let found = carriers[token] ?? []
                // What more carry is no identifier, and tells nothing of who is who.
                if found.count <= mostCarriers { bearers.formUnion(found) }
            }
        }
    }

    /// Everyone in ``subjects``, and everyone who is one person with any of them in `state`.
    func hidden(_ state: LinkState, _ store: FieldStore) -> Set<SubjectPseudonym> {
        var hidden = Set(subjects.map { store.subjects[Int($0)] })
        guard !hidden.isEmpty else { return [] }
        let serials = Set(
            state.memberships.lazy.filter { hidden.contains($0.subject) }.map(\.serial))
        for membership in state.memberships where serials.contains(membership.serial) {
            hidden.insert(membership.subject)
        }
        return hidden
    }

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
