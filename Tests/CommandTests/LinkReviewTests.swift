import Foundation
import PipelineModel
import TestSupport
import Testing

/// Clerical review through the program: at a terminal, with files, killed and taken up again.
@Suite struct LinkReviewTests {
    private static let clear = "\u{1b}[H\u{1b}[2J\u{1b}[3J"

    /// A hamlet of whose pairs all go to review.
    private func asked() throws -> Deployment {
        let hamlet = try Deployment.hamlet()
        try hamlet.edit(
            "linking/stile.yaml", "models:", "linkage: {review: {size: 2000}}\nmodels:")
        try hamlet.night(Hamlet.firstDay)
        try Deployment.expectSuccess(
            Command.run([
                "link", "sample", "--config", hamlet.linking, "--as-of",
                Hamlet.asOf(Hamlet.firstDay),
            ]))
        return hamlet
    }

    private func review(_ hamlet: Deployment, _ clerk: String, _ more: String...) -> [String] {
        ["link", "review", "--config", hamlet.source, "--clerk", clerk] + more
    }

    /// The pairs of a clerk: id, source and subject of either side.
    private func pairs(_ hamlet: Deployment, _ clerk: String) throws -> [[String]] {
        let listed = try Command.run(review(hamlet, clerk, "--pairs"))
        try Deployment.expectSuccess(listed)
        return listed.out.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",").map(String.init)
        }
    }

    private func answers(
        _ pairs: [[String]], in folder: TemporaryFolder, _ isMatch: ([String]) -> Bool
    ) throws -> String {
        let rows = pairs.map {
            "\($0[0]),\(isMatch($0) ? "link,names_and_birth_agree" : "not,different_person")\n"
        }
        return try folder.write("pair,answer,reason\n" + rows.joined(), to: "answers.csv")
    }

    private func holdsName(_ text: String) -> Bool {
        let lower = text.lowercased()
        return Hamlet.canaries.contains { lower.contains($0.lowercased()) }
    }

    @Test func aClerkAtATerminalIsKilledAndGoesOn() throws {
        let hamlet = try asked()
        let first = try Terminal(review(hamlet, "c-1"))
        for _ in 0..<3 {
            try first.wait(for: "stop for now (q): ")
            first.type("l")
            try first.wait(for: "why (number)")
            first.type("2")
        }
        try first.wait(for: "Pair 4 of ")
        #expect(try first.finish(SIGKILL).status == -SIGKILL)

        let second = try Terminal(review(hamlet, "c-1"))
        try second.wait(for: "Pair 4 of ")
        try second.wait(for: "stop for now (q): ")
        second.type("q")
        let stopped = try second.finish()
        #expect(stopped.status == 0)
        #expect(second.shown.contains("3 of ") && second.shown.contains("are decided and kept"))
        #expect(second.shown.components(separatedBy: Self.clear).count >= 3)

        // A signal leaves nothing on the screen either.
        let third = try Terminal(review(hamlet, "c-1"))
        try third.wait(for: "stop for now (q): ")
        #expect(try third.finish(SIGINT).status == 6)
        #expect(third.shown.hasSuffix(Self.clear))
    }

    @Test func namesAreOnTheTerminalAndNowhereElse() throws {
        let hamlet = try asked()
        var spoken: [String] = []
        func run(_ arguments: [String], status: Int32 = 0) throws {
            let finished = try Command.run(arguments)
            #expect(finished.status == status, "\(arguments): \(finished.err)")
            spoken += [finished.out, finished.err]
        }
        // Without a terminal nothing is shown: a file or a pipe would keep the names.
        try run(review(hamlet, "c-1"), status: 4)
        let mine = try pairs(hamlet, "c-1")
        let clerk = try Terminal(review(hamlet, "c-1"))
        for _ in mine {
            try clerk.wait(for: "stop for now (q): ")
            clerk.type("l")
            try clerk.wait(for: "why (number)")
            clerk.type("1")
        }
        try clerk.wait(for: "finish (f)")
        clerk.type("f")
        let done = try clerk.finish()
        #expect(done.status == 0 && !holdsName(done.err))
        #expect(holdsName(clerk.shown))
        #expect(!holdsName(clerk.shown.components(separatedBy: Self.clear).last ?? ""))

        let folder = TemporaryFolder("answers")
        let bad = try folder.write(
            "pair,answer,reason\n\(Hamlet.canaries[0]),\(Hamlet.canaries[1]),\(Hamlet.canaries[2])\n",
            to: "bad.csv")
        try run(review(hamlet, "c-2", "--answers", bad), status: 3)
        let good = try answers(pairs(hamlet, "c-2"), in: folder) { _ in true }
        try run(review(hamlet, "c-2", "--answers", good, "--json"))
        try run(hamlet.linkingArguments(Hamlet.asOf(Hamlet.firstDay)))
        for zone in [hamlet.source, hamlet.linking] { try run(["audit", "--config", zone]) }
        for text in spoken { #expect(!holdsName(text)) }

        let files = try hamlet.digests(
            "exchange", "reviews", "linking", "source/pages", "source/state", "source/keys"
        ).keys.sorted()
        #expect(files.contains { $0.hasSuffix("answers.json") })
        for file in files {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(hamlet.path)/\(file)"))
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!holdsName(text) && !holdsName(file), "\(file)")
        }
    }

    @Test func filesThatDoNotAnswerAreRefusedWhole() throws {
        let fresh = try Deployment.hamlet()
        let early = try Command.run(review(fresh, "c-1", "--pairs"))
        #expect(early.status == 3 && early.err.contains("has had no night"))
        let hamlet = try asked()
        let mine = try pairs(hamlet, "c-1")
        let folder = TemporaryFolder("answers")
        func refused(_ text: String, _ words: String...) throws {
            let file = try folder.write(text, to: "answers.csv")
            let finished = try Command.run(review(hamlet, "c-1", "--answers", file))
            #expect(finished.status == 3)
            for word in words { #expect(finished.err.contains(word), "\(finished.err)") }
        }
        let header = "pair,answer,reason\n"
        try refused("pair,answer\n", "has other columns")
        try refused(
            header + "\(mine[0][0]),link,moved_home\n", "have no answer; nothing was kept")
        try refused(
            header + "0000000000000000,link,moved_home\n\(mine[0][0]),perhaps,moved_home\n"
                + "\(mine[1][0]),not,moved_home\n\(mine[1][0]),link,moved_home\n"
                + "\(mine[1][0]),link,moved_home\n",
            ":2: The row answers a pair that was not asked about",
            ":3: The answer is none", ":4: The reason is none for “not”",
            ":6: The file answers a pair twice")
        // Nothing was kept of them.
        let stillOpen = try Terminal(review(hamlet, "c-1"))
        try stillOpen.wait(for: "Pair 1 of \(mine.count)")
        #expect(try stillOpen.finish(SIGTERM).status == 6)

        let good = try answers(mine, in: folder) { _ in true }
        try Deployment.expectSuccess(Command.run(review(hamlet, "c-1", "--answers", good)))
        let twice = try Command.run(review(hamlet, "c-1", "--answers", good))
        #expect(twice.status == 4 && twice.err.contains("has decided the pairs of"))
        let zone = try Command.run([
            "link", "review", "--config", hamlet.linking, "--clerk", "c-2",
        ])
        #expect(zone.status == 64)
        let unknown = try Command.run(
            review(hamlet, "c-2", "--pairs", "--request", "review-none"))
        #expect(unknown.status == 3 && unknown.err.contains("There is no such request"))
    }

    /// Two clerks who know the truth, each with some errors, on the sample deployment: what comes
    /// back says how good the linkage is.
    @Test(.tags(.slow)) func clerksWhoKnowTheTruthMeasureTheLinkage() throws {
        let folder = TemporaryFolder("synth")
        try Deployment.expectSuccess(
            Command.run([
                "synth", "\(folder.path)/county", "--people", "600", "--seed", "5", "--nights", "1",
                "--first-night", "2025-06-02",
            ]))
        let county = try Deployment.make(
            from: [
                "source.yaml": Deployment.repository("SampleData/source.yaml"),
                "linking.yaml": Deployment.repository("SampleData/linking.yaml").replacing(
                    "linkage:\n", with: "linkage:\n  review: {size: 200}\n"),
                "release.yaml": Deployment.repository("SampleData/release.yaml"),
            ], models: [:])
        try county.deliver(URL(fileURLWithPath: "\(folder.path)/county/nights/2025-06-02"))
        let day = ["--as-of", "2025-06-03"]
        try Deployment.expectSuccess(
            Command.run(["run", "--zone", "source", "--config", county.source] + day))
        try Deployment.expectSuccess(
            Command.run(["link", "sample", "--config", county.linking] + day))

        let truth = try truth(county, "\(folder.path)/county/truth/subjects.csv")
        var generator = SeededGenerator(seed: 1, label: "clerks")
        var judged: [String: [Bool]] = [:]
        for (clerk, errors) in [("c-1", 0.02), ("c-2", 0.04)] {
            let listed = try pairs(county, clerk)
            #expect(listed.count == 200)
            let file = try answers(listed, in: folder) { pair in
                let isMatch =
                    (truth[pair[2]] == truth[pair[4]]) != generator.chance(errors)
                judged[pair[0], default: []].append(isMatch)
                return isMatch
            }
            try Deployment.expectSuccess(Command.run(review(county, clerk, "--answers", file)))
        }
        let linked = try Command.run(["link", "--config", county.linking] + day)
        try Deployment.expectSuccess(linked)
        #expect(linked.out.contains("200 pairs, clerks agree on"))
        for zone in [county.source, county.linking] {
            try Deployment.expectSuccess(Command.run(["audit", "--config", zone]))
        }

        let report = try #require(
            try JSONSerialization.jsonObject(
                with: Data(
                    contentsOf: URL(fileURLWithPath: "\(county.path)/linking/state/linkage.json")))
                as? [String: Any])
        let result = try #require(report["review"] as? [String: Any])
        let agreement = try #require(result["agreement"] as? [String: Any])
        let agreed = try #require((agreement["agreed"] as? [String: Any])?["count"] as? Int)
        #expect(agreed == judged.values.count { $0[0] == $0[1] })
        // All pairs between subjects of the linkage, against the truth.
        let spine = "\(county.path)/spine.csv"
        try Deployment.expectSuccess(
            Command.run(["link", "--config", county.linking, "--export", spine] + day))
        let people = Dictionary(
            grouping: try String(contentsOfFile: spine, encoding: .utf8).split(separator: "\n")
                .dropFirst().map { $0.split(separator: ",").map(String.init) }
        ) { $0[1] }
        let pairsOfOne = people.values.flatMap { rows in
            rows.indices.flatMap { one in
                rows[(one + 1)...].map { truth[rows[one][0]] == truth[$0[0]] }
            }
        }
        let precision = Double(pairsOfOne.count { $0 }) / Double(pairsOfOne.count)
        let quality = try #require(result["quality"] as? [String: Any])
        let estimate = try #require(quality["precision"] as? [String: Any])
        let (low, high) = (estimate["low"] as? Double ?? 1, estimate["high"] as? Double ?? 0)
        // Where both clerks err alike a match is lost; hence the little room at the upper end.
        #expect(low <= precision && precision <= high + 0.02, "\(low) \(precision) \(high)")
        #expect(quality["linkedPairs"] as? Int == pairsOfOne.count)
        #expect(quality["recall"] != nil)
    }

    /// The person behind each subject's pseudonym.
    private func truth(_ county: Deployment, _ file: String) throws -> [String: String] {
        var bySource: [String: [[String]]] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            .dropFirst()
        {
            let row = line.split(separator: ",").map(String.init)
            bySource[row[0], default: []].append(row)
        }
        var truth: [String: String] = [:]
        for (source, rows) in bySource {
            let found = try Command.run(
                ["pseudonymise", "--config", county.source, "--lookup", source],
                input: rows.map { $0[1] + "\n" }.joined())
            try Deployment.expectSuccess(found)
            for (row, pseudonym) in zip(rows, found.out.split(separator: "\n")) {
                truth[String(pseudonym)] = row[2]
            }
        }
        return truth
    }
}
