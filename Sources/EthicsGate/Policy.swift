public import Attestation
import Hashing
public import PipelineModel
import StrictYAML

/// A policy file, checked: its terms and the digest by which everything names it.
public struct Policy: Sendable, Equatable {
    public let terms: PolicyTerms
    /// SHA-256 of the bytes of the file.
    public let digest: ContentDigest

    /// Reads the bytes of a policy file; `file` is what messages call them.
    ///
    /// - Throws: `StileError` with code `configuration` and all faults at once.
    public static func read(_ bytes: [UInt8], file: String) throws -> Policy {
        let root = try YAMLDocument.parse(bytes, file: file)
        var faults = FaultList()
        let terms = PolicyReader.terms(root, &faults)
        try faults.check()
        guard let terms else {
            throw StileError(
                .configuration, "The policy cannot be read.", at: .init(file: file),
                remedy: "Restore the policy file.")
        }
        return Policy(terms: terms, digest: ContentDigest.sha256(bytes))
    }

    init(terms: PolicyTerms, digest: ContentDigest) {
        self.terms = terms
        self.digest = digest
    }

    /// Refuses a sample's policy for a real deployment, and a real policy for a deployment
    /// that calls itself a sample and so checks less.
    ///
    /// - Throws: `StileError` with code `policy`.
    public func check(isSample: Bool, file: String) throws {
        switch (isSample, terms.deployment) {
        case (true, .sample), (false, .real): return
        case (false, .sample):
            throw StileError(
                .policy, "A real deployment stands under the policy of a sample.",
                at: .init(file: file),
                remedy: "Put a policy in force whose “deployment” is real.")
        case (true, .real):
            throw StileError(
                .policy, "A sample stands under the policy of a real deployment.",
                at: .init(file: file),
                remedy: "Write “deployment: real” in the configuration of this zone.")
        }
    }

    /// Refuses a policy that is not in force at `time`.
    ///
    /// - Throws: `StileError` with code `policy`.
    public func checkInForce(at time: Timestamp) throws {
        guard terms.validity.contains(time.day) else {
            throw StileError(
                .policy,
                "The policy “\(terms.id)” is in force from \(terms.validity.lowerBound.iso) to \(terms.validity.upperBound.iso) only.",
                remedy: "Let the roles of the policy put a new epoch in force.")
        }
    }
}
