public import Attestation
public import PipelineModel

/// A person at the point of signing: who they are and the key in their hand.
public struct Signer: Sendable {
    public var person: String
    public var key: SigningKey
    public var throwaway: Bool

    public init(person: String, key: SigningKey, throwaway: Bool) {
        self.person = person
        self.key = key
        self.throwaway = throwaway
    }
}

extension Gate {
    /// Makes a sign-off, after everything that the gate would later refuse is refused now.
    ///
    /// Nothing is written: the caller appends ``SignOff/logEntry(_:envelope:)`` to the log
    /// first and then stores the envelope.
    ///
    /// - Parameters:
    ///   - decision: To approve, to hold or to refuse.
    ///   - role: The role for which the signer decides.
    ///   - reason: Why, in the signer's words.
    ///   - signer: Who signs, with the private key.
    ///   - proposal: What is signed: the digests of list, evidence, policy, model and
    ///     exclusions.
    ///   - policy: The policy in force.
    ///   - shares: SHA-256 of the bundle of shares; for an approval only.
    ///   - log: The verified log, as the signer has just seen it.
    ///   - now: The moment of the decision.
    /// - Throws: `StileError` with code `policy` where the signer may not say this.
    public static func sign(
        _ decision: SignOff.Decision, as role: String, reason: String, by signer: Signer,
        proposal: ListProposal, policy: Policy, shares: ContentDigest? = nil, log: LogView,
        now: Timestamp
    ) throws -> (signOff: SignOff, envelope: Envelope) {
        let steps = try standing(proposal, policy: policy, log: log, now: now)
        guard policy.terms.deployment == .sample || !signer.throwaway else {
            throw refused(
                "The key of “\(signer.person)” is a throw-away key, which a real deployment refuses.",
                "Make keys without “--throwaway” and put the public part into the policy.")
        }
        let holder = try holder(
            signer.person, role: role, policy: policy, days: [now.day])
        guard holder.signingKey == signer.key.verifying else {
            throw refused(
                "The key is not the one that the policy names for “\(signer.person)”.",
                "Use that key, or let the policy name the new one.")
        }
        for step in steps where step.entry.actor == signer.person {
            guard let earlier = SignOff.named(by: step), earlier.role != role else { continue }
            throw refused(
                "“\(signer.person)” has signed this list as “\(earlier.role)” already.",
                "One person signs a list in one role; let someone else sign as “\(role)”.")
        }
        if let problem = SignOff.problem(ofReason: reason) {
            throw refused("The sign-off cannot be made: \(problem).", "Say why in a sentence.")
        }
        guard (shares != nil) == (decision == .approve) else {
            throw refused(
                "An approval brings shares and nothing else does.", "Report this fault.")
        }
        if decision == .withdraw {
            guard
                steps.contains(where: {
                    SignOff.named(by: $0)?.decision == .hold && $0.entry.actor == signer.person
                })
            else {
                throw refused(
                    "“\(signer.person)” has no hold on this list.", "There is nothing to withdraw.")
            }
        }
        let signOff = SignOff(
            decision: decision, list: proposal.list, role: role, person: signer.person,
            reason: reason, issued: now,
            expires: now + Int64(policy.terms.signOffHours) * 3_600, shares: shares,
            throwaway: signer.throwaway)
        let envelope = try Envelope.sign(signOff.statement(of: proposal), with: signer.key)
        return (
            try verify(envelope, file: "sign-off", proposal: proposal, policy: policy, now: now),
            envelope
        )
    }
}
