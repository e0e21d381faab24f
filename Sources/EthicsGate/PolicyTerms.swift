public import Attestation
public import PipelineModel

/// What a policy says: who must sign what, for which purposes, until when.
public struct PolicyTerms: Sendable, Equatable {
    /// Whether people could be harmed by what the deployment does.
    public enum Deployment: String, Sendable, CaseIterable {
        /// For trying out: throw-away keys are allowed and pages say so.
        case sample
        /// For people: throw-away keys are refused.
        case real
    }

    /// A person who may sign, with the roles they hold and their public keys.
    public struct Holder: Sendable, Equatable {
        /// An id such as `p-0042`; never a name.
        public var person: String
        public var roles: [String]
        public var signingKey: VerifyingKey
        /// The raw X25519 public key, 32 bytes.
        public var sealingKey: [UInt8]
        public var validity: ClosedRange<Day>
        public var throwaway: Bool

        public init(
            person: String, roles: [String], signingKey: VerifyingKey, sealingKey: [UInt8],
            validity: ClosedRange<Day>, throwaway: Bool
        ) {
            self.person = person
            self.roles = roles
            self.signingKey = signingKey
            self.sealingKey = sealingKey
            self.validity = validity
            self.throwaway = throwaway
        }
    }

    /// What becomes of a list of a model that did not meet the margins set for it beforehand.
    public enum MarginsNotMet: String, Sendable, CaseIterable {
        /// It is not proposed.
        case refuse
        /// It is proposed, and the verdict heads what the signers read.
        case show
    }

    public var id: String
    /// Grows with every change of the policy.
    public var epoch: Int
    public var deployment: Deployment
    /// The first and the last day on which lists may be released.
    public var validity: ClosedRange<Day>
    public var purposes: [String]
    /// The signatures that each role must give; no role needs fewer than one.
    public var quorum: [String: Int]
    /// The most people that one list may name.
    public var maximumRows: Int
    public var marginsNotMet: MarginsNotMet
    /// The ids of those who may receive a list.
    public var recipients: [String]
    /// How long an approval stands, in hours.
    public var signOffHours: Int
    public var logOrigin: String
    public var logKey: VerifyingKey
    /// The raw X25519 public key of the release zone, to which shares are handed.
    public var releaseSealingKey: [UInt8]
    /// The key with which the release zone signs what it released.
    public var releaseSigningKey: VerifyingKey
    public var holders: [Holder]

    public init(
        id: String, epoch: Int, deployment: Deployment, validity: ClosedRange<Day>,
        purposes: [String], quorum: [String: Int], maximumRows: Int,
        marginsNotMet: MarginsNotMet = .refuse, recipients: [String],
        signOffHours: Int, logOrigin: String, logKey: VerifyingKey, releaseSealingKey: [UInt8],
        releaseSigningKey: VerifyingKey, holders: [Holder]
    ) {
        self.id = id
        self.epoch = epoch
        self.deployment = deployment
        self.validity = validity
        self.purposes = purposes
        self.quorum = quorum
        self.maximumRows = maximumRows
        self.marginsNotMet = marginsNotMet
        self.recipients = recipients
        self.signOffHours = signOffHours
        self.logOrigin = logOrigin
        self.logKey = logKey
        self.releaseSealingKey = releaseSealingKey
        self.releaseSigningKey = releaseSigningKey
        self.holders = holders
    }

    /// The roles of the quorum in ascending order.
    public var roles: [String] { quorum.keys.sorted() }

    /// The holders of one role who are in post on a day, in ascending order of person.
    public func holders(of role: String, on day: Day) -> [Holder] {
        holders.filter { $0.roles.contains(role) && $0.validity.contains(day) }
            .sorted { $0.person < $1.person }
    }
}
