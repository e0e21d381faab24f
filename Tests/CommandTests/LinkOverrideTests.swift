import Foundation
import TestSupport
import Testing

/// `stile link override`, through the program.
@Suite struct LinkOverrideTests {
    private let hamlet: Deployment

    init() throws { hamlet = try Deployment.hamletAfterOneNight() }

    private func override(_ arguments: String...) throws -> Finished {
        try Command.run(
            ["link", "override", arguments[0], "--config", hamlet.linking]
                + arguments.dropFirst())
    }

    /// The person of each subject.
    private func people() throws -> [String: String] {
        let spine = "\(hamlet.path)/spine.csv"
        try Deployment.expectSuccess(
            Command.run([
                "link", "--config", hamlet.linking, "--as-of", Hamlet.asOf(Hamlet.firstDay),
                "--export", spine,
            ]))
        let rows = try String(contentsOfFile: spine, encoding: .utf8).split(separator: "\n")
            .dropFirst().map { $0.split(separator: ",").map(String.init) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }

    @Test func aPersonIsSplitAndPutTogetherAgain() throws {
        let before = try people()
        let together = Dictionary(grouping: before.keys.sorted()) { before[$0] ?? "" }
        let pair = try #require(
            together.sorted { $0.key < $1.key }.first { $0.value.count == 2 }?.value)
        let grounds = ["--by", "a.clerk", "--reason", "Two children of one name."]
        let said = try override(
            "separate", pair[0], pair[1], grounds[0], grounds[1], grounds[2], grounds[3])
        #expect(said.status == 0 && said.out.contains("override 1: recorded"), "\(said.err)")
        let apart = try people()
        #expect(apart[pair[0]] != apart[pair[1]])
        let told = try Command.run(
            ["link", "explain", "--config", hamlet.linking, pair[0], pair[1]])
        #expect(told.out.contains("Override 1, of a.clerk, says that they are two people"))

        let contrary = try override(
            "join", pair[1], pair[0], grounds[0], grounds[1], grounds[2], grounds[3])
        #expect(contrary.status == 3 && contrary.err.contains("Override 1 says the opposite."))
        let undone = try override("undo", "1", "--by", "b.lead", "--reason", "They are one child.")
        #expect(undone.status == 0, "\(undone.err)")
        #expect(try people() == before)

        let listed = try override("list", "--json")
        let entries = try #require(
            try JSONSerialization.jsonObject(with: Data(listed.out.utf8)) as? [[String: Any]])
        #expect(entries.count == 2)
        #expect(entries[0]["stands"] as? Bool == false && entries[1]["undoes"] as? Int == 1)
        let audit = try Command.run(["audit", "--config", hamlet.linking])
        #expect(audit.status == 0 && audit.out.contains("overrides: 2 entries, 0 stand"))
    }

    @Test func linkingAnewAgreesOrSaysWhoDiffers() throws {
        let agreed = try Command.run(["link", "check", "--config", hamlet.linking])
        #expect(agreed.status == 0, "\(agreed.out)\(agreed.err)")
        #expect(agreed.out.contains("people are the same when everything is linked anew"))
        let before = try people()
        let together = Dictionary(grouping: before.keys.sorted()) { before[$0] ?? "" }
        let pair = try #require(
            together.sorted { $0.key < $1.key }.first { $0.value.count == 2 }?.value)
        // Recorded, and not applied yet: linking anew would.
        _ = try override(
            "separate", pair[0], pair[1], "--by", "a.clerk", "--reason", "Two children.")
        let differs = try Command.run(["link", "check", "--config", hamlet.linking])
        #expect(differs.status == 1)
        for subject in pair { #expect(differs.out.contains(subject)) }
        for canary in Hamlet.canaries { #expect(!differs.out.contains(canary)) }
        let json = try Command.run(["link", "check", "--config", hamlet.linking, "--json"])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect((object["differences"] as? [Any])?.count == 2 && json.status == 1)
    }
}
