import Evaluation
import Foundation
import PipelineModel
import Testing

struct EvaluationTests {
    private let probability = [
        0.9, 0.8, 0.8, 0.7, 0.6, 0.5, 0.5, 0.5, 0.4, 0.3, 0.2, 0.2, 0.1, 0.05,
    ]
    private let outcome: [Double] = [1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0]

    private var table: ScoredTable {
        ScoredTable(
            score: probability.map(Logistic.logit), probability: probability, outcome: outcome)
    }

    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        left.map { ($0 - right).magnitude <= tolerance } ?? false
    }

    // Oracle of the next two tests: numpy 2.4.6, straight from the definitions.
    //   psi = (P[:,None] > N) + .5 * (P[:,None] == N); auc = psi.mean()
    //   se  = sqrt(psi.mean(1).var(ddof=1)/len(P) + psi.mean(0).var(ddof=1)/len(N))
    //   in the large: Newton on b in y ~ expit(b + logit p); slope: Newton on y ~ 1 + logit p
    @Test func discriminationAndBrier() throws {
        let report = try Evaluation.evaluate(table, listSize: 5)
        #expect(near(report.discrimination.value?.estimate, 0.75))
        #expect(near(report.discrimination.value?.standardError, 0.13819269959814168))
        #expect(near(report.discrimination.value?.lower, 0.47914728, 1e-8))
        #expect(report.discrimination.value?.upper == 1)
        #expect(near(report.brier.value, 0.20232142857142857))
        #expect(near(report.scaledBrier.value, 0.17385416666666653))
        #expect(near(report.observedToExpected.value?.estimate, 0.9160305343511449))
        #expect(report.rows == 14 && report.events == 6 && report.people == nil)
    }

    @Test func peopleOnBothSidesOfTheSplitAreCounted() throws {
        var table = table
        table.about = (0..<14).map { UnitPseudonym(high: 0, low: UInt64($0 / 2)) }
        let trained = Set((5..<20).map { UnitPseudonym(high: 0, low: $0) })
        let report = try Evaluation.evaluate(table, listSize: 5, trainedOn: trained)
        #expect(report.people == 7 && report.peopleAlsoTrainedOn == 2)
        #expect(report.text.contains("People 7, of which 2 also stand among the rows of the fit\n"))
        #expect(try Evaluation.evaluate(table, listSize: 5).peopleAlsoTrainedOn == nil)
        #expect(report.unit == nil)
        table.unit = .household
        let homes = try Evaluation.evaluate(table, listSize: 5, trainedOn: trained)
        #expect(homes.text.contains("Households 7, of which 2 also stand among"))
        #expect(try EvaluationReport(canonicalJSON: homes.canonicalJSON(), file: "e") == homes)
    }

    @Test func calibration() throws {
        let calibration = try Evaluation.evaluate(table, listSize: 5).calibration.value
        #expect(near(calibration?.inTheLarge.estimate, -0.2192647557679012, 1e-10))
        #expect(near(calibration?.inTheLarge.standardError, 0.633108411534105, 1e-9))
        #expect(near(calibration?.slope.value?.estimate, 0.7967850398115891, 1e-9))
        #expect(near(calibration?.slope.value?.standardError, 0.5247169293426331, 1e-9))
        #expect(near(calibration?.slopeIntercept.value, -0.21349355874687206, 1e-9))
    }

    @Test func theAreaAgreesWithCountingPairs() throws {
        var generator = SeededGenerator(seed: 12, label: "area")
        for _ in 0..<20 {
            let score = (0..<60).map { _ in Double(generator.below(12)) }
            let outcome = score.map { generator.chance($0 / 14 + 0.05) ? 1.0 : 0 }
            var won = 0.0
            var pairs = 0.0
            for (left, event) in zip(score, outcome) where event == 1 {
                for (right, other) in zip(score, outcome) where other == 0 {
                    won += left > right ? 1 : left == right ? 0.5 : 0
                    pairs += 1
                }
            }
            let report = try Evaluation.evaluate(
                ScoredTable(
                    score: score, probability: [Double](repeating: 0.5, count: 60),
                    outcome: outcome), listSize: 10, resamples: 0)
            #expect(near(report.discrimination.value?.estimate, won / pairs))
        }
    }

    @Test func probabilitiesThatAreTrueAreCalibrated() throws {
        var generator = SeededGenerator(seed: 2, label: "calibrated")
        let truth = (0..<20_000).map { _ in 0.02 + 0.6 * generator.uniform() }
        let happened = truth.map { generator.chance($0) ? 1.0 : 0 }
        let report = try Evaluation.evaluate(
            ScoredTable(score: truth, probability: truth, outcome: happened), listSize: 100,
            resamples: 0)
        #expect(near(report.calibration.value?.inTheLarge.estimate, 0, 0.06))
        #expect(near(report.calibration.value?.slope.value?.estimate, 1, 0.08))
        #expect(report.tenths.count == 10)
        #expect(report.tenths.reduce(0) { $0 + $1.rows } == 20_000)
        #expect(report.tenths.reduce(0) { $0 + $1.observed } == report.events)
    }

    @Test func tiesAtTheEndOfTheList() throws {
        // Places 6 and 7 fall among three rows at 0.5, two of them with the event.
        let list = try Evaluation.evaluate(table, listSize: 7).list
        #expect(list.threshold == 0 && list.tiedAtThreshold == 3 && list.placesForTied == 2)
        #expect(list.events.listed == 4)
        #expect(list.events.worst == 4)
        #expect(near(list.events.expected, 3 + 2.0 * 2 / 3))
        #expect(list.events.best == 5)
        #expect(near(list.precision.best, 5.0 / 7))
        #expect(near(list.sensitivity.value?.listed, 4.0 / 6))
        #expect(near(list.lift.value?.listed, (4.0 / 7) / (6.0 / 14)))
    }

    @Test func aListIsNeverLongerThanTheTable() throws {
        let list = try Evaluation.evaluate(table, listSize: 1_000).list
        #expect(list.size == 14 && list.sensitivity.value?.worst == 1)
    }

    @Test func thePresentRuleIsComparedAtTheSameSize() throws {
        var table = self.table
        // The rule ranks by the reverse of the score, everyone below 10 alike.
        table.baselineRank = (0..<14).map { Double(max(14 - $0, 10)) }
        let report = try Evaluation.evaluate(table, listSize: 2)
        #expect(report.baselineList.value?.size == 2)
        #expect(report.baselineList.value?.tiedAtThreshold == 10)
        #expect(report.baselineList.value?.events.worst == 0)
        #expect(report.baselineList.value?.events.best == 2)
        #expect(report.baselineDiscrimination.value.map { $0.estimate < 0.5 } == true)
        #expect(report.text.contains("Present rule of 2"))
    }

    @Test func groupsAreCountedAndSmallOnesAreNotAssessable() throws {
        var generator = SeededGenerator(seed: 31, label: "groups")
        let truth = (0..<600).map { _ in generator.uniform() }
        let happened = truth.map { generator.chance($0) ? 1.0 : 0 }
        let codes = (0..<600).map { $0 < 8 ? UInt32(2) : $0 < 300 ? 0 : $0 < 590 ? 1 : .max }
        let table = ScoredTable(
            score: truth, probability: truth, outcome: happened,
            groups: [
                .init(name: "area", levels: ["north", "south", "isle", "empty"], codes: codes)
            ])
        let report = try Evaluation.evaluate(table, listSize: 100, minimumCount: 10, resamples: 0)
        #expect(report.groups.map(\.level) == ["north", "south", "isle", "empty", "not known"])
        #expect(report.groups.reduce(0) { $0 + $1.rows } == 600)
        #expect(report.groups.reduce(0) { $0 + $1.listed } == 100)
        #expect(near(report.groups.reduce(0) { $0 + $1.shareOfList.estimate }, 1))
        let list = (0..<600).sorted { truth[$0] > truth[$1] }.prefix(100)
        let north = list.filter { codes[$0] == 0 }
        let found = north.count { happened[$0] == 1 }
        let events = (0..<600).count { codes[$0] == 0 && happened[$0] == 1 }
        #expect(
            near(
                report.groups[0].positivePredictiveValue.value?.estimate,
                Double(found) / Double(north.count))
        )
        #expect(
            near(
                report.groups[0].falseNegativeRate.value?.estimate,
                Double(events - found) / Double(events)))
        #expect(
            near(
                report.groups[0].falseOmissionRate.value?.estimate,
                Double(events - found) / Double(292 - north.count)))
        #expect(report.groups[0].discrimination.value != nil)
        #expect(report.groups[2].observedToExpected == .notAssessable("fewer than 10 rows"))
        #expect(report.groups[3].falseNegativeRate == .notAssessable("fewer than 10 events"))
        // Ten rows are not known: enough, and one fewer would not be.
        #expect(report.groups[4].observedToExpected.value != nil)
        let stricter = try Evaluation.evaluate(table, listSize: 100, minimumCount: 11, resamples: 0)
        #expect(stricter.groups[4].observedToExpected == .notAssessable("fewer than 11 rows"))
    }

    @Test func foldsStandByThemselves() throws {
        var table = self.table
        table.fold = (0..<14).map { Int32($0 % 2) }
        table.about = (0..<14).map { .init(high: 0, low: UInt64($0 / 2)) }
        let report = try Evaluation.evaluate(table, listSize: 5)
        #expect(report.folds.map(\.fold) == [0, 1])
        #expect(report.folds.map(\.rows) == [7, 7])
        #expect(report.people == 7)
    }

    /// One fold of three has no event: it says so, and the others and the whole stand.
    @Test func aFoldWithoutEventsSaysSo() throws {
        var table = FourHundredRows.table
        table.baselineRank = FourHundredRows.rule.map { -$0 }
        table.fold = (0..<400).map { table.outcome[$0] == 0 && $0 % 3 == 0 ? 2 : Int32($0 % 2) }
        let report = try Evaluation.evaluate(table, listSize: 40, resamples: 0)
        let empty = try #require(report.folds.last)
        #expect(empty.fold == 2 && empty.events == 0 && empty.rows > 50)
        #expect(empty.discrimination == .notAssessable("no row had the event"))
        #expect(empty.observedToExpected.value?.estimate == 0)
        #expect(report.folds.dropLast().allSatisfy { $0.discrimination.value != nil })
        #expect(report.discrimination.value != nil)
        let period = try #require(report.periods?.periods.last)
        #expect(period.results.allSatisfy { $0.found == .value(0) || $0.found.value == nil })
        #expect(try EvaluationReport(canonicalJSON: report.canonicalJSON(), file: "e") == report)
        #expect(!report.text.lowercased().contains("nan"))
    }

    @Test(arguments: [0.0, 1.0])
    func oneKindOfOutcomeIsNotAssessable(kind: Double) throws {
        var table = self.table
        table.outcome = [Double](repeating: kind, count: 14)
        let report = try Evaluation.evaluate(table, listSize: 3)
        #expect(report.discrimination.value == nil)
        #expect(report.calibration.value == nil)
        #expect(report.scaledBrier.value == nil)
        let text = String(decoding: try report.canonicalJSON(), as: UTF8.self)
        #expect(text.contains("\"not_assessable\""))
        #expect(!text.lowercased().contains("nan"))
        #expect(report.text.contains("not assessable"))
    }

    @Test func certainProbabilitiesStayFinite() throws {
        var table = self.table
        table.probability = outcome.map { 1 - $0 }
        _ = try Evaluation.evaluate(table, listSize: 3).canonicalJSON()
        table.probability = outcome
        _ = try Evaluation.evaluate(table, listSize: 3).canonicalJSON()
        table.probability = [Double](repeating: 0, count: 14)
        let report = try Evaluation.evaluate(table, listSize: 3)
        #expect(report.observedToExpected == .notAssessable("no event is expected"))
        _ = try report.canonicalJSON()
    }

    @Test func theReportReadsBack() throws {
        var table = self.table
        table.groups = [
            .init(name: "sex", levels: ["F", "M"], codes: (0..<14).map { UInt32($0 % 2) })
        ]
        let report = try Evaluation.evaluate(table, listSize: 5, minimumCount: 3)
        let data = try report.canonicalJSON()
        #expect(try EvaluationReport(canonicalJSON: data, file: "evaluation.json") == report)
        #expect(
            try Evaluation.evaluate(table, listSize: 5, minimumCount: 3).canonicalJSON() == data)
        #expect(report.text.contains("AUROC 0.750000 (95 % 0.479147 to 1.000000)"))
        #expect(throws: StileError.self) {
            try EvaluationReport(canonicalJSON: Data("{}".utf8), file: "evaluation.json")
        }
    }

    @Test func aBrokenTableIsRefused() {
        func refusal(_ change: (inout ScoredTable) -> Void, listSize: Int = 3) -> String {
            var table = self.table
            change(&table)
            let error = #expect(throws: StileError.self) {
                try Evaluation.evaluate(table, listSize: listSize)
            }
            return error?.description ?? ""
        }
        #expect(refusal { $0.outcome[2] = .nan }.contains("1 rows have an outcome"))
        #expect(refusal { $0.probability[2] = 1.5 }.contains("a probability outside 0 to 1"))
        #expect(refusal { $0.score[2] = .infinity }.contains("a score that is not finite"))
        #expect(refusal { $0.fold = [1] }.contains("differ in length"))
        #expect(
            refusal { $0 = ScoredTable(score: [], probability: [], outcome: []) }.contains("no row")
        )
        #expect(refusal({ _ in }, listSize: 0).contains("list size"))
    }
}
