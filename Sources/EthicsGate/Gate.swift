public import Attestation
public import PipelineModel

/// The gate's decision on one list.
public enum Decision: Sendable {
    /// These signatures are still missing: role and number.
    case waiting([MissingRole])
    /// Someone said no, or not now.
    case refused([Objection])
    /// Every role has signed for exactly this list.
    case approved(Approved)

    public struct MissingRole: Sendable, Equatable {
        public var role: String
        public var signatures: Int
    }

    public struct Objection: Sendable, Equatable {
        public var person: String
        public var role: String
        public var decision: SignOff.Decision
    }
}

/// A list that every role has approved.
///
/// Only the gate can make one.
public struct Approved: Sendable {
    public let proposal: ListProposal
    /// In ascending order of role, then of person.
    public let approvals: [Approval]
    /// The roles that had to sign, in ascending order.
    public let roles: [String]
    /// The log as it was when the gate decided.
    public let checkpoint: Checkpoint
    public let decidedAt: Timestamp

    /// One approval that counted.
    public struct Approval: Sendable, Equatable {
        public let role: String
        public let person: String
        /// SHA-256 of the envelope.
        public let envelope: ContentDigest
        /// SHA-256 of the bundle of shares that came with it.
        public let shares: ContentDigest
    }

    init(
        proposal: ListProposal, approvals: [Approval], roles: [String], checkpoint: Checkpoint,
        decidedAt: Timestamp
    ) {
        self.proposal = proposal
        self.approvals = approvals
        self.roles = roles
        self.checkpoint = checkpoint
        self.decidedAt = decidedAt
    }
}

/// Decides whether a list may leave.
///
/// It has no default, no timer and no override.
public enum Gate {
    /// An envelope as it was found: its bytes and what messages call it.
    public struct EnvelopeFile: Sendable {
        public var file: String
        public var bytes: [UInt8]

        public init(file: String, bytes: [UInt8]) {
            self.file = file
            self.bytes = bytes
        }
    }

    /// Decides on `proposal` from the sign-offs that the log names.
    ///
    /// The log says which sign-offs exist and in what order; the envelopes prove
    /// them. An envelope that the log does not name, or an objection in the log
    /// whose envelope is gone, stops the decision: taking a file away can never
    /// turn a no into a yes.
    ///
    /// - Throws: `StileError` with code `policy` or `integrity`.
    public static func decide(
        _ proposal: ListProposal, envelopes: [EnvelopeFile], policy: Policy, log: LogView,
        now: Timestamp
    ) throws -> Decision {
        let steps = try standing(proposal, policy: policy, log: log, now: now)
        var verified: [ContentDigest: SignOff] = [:]
        for found in envelopes {
            let envelope = try Envelope.read(found.bytes, file: found.file)
            let signOff = try verify(
                envelope, file: found.file, proposal: proposal, policy: policy, now: now)
            guard verified.updateValue(signOff, forKey: envelope.digest) == nil else {
                throw integrity("The same sign-off stands twice.", found.file)
            }
            guard
                steps.contains(where: { $0.entry == SignOff.logEntry(signOff, envelope: envelope) })
            else { throw integrity("The sign-off is not in the log.", found.file) }
        }
        var tally = Tally()
        for step in steps where step.entry.kind.hasPrefix(SignOff.kindPrefix) {
            guard let digest = step.entry["envelope"], let signOff = verified[digest] else {
                let named = SignOff.named(by: step)?.decision
                guard named == .approve || named == .withdraw else {
                    throw integrity(
                        "The log names an objection of “\(step.entry.actor)” whose envelope is not there.",
                        proposal.list)
                }
                continue
            }
            try tally.add(signOff, envelope: digest)
        }
        return try decision(
            tally, proposal: proposal, policy: policy, checkpoint: log.checkpoint, now: now)
    }

    private static func decision(
        _ tally: Tally, proposal: ListProposal, policy: Policy, checkpoint: Checkpoint,
        now: Timestamp
    ) throws -> Decision {
        guard tally.objections.isEmpty else { return .refused(tally.objections) }
        var counted: [Approved.Approval] = []
        var missing: [Decision.MissingRole] = []
        var keys: Set<VerifyingKey> = []
        for role in policy.terms.roles {
            let needed = policy.terms.quorum[role] ?? 1
            var given = 0
            for approval in tally.approvals(role: role) where now < approval.signOff.expires {
                let holder = try holder(
                    approval.signOff.person, role: role, policy: policy,
                    days: [approval.signOff.issued.day, now.day])
                guard keys.insert(holder.signingKey).inserted,
                    let shares = approval.signOff.shares
                else { continue }
                given += 1
                counted.append(
                    .init(
                        role: role, person: holder.person, envelope: approval.envelope,
                        shares: shares))
            }
            if given < needed { missing.append(.init(role: role, signatures: needed - given)) }
        }
        guard missing.isEmpty else { return .waiting(missing) }
        return .approved(
            Approved(
                proposal: proposal, approvals: counted, roles: policy.terms.roles,
                checkpoint: checkpoint, decidedAt: now))
    }

    /// Refuses to act on an approval after which anything was signed, withdrawn or
    /// cut from the log: the release asks this last, so that a hold that comes
    /// between decision and release wins.
    ///
    /// - Throws: `StileError` with code `policy` or `integrity`.
    public static func recheck(
        _ approved: Approved, policy: Policy, log: LogView, now: Timestamp
    ) throws {
        let steps = try standing(approved.proposal, policy: policy, log: log, now: now)
        try log.check(continues: approved.checkpoint)
        guard now >= approved.decidedAt + -AppendOnlyLog.clockTolerance,
            now < approved.decidedAt + 600,
            !steps.contains(where: {
                $0.number >= approved.checkpoint.size
                    && $0.entry.kind.hasPrefix(SignOff.kindPrefix)
            })
        else {
            throw refused(
                "Something was signed, or too much time has passed, since the gate decided.",
                "Ask the gate again.")
        }
    }

    // MARK: Checks that signing and deciding share

    /// The leaves of the list, once it is known to be proposed and not withdrawn.
    static func standing(
        _ proposal: ListProposal, policy: Policy, log: LogView, now: Timestamp
    ) throws -> [LogLeaf] {
        try policy.checkInForce(at: now)
        guard proposal["policy.yaml"] == policy.digest, proposal.policyEpoch == policy.terms.epoch
        else {
            throw integrity(
                "The policy is not the one under which the list was proposed.", proposal.list)
        }
        guard log.checkpoint.origin.utf8.elementsEqual(policy.terms.logOrigin.utf8) else {
            throw integrity("The log is not the one that the policy names.", proposal.list)
        }
        let steps = log.leaves(ofList: proposal.list)
        let proposed = steps.filter { $0.entry.kind == proposal.logEntry.kind }
        guard let first = proposed.first else {
            throw integrity("The list is not in the log. No log, no list.", proposal.list)
        }
        guard
            proposed.allSatisfy({ step in
                step.entry.subjects.count == proposal.subjects.count
                    && proposal.subjects.allSatisfy { step.entry[$0.name] == $0.digest }
            })
        else {
            throw integrity("The log has another proposal under the same id.", proposal.list)
        }
        guard !steps.contains(where: { $0.entry.kind == "list.withdrawn" }) else {
            throw refused(
                "The list \(proposal.list) was withdrawn.", "Sign and release the newest list.")
        }
        guard let last = log.leaves.last, now >= last.at + -AppendOnlyLog.clockTolerance else {
            throw integrity("The clock is behind the last step in the log.", proposal.list)
        }
        return Array(steps.drop { $0.number < first.number })
    }

    /// The holder called `person`, where they hold `role` on all of `days`.
    static func holder(
        _ person: String, role: String, policy: Policy, days: [Day]
    ) throws -> PolicyTerms.Holder {
        guard
            let holder = policy.terms.holders.first(where: {
                $0.person.utf8.elementsEqual(person.utf8)
            })
        else {
            throw refused(
                "“\(person)” is not in the policy.", "Only people whom the policy names can sign.")
        }
        guard holder.roles.contains(role), policy.terms.quorum[role] != nil else {
            throw refused(
                "“\(person)” does not hold the role “\(role)”.",
                "Sign in a role that the policy gives this person.")
        }
        guard days.allSatisfy({ holder.validity.contains($0) }) else {
            throw refused(
                "“\(person)” holds “\(role)” from \(holder.validity.lowerBound.iso) to \(holder.validity.upperBound.iso) only.",
                "Let a deputy sign, or let the policy renew the term.")
        }
        return holder
    }

    /// Verifies one envelope and what it says, against the policy alone.
    static func verify(
        _ envelope: Envelope, file: String, proposal: ListProposal, policy: Policy, now: Timestamp
    ) throws -> SignOff {
        // The key id only chooses which key of the policy to try.
        guard
            let holder = policy.terms.holders.first(where: {
                $0.signingKey.keyID.hex == envelope.keyID
            })
        else {
            throw integrity(
                "The envelope is signed with a key that the policy does not name.", file)
        }
        let statement = try envelope.statement(verifiedWith: holder.signingKey, file: file)
        let signOff = try SignOff(statement, about: proposal, file: file)
        guard signOff.person.utf8.elementsEqual(holder.person.utf8) else {
            throw integrity("The envelope is signed by one person in the name of another.", file)
        }
        _ = try self.holder(
            signOff.person, role: signOff.role, policy: policy, days: [signOff.issued.day])
        guard signOff.issued <= now + AppendOnlyLog.clockTolerance else {
            throw integrity("The sign-off is dated in the future.", file)
        }
        guard signOff.expires == signOff.issued + Int64(policy.terms.signOffHours) * 3_600 else {
            throw integrity("The sign-off does not expire when the policy says.", file)
        }
        guard policy.terms.deployment == .sample || !signOff.throwaway else {
            throw refused(
                "A throw-away key signed, which a real deployment refuses.",
                "Let this person sign with a key of their own.")
        }
        return signOff
    }

    static func refused(_ message: String, _ remedy: String) -> StileError {
        StileError(.policy, message, remedy: remedy)
    }

    static func integrity(_ message: String, _ file: String) -> StileError {
        StileError(
            .integrity, message, at: .init(file: file),
            remedy: "Nothing is released; find out who changed what, then run the night again.")
    }
}
