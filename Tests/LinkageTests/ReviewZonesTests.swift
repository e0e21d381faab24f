import PipelineModel
import Testing

@testable import Linkage

/// Reviews whose pairs are held by several source zones, or by none wholly.
@Suite struct ReviewZonesTests {
    /// A made-up linkage: a third of the pairs in each of two zones, and a third between them.
    private struct Population {
        var candidates: [ReviewFrame.Candidate] = []
        var matches: Set<SubjectPseudonym> = []

        init() {
            var generator = SeededGenerator(seed: 5, label: "zones")
            for number in 0..<1_800 {
                let weight = generator.uniform() * 24 - 10
                let left = SubjectPseudonym(high: 1, low: UInt64(number))
                candidates.append(
                    .init(
                        left: left, right: SubjectPseudonym(high: 2, low: UInt64(number)),
                        weight: weight, linked: weight >= 2,
                        kind: weight >= 5
                            ? .certainLink : weight < -4 ? .certainNonLink : .uncertain,
                        zone: number % 3 == 2 ? nil : number % 3))
                // The zones differ, so that one cannot stand for the other.
                let shift = number % 3 == 0 ? 2.0 : -2.0
                if generator.chance(weight > shift ? 0.95 : 0.1) { matches.insert(left) }
            }
        }

        func frame(seed: Int = 1) -> ReviewFrame {
            var plan = ReviewPlan()
            plan.size = 240
            plan.seed = seed
            return ReviewFrame(
                candidates, zones: ["north", "south"], plan: plan, label: "a")
        }

        /// The answers of some zones.
        func answers(_ frame: ReviewFrame, _ zones: [Int]) -> [String: Bool] {
            Dictionary(
                uniqueKeysWithValues: zones.flatMap { frame.drawn(for: $0) }
                    .map { ($0.id, matches.contains($0.left)) })
        }

        /// Precision and recall among the pairs of some zones.
        func truth(_ zones: [Int]) -> (precision: Double, recall: Double) {
            let known = candidates.filter { $0.zone.map(zones.contains) ?? false }
            let found = Double(known.count { $0.linked && matches.contains($0.left) })
            return (
                found / Double(known.count { $0.linked }),
                found / Double(known.count { matches.contains($0.left) })
            )
        }
    }

    @Test func whatNoZoneHoldsIsAStratumOfWhichNothingIsDrawn() throws {
        let population = Population()
        let frame = population.frame()
        #expect(frame.unseen == 600 && frame.population == 1_800)
        #expect(frame.drawn.count == 240)
        #expect(frame.drawn(for: 0).count + frame.drawn(for: 1).count == 240)
        #expect(abs(frame.drawn(for: 0).count - 120) < 20)
        let zones = Dictionary(
            uniqueKeysWithValues: population.candidates.map { ($0.left, $0.zone) })
        for pair in frame.drawn { #expect(zones[pair.left] == frame.strata[pair.stratum].zone) }
        for (index, stratum) in frame.strata.enumerated() where stratum.zone == nil {
            #expect(stratum.drawn == 0 && frame.probability(index) == 0)
        }
        #expect(try ReviewFrame(frame.table, file: "f") == frame)
    }

    @Test func aFrameFromBeforeThereWereZonesIsRead() throws {
        let population = Population()
        let frame = ReviewFrame(
            population.candidates.filter { $0.zone == 0 }, plan: ReviewPlan(), label: "a")
        let older = ColumnTable(
            schema: "review_frame", version: 1,
            attributes: [
                "strata": frame.strata.map {
                    "\($0.kind.rawValue) \($0.linked ? 1 : 0) \($0.population) \($0.drawn)"
                }.joined(separator: ";")
            ], columns: frame.table.columns)
        #expect(try ReviewFrame(older, file: "f") == frame)
        #expect(frame.zones == [""] && frame.unseen == 0)
    }

    /// Over many draws the estimates are right, on average, for the pairs that they are of.
    @Test(arguments: [[0], [1], [0, 1]]) func estimatesAreOfTheZonesThatAnswered(zones: [Int])
        throws
    {
        let population = Population()
        let truth = population.truth(zones)
        var (precision, recall) = ([Double](), [Double]())
        for seed in 0..<150 {
            let frame = population.frame(seed: seed)
            let quality = ReviewedQuality(
                frame, match: population.answers(frame, zones), neverCompared: 0)
            precision.append(try #require(quality.precision?.value))
            recall.append(try #require(quality.recall?.value))
            let coverage = try #require(quality.coverage)
            #expect(coverage.all == 600 * zones.count && coverage.population == 1_800)
            #expect(coverage.linked < quality.linkedPairs)
        }
        func check(_ values: [Double], _ truth: Double, slack: Double) {
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
            // Four standard errors of the mean; a ratio has a bias of order 1/n besides.
            #expect(abs(mean - truth) < 4 * (variance / n).squareRoot() + slack)
        }
        check(precision, truth.precision, slack: 0)
        check(recall, truth.recall, slack: 0.006)
    }

    @Test func anOutcomeSaysWhichZoneWasAskedAndAnswered() {
        let population = Population()
        let frame = population.frame()
        let pairs = population.answers(frame, [0]).mapValues {
            ReviewedPair(first: $0 ? .link : .not, second: $0 ? .link : .not)
        }
        let outcome = ReviewOutcome(
            request: "r", drawn: "2026-03-03", frame: frame, pairs: pairs, neverCompared: 0)
        let drawn = frame.drawn(for: 0).count
        #expect(
            outcome.zones?.map { "\($0.name) \($0.population) \($0.drawn) \($0.answered)" }
                == ["north 600 \(drawn) \(drawn)", "south 600 \(240 - drawn) 0", " 600 0 0"])
        // What nobody was asked about does not widen the bounds: all that was answered is settled.
        #expect(outcome.bounds == [outcome.quality, outcome.quality])
    }

    @Test func recallNeedsBothKindsOfPairsOfAZone() throws {
        let population = Population()
        let frame = population.frame()
        let linked = Set(
            frame.drawn.filter { frame.strata[$0.stratum].linked }.map(\.id))
        let quality = ReviewedQuality(
            frame, match: population.answers(frame, [0]).filter { linked.contains($0.key) },
            neverCompared: 0)
        #expect(quality.precision != nil && quality.recall == nil)
        #expect(quality.coverage?.all == 0)
    }
}
