import Foundation
import PipelineModel
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
                "homes/tests.yaml": Hamlet.homesTests,
                "homes_fitted/model.yaml": Hamlet.homesFitted,
                "homes_fitted/features.yaml": Hamlet.unitFeatures,
                "practices/tests.yaml": Hamlet.practicesTests,
                "practices/model.yaml": Hamlet.practices,
                "practices/features.yaml": Hamlet.unitFeatures,
            ])
        try night(hamlet, Hamlet.firstDay, optedOut: [6, 12])
        return hamlet
    }

    private static func night(_ hamlet: Deployment, _ day: String, optedOut: [Int]) throws {
        for (name, text) in Hamlet.files(day) { try hamlet.drop(text, as: name) }
        try hamlet.drop(Hamlet.patientsWithUnits(day), as: "gp/patients_\(day).csv")
        if day == Hamlet.firstDay {
            try hamlet.drop(Hamlet.admissionsWithUnits(), as: "hospital/admissions_\(day).csv")
        }
        try hamlet.drop(Hamlet.optOuts(of: optedOut), as: "opt_outs/register_\(day).csv")
        try Deployment.expectSuccess(hamlet.runSource(day))
        try Deployment.expectSuccess(hamlet.runLinking(day))
    }

    private func list(
        _ hamlet: Deployment, _ model: String, _ day: String = Hamlet.firstDay
    ) throws -> String {
        try #require(hamlet.lists().first { $0.hasPrefix("\(model)-\(Hamlet.asOf(day))") })
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

    /// Emergencies of the year before the first night.
    private func emergencies(_ person: Int) -> Int {
        let asOf = Day(iso: Hamlet.asOf(Hamlet.firstDay)) ?? Day(0)
        return Hamlet.emergencies(person).count { $0 >= asOf + -365 && $0 < asOf }
    }

    /// The linear predictor of these people together.
    private func score(_ members: [Int]) -> Double {
        let count = members.reduce(0) { $0 + emergencies($1) }
        let share = Double(members.count { emergencies($0) > 0 }) / Double(members.count)
        return -3 + 0.2 * Double(count) + share
    }

    @Test func definitionsOfUnitsAreChecked() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let check = try Command.run(["check", "--config", hamlet.linking])
        #expect(check.status == 0, "\(check.err)")
        #expect(check.out.contains("5 expectations of hand-written people hold"))
        #expect(check.out.contains("3 expectations of hand-written people hold"))
        try hamlet.edit("Models/homes/tests.yaml", "refers: 2", "refers: 3")
        let refused = try Command.run(["check", "--config", hamlet.linking])
        #expect(refused.status == 2)
        #expect(
            refused.err.contains(
                "“refers” of “an older person who objects, with somebody younger”: expected 3.0, got 2.0"
            ), "\(refused.err)")
    }

    @Test func aModelOfHouseholdsIsFittedAndEvaluated() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        func json(_ name: String) throws -> [String: Any] {
            let path = "\(hamlet.path)/linking/models/homes_fitted/\(name).json"
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        // Homes with somebody below 79 on the day, but for that of 12, who has opted out. In
        // January 2025 person 5 (born in June 1945) is still one of them, and 6 until July: but 6
        // has opted out, which then withholds their home.
        func homes(_ iso: String) -> [Int] {
            let asOf = Day(iso: iso) ?? Day(0)
            return (0..<Hamlet.people).reduce(into: [Int: [Int]]()) {
                if Hamlet.isBelow79($1, asOf) { $0[Hamlet.home($1), default: []].append($1) }
            }.filter { !$0.value.contains(6) && !$0.value.contains(12) }.keys.sorted()
        }
        let train = ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"]
        let fitted = try json("coefficients")
        #expect(fitted["rows"] as? Int == train.reduce(0) { $0 + homes($1).count })
        let test = Day(iso: "2026-01-01") ?? Day(0)
        let events = homes("2026-01-01").count { home in
            (3 * home..<min(3 * home + 3, Hamlet.people)).contains { person in
                person != 6 && person != 12
                    && Hamlet.emergencies(person).contains { $0 >= test && $0 < test + 60 }
            }
        }
        let evaluation = try json("evaluation")
        #expect(evaluation["unit"] as? String == "household")
        #expect(evaluation["rows"] as? Int == homes("2026-01-01").count)
        #expect(evaluation["people"] as? Int == homes("2026-01-01").count)
        #expect(evaluation["events"] as? Int == events)
        _ = try list(hamlet, "homes_fitted")
    }

    @Test func readingsOfTheTestLabelsAreCountedAndMarginsJudged() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let folder = "\(hamlet.path)/linking/models/homes_fitted"
        func evaluation() throws -> [String: Any] {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/evaluation.json"))
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        func openings() throws -> [String: Any] {
            try #require(try evaluation()["openings"] as? [String: Any])
        }
        func stile(_ command: String) throws -> Finished {
            try Command.run([
                command, "--config", hamlet.linking, "--model", "homes_fitted", "--as-of",
                Hamlet.asOf(Hamlet.firstDay),
            ])
        }
        func leaves(_ kind: String) throws -> [String] {
            try String(
                contentsOfFile: "\(hamlet.path)/linking/state/log/leaves.jsonl", encoding: .utf8
            ).split(separator: "\n").map(String.init).filter {
                $0.contains("\"\(kind)\"") && $0.contains("homes_fitted")
            }
        }
        #expect(try openings()["count"] as? Int == 1)
        #expect(try openings()["first"] as? String == Hamlet.asOf(Hamlet.firstDay))
        #expect(try evaluation()["acceptance"] == nil)
        let page = try String(contentsOfFile: "\(folder)/evaluation.html", encoding: .utf8)
        #expect(page.contains("were read once") && page.contains("<svg"))

        // The same question again reads nothing.
        try Deployment.expectSuccess(stile("evaluate"))
        #expect(try openings()["count"] as? Int == 1)

        // An evaluation that comes to nothing once it has begun to read the labels has read them.
        let manager = FileManager.default
        let rows = try #require(
            try leaves("model.developed").last?.firstMatch(
                of: /"development":"([0-9a-f]{64})"/)
        ).1
        let file = "\(hamlet.path)/linking/state/columns/\(rows).stilecol"
        try manager.moveItem(atPath: file, toPath: file + ".away")
        try manager.removeItem(atPath: "\(folder)/evaluation.json")
        let stopped = try stile("evaluate")
        #expect(stopped.status != 0, "\(stopped.err)")
        try manager.moveItem(atPath: file + ".away", toPath: file)
        try Deployment.expectSuccess(stile("evaluate"))
        #expect(try openings()["count"] as? Int == 3)
        #expect(try openings()["equations"] as? Int == 1)
        #expect(try leaves("labels.opened").count == 3)
        try Deployment.expectSuccess(
            Command.run(["audit", "--config", hamlet.linking]))

        // A margin set after the labels were seen is another specification: refused until the
        // model is fitted under it, and counted.
        try hamlet.edit(
            "Models/homes_fitted/model.yaml", "fit: ",
            "resampling: {refits: 10, origins: 2, by_person: {folds: 2}}\nacceptance: {auroc_at_least: 0, calibration_slope: [99, 100]}\nfit: "
        )
        let refused = try stile("evaluate")
        #expect(refused.status == 4, "\(refused.err)")
        #expect(try openings()["count"] as? Int == 3)
        try Deployment.expectSuccess(stile("train"))
        try Deployment.expectSuccess(stile("evaluate"))
        let again = try openings()
        #expect(again["count"] as? Int == 4 && again["specifications"] as? Int == 2)
        let acceptance = try #require(try evaluation()["acceptance"] as? [String: Any])
        let results = try #require(acceptance["results"] as? [[String: Any]])
        #expect(results.map { $0["margin"] as? String } == ["auroc", "calibration_slope"])
        #expect(acceptance["verdict"] as? String != "met")
        let refits = try #require(try evaluation()["refits"] as? [String: Any])
        #expect(refits.keys.sorted() == ["learning_curve", "list_stability", "optimism"])
        #expect(try evaluation()["rolling_origin"] is [String: Any])
        let split = try #require(try evaluation()["person_split"] as? [String: Any])
        #expect(split["folds"] as? Int == 2 && split["same_rows"] is [String: Any])
        let second = try String(contentsOfFile: "\(folder)/evaluation.html", encoding: .utf8)
        #expect(second.contains("were read 4 times") && second.contains("Margins set beforehand"))

        // Nobody is put in front of the signers by a model that did not meet them, nor by one
        // that nothing was held against.
        #expect(acceptance["verdict"] as? String == "not_met")
        let lists = hamlet.lists()
        func refusal(_ status: Int32) throws -> String {
            let night = try hamlet.runLinking(Hamlet.firstDay)
            #expect(night.status == status, "\(night.err)")
            #expect(hamlet.lists() == lists)
            return night.out + night.err
        }
        #expect(try refusal(4).contains("did not meet the margins"))
        try hamlet.edit(
            "Models/homes_fitted/model.yaml", "test: {from: 2026-01-01, to: 2026-01-01",
            "test: {from: 2026-02-01, to: 2026-02-01")
        try Deployment.expectSuccess(stile("train"))
        #expect(try refusal(3).contains("there is no evaluation that holds them"))
    }

    @Test func aConstantColumnIsFittedRoundAndSeparatedOutcomesAreRefusedUntilTheMethodCan() throws
    {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let features = "Models/homes_fitted/features.yaml"
        let folder = "\(hamlet.path)/linking/models/homes_fitted"
        func train() throws -> Finished {
            try Command.run([
                "train", "--config", hamlet.linking, "--model", "homes_fitted", "--as-of",
                Hamlet.asOf(Hamlet.firstDay),
            ])
        }
        func coefficients() throws -> [String: Any] {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/coefficients.json"))
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        func feature(_ name: String, _ further: String) -> String {
            "\n  - {name: \(name), title: \(name), from: hospital.admissions, aggregate: count, \(further)}"
        }
        // Nobody was ever admitted so.
        try hamlet.edit(
            features, "features:",
            "features:" + feature("never", "where: [{column: method, in: [\"99\"]}]"))
        try Deployment.expectSuccess(train())
        // Forty-two rows and thirteen windows of time: these tell every outcome apart.
        try hamlet.edit(
            features, "features:",
            "features:"
                + (1...12).map { feature("within_\(20 * $0)", "within_days: \(20 * $0)") }.joined())
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/coefficients.json"))
        let separated = try train()
        #expect(separated.status == 3, "\(separated.err)")
        #expect(separated.err.contains("The outcomes are separated by “"), "\(separated.err)")
        #expect(separated.err.contains("choose the method firth or ridge"))
        let after = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/coefficients.json"))
        #expect(before == after)
        try hamlet.edit("Models/homes_fitted/model.yaml", "method: irls", "method: ridge, folds: 3")
        try Deployment.expectSuccess(train())
        let penalty = try #require(try coefficients()["penalty"] as? [String: Any])
        #expect((penalty["strength"] as? Double ?? 0) > 0)
    }

    @Test func tooFewHomesAreRefusedAndAnEquationIsRecalibrated() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let model = "Models/homes_fitted/model.yaml"
        let folder = "\(hamlet.path)/linking/models/homes_fitted"
        func stile(_ command: String) throws -> Finished {
            try Command.run([
                command, "--config", hamlet.linking, "--model", "homes_fitted", "--as-of",
                Hamlet.asOf(Hamlet.firstDay),
            ])
        }
        try hamlet.edit(model, "{method: irls, exploratory: true}", "{method: irls}")
        let few = try stile("train")
        #expect(few.status == 4, "\(few.err)")
        #expect(few.err.contains("has 2 candidate parameters, but only"))
        #expect(few.err.contains("rows are needed for an expected shrinkage of at least 0.9"))
        #expect(few.err.contains("exploratory: true"))

        try hamlet.edit(model, "{method: irls}", "{method: irls, anticipated_r2: 0.98}")
        let impossible = try stile("train")
        #expect(impossible.status == 2, "\(impossible.err)")
        #expect(impossible.err.contains("above the largest that is possible"))

        try hamlet.edit(
            model, "fit: {method: irls, anticipated_r2: 0.98}",
            "coefficients: {intercept: -3, terms: {emergencies: 0.2, share: 1}, recalibrate: intercept}"
        )
        try Deployment.expectSuccess(stile("train"))
        try Deployment.expectSuccess(stile("evaluate"))
        func json(_ name: String) throws -> [String: Any] {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        let recalibration = try json("recalibration.json")
        let moved = try #require(recalibration["intercept"] as? Double)
        #expect(recalibration["slope"] as? Double == 1)
        let equation = try json("folder/equation.json")
        let intercept = try #require(equation["intercept"] as? Double)
        #expect((intercept - (moved - 3)).magnitude < 1e-12)
        // The rows that it was recalibrated on do not test it.
        let rows = try #require(recalibration["rows"] as? Int)
        let tested = try #require(try json("evaluation.json")["rows"] as? Int)
        #expect(rows > tested)
        let card = try String(contentsOfFile: "\(folder)/folder/card.md", encoding: .utf8)
        #expect(card.contains("intercept was fitted again on the training rows here"))
        #expect(FileManager.default.fileExists(atPath: "\(folder)/folder/recalibration.json"))

        // So few homes had the event that the figures of the documents would tell how many.
        let given = "\(hamlet.path)/given"
        let open = try Command.run([
            "models", "export", "homes_fitted", "--config", hamlet.linking, "--public", "--to",
            given,
        ])
        #expect(open.status == 4, "\(open.err)")
        #expect(open.err.contains("would let them be counted"))
        #expect(!FileManager.default.fileExists(atPath: given))
    }

    @Test func aListOfHouseholdsNamesTheirMembers() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let list = try list(hamlet, "homes")
        // Worked out by hand: homes with somebody below 79 (people 7 and up), but not that of 12,
        // who is below 79 and has opted out; 6 is older and only takes their own facts along.
        let homes = (2...13).filter { $0 != 4 }
        let score = { (home: Int) in
            self.score((3 * home..<min(3 * home + 3, Hamlet.people)).filter { $0 != 6 })
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

    @Test func householdsKeepTheirPseudonymsWhenTheKeysRotate() throws {
        let same = try Deployment.copy(of: Self.afterOne.get())
        let rotated = try Deployment.copy(of: Self.afterOne.get())
        try Deployment.expectSuccess(Command.run(["keys", "rotate", "--config", rotated.source]))
        try Deployment.expectSuccess(rotated.runSource(Hamlet.firstDay))
        try Deployment.expectSuccess(rotated.runLinking(Hamlet.firstDay))
        func people(_ hamlet: Deployment) throws -> Data {
            let list = try list(hamlet, "homes", Hamlet.secondDay)
            // Where the identities lie sealed is another matter: new keys seal them anew.
            let bare = try rows(hamlet, list).map { row in row.filter { $0.key != "records" } }
            return try JSONSerialization.data(withJSONObject: bare, options: .sortedKeys)
        }
        for hamlet in [same, rotated] {
            try Self.night(hamlet, Hamlet.secondDay, optedOut: [6, 12])
        }
        #expect(try people(rotated) == people(same))
        let report = try String(
            contentsOfFile: "\(rotated.path)/linking/state/linkage.json", encoding: .utf8)
        #expect(report.contains("\"households\" : 14"), "\(report.prefix(400))")
    }

    @Test func aListOfSettingsNamesNobody() throws {
        let hamlet = try Deployment.copy(of: Self.afterOne.get())
        let list = try list(hamlet, "practices")
        let rows = try rows(hamlet, list)
        let codes = rows.map { ($0["setting"] as? [String: Any])?["code"] as? String }
        let expected = ["G0", "G1", "G2"].map { code in
            let people = (0..<Hamlet.people).filter {
                Hamlet.practice($0) == code && $0 != 6 && $0 != 12
            }
            return (code, score(people))
        }.sorted { $0.1 > $1.1 }
        #expect(codes == expected.prefix(2).map(\.0))
        let scores = rows.map { ($0["linear_predictor"] as? String).flatMap(Double.init) ?? 0 }
        for (found, (_, score)) in zip(scores, expected) { #expect(abs(found - score) < 1e-9) }
        #expect(rows.allSatisfy { ($0["records"] as? [Any])?.isEmpty == true })
        let audit = try Command.run(["audit", "--config", hamlet.linking, "--list", list])
        #expect(audit.status == 0 && audit.out.contains("2 settings"))

        try sign(hamlet, list)
        let lines = try release(hamlet, list, Hamlet.firstDay)
        #expect(lines[0] == "row,reference,setting,likelihood,reasons,protective_factors")
        #expect(lines.count == 3)
        #expect(lines[1].contains(",\(expected[0].0),"))
        #expect(lines[1].contains("Emergency admissions in the last year: above the reference"))
        for canary in Hamlet.canaries { #expect(!lines.joined().contains(canary)) }
        #expect(named(lines) == [-1, -1])
    }
}
