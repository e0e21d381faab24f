public import Attestation
public import PipelineModel

/// What one person said of one list in one role.
public struct SignOff: Sendable, Equatable {
    public static let predicateType = "urn:stile:sign-off:v1"
    /// The fewest letters of a reason.
    public static let shortestReason = 20

    /// What a person can decide.
    public enum Decision: String, Sendable, CaseIterable {
        /// Release it to the recipients.
        case approve
        /// Never release this list.
        case refuse
        /// Do not release it while this stands.
        case hold
        /// Lift one's own hold; everyone approves afresh.
        case withdraw
    }

    public let decision: Decision
    public let list: String
    public let role: String
    public let person: String
    public let reason: String
    public let issued: Timestamp
    /// From this moment an approval no longer counts.
    public let expires: Timestamp
    /// SHA-256 of the bundle of shares that comes with an approval.
    public let shares: ContentDigest?
    /// Whether the key was made for a demonstration.
    public let throwaway: Bool

    /// The bytes of the statement about `proposal`.
    func statement(of proposal: ListProposal) -> [UInt8] {
        Statement(
            subjects: proposal.subjects + (shares.map { [.init("shares", $0)] } ?? []),
            predicateType: Self.predicateType,
            predicate: .object([
                "decision": .string(decision.rawValue), "list": .string(list),
                "role": .string(role), "person": .string(person), "reason": .string(reason),
                "issued": .string(issued.description), "expires": .string(expires.description),
                "policy_epoch": .integer(Int64(proposal.policyEpoch)),
                "throwaway": .boolean(throwaway),
            ])
        ).bytes
    }

    /// Reads a statement whose signature is verified; refuses one about anything
    /// else than `proposal`.
    init(_ statement: Statement, about proposal: ListProposal, file: String) throws {
        var fields = try JSONFields(statement.predicate, what: "sign-off", file: file)
        guard statement.predicateType == Self.predicateType else {
            throw fields.fault("it is a statement of another kind")
        }
        guard let decision = Decision(rawValue: try fields.string("decision")) else {
            throw fields.fault("its decision is unknown")
        }
        self.decision = decision
        list = try fields.string("list")
        role = try fields.string("role")
        person = try fields.string("person")
        reason = try fields.string("reason")
        issued = try fields.timestamp("issued")
        expires = try fields.timestamp("expires")
        throwaway = try fields.boolean("throwaway")
        shares = statement["shares"]
        let epoch = try fields.integer("policy_epoch")
        try fields.finish()
        for subject in proposal.subjects where statement[subject.name] != subject.digest {
            throw fields.fault("it was signed for another “\(subject.name)”")
        }
        guard list == proposal.list, epoch == proposal.policyEpoch,
            statement.subjects.count == proposal.subjects.count + (shares == nil ? 0 : 1)
        else { throw fields.fault("it was signed for another list") }
        guard (shares != nil) == (decision == .approve) else {
            throw fields.fault("an approval brings shares and nothing else does")
        }
        if let problem = Self.problem(ofReason: reason) { throw fields.fault(problem) }
    }

    init(
        decision: Decision, list: String, role: String, person: String, reason: String,
        issued: Timestamp, expires: Timestamp, shares: ContentDigest?, throwaway: Bool
    ) {
        self.decision = decision
        self.list = list
        self.role = role
        self.person = person
        self.reason = reason
        self.issued = issued
        self.expires = expires
        self.shares = shares
        self.throwaway = throwaway
    }

    /// What is wrong with a reason; `nil` where nothing is.
    static func problem(ofReason reason: String) -> String? {
        let visible = reason.unicodeScalars.filter { !$0.properties.isWhitespace }
        guard visible.count >= shortestReason else {
            return "the reason has fewer than \(shortestReason) letters"
        }
        guard reason.utf8.count <= 4_000 else { return "the reason is too long" }
        let hidden: Set<Unicode.GeneralCategory> = [
            .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
            .paragraphSeparator,
        ]
        guard reason.unicodeScalars.allSatisfy({ !hidden.contains($0.properties.generalCategory) })
        else { return "the reason holds characters that do not show" }
        return nil
    }

    /// The leaf that puts the sign-off on record.
    public static func logEntry(_ signOff: SignOff, envelope: Envelope) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: "\(kindPrefix)\(signOff.decision.rawValue).\(signOff.role)", list: signOff.list,
            actor: signOff.person, subjects: [.init("envelope", envelope.digest)])
    }

    static let kindPrefix = "sign-off."

    /// The decision and the role that a leaf names; `nil` where it is no sign-off.
    static func named(by leaf: LogLeaf) -> (decision: Decision, role: String)? {
        guard leaf.entry.kind.hasPrefix(kindPrefix) else { return nil }
        let parts = leaf.entry.kind.dropFirst(kindPrefix.count).split(
            separator: ".", maxSplits: 1)
        guard parts.count == 2, let decision = Decision(rawValue: String(parts[0])) else {
            return nil
        }
        return (decision, String(parts[1]))
    }
}
