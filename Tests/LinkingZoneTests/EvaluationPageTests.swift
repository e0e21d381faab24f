import Evaluation
import Foundation
import PipelineModel
import Testing

@testable import LinkingZone

/// What the page sets beside the figures of all test rows.
struct EvaluationPageTests {
    /// Two hundred rows of a hundred people in two wards.
    private static let table: ScoredTable = {
        var generator = SeededGenerator(seed: 2, label: "page")
        let score = (0..<200).map { _ in generator.uniform() * 4 - 3 }
        let ward: [UInt32] = (0..<200).map { $0 % 10 == 0 ? 0 : 1 }
        return ScoredTable(
            score: score, probability: score.map(Logistic.probability),
            outcome: zip(score, ward).map {
                generator.chance(Logistic.probability($0)) && $1 == 1 ? 1 : 0
            },
            about: (0..<200).map { UnitPseudonym(high: 1, low: UInt64($0 / 2)) },
            groups: [.init(name: "ward", levels: ["closed", "open"], codes: ward)])
    }()

    private func report() throws -> EvaluationReport {
        try Evaluation.evaluate(
            Self.table, listSize: 40, trainedOn: Set(Self.table.about.prefix(30)), resamples: 0)
    }

    private func page(_ report: EvaluationReport) -> String {
        EvaluationPage.html(report, title: "t", made: [])
    }

    @Test func withoutThemThereIsNothingToSay() throws {
        var report = try report()
        report.peopleAlsoTrainedOn = 0
        report.withoutPeopleOfTheFit = nil
        let page = page(report)
        #expect(!page.contains("kept apart") && !page.contains("cannot happen"))
        #expect(page.contains("All test rows"))
    }

    /// Nobody of the test rows was in the fit, but somebody they live with was.
    @Test func relativesOnBothSidesAreNotCalledNobody() throws {
        var table = Self.table
        table.together = (0..<200).map { UnitPseudonym(high: 2, low: UInt64($0 / 8)) }
        let report = try Evaluation.evaluate(
            table, listSize: 40, trainedOn: [],
            trainedTogether: Set(table.together.prefix(16)), resamples: 0)
        let page = page(report)
        #expect(page.contains("Households on both sides of the split"))
        #expect(page.contains("Of 100 people among the test rows, none stands among the rows of"))
        #expect(
            page.contains("Of 25 households, 2 have somebody among the rows of the fit: others"))
        #expect(!page.contains("0 also stand") && !page.contains("People on both sides"))
        let measured = String(describing: EvaluationBlocks.blocks(report)[1])
        #expect(measured.contains("the fit saw none of them, but people they live with; of 25"))
    }

    @Test func theSplitByPersonStandsBesideTheReferenceSplit() throws {
        var report = try report()
        let scored = PersonSplit.Scored(
            table: Self.table, part: (0..<200).map { $0 / 2 % 4 }, listSize: 40)
        report.personSplit = try PersonSplit.assess(
            .folds(4), seed: 7, sameRows: .value(scored), model: Self.table.score.map { -$0 },
            allRows: .notAssessable("the rows of the others carry no fit: why"))
        let page = page(report)
        #expect(page.contains("15 also stand among the rows of the fit"))
        #expect(page.contains("People kept apart, beside the reference split"))
        #expect(page.contains("In the reference split 15 people stand on both sides."))
        #expect(page.contains("4 parts of whole people"))
        #expect(
            page.contains(
                "All rows, people kept apart: not assessable: the rows of the others carry no fit: why."
            ))
        let less = try #require(report.personSplit?.modelLess.value?.difference.estimate)
        #expect(page.contains(String(format: "%.4f", less.magnitude)))
        #expect(
            EvaluationBlocks.blocks(report).count
                == EvaluationBlocks.blocks(try self.report()).count
        )
    }

    @Test func aListThatFindsNoMoreThanThePresentRuleIsSaidFirst() throws {
        func short(_ rank: [Double]) throws -> String {
            var table = Self.table
            table.baselineRank = rank
            return page(try Evaluation.evaluate(table, listSize: 40, resamples: 0))
        }
        // A rule that knows the outcome, and one that has it backwards.
        let known = try short(Self.table.outcome.map { $0 == 1 ? 1 : 2 })
        #expect(known.contains("The model’s list finds no more than the present rule’s"))
        let blind = try short(Self.table.outcome.map { $0 == 1 ? 2 : 1 })
        #expect(blind.contains("Beside the present rule") && !blind.contains("finds no more"))
        #expect(!page(try report()).contains("Beside the present rule"))
    }

    @Test func theRowsForWhichItCannotHappenAreShownApart() throws {
        var report = try report()
        report.cannotHappen = try CannotHappen.assess(
            [.init(group: "ward", levels: ["closed"], why: "The ward is <closed>.")], Self.table,
            listSize: 40)
        let cannot = try #require(report.cannotHappen)
        let page = page(report)
        #expect(cannot.rows == 20 && cannot.listed > 0)
        #expect(
            page.contains(
                "take \(cannot.listed) of the 40 places of the list. The figures of those for whom it can happen stand beside."
            ))
        #expect(page.contains("The ward is &lt;closed&gt;."))
        #expect(!page.contains("It happened all the same"))
        #expect(!page.contains("fitted on such rows only"))
        // The reviewers of a list read it too.
        #expect(
            EvaluationBlocks.blocks(report).count
                == EvaluationBlocks.blocks(try self.report()).count + 1)

        report.cannotHappen?.events = 1
        #expect(self.page(report).contains("It happened all the same"))
        report.cannotHappen?.rows = 0
        #expect(!self.page(report).contains("Rows for which the outcome cannot happen"))
    }
}
