import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
import PipelineModel
import Release
import Sealing
import TestSupport

/// A whole deployment in miniature: keys, policy, sealed batches, list, log.
struct ReleaseFixture {
    let folder = TemporaryFolder("release")
    let now = Timestamp(seconds: 1_768_379_525)
    let holders: [HolderKey]
    let releaseKey: ZoneKey
    let policy: Policy
    let log: AppendOnlyLog
    let batches: [SealedBatch]
    let list: CandidateList
    let proposal: ListProposal
    static let evidence = ContentDigest.sha256("evidence")
    static let roles = ["ig", "lead", "lived"]

    static func person(_ number: Int) -> PersonPseudonym {
        PersonPseudonym(high: 5, low: UInt64(number))
    }

    static func record(_ number: Int) -> RecordPseudonym {
        RecordPseudonym(high: 6, low: UInt64(number))
    }

    static func subject(_ number: Int) -> SubjectPseudonym {
        SubjectPseudonym(high: 7, low: UInt64(number))
    }

    /// Two people of ranks 1 and 2.
    static func people(_ batches: [String]) -> [Candidate] {
        [2, 4].map { number in
            row(.person(person(number)), rank: number / 2, record: number, in: batches)
        }
    }

    /// A row about `subject`, whose identity is that of `record`.
    static func row(
        _ subject: Candidate.Subject, rank: Int, record number: Int, in batches: [String]
    ) -> Candidate {
        Candidate(
            subject: subject, rank: rank, linearPredictor: "0.5", probability: "0.6",
            reasons: [
                .init(
                    feature: "visits", words: "Visits: 3", contribution: "0.4", source: "gp",
                    newestFact: "2026-01-01", thirdParty: false),
                .init(
                    feature: "arrest_at_home", words: "An arrest at home",
                    contribution: "0.3", source: "police",
                    newestFact: "2026-01-02", thirdParty: true),
                .init(
                    feature: "attendance", words: "Attendance: above average",
                    contribution: "-0.2", source: "school",
                    newestFact: "", thirdParty: false),
            ],
            records: batches.map {
                .init(batch: $0, record: record(number), subject: Self.subject(number))
            })
    }

    init(id: String = "help-1", rows: ([String]) -> [Candidate] = people) throws {
        let days = Day(20_400)...Day(20_600)
        holders = try (1...4).map {
            try HolderKey.generate(person: "p-\($0)", throwaway: true)
        }
        releaseKey = try ZoneKey.generate(.release)
        guard let logKey = SigningKey(seed: [UInt8](repeating: 3, count: 32)) else {
            preconditionFailure("a seed of 32 bytes is a key")
        }
        let roles = [["ig"], ["lead"], ["lived"], ["lived"]]
        let terms = PolicyTerms(
            id: "early-help", epoch: 1, deployment: .sample, validity: days, purposes: ["help"],
            quorum: ["ig": 1, "lead": 1, "lived": 1], maximumRows: 10, recipients: ["hub"],
            signOffHours: 72, logOrigin: "stile.test/log", logKey: logKey.verifying,
            releaseSealingKey: releaseKey.sealingKey,
            releaseSigningKey: releaseKey.signing.verifying,
            holders: zip(holders, roles).map {
                .init(
                    person: $0.person, roles: $1, signingKey: $0.signing.verifying,
                    sealingKey: $0.sealingKey, validity: days, throwaway: true)
            })
        let policy = try Policy.read(Array(PolicyText.text(terms).utf8), file: "policy.yaml")
        self.policy = policy
        log = AppendOnlyLog(directory: folder.path + "/log", origin: "stile.test/log", key: logKey)
        try log.create()

        let sealingRoles = try RoleHolders(
            Dictionary(
                uniqueKeysWithValues: Self.roles.map { role in
                    (
                        role,
                        policy.terms.holders(of: role, on: Day(20_500)).map {
                            .init(person: $0.person, sealingKey: $0.sealingKey)
                        }
                    )
                }))
        batches = try ["gp.patients.000001", "school.pupils.000004"].enumerated().map {
            number, name in
            let sealer = try BatchSealer(
                batch: name, policyDigest: policy.digest, roles: sealingRoles, keyEpoch: 1)
            let rows = try (1...6).map { person in
                let identity =
                    number == 0
                    ? ["given_name": "Ann \(person)", "surname": "=Sum, \(person)"]
                    : ["surname": "Old \(person)", "upn": "U\(person)"]
                return try sealer.seal(
                    Identity(fields: identity).bytes, record: Self.record(person),
                    subject: Self.subject(person))
            }
            let bytes = try ColumnFileWriter.bytes(of: sealer.table(rows))
            let table = try ColumnFileReader.table(Data(bytes), file: name)
            return try SealedBatch(table, file: name)
        }
        let names = batches.map(\.context.batch)
        list = try CandidateList(
            id: id, model: "early-help", asOf: "2026-01-14", purpose: "help",
            rows: rows(names))
        proposal = try ListProposal(
            list: list, evidence: Self.evidence, policy: policy, model: .sha256("model"),
            exclusions: .sha256("exclusions"), recipients: ["hub"], margins: .notSet)
        try log.append(proposal.logEntry, at: now)
    }

    var references: [RecordReference] {
        list.records.map { .init(batch: $0.batch, record: $0.record) }
    }

    func bundle(
        _ person: Int, _ role: String, list: ContentDigest? = nil,
        records: [RecordReference]? = nil, releaseKey: [UInt8]? = nil
    ) throws -> ShareBundle {
        try ShareBundle.make(
            binding: .init(
                list: list ?? self.list.digest, evidence: Self.evidence, role: role),
            records: records ?? references, batches: batches, key: holders[person - 1],
            releaseKey: releaseKey ?? self.releaseKey.sealingKey)
    }

    /// Signs with these bundles in the roles' order and asks the gate.
    func approved(_ bundles: [(Int, ShareBundle)]) throws -> Approved {
        var files: [Gate.EnvelopeFile] = []
        for (person, bundle) in bundles {
            let key = holders[person - 1]
            let (signOff, envelope) = try Gate.sign(
                .approve, as: bundle.binding.role, reason: "The help is there and was agreed.",
                by: Signer(person: key.person, key: key.signing, throwaway: key.throwaway),
                proposal: proposal, policy: policy, shares: bundle.digest, log: try log.view(),
                now: now)
            try log.append(SignOff.logEntry(signOff, envelope: envelope), at: now)
            files.append(.init(file: "p-\(person)", bytes: envelope.bytes))
        }
        let decision = try Gate.decide(
            proposal, envelopes: files, policy: policy, log: try log.view(), now: now)
        guard case .approved(let approved) = decision else {
            throw StileError(.policy, "not approved", remedy: "")
        }
        return approved
    }

    func everyone() throws -> [(Int, ShareBundle)] {
        [(1, try bundle(1, "ig")), (2, try bundle(2, "lead")), (3, try bundle(3, "lived"))]
    }

    func opener(fileSystem: any FileSystem = DiskFileSystem()) throws -> Opener {
        try Opener(key: releaseKey, policy: policy, log: log, fileSystem: fileSystem)
    }

    func open(
        _ approved: Approved, _ bundles: [ShareBundle], excluded: Set<PersonPseudonym> = [],
        excludedSubjects: Set<SubjectPseudonym> = [],
        batches: [SealedBatch]? = nil, list: CandidateList? = nil,
        fileSystem: any FileSystem = DiskFileSystem()
    ) throws -> Released {
        try opener(fileSystem: fileSystem).open(
            approved, list: list ?? self.list, bundles: bundles, batches: batches ?? self.batches,
            excluded: excluded, excludedSubjects: excludedSubjects, exclusions: .sha256("today"),
            gateLog: try log.view(), now: now)
    }
}
