public import PipelineModel

/// All overrides that were ever recorded, in their order; nothing is taken out of it.
public struct LinkOverrides: Sendable, Equatable {
    public private(set) var entries: [LinkOverride] = []

    /// The longest reason, in characters.
    public static let longestReason = 300

    public init() {}

    init(entries: [LinkOverride]) { self.entries = entries }

    public var isEmpty: Bool { entries.isEmpty }

    /// The entries that join or separate and that nobody has undone.
    public var standing: [LinkOverride] {
        let undone = Set(entries.compactMap(\.undoes))
        return entries.filter { $0.kind != .undo && !undone.contains($0.number) }
    }

    /// Records that subjects are one person, or that they are not.
    ///
    /// - Parameters:
    ///   - kind: Join or separate.
    ///   - left: Subjects on one side, such as all of a person.
    ///   - right: Subjects on the other.
    ///   - grounds: Who says so, when and why.
    /// - Returns: The entry with its number.
    /// - Throws: `StileError` with code `input` where it contradicts what stands, says what
    ///   stands already, or its grounds are not as they should be.
    @discardableResult
    public mutating func record(
        _ kind: LinkOverride.Kind, _ left: [SubjectPseudonym], _ right: [SubjectPseudonym],
        _ grounds: LinkOverride.Grounds
    ) throws -> LinkOverride {
        let (one, two) = (Set(left), Set(right))
        guard kind != .undo, !one.isEmpty, !two.isEmpty, one.isDisjoint(with: two) else {
            throw StileError(
                .input, "An override needs two sides that have no subject in common.",
                remedy: "Name two different subjects, or two different people.")
        }
        try Self.check(grounds)
        let entry = LinkOverride(
            number: entries.count + 1, kind: kind, left: one.sorted(), right: two.sorted(),
            grounds: grounds)
        if let same = standing.first(where: {
            $0.kind == kind
                && [[$0.left, $0.right], [$0.right, $0.left]].contains([entry.left, entry.right])
        }) {
            throw StileError(
                .input, "Override \(same.number) says so already.",
                remedy: "Nothing needs to be done; stile link override list shows it.")
        }
        try checkAgreement(with: entry)
        entries.append(entry)
        return entry
    }

    /// Records that an entry no longer stands.
    ///
    /// - Throws: `StileError` with code `input` where there is no such entry that stands.
    @discardableResult
    public mutating func undo(_ number: Int, _ grounds: LinkOverride.Grounds) throws
        -> LinkOverride
    {
        try Self.check(grounds)
        guard standing.contains(where: { $0.number == number }) else {
            throw StileError(
                .input,
                entries.contains { $0.number == number }
                    ? "Override \(number) does not stand: it was undone, or is itself an undoing."
                    : "There is no override \(number).",
                remedy:
                    "stile link override list says which stand; to say one again, record it anew.")
        }
        let entry = LinkOverride(
            number: entries.count + 1, kind: .undo, left: [], right: [], undoes: number,
            grounds: grounds)
        entries.append(entry)
        return entry
    }

    /// Two subjects that are joined, through whatever others, cannot be separated.
    private func checkAgreement(with new: LinkOverride) throws {
        let standing = standing
        var groups = SubjectGroups()
        for entry in standing + [new] where entry.kind == .join {
            for (left, right) in entry.pairs { groups.join(left, right) }
        }
        for entry in standing + [new] where entry.kind == .separate {
            guard let pair = entry.pairs.first(where: { groups.areOne($0.0, $0.1) }) else {
                continue
            }
            let against =
                entry.number == new.number
                ? standing.filter { join in
                    join.kind == .join && join.left.contains { groups.areOne($0, pair.0) }
                }.map(\.number) : [entry.number]
            let which = against.map(String.init).joined(separator: ", ")
            throw StileError(
                .input,
                against.count == 1
                    ? "Override \(which) says the opposite."
                    : "The overrides \(which) together say the opposite.",
                remedy:
                    "Find out who is right; then undo the other with stile link override undo, and record this one."
            )
        }
    }

    private static func check(_ grounds: LinkOverride.Grounds) throws {
        let allowed = grounds.who.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...64).contains(grounds.who.utf8.count) else {
            throw StileError(
                .input, "Who records an override is not named by an id.",
                remedy: "Give an account or a holder's id of a–z, 0–9, “.”, “_” and “-”; no name.")
        }
        let reason = grounds.reason
        guard (1...longestReason).contains(reason.count),
            reason.contains(where: { !$0.isWhitespace }),
            !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw StileError(
                .input, "The reason of an override is empty, too long or has control characters.",
                remedy:
                    "Say why in one line of at most \(longestReason) characters that names nobody.")
        }
    }
}

/// Subjects that are one person by what was said, directly or through others.
struct SubjectGroups {
    private var parent: [SubjectPseudonym: SubjectPseudonym] = [:]

    mutating func join(_ left: SubjectPseudonym, _ right: SubjectPseudonym) {
        let (one, two) = (root(left), root(right))
        if one != two { parent[max(one, two)] = min(one, two) }
    }

    func areOne(_ left: SubjectPseudonym, _ right: SubjectPseudonym) -> Bool {
        root(left) == root(right)
    }

    private func root(_ subject: SubjectPseudonym) -> SubjectPseudonym {
        var root = subject
        while let next = parent[root] { root = next }
        return root
    }
}
