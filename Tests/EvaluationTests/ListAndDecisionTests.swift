import Evaluation
import PipelineModel
import Testing

struct ListAndDecisionTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    /// Ten rows, three with the event; the model finds two in its first three.
    private let table = ScoredTable(
        score: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        probability: [0.9, 0.8, 0.5, 0.4, 0.3, 0.2, 0.2, 0.1, 0.1, 0.05],
        outcome: [1, 0, 1, 0, 0, 1, 0, 0, 0, 0],
        baselineRank: [5, 5, 5, 1, 1, 1, 5, 5, 5, 5])

    @Test func aListHasAllItsFigures() throws {
        let list = try Evaluation.evaluate(table, listSize: 3).list
        #expect(near(list.precision.listed, 2.0 / 3))
        #expect(near(list.sensitivity.value?.listed, 2.0 / 3))
        #expect(near(list.specificity.value?.listed, 6.0 / 7))
        #expect(near(list.lift.value?.listed, 2.0 / 3 / 0.3))
        #expect(near(list.numberNeededToOffer.listed.value, 1.5))
        #expect(list.precisionListed.count == 2 && list.precisionListed.of == 3)
        #expect(list.specificityListed.value?.count == 6)
    }

    // statsmodels 0.15: proportion_confint(count, nobs, method="wilson")
    @Test(arguments: [
        (7, 20, 0.18119182410108203, 0.5671457233147638),
        (0, 12, 0, 0.24249400665524096),
        (12, 12, 0.7575059933447589, 1),
    ])
    func sharesHaveWilsonsInterval(found: Int, size: Int, lower: Double, upper: Double) throws {
        let outcome = (0..<size).map { $0 < found ? 1.0 : 0 } + [1, 0]
        let score = (0..<size + 2).map { Double(size - $0) }
        let list = try Evaluation.evaluate(
            ScoredTable(score: score, probability: [], outcome: outcome), listSize: size
        ).list
        #expect(near(list.precisionListed.lower, lower))
        #expect(near(list.precisionListed.upper, upper))
    }

    @Test func listsOfFixedSharesAreRoundedUp() throws {
        let report = try Evaluation.evaluate(FourHundredRows.table, listSize: 40, resamples: 0)
        #expect(report.lists.map(\.model.size) == [2, 4, 20, 40, 80])
        #expect(report.lists.map(\.share) == [0.005, 0.01, 0.05, 0.1, 0.2])
        #expect(report.lists[3].model == report.list)
        #expect(report.lists[3].presentRule == report.baselineList)
        let small = try Evaluation.evaluate(table, listSize: 3)
        #expect(small.lists.map(\.model.size) == [1, 1, 1, 1, 2])
    }

    @Test func aListWithoutAnEventNeedsNoNumber() throws {
        var table = table
        table.outcome = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        let list = try Evaluation.evaluate(table, listSize: 2).list
        #expect(list.numberNeededToOffer.best == .notAssessable("no row of the list had the event"))
        #expect(list.lift.value?.listed == 0)
    }

    @Test func netBenefitByHand() throws {
        let report = try Evaluation.evaluate(table, listSize: 3)
        let curve = try #require(report.decisionCurve.value)
        let half = try #require(curve.points.first { $0.threshold == 0.5 })
        // Three flagged at 0.5, two with the event: 2/10 − 1/10 · 1.
        #expect(half.flagged == 3 && half.events == 2)
        #expect(near(half.model, 0.1))
        #expect(near(half.everyone, 0.3 - 0.7))
        #expect(near(half.gain, 0.1))
        // The rule's first three hold one event.
        #expect(near(half.presentRule.value, 0.1 - 0.2))
        let fifth = try #require(curve.points.first { $0.threshold == 0.2 })
        #expect(fifth.flagged == 7)
        #expect(near(fifth.model, 0.3 - 0.4 * 0.25))
        // Four of its seven tied rows, in which two events lie, follow its first three.
        #expect(near(fifth.presentRule.value, (1 + 4 * 2.0 / 7) / 10 - (6 - 8.0 / 7) / 10 * 0.25))
        let none = try #require(curve.points.last)
        #expect(none.threshold == 0.9 && none.flagged == 1)
        #expect(curve.points.map(\.threshold) == curve.points.map(\.threshold).sorted())
    }

    @Test func scoresAloneHaveNoProbabilityFigures() throws {
        var table = FourHundredRows.table
        let whole = try Evaluation.evaluate(table, listSize: 40, resamples: 0)
        table.probability = []
        let report = try Evaluation.evaluate(table, listSize: 40, resamples: 0)
        let reason = "the table has scores but no probabilities"
        #expect(report.brier == .notAssessable(reason))
        #expect(report.scaledBrier == .notAssessable(reason))
        #expect(report.calibration == .notAssessable(reason))
        #expect(report.calibrationCurve == .notAssessable(reason))
        #expect(report.decisionCurve == .notAssessable(reason))
        #expect(report.observedToExpected == .notAssessable(reason))
        #expect(report.tenths.isEmpty)
        #expect(report.discrimination == whole.discrimination && report.list == whole.list)
        #expect(report.text.contains("Brier not assessable: \(reason)"))
    }

    @Test func rowsOfPeopleWhoTrainedAreSetAside() throws {
        var table = FourHundredRows.table
        table.about = (0..<400).map { UnitPseudonym(high: 1, low: UInt64($0 / 2)) }
        let trained = Set((0..<50).map { UnitPseudonym(high: 1, low: $0) })
        let report = try Evaluation.evaluate(
            table, listSize: 40, trainedOn: trained, resamples: 0)
        #expect(report.peopleAlsoTrainedOn == 50)
        let rest = ScoredTable(
            score: Array(table.score[100...]), probability: Array(table.probability[100...]),
            outcome: Array(table.outcome[100...]), about: Array(table.about[100...]))
        let expected = try Evaluation.evaluate(rest, listSize: 30, resamples: 0)
        let part = try #require(report.withoutPeopleOfTheFit?.value)
        #expect(part.rows == 300 && part.events == expected.events)
        #expect(part.discrimination == expected.discrimination)
        #expect(part.list.size == 30)
        #expect(part.list.events == expected.list.events)
        #expect(near(part.brier.value, expected.brier.value ?? 0))
        #expect(
            near(
                part.calibration.value?.slope.value?.estimate,
                expected.calibration.value?.slope.value?.estimate ?? 0, 1e-10))
        #expect(report.text.contains("Without people of the fit: rows 300"))

        // By households of four: of the people of the fit the first is known by name alone, and those
        // who live with them are out too.
        var homes = table
        homes.together = (0..<400).map { UnitPseudonym(high: 2, low: UInt64($0 / 4)) }
        let people = Set(table.about.prefix(2))
        let living = try Evaluation.evaluate(
            homes, listSize: 40, trainedOn: people,
            trainedTogether: Set(homes.together.prefix(2) + homes.together[8..<10]), resamples: 0)
        #expect(living.peopleAlsoTrainedOn == 1 && living.householdsAlsoTrainedOn == 2)
        #expect(living.withoutPeopleOfTheFit?.value?.rows == 392)
        #expect(
            living.text.contains("1 also stand among the rows of the fit; of 100 households, 2 "))
        #expect(living.text.contains("Without households of the fit: rows 392"))
        // Nobody of the test rows, but somebody they live with.
        let relatives = try Evaluation.evaluate(
            homes, listSize: 40, trainedOn: [],
            trainedTogether: Set(homes.together.prefix(1)), resamples: 0)
        #expect(relatives.peopleAlsoTrainedOn == 0 && relatives.hasSomebodyOnBothSides)
        #expect(relatives.withoutPeopleOfTheFit?.value?.rows == 396)

        let all = Set(table.about)
        let none = try Evaluation.evaluate(table, listSize: 40, trainedOn: all, resamples: 0)
        #expect(none.withoutPeopleOfTheFit == .notAssessable("no row is left"))
        let few = try Evaluation.evaluate(
            table, listSize: 40, trainedOn: Set(table.about.dropLast(12)), resamples: 0)
        #expect(
            few.withoutPeopleOfTheFit
                == .notAssessable(
                    "fewer than 10 of those rows, or of those whom they are about, with or without the event"
                ))
        let nobody = try Evaluation.evaluate(
            table, listSize: 40, trainedOn: [], resamples: 0)
        #expect(nobody.withoutPeopleOfTheFit == nil && nobody.peopleAlsoTrainedOn == 0)
    }
}
