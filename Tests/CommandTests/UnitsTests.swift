import Foundation
import TestSupport
import Testing

/// A list of households and a list of settings, from the extracts to what leaves.
@Suite struct UnitsTests {
    private static let roles = ["information_governance", "lived_experience", "practice_lead"]
    private static let afterOne = Result { try make() }

    private static func make() throws -> Deployment {
        let hamlet = try Deployment.make(
            from: [
                "source.yaml": Hamlet.sourceWithUnits, "linking.yaml": Hamlet.linkingWithUnits,
                "release.yaml": Hamlet.release,
            ],
            models: [
                "homes/model.yaml": Hamlet.homes, "homes/features.yaml": Hamlet.unitFeatures,
                "practices/model.yaml": Hamlet.practices,
                "practices/features.yaml": Hamlet.unitFeatures,
            ])
        try night(hamlet, Hamlet.firstDay, optedOut: [6, 12])
        return hamlet
    }

    private static func night(_ hamlet: Deployment, _ day: String, optedOut: [Int]) throws {
        for (name, text) in Hamlet.files(day) { try hamlet.drop(text, as: name) }
        try hamlet.drop(Hamlet.patientsWithUnits(day), as: "gp/patients_\(day).csv")
        try hamlet.drop(Hamlet.optOuts(of: optedOut), as: "opt_outs/register_\(day).csv")
        try Deployment.expectSuccess(hamlet.runSource(day))
        try Deployment.expectSuccess(hamlet.runLinking(day))
    }

    private func list(_ hamlet: Deployment, _ model: String) throws -> String {
        try #require(hamlet.lists().first { $0.hasPrefix("\(model)-") })
    }

    private func rows(_ hamlet: Deployment, _ list: String) throws -> [[String: Any]] {
        let data = try Data(
            contentsOf: URL(fileURLWithPath: "\(hamlet.path)/linking/lists/\(list)/list.json"))
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require(json?["rows"] as? [[String: Any]])
    }

    private func sign(_ hamlet: Deployment, _ list: String) throws {
        for role in Self.roles {
            try Deployment.expectSuccess(
                Command.run([
                    "sign", "--config", hamlet.linking, "--list", list, "--role", role, "--key",
                    "\(hamlet.path)/reviewers/\(role).key", "--decision", "approve", "--reason",
                    "Played by a test: nobody on this list is real.",
                ]))
        }
    }

    private func release(_ hamlet: Deployment, _ list: String, _ day: String) throws -> [String] {
        try Deployment.expectSuccess(
            Command.run([
                "release", "--config", hamlet.release, "--list", list, "--as-of",
                Hamlet.asOf(day),
            ]))
        return try String(
            contentsOfFile: "\(hamlet.path)/release/released/\(list)/referrals.csv",
            encoding: .utf8
        ).split(separator: "\n").map(String.init)
    }

    /// The people whom a referral list names, by their NHS numbers.
    private func named(_ lines: [String]) -> [Int] {
        lines.dropFirst().map { line in
            (0..<Hamlet.people).first { line.contains(Hamlet.nhsNumber($0)) } ?? -1
        }
    }

    /// Emergencies of the first day: one of each third person, two where the number is odd.
    private func emergencies(_ person: Int) -> Int { person % 3 == 0 ? 1 + person % 2 : 0 }

    @Test func aListOfHouseholdsNamesTheirMembers() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let list = try list(hamlet, "homes")
        // Worked out by hand: homes with somebody below 79 (people 7 and up), but not that of 12,
        // who is below 79 and has opted out; 6 is older and only takes their own facts along.
        let homes = (2...13).filter { $0 != 4 }
        let score = { (home: Int) in
            let members = (3 * home..<min(3 * home + 3, Hamlet.people)).filter { $0 != 6 }
            let count = members.reduce(0) { $0 + self.emergencies($1) }
            let share = Double(members.count { self.emergencies($0) > 0 }) / Double(members.count)
            return -3 + 0.2 * Double(count) + share
        }
        let best = homes.map(score).sorted(by: >).prefix(2)
        let rows = try rows(hamlet, list)
        var seen: Set<String> = []
        let scores = rows.compactMap { row -> Double? in
            let home = (row["household"] as? [String: Any])?["pseudonym"] as? String ?? ""
            guard seen.insert(home).inserted else { return nil }
            return (row["linear_predictor"] as? String).flatMap(Double.init)
        }
        #expect(scores.count == 2)
        for (found, expected) in zip(scores, best) { #expect(abs(found - expected) < 1e-9) }
        let review = try Command.run(["review", "--config", hamlet.linking, "--list", list])
        #expect(review.out.contains("\(rows.count) people of 2 households as of"))
        let audit = try Command.run(["audit", "--config", hamlet.linking, "--list", list])
        #expect(audit.status == 0 && audit.out.contains("every listed linear predictor"))
        let page = try String(
            contentsOfFile: "\(hamlet.path)/linking/lists/\(list)/review.html", encoding: .utf8)
        #expect(page.contains("Households, by pseudonym") && page.contains("about the household"))

        try sign(hamlet, list)
        let lines = try release(hamlet, list, Hamlet.firstDay)
        #expect(lines[0].hasPrefix("row,reference,household,"))
        let people = named(lines)
        #expect(people.count == rows.count && !people.contains(6) && !people.contains(12))
        for home in Set(people.map(Hamlet.home)) {
            let members = (3 * home..<min(3 * home + 3, Hamlet.people)).filter { $0 != 6 }
            #expect(people.filter { Hamlet.home($0) == home }.sorted() == members)
            #expect(best.contains { abs($0 - score(home)) < 1e-9 })
        }
        #expect(
            lines.dropFirst().allSatisfy { $0.contains("information held about the household") })
    }

    @Test func whoObjectsAfterTheSigningTakesTheHouseholdOff() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let list = try list(hamlet, "homes")
        try sign(hamlet, list)
        let undisturbed = try Deployment.copy(of: hamlet)
        let before = named(try release(undisturbed, list, Hamlet.firstDay))
        let gone = try #require(before.first)
        try Self.night(hamlet, Hamlet.secondDay, optedOut: [6, 12, gone])
        let after = named(try release(hamlet, list, Hamlet.secondDay))
        #expect(after == before.filter { Hamlet.home($0) != Hamlet.home(gone) })
        #expect(after.count < before.count)
    }

    @Test func aListOfSettingsNamesNobody() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let list = try list(hamlet, "practices")
        let rows = try rows(hamlet, list)
        let codes = rows.map { ($0["setting"] as? [String: Any])?["code"] as? String }
        // Every emergency is of a person whose number is divisible by three: practice G0.
        #expect(codes[0] == "G0" && codes.count == 2)
        let people = (0..<Hamlet.people).filter { $0 % 3 == 0 && $0 != 6 && $0 != 12 }
        let count = people.reduce(0) { $0 + emergencies($1) }
        let score = (rows[0]["linear_predictor"] as? String).flatMap(Double.init) ?? 0
        #expect(abs(score - (-3 + 0.2 * Double(count) + 1)) < 1e-9)
        #expect(rows.allSatisfy { ($0["records"] as? [Any])?.isEmpty == true })
        let audit = try Command.run(["audit", "--config", hamlet.linking, "--list", list])
        #expect(audit.status == 0 && audit.out.contains("2 settings"))

        try sign(hamlet, list)
        let lines = try release(hamlet, list, Hamlet.firstDay)
        #expect(lines[0] == "row,reference,setting,likelihood,reasons,protective_factors")
        #expect(lines.count == 3)
        #expect(lines[1].contains(",G0,"))
        #expect(lines[1].contains("Share of people with an emergency: above the reference"))
        for canary in Hamlet.canaries { #expect(!lines.joined().contains(canary)) }
        #expect(named(lines) == [-1, -1])
    }
}
