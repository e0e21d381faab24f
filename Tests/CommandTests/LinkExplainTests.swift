import Foundation
import TestSupport
import Testing

/// `stile link explain` and the page of a linkage, through the program.
@Suite struct LinkExplainTests {
    private static let linkage = """
        linkage:
          report:
            groups:
              - {name: Age, column: gp.patients.birth_month, bands: [18, 65]}
              - {name: Deprivation, column: gp.patients.imd_decile}

        """

    @Test func aPairIsExplainedAndTheRunHasItsPage() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.edit("linking/stile.yaml", "models:", Self.linkage + "models:")
        let early = try Command.run(
            ["link", "explain", "--config", hamlet.linking, Self.zeros, Self.ones])
        #expect(early.status == 3 && early.err.contains("Nobody has been linked yet."))
        try hamlet.night(Hamlet.firstDay)

        let spine = "\(hamlet.path)/spine.csv"
        try Deployment.expectSuccess(
            Command.run([
                "link", "--config", hamlet.linking, "--as-of", Hamlet.asOf(Hamlet.firstDay),
                "--export", spine,
            ]))
        let rows = try String(contentsOfFile: spine, encoding: .utf8).split(separator: "\n")
            .dropFirst().map { $0.split(separator: ",").map(String.init) }
        let people = Dictionary(grouping: rows) { $0[1] }
        let pair = try #require(
            people.values.first { $0.count == 2 && $0[0][2] != $0[1][2] }?.map { $0[0] })

        let svg = "\(hamlet.path)/pair.svg"
        let told = try Command.run(
            ["link", "explain", "--config", hamlet.linking, pair[0], pair[1], "--svg", svg])
        #expect(told.status == 0, "\(told.err)")
        #expect(told.out.contains("Linked: ") && told.out.contains("match weight"))
        let drawn = try String(contentsOfFile: svg, encoding: .utf8)
        #expect(drawn.contains("Match weight, step by step"))

        let json = try Command.run(
            ["link", "explain", "--config", hamlet.linking, pair[0], pair[1], "--json"])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        let steps = try #require(object["steps"] as? [[String: Any]])
        let sum = steps.compactMap { $0["bits"] as? Double }.reduce(0, +)
        let weight = try #require(object["weight"] as? Double)
        #expect(abs(sum - weight) < 1e-9)
        #expect(object["decision"] as? String == "link")

        let pages = hamlet.names("linking/pages").filter { $0.hasPrefix("linkage-") }
        #expect(pages.count == 1)
        let page = try String(
            contentsOfFile: "\(hamlet.path)/linking/pages/\(try #require(pages.first))",
            encoding: .utf8)
        for part in ["http:", "https:", "<script", "url(", "src="] {
            #expect(!page.contains(part), "\(part)")
        }
        for part in [
            "Completeness of identifiers", "Deprivation, of", "Age, of", "Linkage rates by source",
        ] { #expect(page.contains(part), "\(part)") }
        for text in [told.out, drawn, json.out, page] {
            for canary in Hamlet.canaries { #expect(!text.contains(canary)) }
        }
    }

    private static let zeros = String(repeating: "0", count: 32)
    private static let ones = String(repeating: "1", count: 32)

    @Test func whatIsNoSubjectIsRefusedWithoutSayingIt() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let unknown = try Command.run(
            ["link", "explain", "--config", hamlet.linking, Self.zeros, Self.ones])
        #expect(unknown.status == 3 && unknown.err.contains("No source holds the subject"))
        let name = try Command.run(
            ["link", "explain", "--config", hamlet.linking, Hamlet.canaries[0], Self.ones])
        #expect(name.status == 3 && name.err.contains("not a pseudonym of 32 hexadecimal digits"))
        #expect(!name.err.contains(Hamlet.canaries[0]))
    }

    @Test func aGroupThatNamesNoColumnStopsTheLinkage() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.edit(
            "linking/stile.yaml", "models:",
            "linkage: {report: {groups: [{column: gp.patients.shoes}]}}\nmodels:")
        try hamlet.drop(Hamlet.firstDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.firstDay))
        let finished = try hamlet.runLinking(Hamlet.firstDay)
        #expect(finished.status == 2)
        #expect(
            finished.err.contains("have no column “shoes”")
                && finished.err.contains("Name one of: birth_month, imd_decile"), "\(finished.err)")
    }
}
