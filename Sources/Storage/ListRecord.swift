public import Foundation
public import PipelineModel

/// A candidate list on its way to a decision.
public struct ListRecord: Sendable, Equatable {
    public enum State: String, Sendable, Codable, CaseIterable {
        case waiting, approved, refused, released, void

        /// The states to which a list in this state may go.
        public var successors: [State] {
            switch self {
            case .waiting: [.approved, .refused, .void]
            case .approved: [.released, .refused, .void]
            case .refused, .released, .void: []
            }
        }
    }

    public var id: String
    public var model: String
    public var asOf: Day
    public var state: State
    public var created: Date
    /// By role: `list`, `evidence`, `policy`, `model`, `exclusions`, `recipients`.
    public var digests: [String: ContentDigest]
    public var run: String?

    public init(
        id: String, model: String, asOf: Day, state: State = .waiting, created: Date,
        digests: [String: ContentDigest], run: String? = nil
    ) {
        self.id = id
        self.model = model
        self.asOf = asOf
        self.state = state
        self.created = created
        self.digests = digests
        self.run = run
    }
}

/// One signed decision on a list; once stored it stands.
public struct SignOffRecord: Sendable, Equatable {
    public enum Decision: String, Sendable, Codable {
        case approve, hold, refuse, withdraw
    }

    public var list: String
    public var role: String
    /// The holder who signed, by the name that the policy gives.
    public var person: String
    public var decision: Decision
    /// The digest of the signed envelope.
    public var envelope: ContentDigest
    public var at: Date

    public init(
        list: String, role: String, person: String, decision: Decision, envelope: ContentDigest,
        at: Date
    ) {
        self.list = list
        self.role = role
        self.person = person
        self.decision = decision
        self.envelope = envelope
        self.at = at
    }
}
