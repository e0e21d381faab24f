import EncodedExtract
import Identifiers
public import Pseudonymise

/// One attack on one stored field.
public struct AttackFinding: Sendable {
    /// Which attack.
    public enum Method: String, Sendable, CaseIterable {
        case ranking
        case patternMining = "pattern_mining"
        case graphMatching = "graph_matching"
        case knownPeople = "known_people"
        case leakedSalt = "dictionary_leaked_salt"
        case leakedKey = "dictionary_leaked_key"
    }

    public var method: Method
    public var knowledge: Knowledge
    /// The encoded field.
    public var field: String
    /// What is stored there: token, token set or filter.
    public var form: String
    /// The token field that salts it.
    public var salt: String?
    public var target: AttackedRecords.Target
    public var score: AttackScore
    /// How long one core took, where the time is the point.
    public var seconds: Double?
    /// How many dictionary entries were encoded.
    public var encoded: Int?
    /// How many entries there are in all, where not all of them were encoded.
    public var candidates: Int?

    /// How long all of the entries would take, worked out from the measured rate.
    public var extrapolatedSeconds: Double? {
        guard let seconds, let encoded, let candidates, encoded > 0 else { return nil }
        return seconds / Double(encoded) * Double(candidates)
    }

    /// Whether nine records in ten or more were read by counting alone: there are few values, or few that
    /// are common.
    public var isReadByCounting: Bool {
        method == .ranking && target == .content && score.records > 0
            && 10 * score.first >= 9 * score.records
    }
}

/// How much the costly attacks take on; what is left out is a sample's rest, never another kind.
public struct AttackLimits: Sendable {
    /// The most nodes of one similarity graph, the commonest values first.
    public var nodesInGraph = 400
    /// The most nodes of all graphs of a field together.
    public var nodesInAll = 6_000
    /// The groups whose patterns are mined, the largest first, and the most rows of one.
    public var minedGroups = 10
    public var minedRows = 20_000
    /// How many people are known to the attacker who knows who some of the records are, at most half.
    public var knownPeople = 1_000
    /// About how many records are compared with a dictionary, or with known people.
    public var enumeratedRecords = 4_000
    /// About how many entries of a dictionary are encoded for one field, under all its salts.
    public var encodedEntries = 5_000_000
    /// How many identifiers are encoded at least, so that the rate can be measured.
    public var encodedIdentifiers = 100_000

    public init() {}
}

/// Every attack on every stored value of a deployment's encodings.
public struct AttackSuite: Sendable {
    private let records: AttackedRecords
    private let limits: AttackLimits

    public init(_ records: AttackedRecords, limits: AttackLimits = AttackLimits()) {
        self.records = records
        self.limits = limits
    }

    /// - Parameters:
    ///   - key: The project's own pseudonymiser, for the controller who holds the key; `nil` leaves
    ///     the attacks with a key out.
    ///   - foreign: A pseudonymiser of the same specification under a key of the attacker's own.
    ///   - methods: Which attacks to run.
    ///   - fields: The encoded fields to attack; all of them where `nil`.
    /// - Returns: In the order of the methods, then of the fields.
    public func run(
        key: Pseudonymiser? = nil, foreign: Pseudonymiser? = nil,
        methods: Set<AttackFinding.Method> = Set(AttackFinding.Method.allCases),
        fields: [String]? = nil
    ) -> [AttackFinding] {
        var findings: [AttackFinding] = []
        for field in records.encodings.fields.sorted(by: { $0.name < $1.name })
        where fields?.contains(field.name) ?? true {
            if field.name.hasSuffix(".band") {
                if methods.contains(.ranking) { findings += band(field.name) }
                continue
            }
            let stored = StoredValues(field, of: records)
            for target in targets(stored) {
                guard let truth = records.truth(target, of: field.name) else { continue }
                let isWhole = target == .content && stored.form != .filter
                findings += attack(
                    isWhole ? StoredValues(field, of: records, isWhole: true) : stored, target,
                    truth, key: key, foreign: foreign, methods)
            }
        }
        let order = AttackFinding.Method.allCases
        return findings.enumerated().sorted { left, right in
            let (a, b) = (
                order.firstIndex(of: left.element.method) ?? 0,
                order.firstIndex(of: right.element.method) ?? 0
            )
            return a != b ? a < b : left.offset < right.offset
        }.map(\.element)
    }

    /// What a stored band gives away by itself.
    private func band(_ name: String) -> [AttackFinding] {
        let base = String(name.dropLast(".band".count))
        guard let part = records.specification[base]?.part else { return [] }
        let target: AttackedRecords.Target = part == .given ? .given : .family
        return RankAttack(
            records, part == .given ? records.given : records.family, target: target,
            knowledge: .idealised
        ).runBand(base).map {
            [
                AttackFinding(
                    method: .ranking, knowledge: .idealised, field: name, form: "band", salt: nil,
                    target: target, score: $0)
            ]
        } ?? []
    }

    /// What a field could give away: which names, and what it itself holds.
    private func targets(_ stored: StoredValues) -> [AttackedRecords.Target] {
        let base = String(stored.field.prefix { $0 != "." })
        let own = records.ownTarget(of: stored.field)
        let names: [AttackedRecords.Target]
        switch records.specification[base]?.part {
        case .given: names = [.given]
        case .family: names = [.family]
        case nil:
            let isOfSeveral =
                base == "block"
                || records.specification.compounds.contains { $0.name == base }
            names = isOfSeveral ? [.given, .family, .whole] : [.given, .family]
        }
        return names.contains(own) ? names : names + [own]
    }

    private func attack(
        _ stored: StoredValues, _ target: AttackedRecords.Target, _ truth: TrueValues,
        key: Pseudonymiser?, foreign: Pseudonymiser?, _ methods: Set<AttackFinding.Method>
    ) -> [AttackFinding] {
        var findings: [AttackFinding] = []
        func note(
            _ method: AttackFinding.Method, _ knowledge: Knowledge, _ score: AttackScore?,
            _ outcome: Enumeration.Outcome? = nil
        ) {
            guard let score, score.records > 0 else { return }
            findings.append(
                AttackFinding(
                    method: method, knowledge: knowledge, field: stored.field,
                    form: stored.form.rawValue, salt: stored.salt, target: target, score: score,
                    seconds: outcome?.seconds, encoded: outcome?.encoded,
                    candidates: outcome?.candidates))
        }
        if methods.contains(.ranking) {
            for knowledge in Knowledge.allCases
            where target != .content || knowledge == .idealised {
                note(
                    .ranking, knowledge,
                    RankAttack(records, truth, target: target, knowledge: knowledge).run(stored))
            }
        }
        if methods.contains(.knownPeople), stored.form == .filter {
            note(
                .knownPeople, .idealised,
                KnownPeople(records, stored, truth: truth, limits: limits).run())
        }
        // The other attacks are after what the field is of.
        guard target == records.ownTarget(of: stored.field) else { return findings }
        if methods.contains(.leakedKey), let key,
            let outcome = IdentifierEnumeration(
                records: records, stored: stored, truth: truth, limits: limits
            ).run(key)
        {
            note(.leakedKey, .idealised, outcome.score, outcome)
        }
        guard stored.form == .filter, !stored.field.hasSuffix(".formal") else { return findings }
        let elements = CandidateNames.Elements(
            isJoint: records.specification.isJoint(stored.field))
        if methods.contains(.patternMining) {
            note(
                .patternMining, .idealised,
                PatternMining(
                    stored, truth: truth, elements: elements,
                    positions: records.specification.positions(of: stored.field), limits: limits
                ).run())
        }
        if methods.contains(.graphMatching) {
            note(
                .graphMatching, .idealised,
                GraphMatching(stored, truth: truth, elements: elements, limits: limits).run())
        }
        for (method, pseudonymiser) in [
            (AttackFinding.Method.leakedSalt, foreign), (.leakedKey, key),
        ] where methods.contains(method) {
            guard let pseudonymiser else { continue }
            let outcome = Enumeration(records, stored, truth: truth, limits: limits).run(
                pseudonymiser)
            note(method, .idealised, outcome?.score, outcome)
        }
        return findings
    }
}
