import Attestation
import EthicsGate
import Foundation
import Hashing
import PipelineModel
import TestSupport

/// A small deployment: a policy with three roles and four people, a log, a list.
struct GateFixture {
    let folder = TemporaryFolder("gate")
    let start = Timestamp(seconds: 1_768_379_525)
    var terms: PolicyTerms
    var policy: Policy
    let log: AppendOnlyLog
    let list: CandidateList
    let evidence = Array(#"{"auc":"0.7"}"#.utf8)
    var proposal: ListProposal

    static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
            preconditionFailure("a seed of 32 bytes is a key")
        }
        return key
    }

    static func holder(_ number: UInt8, _ roles: [String]) -> PolicyTerms.Holder {
        .init(
            person: "p-\(number)", roles: roles, signingKey: key(number).verifying,
            sealingKey: [UInt8](repeating: 0x20 + number, count: 32), validity: days,
            throwaway: true)
    }

    static let days = Day(20_400)...Day(20_600)

    static let terms = PolicyTerms(
        id: "early-help", epoch: 7, deployment: .sample, validity: days,
        purposes: ["offer-early-help"], quorum: ["ig": 1, "lead": 1, "lived": 1],
        maximumRows: 3, recipients: ["hub", "school"], signOffHours: 72,
        logOrigin: "stile.test/gate", logKey: key(100).verifying,
        releaseSealingKey: [UInt8](repeating: 0x60, count: 32),
        releaseSigningKey: key(101).verifying,
        holders: [
            holder(1, ["ig", "lead"]), holder(2, ["lead"]), holder(3, ["lived"]),
            holder(4, ["lived", "ig"]),
        ])

    static func candidate(_ number: UInt64) -> Candidate {
        Candidate(
            subject: .person(PersonPseudonym(high: 7, low: number)), rank: Int(number),
            linearPredictor: "-1.\(number)", probability: "0.2",
            reasons: [
                .init(
                    feature: "visits", words: "Visits: 3", contribution: "0.4", source: "gp",
                    newestFact: "2026-01-01",
                    thirdParty: false)
            ],
            records: [
                .init(
                    batch: "gp.patients.000001", record: RecordPseudonym(high: 1, low: number),
                    subject: SubjectPseudonym(high: 2, low: number))
            ])
    }

    init(terms: PolicyTerms = GateFixture.terms) throws {
        self.terms = terms
        policy = try Policy.read(Array(PolicyText.text(terms).utf8), file: "policy.yaml")
        log = AppendOnlyLog(
            directory: folder.path, origin: terms.logOrigin, key: Self.key(100))
        try log.create()
        list = try CandidateList(
            id: "early-help-1", model: "early-help", asOf: "2026-01-14",
            purpose: "offer-early-help", rows: [Self.candidate(2), Self.candidate(1)])
        proposal = try ListProposal(
            list: list, evidence: .sha256(evidence), policy: policy, model: .sha256("model"),
            exclusions: .sha256("none"), recipients: ["hub"], margins: .notSet)
        try log.append(proposal.logEntry, at: start)
    }

    /// Signs, puts on record and gives the envelope.
    @discardableResult
    func sign(
        _ decision: SignOff.Decision, _ person: UInt8, _ role: String,
        reason: String = "The help is there and was agreed.", after seconds: Int64 = 10,
        recorded: Bool = true
    ) throws -> Gate.EnvelopeFile {
        let (signOff, envelope) = try Gate.sign(
            decision, as: role, reason: reason,
            by: Signer(person: "p-\(person)", key: Self.key(person), throwaway: true),
            proposal: proposal, policy: policy,
            shares: decision == .approve ? .sha256("shares \(person)") : nil, log: try log.view(),
            now: start + seconds)
        if recorded {
            try log.append(
                SignOff.logEntry(signOff, envelope: envelope), at: start + seconds)
        }
        return .init(file: "\(role)-p-\(person).dsse.json", bytes: envelope.bytes)
    }

    func decide(_ envelopes: [Gate.EnvelopeFile], after seconds: Int64 = 100) throws -> Decision {
        try Gate.decide(
            proposal, envelopes: envelopes, policy: policy, log: try log.view(),
            now: start + seconds)
    }
}
