import Hashing
public import PipelineModel

/// What sealing binds: the words and bytes that go into keys and wrappings.
///
/// Texts of any length carry their length first (32 bits, most significant byte
/// first), so that no two sets of parts run together.
public struct SealingContext: Hashable, Sendable {
    /// The batch, such as `gp.patients.000012`.
    public var batch: String
    /// SHA-256 of the policy whose roles the identities are sealed to.
    public var policy: ContentDigest

    public init(batch: String, policy: ContentDigest) {
        self.batch = batch
        self.policy = policy
    }

    /// HPKE `info` of a wrapped role secret.
    static let wrapInformation = Array("stile/seal/v1".utf8)
    /// HPKE `info` of a bundle of shares.
    public static let shareInformation = Array("stile/shares/v1".utf8)

    /// HPKE `aad` of a wrapped role secret and salt of its key derivation:
    /// batch ‖ policy digest ‖ role.
    func binding(role: String) -> [UInt8] {
        Self.framed(batch) + policy.bytes + Self.framed(role)
    }

    /// What the encryption of an identity authenticates beside it:
    /// batch ‖ policy digest ‖ record ‖ subject.
    public func authenticated(
        record: RecordPseudonym, subject: SubjectPseudonym
    ) -> [UInt8] {
        var layout = RecordLayout(self)
        return layout.authenticated(record: record, subject: subject) { Array($0) }
    }

    static func framed(_ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
            + Array(text.utf8)
    }
}

/// What a bundle of shares is for: HPKE `aad` list digest ‖ evidence digest ‖ role.
public struct ShareBinding: Hashable, Sendable {
    public var list: ContentDigest
    public var evidence: ContentDigest
    public var role: String

    public init(list: ContentDigest, evidence: ContentDigest, role: String) {
        self.list = list
        self.evidence = evidence
        self.role = role
    }

    public var bytes: [UInt8] { list.bytes + evidence.bytes + SealingContext.framed(role) }
}
