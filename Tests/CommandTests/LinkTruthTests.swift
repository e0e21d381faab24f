import Foundation
import TestSupport
import Testing

/// `stile pseudonymise --truth` and `stile link check --truth`, through the program.
@Suite struct LinkTruthTests {
    /// Who is who in the hamlet, by local identifiers, with a column that is not for the linking zone.
    private static let truth =
        "person,subject,forename,source\n"
        + (0..<Hamlet.people).map { "person \($0),P\($0),\(Hamlet.canaries[0]),gp\n" }.joined()
        + stride(from: 0, to: Hamlet.people, by: 3).map {
            "person \($0), H\($0) ,\(Hamlet.canaries[0]),hospital\n"
        }.joined()

    private func pseudonyms(_ hamlet: Deployment, _ text: String) throws -> Finished {
        try hamlet.folder.write(text, to: "who.csv")
        return try Command.run([
            "pseudonymise", "--config", hamlet.source, "--truth", "\(hamlet.folder.path)/who.csv",
        ])
    }

    private func check(
        _ hamlet: Deployment, _ text: String, _ options: String...
    ) throws -> Finished {
        try hamlet.folder.write(text, to: "truth.csv")
        return try Command.run(
            [
                "link", "check", "--config", hamlet.linking, "--as-of",
                Hamlet.asOf(Hamlet.firstDay), "--truth", "\(hamlet.folder.path)/truth.csv",
            ] + options)
    }

    private func spine(_ hamlet: Deployment) throws -> String {
        let spine = "\(hamlet.folder.path)/spine.csv"
        try Deployment.expectSuccess(
            Command.run([
                "link", "--config", hamlet.linking, "--as-of", Hamlet.asOf(Hamlet.firstDay),
                "--export", spine,
            ]))
        return try String(contentsOfFile: spine, encoding: .utf8)
    }

    private func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
    }

    @Test func figuresAreThoseOfACountOfEveryPair() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let made = try pseudonyms(hamlet, Self.truth)
        #expect(made.status == 0, "\(made.err)")
        #expect(made.out.hasPrefix("source,subject,person\n"))
        let truth = rows(made.out)
        #expect(truth.count == 54 && truth.map { $0[1] } == truth.map { $0[1] }.sorted())
        #expect(Set(truth.map { $0[2] }).count == Hamlet.people)
        // The subject is the one that --lookup gives.
        let held = rows(try spine(hamlet))
        #expect(
            Set(truth.map { $0[1] }).isSuperset(
                of: held.map { $0[0] }.filter { one in
                    held.contains { $0[0] == one && $0[2] != "opt_outs" }
                }))

        // One person of the truth is cut in two, and two are made one: both mistakes are to be seen.
        var people = Dictionary(uniqueKeysWithValues: truth.map { ($0[1], $0[2]) })
        let both = Dictionary(grouping: truth) { $0[2] }.filter { $0.value.count == 2 }
            .sorted { $0.key < $1.key }
        people[both[0].value[0][1]] = String(repeating: "ab", count: 16)
        people[both[1].value[0][1]] = both[2].key
        let told = truth.map { "\($0[0]),\($0[1]),\(people[$0[1]] ?? "")\n" }.joined()
        let finished = try check(hamlet, "source,subject,person\n\(told)", "--json")
        #expect(finished.status == 0, "\(finished.err)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(finished.out.utf8)) as? [String: Any])
        let quality = try #require(object["quality"] as? [String: Any])
        var counts = [0, 0, 0]
        let known = held.filter { people[$0[0]] != nil }
        for (place, one) in known.enumerated() {
            for other in known[(place + 1)...] {
                let isFound = one[1] == other[1]
                let isTrue = people[one[0]] == people[other[0]]
                if isFound && isTrue { counts[0] += 1 }
                if isFound { counts[1] += 1 }
                if isTrue { counts[2] += 1 }
            }
        }
        #expect(counts[0] < counts[1] && counts[0] < counts[2] && counts[0] > 5)
        #expect(["found", "claimed", "wanted"].map { quality[$0] as? Int } == counts)
        for (name, value) in [
            ("precision", Double(counts[0]) / Double(counts[1])),
            ("recall", Double(counts[0]) / Double(counts[2])),
            ("f1", 2 * Double(counts[0]) / Double(counts[1] + counts[2])),
        ] {
            let estimate = try #require(quality[name] as? [String: Double])
            #expect(abs(try #require(estimate["value"]) - value) < 1e-12)
            #expect(try #require(estimate["low"]) < value && value < (estimate["high"] ?? 0))
        }
        #expect(object["covered"] as? Int == known.count)
        #expect(object["subjects"] as? Int == held.count && held.count > known.count)
        let missed = try #require(object["missed"] as? [[String: Any]])
        #expect(missed.reduce(0) { $0 + ($1["pairs"] as? Int ?? 0) } == counts[2] - counts[0])

        let text = try check(hamlet, "source,subject,person\n\(told)")
        #expect(text.status == 0)
        for part in [
            "The truth says who \(known.count) of \(held.count) subjects are", "between sources",
            "Expected without labels", "The best F1 over link thresholds", "Missed pairs: ",
            "gp – hospital", "found whole", "stile attack",
        ] { #expect(text.out.contains(part), "\(part)") }
        for said in [made.out, finished.out, text.out, text.err] {
            for canary in Hamlet.canaries { #expect(!said.contains(canary)) }
            #expect(!said.contains("person 0"))
        }
    }

    @Test func theSpineIsItsOwnTruthAndWhatIsNotHeldIsCounted() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let own = try spine(hamlet)
        let whole = try check(hamlet, own)
        #expect(whole.status == 0, "\(whole.err)")
        #expect(whole.out.contains("No true pair is missed."))
        let other = own + "\(Self.ones),\(Self.ones),gp\n\(Self.twos),\(Self.ones),gp\n"
        let line = own.split(separator: "\n").count + 1
        let refused = try check(hamlet, other)
        #expect(
            refused.status == 3
                && refused.err.contains(
                    "truth.csv:\(line):subject: No source holds the subject, and so for 1 further lines."
                ), "\(refused.err)")
        let counted = try check(hamlet, other, "--skip-unknown")
        #expect(counted.status == 0 && counted.out.contains("Left out too: 2 of its rows"))
    }

    private static let ones = String(repeating: "1", count: 32)
    private static let twos = String(repeating: "2", count: 32)

    @Test func aBadTruthIsRefusedWithItsLine() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let held = try #require(rows(try spine(hamlet)).first { $0[2] == "gp" })
        let (subject, name) = (held[0], Hamlet.canaries[0])
        let header = "source,subject,person\n"
        for (text, says) in [
            ("", "truth.csv: The file is empty"), (header, "truth.csv: The file has no row"),
            ("gp,\(subject),\(Self.ones)\n", "truth.csv:1: The first line does not name"),
            ("source,subject,person,\(name)\n", "truth.csv:1: The file has other columns"),
            (header + "gp,\(name),\(Self.ones)\n", ":2:subject: A subject is not a pseudonym"),
            (header + "gp,\(subject),\(name)\n", ":2:person: A person is not a pseudonym"),
            (header + "gp,\(subject),\n", ":2:person: The row has nothing"),
            (
                header + "gp,\(subject),\(Self.ones)\ngp,\(subject),\(Self.twos)\n",
                ":3:subject: The subject was named before, in line 2."
            ),
            (
                header + "hospital,\(subject),\(Self.ones)\n",
                ":2:source: The subject is held, but of another source"
            ),
            (header + "gp,\(Self.ones),\(Self.ones)\n", ":2:subject: No source holds the subject."),
        ] {
            let refused = try check(hamlet, text)
            #expect(refused.status == 3 && refused.err.contains(says), "\(says) \(refused.err)")
            #expect(!refused.err.contains(name) && refused.out.isEmpty)
        }
        let alone = try Command.run(
            ["link", "check", "--config", hamlet.linking, "--skip-unknown"])
        #expect(alone.status == 64 && alone.err.contains("give --truth"))
        let gone = try Command.run(
            ["link", "check", "--config", hamlet.linking, "--truth", "\(hamlet.path)/none.csv"])
        #expect(gone.status == 3)
    }

    @Test func theAttackRateOfTheSameEncodingsIsToldBeside() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let own = try spine(hamlet)
        let report = try Data(
            contentsOf: URL(fileURLWithPath: "\(hamlet.path)/linking/state/linkage.json"))
        let detail = try #require(
            try JSONSerialization.jsonObject(with: report) as? [String: Any])["detail"]
        let digest = try #require(
            (detail as? [String: Any])?["encodingSpecification"] as? String)
        func rate(_ digest: String, read: Int = 5) -> String {
            """
            {"day": "2026-03-03", "encoding_specification": "\(digest)", "findings": [], "hardening": "none",
             "key_epoch": 1, "records": 54, "without_truth": 0, "worst": [{"attack": "graph_matching",
             "field": "given_name", "named_blind": 1, "named_in_one": \(read), "of": "given name",
             "read_by_counting": false, "records": 40}]}
            """
        }
        #expect(try check(hamlet, own).out.contains("stile attack finds in the source zone"))
        try hamlet.edit(
            "linking/stile.yaml", "models:",
            "linkage: {report: {attack: attack.json}}\nmodels:")
        let absent = try check(hamlet, own)
        #expect(absent.status == 2 && absent.err.contains("attack.json: The attack rate"))
        for text in [
            "{}", "no JSON", rate(digest, read: 41), rate(digest, read: -1),
            rate(digest).replacing("\"records\": 40", with: "\"records\": -40"),
        ] {
            try hamlet.folder.write(text, to: "d/linking/attack.json")
            let bad = try check(hamlet, own)
            #expect(bad.status == 2 && bad.err.contains("does not hold an attack rate"))
        }
        try hamlet.folder.write(rate(digest), to: "d/linking/attack.json")
        let told = try check(hamlet, own)
        #expect(told.out.contains("given name: 12.50 % (2.50 %)"), "\(told.out)")
        try hamlet.folder.write(
            rate(String(repeating: "0", count: 64)), to: "d/linking/attack.json")
        #expect(!(try check(hamlet, own).out.contains("given name: ")))
    }

    @Test func theSourceZoneRefusesABadTruthWithItsLine() throws {
        let hamlet = try Deployment.hamlet()
        let name = Hamlet.canaries[0]
        for (text, says) in [
            ("", "who.csv: The file is empty"),
            ("gp,P1,\(name)\n", "who.csv:1: The first line does not name"),
            ("source,subject,person\n\(name),P1,1\n", ":2:source: There is no such source."),
            ("source,subject,person\ngp,P1\n", ":2: The row does not have"),
            (
                "source,subject,person\ngp,P1,1\ngp, P1,2\n",
                ":3:subject: The subject was named before, in line 2."
            ),
        ] {
            let refused = try pseudonyms(hamlet, text)
            #expect(refused.status == 3 && refused.err.contains(says), "\(says) \(refused.err)")
            #expect(!refused.err.contains(name) && refused.out.isEmpty)
        }
        let both = try Command.run([
            "pseudonymise", "--config", hamlet.source, "--lookup", "gp", "--truth", "x",
        ])
        #expect(both.status == 64 && both.err.contains("give one of them"))
    }
}
