import Attestation
import Foundation
import Hashing
import PipelineModel
import Testing

@testable import EthicsGate

@Suite struct GateTests {
    func refusal(
        _ code: StileError.Code, _ part: String, _ body: () throws -> Void
    ) {
        let error = #expect(throws: StileError.self) { try body() }
        #expect(error?.code == code)
        #expect(part.isEmpty || error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func waitsUntilEveryRoleHasSigned() throws {
        let fixture = try GateFixture()
        guard case .waiting(let missing) = try fixture.decide([]) else {
            Issue.record("not waiting")
            return
        }
        #expect(missing.map(\.role) == ["ig", "lead", "lived"])
        var envelopes = [
            try fixture.sign(.approve, 1, "ig"), try fixture.sign(.approve, 2, "lead"),
        ]
        guard case .waiting(let one) = try fixture.decide(envelopes) else {
            Issue.record("not waiting")
            return
        }
        #expect(one == [.init(role: "lived", signatures: 1)])
        envelopes.append(try fixture.sign(.approve, 3, "lived"))
        guard case .approved(let approved) = try fixture.decide(envelopes) else {
            Issue.record("not approved")
            return
        }
        #expect(approved.approvals.map(\.person) == ["p-1", "p-2", "p-3"])
        #expect(approved.proposal == fixture.proposal)
    }

    func everyone(_ fixture: GateFixture) throws -> [Gate.EnvelopeFile] {
        [
            try fixture.sign(.approve, 1, "ig"), try fixture.sign(.approve, 2, "lead"),
            try fixture.sign(.approve, 3, "lived"),
        ]
    }

    static let expiry: [(Int64, Bool)] = [(259_209, true), (259_210, false)]

    // A3, C53: at the very second of expiry an approval no longer counts.
    @Test(arguments: expiry)
    func approvalsExpire(after: Int64, approved: Bool) throws {
        let fixture = try GateFixture()
        let decision = try fixture.decide(try everyone(fixture), after: after)
        if case .approved = decision { #expect(approved) } else { #expect(!approved) }
    }

    // A1, A2, A4, A7–A11, A16: any other digest is another list.
    @Test(arguments: ["list", "id", "evidence", "policy", "model", "exclusions", "recipients"])
    func aSignOffOfOneListIsNoneOfAnother(what: String) throws {
        let fixture = try GateFixture()
        let envelopes = try everyone(fixture)
        var terms = fixture.terms
        if what == "policy" { terms.maximumRows = 2 }
        let policy = try Policy.read(Array(PolicyText.text(terms).utf8), file: "p")
        let list = try CandidateList(
            id: what == "id" ? "early-help-2" : "early-help-1", model: "early-help",
            asOf: "2026-01-14", purpose: "offer-early-help",
            rows: what == "list" ? [GateFixture.candidate(1)] : fixture.list.rows)
        let other = try ListProposal(
            list: list, evidence: what == "evidence" ? .sha256("x") : .sha256(fixture.evidence),
            policy: policy, model: .sha256(what == "model" ? "x" : "model"),
            exclusions: .sha256(what == "exclusions" ? "x" : "none"),
            recipients: what == "recipients" ? ["school"] : ["hub"], margins: .notSet)
        refusal(.integrity, "") {
            _ = try Gate.decide(
                other, envelopes: envelopes, policy: policy, log: try fixture.log.view(),
                now: fixture.start + 100)
        }
        // Even with the other proposal on record under an id of its own.
        if what == "id" {
            try fixture.log.append(other.logEntry, at: fixture.start + 60)
            refusal(.integrity, "signed for another") {
                _ = try Gate.decide(
                    other, envelopes: envelopes, policy: policy, log: try fixture.log.view(),
                    now: fixture.start + 100)
            }
        }
    }

    // A14: the same words under another kind of statement.
    @Test func anotherKindOfStatementIsRefused() throws {
        let fixture = try GateFixture()
        let bytes = fixture.proposal.bytes
        let envelope = try Envelope.sign(bytes, with: GateFixture.key(1))
        refusal(.integrity, "") {
            _ = try fixture.decide([.init(file: "e", bytes: envelope.bytes)])
        }
    }

    // A15.
    @Test func aSignOffFromTheFutureIsRefused() throws {
        let fixture = try GateFixture()
        let envelope = try fixture.sign(.approve, 1, "ig", after: 1_000, recorded: false)
        refusal(.integrity, "dated in the future") { _ = try fixture.decide([envelope]) }
    }

    // A18.
    @Test func aWithdrawnListIsNotReleased() throws {
        let fixture = try GateFixture()
        let envelopes = try everyone(fixture)
        try fixture.log.append(
            .init(kind: "list.withdrawn", list: "early-help-1", actor: "stile"),
            at: fixture.start + 50)
        refusal(.policy, "was withdrawn") { _ = try fixture.decide(envelopes) }
    }

    @Test func aListThatIsNotInTheLogIsNotReleased() throws {
        var fixture = try GateFixture()
        let list = try CandidateList(
            id: "early-help-9", model: "early-help", asOf: "2026-01-14",
            purpose: "offer-early-help", rows: fixture.list.rows)
        fixture.proposal = try ListProposal(
            list: list, evidence: .sha256(fixture.evidence), policy: fixture.policy,
            model: .sha256("model"), exclusions: .sha256("none"), recipients: ["hub"],
            margins: .notSet)
        refusal(.integrity, "No log, no list") { _ = try fixture.decide([]) }
        refusal(.integrity, "No log, no list") { try fixture.sign(.approve, 1, "ig") }
    }

    // B23.
    @Test func onePersonSignsInOneRole() throws {
        let fixture = try GateFixture()
        let first = try fixture.sign(.approve, 1, "ig")
        refusal(.policy, "has signed this list as “ig” already") {
            try fixture.sign(.approve, 1, "lead")
        }
        // The same, when the second was signed before the first was on record.
        let other = try GateFixture()
        let early = try other.sign(.approve, 1, "lead", recorded: false)
        let envelope = try Envelope.read(early.bytes, file: "e")
        let again = try other.sign(.approve, 1, "ig")
        try other.log.append(
            .init(
                kind: "sign-off.approve.lead", list: "early-help-1", actor: "p-1",
                subjects: [.init("envelope", envelope.digest)]), at: other.start + 11)
        refusal(.policy, "in the roles “ig” and “lead”") { _ = try other.decide([early, again]) }
        _ = first
    }

    // B21, B30: someone without the role, or not in the policy.
    @Test func onlyHoldersOfTheRoleSign() throws {
        let fixture = try GateFixture()
        refusal(.policy, "does not hold the role “ig”") { try fixture.sign(.approve, 2, "ig") }
        refusal(.policy, "does not hold the role “dpo”") { try fixture.sign(.approve, 2, "dpo") }
        refusal(.policy, "is not in the policy") { try fixture.sign(.approve, 9, "ig") }
    }

    // C45, C49, and one person in the name of another.
    @Test func unknownKeysAndLyingKeyIdsAreRefused() throws {
        let fixture = try GateFixture()
        let good = try fixture.sign(.approve, 1, "ig", recorded: false)
        let payload = try Envelope.read(good.bytes, file: "e").payload
        let stranger = try Envelope.sign(payload, with: GateFixture.key(50))
        refusal(.integrity, "does not name") {
            _ = try fixture.decide([.init(file: "e", bytes: stranger.bytes)])
        }
        let lying = String(decoding: stranger.bytes, as: UTF8.self).replacingOccurrences(
            of: GateFixture.key(50).verifying.keyID.hex,
            with: GateFixture.key(1).verifying.keyID.hex)
        refusal(.integrity, "signature of the envelope is not valid") {
            _ = try fixture.decide([.init(file: "e", bytes: Array(lying.utf8))])
        }
        let forged = try Envelope.sign(payload, with: GateFixture.key(2))
        refusal(.integrity, "in the name of another") {
            _ = try fixture.decide([.init(file: "e", bytes: forged.bytes)])
        }
    }

    @Test func theKeyInHandMustBeThatOfThePolicy() throws {
        let fixture = try GateFixture()
        refusal(.policy, "not the one that the policy names") {
            _ = try Gate.sign(
                .refuse, as: "ig", reason: "This list is too long for us.",
                by: Signer(person: "p-1", key: GateFixture.key(2), throwaway: true),
                proposal: fixture.proposal, policy: fixture.policy, log: try fixture.log.view(),
                now: fixture.start)
        }
    }

    // B33, B34: a no stands, and taking its file away does not make a yes.
    @Test(arguments: [SignOff.Decision.refuse, .hold])
    func oneObjectionStops(decision: SignOff.Decision) throws {
        let fixture = try GateFixture()
        var envelopes = try everyone(fixture)
        let objection = try fixture.sign(decision, 4, "lived", after: 20)
        refusal(.integrity, "objection of “p-4”") { _ = try fixture.decide(envelopes) }
        envelopes.insert(objection, at: 0)
        guard case .refused(let by) = try fixture.decide(envelopes) else {
            Issue.record("not refused")
            return
        }
        #expect(by == [.init(person: "p-4", role: "lived", decision: decision)])
    }

    @Test func anApprovalAfterAHoldDoesNotLiftItAndAWithdrawalAsksEveryoneAfresh() throws {
        let fixture = try GateFixture()
        var envelopes = try everyone(fixture)
        envelopes.append(try fixture.sign(.hold, 3, "lived", after: 20))
        envelopes.append(try fixture.sign(.approve, 3, "lived", after: 30))
        guard case .refused = try fixture.decide(envelopes) else {
            Issue.record("a hold must stand")
            return
        }
        refusal(.policy, "has no hold") { try fixture.sign(.withdraw, 2, "lead", after: 35) }
        envelopes.append(try fixture.sign(.withdraw, 3, "lived", after: 40))
        guard case .waiting(let missing) = try fixture.decide(envelopes) else {
            Issue.record("never resumes by itself")
            return
        }
        #expect(missing.count == 3)
        envelopes += [
            try fixture.sign(.approve, 1, "ig", after: 50),
            try fixture.sign(.approve, 2, "lead", after: 50),
            try fixture.sign(.approve, 3, "lived", after: 50),
        ]
        guard case .approved = try fixture.decide(envelopes) else {
            Issue.record("not approved afresh")
            return
        }
    }

    @Test func signOffsOutsideTheLogAndTwiceAreRefused() throws {
        let fixture = try GateFixture()
        let loose = try fixture.sign(.approve, 1, "ig", recorded: false)
        refusal(.integrity, "not in the log") { _ = try fixture.decide([loose]) }
        let good = try fixture.sign(.approve, 2, "lead")
        refusal(.integrity, "stands twice") { _ = try fixture.decide([good, good]) }
        guard case .waiting = try fixture.decide([]) else {
            Issue.record("an approval without its file does not count")
            return
        }
    }

    // D62: bidirectional override, zero width, too short, spaces only.
    @Test(arguments: [
        "", "too short", String(repeating: " ", count: 40),
        "a reason that is long enough \u{202e}but hides",
        "a reason that is long\u{200b} enough here",
        "a reason that is long enough\nbut has lines",
    ])
    func reasonsMustBeReadable(reason: String) throws {
        let fixture = try GateFixture()
        refusal(.policy, "the reason") { try fixture.sign(.approve, 1, "ig", reason: reason) }
    }

    // C44 and the validity of the policy itself.
    @Test func termsOfOfficeAndOfThePolicyEnd() throws {
        var terms = GateFixture.terms
        terms.holders[2].validity = Day(20_400)...Day(20_467)
        let fixture = try GateFixture(terms: terms)
        let envelopes = try everyone(fixture)
        let day: Int64 = 86_400
        refusal(.policy, "holds “lived” from") { _ = try fixture.decide(envelopes, after: day) }
        refusal(.policy, "in force from") { _ = try fixture.decide([], after: 200 * day) }
    }

    @Test func aRealDeploymentRefusesThrowawayKeys() throws {
        var terms = GateFixture.terms
        terms.deployment = .real
        refusal(.configuration, "throw-away keys") { _ = try GateFixture(terms: terms) }
        for index in terms.holders.indices { terms.holders[index].throwaway = false }
        let fixture = try GateFixture(terms: terms)
        refusal(.policy, "throw-away key") { try fixture.sign(.approve, 1, "ig") }
    }

    // A6: the message helps whoever saved the list with a spreadsheet.
    @Test func filesMustBeThoseProposed() throws {
        let fixture = try GateFixture()
        let list = fixture.list.bytes
        try fixture.proposal.check(
            list: list, evidence: fixture.evidence, policy: fixture.policy)
        refusal(.integrity, "another program has saved it anew") {
            try fixture.proposal.check(
                list: list + [0x0d, 0x0a], evidence: fixture.evidence, policy: fixture.policy)
        }
        refusal(.integrity, "evidence.json of early-help-1 is not the one proposed.") {
            try fixture.proposal.check(list: list, evidence: [], policy: fixture.policy)
        }
    }

    @Test func whatComesAfterTheDecisionStopsTheRelease() throws {
        let fixture = try GateFixture()
        let envelopes = try everyone(fixture)
        guard case .approved(let approved) = try fixture.decide(envelopes) else {
            Issue.record("not approved")
            return
        }
        func recheck(_ after: Int64) throws {
            try Gate.recheck(
                approved, policy: fixture.policy, log: try fixture.log.view(),
                now: fixture.start + after)
        }
        try recheck(110)
        refusal(.policy, "since the gate decided") { try recheck(800) }
        try fixture.sign(.hold, 4, "lived", after: 120)
        refusal(.policy, "since the gate decided") { try recheck(130) }
    }
}
