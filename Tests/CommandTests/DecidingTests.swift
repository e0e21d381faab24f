import Foundation
import TestSupport
import Testing

/// No signature, no list; and what is signed is exactly what leaves.
@Suite struct DecidingTests {
    private let roles = ["information_governance", "lived_experience", "practice_lead"]

    private func sign(
        _ hamlet: Deployment, _ role: String, _ decision: String = "approve", key: String? = nil
    ) throws -> Finished {
        try Command.run([
            "sign", "--config", hamlet.linking, "--list", hamlet.lists()[0], "--role", role,
            "--key", key ?? "\(hamlet.path)/reviewers/\(role).key", "--decision", decision,
            "--reason", "Played by a test: nobody on this list is real.",
        ])
    }

    private func release(_ hamlet: Deployment) throws -> Finished {
        try Command.run([
            "release", "--config", hamlet.release, "--list", hamlet.lists()[0], "--as-of",
            Hamlet.asOf(Hamlet.firstDay),
        ])
    }

    private func nothingLeft(_ hamlet: Deployment) {
        #expect(hamlet.names("release/released").isEmpty)
    }

    @Test func aMissingSignature() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        for role in roles {
            let refused = try release(hamlet)
            #expect(refused.status == 4)
            #expect(
                refused.err.contains("The list still waits for") && refused.err.contains(role)
                    && refused.err.contains("No signature, no list: let them decide first."),
                "\(refused.err)")
            nothingLeft(hamlet)
            try Deployment.expectSuccess(sign(hamlet, role))
        }
        try Deployment.expectSuccess(release(hamlet))
        let list = hamlet.lists()[0]
        let referrals = try String(
            contentsOfFile: "\(hamlet.path)/release/released/\(list)/referrals.csv", encoding: .utf8
        )
        #expect(referrals.split(separator: "\n").count >= 6)
    }

    @Test func aHold() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        for role in roles { try Deployment.expectSuccess(sign(hamlet, role)) }
        try Deployment.expectSuccess(sign(hamlet, roles[1], "hold"))
        let refused = try release(hamlet)
        #expect(refused.status == 4)
        #expect(
            refused.err.contains("The list is stopped: hold by sample-2 as lived_experience."),
            "\(refused.err)")
        nothingLeft(hamlet)
    }

    @Test func aListThatWasChangedAfterItWasSigned() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        for role in roles { try Deployment.expectSuccess(sign(hamlet, role)) }
        let file = "linking/lists/\(hamlet.lists()[0])/list.json"
        let good = try String(contentsOfFile: "\(hamlet.path)/\(file)", encoding: .utf8)
        try hamlet.folder.write(
            good.replacing("emergencies", with: "emergenciez"), to: "d/\(file)")
        let refused = try release(hamlet)
        #expect(refused.status == 5, "\(refused.err)")
        #expect(refused.err.contains("list.json"), "\(refused.err)")
        nothingLeft(hamlet)
        let audit = try Command.run(["audit", "--config", hamlet.linking])
        #expect(audit.status == 5)
        try hamlet.folder.write(good, to: "d/\(file)")
        try Deployment.expectSuccess(release(hamlet))
    }

    @Test func aHoldersKeyThatOthersCanRead() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let key = "\(hamlet.path)/reviewers/\(roles[0]).key"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
        let before = try hamlet.digests("linking/state/log", "linking/lists")
        let refused = try sign(hamlet, roles[0])
        #expect(refused.status == 2)
        #expect(
            refused.err.contains("\(roles[0]).key: The key file can be read by others."),
            "\(refused.err)")
        #expect(try hamlet.digests("linking/state/log", "linking/lists") == before)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try Deployment.expectSuccess(sign(hamlet, roles[0]))
    }

    @Test func aKeyOfAnotherRole() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let refused = try sign(
            hamlet, roles[0], key: "\(hamlet.path)/reviewers/\(roles[1]).key")
        #expect(refused.status == 4, "\(refused.err)")
        nothingLeft(hamlet)
    }
}
