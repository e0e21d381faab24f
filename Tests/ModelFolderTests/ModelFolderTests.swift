import Foundation
import Hashing
import ModelFolder
import PipelineModel
import TestSupport
import Testing

@Suite struct ModelFolderTests {
    @Test func theFolderHasEachFileOnceAndTheSameBytesAgain() throws {
        let files = try MadeModel.model().files()
        #expect(
            files.map(\.name) == [
                "atrs.md", "bands.json", "card.md", "check.py", "coefficients.json", "data.json",
                "equation.json", "equation.txt", "evaluation.json", "model.pmml", "probast-ai.md",
                "specification/model.yaml", "test-pack.csv", "tripod-ai.md", "manifest.json",
            ])
        #expect(try MadeModel.model().files() == files)
        let manifest = String(decoding: files[files.count - 1].bytes, as: UTF8.self)
        for file in files.dropLast() {
            #expect(manifest.contains(ContentDigest.sha256(file.bytes).hex), "\(file.name)")
        }
    }

    @Test func aPublishedEquationWithoutRowsHasItsFolderToo() throws {
        let files = try MadeModel.model(isFitted: false, development: nil).files()
        let names = files.map(\.name)
        #expect(!names.contains("coefficients.json") && !names.contains("bands.json"))
        let card = try MadeModel.text(
            "card.md", of: MadeModel.model(isFitted: false, development: nil))
        #expect(card.contains("published elsewhere"))
        #expect(card.contains("No rows were used here"))
    }

    @Test func testLabelsThatNoEvaluationReadAreNotReadHere() throws {
        var model = MadeModel.model()
        model.evaluation = nil
        let names = try model.files().map(\.name)
        #expect(!names.contains("bands.json") && !names.contains("evaluation.json"))
        #expect(try MadeModel.text("card.md", of: model).contains("was not evaluated here"))
    }

    @Test func theCardSaysWhatAFitAndItsEvaluationSayAgainstThemselves() throws {
        var model = MadeModel.model()
        let card = try MadeModel.text("card.md", of: model)
        #expect(card.contains("states beforehand: not assessable."))
        #expect(card.contains("have been read 3 times, for 2 equations."))
        #expect(card.contains("`stile models export --public` leaves both out"))
        model.coefficients = Array(
            String(decoding: MadeModel.coefficients(), as: UTF8.self)
                .replacing(
                    "\"method\"",
                    with:
                        "\"clusters\":500,\"exploratory\":true,\"penalty\":{\"mixing\":0,\"strength\":0.0125},\"method\""
                )
                .replacing(
                    "\"standard_error\":0.05",
                    with: "\"clustered_standard_error\":0.0625,\"standard_error\":0.05"
                ).utf8)
        let cautious = try MadeModel.text("card.md", of: model)
        #expect(cautious.contains("marks it exploratory"))
        #expect(cautious.contains("held back by a penalty, λ 0.01250"))
        #expect(cautious.contains("| 0.18750 | 0.0625 |"))
        model.coefficients = model.coefficients.map {
            Array(
                String(decoding: $0, as: UTF8.self)
                    .replacing("\"strength\":", with: "\"path_end\":\"weakest\",\"strength\":").utf8
            )
        }
        let weakest = try MadeModel.text("card.md", of: model)
        #expect(weakest.contains("the weakest that was tried: a weaker one may be better."))
        #expect(!weakest.contains("without a penalty"))
        #expect(
            cautious.contains(
                "which rows are of one person (or of one household, where the specification keeps households together and they are known); the rows are of 500 such, taken as independent of each other."
            ))
    }

    @Test func theCardSaysWhatIsSetBesideTheFigures() throws {
        var model = MadeModel.model()
        #expect(try !MadeModel.text("card.md", of: model).contains("on one side"))
        let asked = try MadeModel.text("probast-ai.md", of: model)
        #expect(asked.contains("Nothing was fitted with everybody on one side"))
        model.evaluation = Array(
            (String(decoding: MadeModel.evaluation.dropLast(), as: UTF8.self)
                + """
                ,"person_split":{"folds":10,"same_rows":{"discrimination":{"estimate":0.7,"lower":0.68,\
                "upper":0.72}},"model_less":{"difference":{"estimate":0.01,"lower":0.005,"upper":0.015}}},\
                "cannot_happen":{"reasons":[{"why":"The dead cannot return."}],"rows":84,"listed":3,\
                "list_size":50,"others":{"not_assessable":"why"}}}
                """).utf8)
        let card = try MadeModel.text("card.md", of: model)
        #expect(
            card.contains(
                "With all people on one side (10 parts), the same test rows, scored by fits that saw nothing of those whom they score: AUROC 0.700 (0.680 to 0.720), that of the model less theirs 0.0100 (0.0050 to 0.0150); calibration slope not assessable"
            ))
        // Three places are too few to be told.
        #expect(
            card.contains(
                "The dead cannot return. Of the test rows that holds for 84, which take fewer than 10 of the 50 places of the list and count above as rows without the event. Without them"
            ))
        #expect(
            try MadeModel.text("probast-ai.md", of: model).contains(
                "With everybody on one side the AUROC of the same rows is 0.700"))
    }

    @Test func theCardSaysWhereOnlyAShareOfTheRowsWasScoredApart() throws {
        var model = MadeModel.model()
        model.evaluation = Array(
            (String(decoding: MadeModel.evaluation.dropLast(), as: UTF8.self)
                + """
                ,"person_split":{"test_share":0.3,"same_rows":{"discrimination":{"estimate":0.7,\
                "lower":0.68,"upper":0.72}}}}
                """).utf8)
        #expect(
            try MadeModel.text("card.md", of: model).contains(
                "With all people on one side, a share of the test rows, scored by fits"))
        #expect(
            try MadeModel.text("probast-ai.md", of: model).contains(
                "With everybody on one side the AUROC of a share of the test rows is 0.700"))
    }

    // The records or the reason are wrong; of fewer than ten the number is not told.
    @Test(arguments: [(1, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (11, "11")])
    func theCardSaysThatWhatCannotHappenDid(events: Int, shown: String) throws {
        var model = MadeModel.model()
        model.evaluation = Array(
            (String(decoding: MadeModel.evaluation.dropLast(), as: UTF8.self)
                + """
                ,"cannot_happen":{"reasons":[{"why":"The dead cannot return."}],"rows":84,\
                "events":\(events),"listed":30,"list_size":50,"others":{"not_assessable":"why"}}}
                """).utf8)
        let card = try MadeModel.text("card.md", of: model)
        #expect(
            card.contains(
                "30 of the 50 places of the list. Of these rows \(shown) had the event all the same, so that the records or the reason are wrong. Without them"
            ))
        #expect(!card.contains("count above as rows without the event"))
    }

    @Test func theCardSaysWhyAnIntervalHasNoBound() throws {
        var model = MadeModel.model()
        let intervals = [
            #"{"lower":0.125,"upper_missing":"out_of_reach"}"#,
            #"{"lower_missing":"not_converged","upper":0.5}"#, #"{"lower":0.25}"#,
        ]
        var text = String(decoding: MadeModel.coefficients(), as: UTF8.self)
        for interval in intervals {
            text = text.replacing(
                "\"standard_error\":0.05", with: "\"profile_interval\":\(interval)",
                maxReplacements: 1)
        }
        model.coefficients = Array(text.utf8)
        let card = try MadeModel.text("card.md", of: model)
        #expect(card.contains("| 0.125 to none within a thousand standard errors |"))
        #expect(
            card.contains("| not found (the fit on the way there did not converge) to 0.500 |"))
        // As releases before wrote it.
        #expect(card.contains("| 0.250 to not found |"))
    }

    @Test func noValueOfAPersonIsInTheFolder() throws {
        let development = MadeModel.development()
        let count = development.matrix.rows.count
        // The largest and the smallest age are each one person's.
        let ages = development.matrix.values[..<count].sorted()
        for file in try MadeModel.model().files() {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for value in [ages[0], ages[count - 1], ages[count - 2]] {
                #expect(!text.contains(value.description), "\(file.name)")
            }
            #expect(!text.contains(development.matrix.rows[17].about.hex), "\(file.name)")
        }
    }

    @Test func aColumnOfFewPeopleIsNamedForReview() throws {
        // Three people have the carer, each with four rows.
        let card = try MadeModel.text("card.md", of: MadeModel.model())
        #expect(card.contains("rest on so few people"))
        #expect(card.contains("something of them: carer."))
    }

    @Test func whatOnlyTheServiceKnowsIsAVisibleBlank() throws {
        for name in ["card.md", "atrs.md", "tripod-ai.md", "probast-ai.md"] {
            let text = try MadeModel.text(name, of: MadeModel.model())
            #expect(text.contains("[to be filled in by the service: "), "\(name)")
            #expect(!text.contains("Optional("), "\(name)")
            // A bar in a title must not make another cell.
            for line in text.split(separator: "\n") where line.hasPrefix("| `visits") {
                #expect(line.replacing("\\|", with: "").count { $0 == "|" } == 7)
            }
        }
    }

    @Test func theChecklistsHaveEveryItemOnce() throws {
        let text = try MadeModel.text("tripod-ai.md", of: MadeModel.model())
        let numbers = text.split(separator: "\n").compactMap { line -> String? in
            let cell = line.split(separator: "|").first?.filter { $0 != " " } ?? ""
            return cell.first?.isNumber == true && line.hasPrefix("|") ? cell : nil
        }
        #expect(Set(numbers).count == numbers.count)
        // 27 items, and 52 with their parts.
        #expect(numbers.count == 52)
        #expect(Set(numbers.map { $0.filter(\.isNumber) }).count == 27)
    }

    // Moons and others, BMJ 2025;388:e082505: 16 questions on the development, 18 on the evaluation.
    @Test func thePROBASTQuestionsHaveTheNumbersOfTheTool() throws {
        let text = try MadeModel.text("probast-ai.md", of: MadeModel.model())
        func numbers(_ part: String) -> [String] {
            text.components(separatedBy: "\n## ").filter { $0.hasPrefix(part) }
                .flatMap { $0.split(separator: "\n") }
                .compactMap { $0.firstMatch(of: /^\| ([1-4]\.[1-7]) \|/).map { String($0.1) } }
        }
        func questions(_ counts: [Int]) -> [String] {
            counts.enumerated().flatMap { domain, count in
                (1...count).map { "\(domain + 1).\($0)" }
            }
        }
        #expect(numbers("Development") == questions([3, 4, 4, 5]))
        #expect(numbers("Evaluation") == questions([3, 4, 4, 7]))
    }

    @Test func theTransparencyRecordHasTheSectionsOfItsTemplate() throws {
        let text = try MadeModel.text("atrs.md", of: MadeModel.model())
        let sections = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(
            sections == [
                "## Title information", "## Tier 1 - Summary Information",
                "## Tier 2 - 2.1 Owner and Responsibility",
                "## Tier 2 - 2.2 Description and Rationale", "## Tier 2 - 2.3 Deployment Context",
                "## Tier 2 - 2.4.1 Tool Specification", "## Tier 2 - 2.4.2 Model Specification",
                "## Tier 2 - 2.4.3 Development Data", "## Tier 2 - 2.4.4 Operational Data",
                "## Tier 2 - 2.5 Risks, Mitigations and Impact Assessments",
            ])
        let fields = text.split(separator: "\n").filter { $0.hasPrefix("### ") }
        let numbered = fields.compactMap { $0.dropFirst(4).split(separator: " ").first }
            .filter { $0.first?.isNumber == true }.map(String.init)
        let expected: [String] = [
            ("1", 4), ("2.1", 4), ("2.1.4", 5), ("2.2", 4), ("2.3", 5), ("2.4.1", 5), ("2.4.2", 8),
        ].flatMap { section, count in (1...count).map { "\(section).\($0)" } }
        #expect(numbered == expected)
        // Eleven of the development data, five of the operational, two of the risks, five of the title.
        #expect(fields.count - numbered.count == 23)
        #expect(Set(fields).count == fields.count - 3)
    }

    @Test func theWorkedExampleCanBeFollowedWithACalculator() throws {
        let text = try MadeModel.text("equation.txt", of: MadeModel.model())
        #expect(text.contains("1. Begin with -2.25"))
        let lines = text.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "Worked example"))
        var sum = 0.0
        var stated: Double?
        for line in lines[(start + 2)...] {
            guard let last = line.split(separator: " ").last.flatMap({ Double($0) }) else {
                continue
            }
            if line.hasPrefix("  S") {
                stated = last
                break
            }
            sum += last
        }
        #expect((sum - (try #require(stated))).magnitude < 1e-9)
        let shown = try #require(text.firstMatch(of: /= (0\.\d{4}), or/)).1
        #expect((Double(shown) ?? -1) == (10_000 / (1 + exp(-sum))).rounded() / 10_000)
    }
}

@Suite struct ScoreBandTests {
    private func bands(_ counts: [(chance: Double, rows: Int, events: Int)]) -> [ScoreBand] {
        var probability: [Double] = []
        var outcome: [Double] = []
        for part in counts {
            for row in 0..<part.rows {
                probability.append(part.chance)
                outcome.append(row < part.events ? 1 : 0)
            }
        }
        return ScoreBand.bands(probability: probability, outcome: outcome)
    }

    @Test func boundsAreHalfOpenAndOneIsIn() {
        let bands = bands([(0, 10, 0), (0.02, 20, 0), (0.9, 30, 15), (1, 40, 20)])
        #expect(bands.map(\.rows) == [10, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 70])
        #expect(bands[11].events == 35)
        #expect(bands[11].share == 0.5)
        #expect(bands[11].expected == 67)
    }

    /// At one below the smallest count, at it, and above it.
    @Test(arguments: [(9, false), (10, true), (11, true)])
    func smallNumbersAreWithheld(_ events: Int, _ isShown: Bool) {
        let bands = bands([(0.15, 100, events), (0.25, 200, 50), (0.35, 300, 60)])
        #expect((bands[3].events != nil) == isShown)
        // Where one is withheld, it must not follow from the total of the others.
        #expect((bands[4].events != nil) == isShown)
        #expect(bands[5].events == 60)
        #expect(bands[3].rows == 100)
    }

    @Test func fewWithoutTheEventAreWithheldToo() {
        let bands = bands([(0.95, 100, 97), (0.15, 100, 20), (0.25, 100, 30)])
        #expect(bands[11].events == nil && bands[3].events == nil)
        #expect(bands[4].events == 30)
    }

    @Test func rowsOfOnePersonAreOnePerson() {
        let about = (0..<40).map { UnitPseudonym(high: 1, low: UInt64($0 / 10)) }
        let bands = ScoreBand.bands(
            probability: [Double](repeating: 0.15, count: 40),
            outcome: [Double](repeating: 0, count: 40), about: about)
        #expect(bands[3].rows == nil)
    }
}
