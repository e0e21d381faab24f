import Attestation
import EthicsGate
import Foundation
import PipelineModel
import Testing

@Suite struct PolicyTests {
    let text = PolicyText.text(GateFixture.terms)

    static let faults: [(String, String, String)] = [
        ("epoch: 7", "epoch: 7\nforce: true", "has no key “force”"),
        ("epoch: 7", "epoch: 7\nepoch: 6", "stands twice"),
        ("ig: 1", "ig: 0", "whole number from 1"),
        ("{ig: 1, lead: 1, lived: 1}", "{}", "names no role"),
        ("{ig: 1, lead: 1, lived: 1}", "{ig: 1, lead: 1, lived: 3}", "needs 3 signatures"),
        ("{ig: 1, lead: 1, lived: 1}", "{ig: 2, lead: 2, lived: 2}", "names 4"),
        ("roles: [lead]", "roles: [leed]", "is not in the quorum"),
        ("roles: [lead]", "roles: []", "at least one item"),
        ("lived: 1", "lіved: 1", "look-alike"),
        ("person: p-2", "person: p-1", "stands twice"),
        ("person: p-2", "person: Jane Doe", "“person” holds more"),
        ("until: 2026-05-27}", "until: 2020-01-01}", "ends before it begins"),
        ("deployment: sample", "deployment: real", "throw-away keys"),
        ("deployment: sample", "deployment: smaple", "cannot be “smaple”"),
        ("deployment: sample\n", "", "has no “deployment”"),
        ("max_rows: 3", "max_rows: no", "whole number"),
        (
            GateFixture.key(2).verifying.hex, GateFixture.key(1).verifying.hex,
            "“p-2” and “p-1” share a signing key"
        ),
        (
            GateFixture.key(2).verifying.hex, GateFixture.key(100).verifying.hex,
            "share a signing key"
        ),
        (
            GateFixture.key(2).verifying.hex, String(repeating: "0", count: 64),
            "not an Ed25519 public key"
        ),
        (
            String(repeating: "22", count: 32), String(repeating: "21", count: 32),
            "share a sealing key"
        ),
        (
            String(repeating: "22", count: 32), String(repeating: "0", count: 64),
            "not an X25519 public key"
        ),
    ]

    @Test func roundTrips() throws {
        let policy = try Policy.read(Array(text.utf8), file: "policy.yaml")
        #expect(policy.terms == GateFixture.terms)
        #expect(policy.terms.holders(of: "lived", on: Day(20_500)).map(\.person) == ["p-3", "p-4"])
        let more = PolicyText.adding(GateFixture.holder(5, ["ig"]), to: text)
        let grown = try Policy.read(Array(more.utf8), file: "policy.yaml")
        #expect(grown.terms.holders.count == 5)
        #expect(grown.digest != policy.digest)
    }

    @Test(arguments: faults)
    func refuses(find: String, replace: String, problem: String) throws {
        let changed = text.replacingOccurrences(of: find, with: replace)
        #expect(changed != text)
        let error = #expect(throws: StileError.self) {
            try Policy.read(Array(changed.utf8), file: "policy.yaml")
        }
        #expect(error?.code == .configuration)
        let all = error?.description ?? ""
        #expect(all.contains(problem), "\(all)")
    }

    @Test func theTemplateFailsClosedAndNamesWhatIsMissing() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Ethics/policy.yaml")
        let error = #expect(throws: StileError.self) {
            try Policy.read(Array(try Data(contentsOf: path)), file: "policy.yaml")
        }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("has no “log”") == true)
        #expect(error?.description.contains("has no “release”") == true)
    }
}

@Suite struct CandidateListTests {
    @Test func bytesAreCanonicalAndSorted() throws {
        let rows = [GateFixture.candidate(2), GateFixture.candidate(1)]
        func list(_ rows: [Candidate]) throws -> CandidateList {
            try CandidateList(
                id: "l-1", model: "m", asOf: "2026-01-14", purpose: "help", rows: rows)
        }
        let one = try list(rows)
        #expect(one == (try list(rows.reversed())))
        #expect(one.rows.map(\.rank) == [1, 2])
        #expect(try CandidateList.read(one.bytes, file: "l") == one)
        #expect(throws: StileError.self) {
            try CandidateList.read(one.bytes + [0x0a], file: "l")
        }
        #expect(throws: StileError.self) { try list([rows[0], rows[0]]) }
        var wrong = rows[0]
        wrong.linearPredictor = "nan"
        #expect(throws: StileError.self) { try list([wrong]) }
        var shared = rows[1]
        shared.records = rows[0].records
        #expect(throws: StileError.self) { try list([rows[0], shared]) }
    }

    @Test func aProposalKeepsToThePolicy() throws {
        let fixture = try GateFixture()
        func propose(
            _ numbers: [UInt64], purpose: String = "offer-early-help", to: [String] = ["hub"],
            margins: ListProposal.Margins = .notSet, under policy: Policy? = nil
        ) throws {
            let list = try CandidateList(
                id: "l-1", model: "m", asOf: "x", purpose: purpose,
                rows: numbers.map(GateFixture.candidate))
            let proposal = try ListProposal(
                list: list, evidence: .sha256Zero, policy: policy ?? fixture.policy,
                model: .sha256Zero, exclusions: .sha256Zero, recipients: to, margins: margins)
            #expect(try ListProposal.read(proposal.bytes, file: "p") == proposal)
        }
        try propose([1, 2, 3])
        for verdict in MarginVerdict.allCases where verdict != .notMet {
            try propose([1], margins: .judged(verdict))
        }
        // Unless the policy, which is signed for, says that the signers shall see it.
        var terms = fixture.terms
        #expect(terms.marginsNotMet == .refuse)
        terms.marginsNotMet = .show
        let shown = try Policy.read(Array(PolicyText.text(terms).utf8), file: "p")
        #expect(shown.terms == terms)
        try propose([1], margins: .judged(.notMet), under: shown)
        try propose([1], margins: .notJudged, under: shown)
        let silent = PolicyText.text(terms).replacing(", margins_not_met: show", with: "")
        #expect(try Policy.read(Array(silent.utf8), file: "p").terms.marginsNotMet == .refuse)
        for attempt in [
            { try propose([1, 2, 3, 4]) }, { try propose([]) },
            { try propose([1], purpose: "enforcement") }, { try propose([1], to: ["press"]) },
            { try propose([1], margins: .judged(.notMet)) },
            { try propose([1], margins: .notJudged) }, { try propose([1], to: []) },
            { try propose([1], to: ["hub", "hub"]) },
        ] {
            let error = #expect(throws: StileError.self) { try attempt() }
            #expect(error?.code == .policy)
        }
    }
}

extension ContentDigest {
    static let sha256Zero = MerkleTree.hash(leaf: [])
}
