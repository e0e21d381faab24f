public import Attestation
import Hashing
public import PipelineModel

/// What the signers sign for: exactly this list, evidence, policy, model,
/// exclusions and recipients, by digest.
public struct ListProposal: Sendable, Equatable {
    public static let predicateType = "urn:stile:list-proposal:v1"

    /// What became of the margins that a specification sets before its test labels are read.
    public enum Margins: Sendable, Equatable {
        /// The specification sets none.
        case notSet
        /// It sets some, and there is no evaluation that held them against anything.
        case notJudged
        case judged(MarginVerdict)
    }

    public let list: String
    public let purpose: String
    public let rows: Int
    public let policyEpoch: Int
    /// In ascending order.
    public let recipients: [String]
    /// `list.json`, `evidence.json`, `policy.yaml`, `model`, `exclusions`, `recipients`.
    public let subjects: [Statement.Subject]

    /// Proposes a list.
    ///
    /// - Parameters:
    ///   - list: The candidates.
    ///   - evidence: SHA-256 of the bytes of the evidence.
    ///   - policy: The policy that allows it.
    ///   - model: SHA-256 of the model that scored.
    ///   - exclusions: SHA-256 of the exclusions that were applied.
    ///   - recipients: Who would receive the list, by the policy's names.
    ///   - margins: How the model met the margins set for it beforehand, if it was judged by them.
    /// - Throws: `StileError` with code `policy` where the policy does not allow it.
    public init(
        list: CandidateList, evidence: ContentDigest, policy: Policy, model: ContentDigest,
        exclusions: ContentDigest, recipients: [String], margins: Margins
    ) throws {
        func refused(_ message: String, _ remedy: String) -> StileError {
            StileError(.policy, message, remedy: remedy)
        }
        guard !list.rows.isEmpty else {
            throw refused("The list is empty.", "There is nothing to release tonight.")
        }
        guard list.rows.count <= policy.terms.maximumRows else {
            throw refused(
                "The list has \(list.summary); the policy allows \(policy.terms.maximumRows).",
                "Make the list as long as the help that can be offered.")
        }
        switch margins {
        case _ where policy.terms.marginsNotMet == .show: break
        case .notSet, .judged(.met), .judged(.undecided), .judged(.notAssessable): break
        case .judged(.notMet):
            throw refused(
                "The model of the list did not meet the margins that were set for it before its test labels were read.",
                "Look at its evaluation: fit it on more or other rows, or let the roles of the policy put “margins_not_met: show” in force."
            )
        case .notJudged:
            throw refused(
                "Margins are set for the model of the list, but there is no evaluation that holds them against anything.",
                "The run record says why it was not evaluated; put that right, or let the roles of the policy put “margins_not_met: show” in force."
            )
        }
        guard policy.terms.purposes.contains(list.purpose) else {
            throw refused(
                "The purpose “\(list.purpose)” is not in the policy.",
                "Use the data for the purposes of the policy only.")
        }
        guard !recipients.isEmpty, Set(recipients).isSubset(of: policy.terms.recipients),
            Set(recipients).count == recipients.count
        else {
            throw refused(
                "A recipient is not in the policy, or none is named.",
                "Name recipients of the policy only, each once.")
        }
        self.init(
            list: list.id, purpose: list.purpose, rows: list.rows.count,
            policyEpoch: policy.terms.epoch, recipients: recipients.sorted(),
            subjects: [
                .init(CandidateList.fileName, list.digest), .init("evidence.json", evidence),
                .init("policy.yaml", policy.digest), .init("model", model),
                .init("exclusions", exclusions),
                .init("recipients", Self.digest(ofRecipients: recipients.sorted())),
            ])
    }

    private init(
        list: String, purpose: String, rows: Int, policyEpoch: Int, recipients: [String],
        subjects: [Statement.Subject]
    ) {
        self.list = list
        self.purpose = purpose
        self.rows = rows
        self.policyEpoch = policyEpoch
        self.recipients = recipients
        self.subjects = subjects
    }

    private static func digest(ofRecipients recipients: [String]) -> ContentDigest {
        ContentDigest.sha256(
            CanonicalJSON.bytes(.array(recipients.map { JSONValue.string($0) })))
    }

    /// The digest of the subject called `name`, where there is one.
    public subscript(name: String) -> ContentDigest? {
        subjects.first { $0.name == name }?.digest
    }

    /// The statement's bytes: the file `statement.json`.
    public var bytes: [UInt8] {
        Statement(
            subjects: subjects, predicateType: Self.predicateType,
            predicate: .object([
                "list": .string(list), "purpose": .string(purpose), "rows": .integer(Int64(rows)),
                "policy_epoch": .integer(Int64(policyEpoch)),
                "recipients": .array(recipients.map { .string($0) }),
            ])
        ).bytes
    }

    /// Reads the bytes of a proposal; `file` is what messages call them.
    public static func read(_ bytes: [UInt8], file: String) throws -> ListProposal {
        let statement = try Statement.read(bytes, file: file)
        var fields = try JSONFields(statement.predicate, what: "proposal", file: file)
        guard statement.predicateType == predicateType else {
            throw fields.fault("it is a statement of another kind")
        }
        let proposal = ListProposal(
            list: try fields.string("list"), purpose: try fields.string("purpose"),
            rows: try fields.integer("rows"), policyEpoch: try fields.integer("policy_epoch"),
            recipients: try fields.strings("recipients"), subjects: statement.subjects)
        try fields.finish()
        guard
            proposal.subjects.map(\.name) == [
                CandidateList.fileName, "evidence.json", "policy.yaml", "model", "exclusions",
                "recipients",
            ], proposal["recipients"] == digest(ofRecipients: proposal.recipients),
            proposal.bytes == bytes
        else { throw fields.fault("its subjects or its form are not those of a proposal") }
        return proposal
    }

    /// The leaf that puts the proposal on record.
    public var logEntry: LogLeaf.Entry {
        LogLeaf.Entry(kind: "list.proposed", list: list, actor: "stile", subjects: subjects)
    }

    /// Refuses files that are not those proposed, and a policy that is not the one under which
    /// they were.
    ///
    /// - Throws: `StileError` with code `integrity` that names the file.
    public func check(list: [UInt8], evidence: [UInt8], policy: Policy) throws {
        try check(list: list, evidence: evidence)
        guard self["policy.yaml"] == policy.digest, policyEpoch == policy.terms.epoch else {
            throw StileError(
                .integrity, "The policy is not the one under which \(self.list) was proposed.",
                remedy: "Restore that policy, or run the night again under the new one.")
        }
    }

    /// Refuses files that are not those proposed, under whatever policy that was.
    ///
    /// - Throws: `StileError` with code `integrity` that names the file.
    public func check(list: [UInt8], evidence: [UInt8]) throws {
        for (name, bytes) in [(CandidateList.fileName, list), ("evidence.json", evidence)]
        where self[name] != ContentDigest.sha256(bytes) {
            let resaved = bytes.starts(with: [0xef, 0xbb, 0xbf]) || bytes.contains(0x0d)
            throw StileError(
                .integrity,
                "The file \(name) of \(self.list) is not the one proposed"
                    + (resaved ? "; another program has saved it anew." : "."),
                remedy: "Restore it, or run the night again to propose a new list.")
        }
    }
}
