import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

/// The draw of pairs for clerks, and what follows from their answers.
@Suite struct ReviewTests {
    private static func subject(_ number: Int) -> SubjectPseudonym {
        SubjectPseudonym(high: 1, low: UInt64(number))
    }

    /// A made-up linkage of which the truth is known: what the model expects is a little too good.
    private struct Population {
        var candidates: [ReviewFrame.Candidate] = []
        var matches: Set<SubjectPseudonym> = []
        var precision = 0.0
        var recall = 0.0

        init(seed: UInt64, size: Int = 1_500) {
            var generator = SeededGenerator(seed: seed, label: "population")
            for number in 0..<size {
                let weight = generator.uniform() * 24 - 10
                let kind: ReviewFrame.Class =
                    weight >= 5 ? .certainLink : weight < -4 ? .certainNonLink : .uncertain
                let left = subject(number)
                candidates.append(
                    .init(
                        left: left, right: subject(number + size), weight: weight,
                        linked: weight >= 2, kind: kind))
                if generator.chance(1 / (1 + pow2(-0.7 * weight))) { matches.insert(left) }
            }
            for number in 0..<200 {
                let left = subject(10 * size + number)
                candidates.append(
                    .init(
                        left: left, right: subject(20 * size + number), weight: nil, linked: true,
                        kind: .certainLink))
                if generator.chance(0.9) { matches.insert(left) }
            }
            let linked = candidates.filter(\.linked)
            let found = Double(linked.count { matches.contains($0.left) })
            precision = found / Double(linked.count)
            recall = found / Double(matches.count)
        }

        func answers(_ frame: ReviewFrame) -> [String: Bool] {
            Dictionary(
                uniqueKeysWithValues: frame.drawn.map { ($0.id, matches.contains($0.left)) })
        }
    }

    private static func pow2(_ power: Double) -> Double {
        var (value, rest) = (1.0, power.magnitude)
        while rest >= 1 { (value, rest) = (value * 2, rest - 1) }
        // 2^x on 0..<1 by its series; exact enough for a made-up probability.
        let x = rest * 0.693147180559945
        value *= 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))))
        return power < 0 ? 1 / value : value
    }

    private static func plan(_ size: Int, seed: Int = 1) -> ReviewPlan {
        var plan = ReviewPlan()
        plan.size = size
        plan.seed = seed
        return plan
    }

    // MARK: Drawing

    @Test func theDrawHoldsEachClassAndSaysHowLikelyEachPairWas() throws {
        let population = Population(seed: 3)
        let frame = ReviewFrame(population.candidates, plan: Self.plan(300), label: "a")
        #expect(frame.drawn.count == 300)
        #expect(Set(frame.drawn.map(\.id)).count == 300)
        #expect(
            frame.strata.reduce(0) { $0 + $1.population } == population.candidates.count)
        for (index, stratum) in frame.strata.enumerated() {
            #expect(frame.drawn.count { $0.stratum == index } == stratum.drawn)
            #expect(stratum.drawn >= 2)
        }
        let drawn = frame.strata.filter { $0.kind == .uncertain }.reduce(0) { $0 + $1.drawn }
        #expect((140...160).contains(drawn))
        let byPair = Dictionary(
            uniqueKeysWithValues: population.candidates.map { ($0.left, $0) })
        for pair in frame.drawn {
            let candidate = try #require(byPair[pair.left])
            let stratum = frame.strata[pair.stratum]
            #expect(candidate.kind == stratum.kind && candidate.linked == stratum.linked)
            #expect(candidate.weight == pair.weight)
        }
    }

    @Test func theSameDrawComesAgainAndAnotherSeedOrLinkageDrawsOthers() {
        let candidates = Population(seed: 3).candidates
        let first = ReviewFrame(candidates, plan: Self.plan(100), label: "a")
        #expect(ReviewFrame(candidates.reversed(), plan: Self.plan(100), label: "a") == first)
        #expect(ReviewFrame(candidates, plan: Self.plan(100, seed: 2), label: "a") != first)
        #expect(ReviewFrame(candidates, plan: Self.plan(100), label: "b") != first)
    }

    /// Neither the order nor the id says anything of weight or stratum.
    @Test func theOrderIsBlind() {
        let frame = ReviewFrame(
            Population(seed: 5, size: 6_000).candidates, plan: Self.plan(3_000), label: "a")
        func correlation(_ one: [Double], _ two: [Double]) -> Double {
            let n = Double(one.count)
            let (a, b) = (one.reduce(0, +) / n, two.reduce(0, +) / n)
            let both = zip(one, two).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
            let spread =
                one.reduce(0) { $0 + ($1 - a) * ($1 - a) }
                * two.reduce(0) { $0 + ($1 - b) * ($1 - b) }
            return both / spread.squareRoot()
        }
        let weighed = frame.drawn.enumerated().filter { $0.element.weight != nil }
        let weights = weighed.map { $0.element.weight ?? 0 }
        let ids = weighed.map { Double(UInt64($0.element.id.prefix(8), radix: 16) ?? 0) }
        // Four standard errors of a correlation of nothing.
        let limit = 4 / Double(weights.count).squareRoot()
        #expect(abs(correlation(weighed.map { Double($0.offset) }, weights)) < limit)
        #expect(abs(correlation(ids, weights)) < limit)
    }

    @Test func eachPairOfAStratumIsDrawnEquallyOften() {
        let candidates = Population(seed: 9, size: 60).candidates
        var times: [SubjectPseudonym: Int] = [:]
        var expected: [SubjectPseudonym: Double] = [:]
        let draws = 1_000
        for seed in 0..<draws {
            let frame = ReviewFrame(candidates, plan: Self.plan(60, seed: seed), label: "a")
            for pair in frame.drawn {
                times[pair.left, default: 0] += 1
                expected[pair.left] = frame.probability(pair.stratum)
            }
        }
        #expect(times.count == candidates.count)
        for (pair, count) in times {
            let p = expected[pair] ?? 0
            let deviation = (Double(draws) * p * (1 - p)).squareRoot()
            #expect(abs(Double(count) - Double(draws) * p) <= 5 * deviation + 1e-9)
        }
    }

    @Test func sharesGoRoundWhereAClassIsSmall() {
        #expect(ReviewFrame.allocate(10, capacities: [2, 100], wanted: [0.5, 0.5]) == [2, 8])
        #expect(ReviewFrame.allocate(10, capacities: [3, 4], wanted: [0.5, 0.5]) == [3, 4])
        #expect(ReviewFrame.allocate(3, capacities: [9, 9, 9], wanted: [1, 1, 1]) == [1, 1, 1])
        #expect(ReviewFrame.allocate(6, capacities: [9, 4], wanted: [0, 1]) == [2, 4])
        #expect(ReviewFrame.allocate(0, capacities: [1], wanted: [1]) == [0])
    }

    @Test func theFrameComesBackFromItsFile() throws {
        let frame = ReviewFrame(
            Population(seed: 3).candidates, plan: Self.plan(80), label: "a")
        #expect(try ReviewFrame(frame.table, file: "f") == frame)
        let wrong = ColumnTable(
            schema: "review_frame", version: 1, attributes: ["strata": "0 1 5 6"],
            columns: frame.table.columns)
        #expect(throws: StileError.self) { try ReviewFrame(wrong, file: "f") }
    }

    // MARK: Estimates

    /// Over many draws the estimates are right on average, and the intervals hold the truth.
    @Test func estimatesAreUnbiasedAndIntervalsHold() throws {
        let population = Population(seed: 11)
        let draws = 200
        var (precision, recall) = ([Double](), [Double]())
        var (inPrecision, inRecall) = (0, 0)
        for seed in 0..<draws {
            let frame = ReviewFrame(
                population.candidates, plan: Self.plan(300, seed: seed), label: "a")
            let quality = ReviewedQuality(
                frame, match: population.answers(frame), neverCompared: 0)
            let p = try #require(quality.precision)
            let r = try #require(quality.recall)
            precision.append(p.value)
            recall.append(r.value)
            if p.low <= population.precision, population.precision <= p.high { inPrecision += 1 }
            if r.low <= population.recall, population.recall <= r.high { inRecall += 1 }
        }
        func check(_ values: [Double], _ truth: Double, slack: Double) {
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
            // Four standard errors of the mean; a ratio has a bias of order 1/n besides.
            #expect(abs(mean - truth) < 4 * (variance / n).squareRoot() + slack)
        }
        check(precision, population.precision, slack: 0)
        check(recall, population.recall, slack: 0.004)
        #expect(inPrecision >= draws * 91 / 100, "\(inPrecision) of \(draws)")
        #expect(inRecall >= draws * 91 / 100, "\(inRecall) of \(draws)")
    }

    @Test func aCensusIsExact() throws {
        let population = Population(seed: 2, size: 50)
        let frame = ReviewFrame(
            population.candidates, plan: Self.plan(20_000), label: "a")
        let quality = ReviewedQuality(frame, match: population.answers(frame), neverCompared: 0)
        let precision = try #require(quality.precision)
        let recall = try #require(quality.recall)
        #expect(abs(precision.value - population.precision) < 1e-12)
        #expect(abs(recall.value - population.recall) < 1e-12)
        #expect(precision.low == precision.value && recall.high == recall.value)
        let missing = ReviewedQuality(frame, match: population.answers(frame), neverCompared: 0.1)
        #expect(abs((missing.recall?.value ?? 0) - 0.9 * population.recall) < 1e-12)
    }

    @Test func alikeAnswersDoNotMakeCertain() throws {
        let frame = ReviewFrame(
            Population(seed: 4).candidates.filter(\.linked), plan: Self.plan(60), label: "a")
        let all = Dictionary(uniqueKeysWithValues: frame.drawn.map { ($0.id, true) })
        let quality = ReviewedQuality(frame, match: all, neverCompared: 0)
        let precision = try #require(quality.precision)
        #expect(precision.value == 1 && precision.high == 1)
        #expect((0.80...0.96).contains(precision.low))
        #expect(ReviewedQuality(frame, match: [:], neverCompared: 0).precision == nil)
    }

    @Test func whatIsNotSettledIsSaidAndBounded() throws {
        let population = Population(seed: 6)
        let frame = ReviewFrame(population.candidates, plan: Self.plan(200), label: "a")
        let truth = population.answers(frame)
        var pairs: [String: ReviewedPair] = [:]
        for (position, pair) in frame.drawn.enumerated() {
            let answer: Judgement = truth[pair.id] == true ? .link : .not
            pairs[pair.id] =
                switch position % 10 {
                case 0: ReviewedPair(first: .cannotSay, second: .cannotSay)
                case 1: ReviewedPair(first: answer, second: .cannotSay)
                case 2: ReviewedPair(first: .cannotSay, second: .not, third: answer)
                default: ReviewedPair(first: answer, second: answer)
                }
        }
        let outcome = ReviewOutcome(
            request: "r", drawn: "2026-03-03", frame: frame, pairs: pairs, neverCompared: 0)
        #expect(outcome.quality.pairs == 200 && outcome.quality.settled == 160)
        #expect(outcome.adjudicated == 20)
        #expect(outcome.agreement.agreed.of == 200)
        #expect(outcome.classes.reduce(0) { $0 + $1.unsettled } == 40)
        let value = try #require(outcome.quality.precision?.value)
        let ends = outcome.bounds.compactMap { $0.precision?.value }
        #expect(ends.count == 2 && ends[0] < value && value < ends[1])
    }

    // MARK: Agreement

    /// κ of [[20, 5], [10, 15]] is 0.4 with a standard error of √0.016128 = 0.12700, by hand:
    /// p_o = 0.7, p_e = 0.5; Σ p_ii (…)² = 0.04624 + 0.06348, the other sum 0.10188, the square 0.01.
    @Test func kappaIsTheOneComputedByHand() throws {
        let agreement = ClerkAgreement(table: [[20, 5, 0], [10, 15, 0], [0, 0, 0]])
        #expect(agreement.agreed.count == 35 && agreement.agreed.of == 50)
        let kappa = try #require(agreement.kappa)
        #expect(abs(kappa.value - 0.4) < 1e-12)
        #expect(abs(kappa.low - (0.4 - 1.959963984540054 * 0.126996)) < 1e-5)
        #expect(abs(kappa.high - (0.4 + 1.959963984540054 * 0.126996)) < 1e-5)
    }

    @Test func kappaAtItsEnds() throws {
        let perfect = try #require(
            ClerkAgreement(table: [[7, 0, 0], [0, 9, 0], [0, 0, 2]]).kappa)
        #expect(perfect.value == 1 && perfect.low == 1)
        #expect(ClerkAgreement(table: [[7, 0, 0], [0, 0, 0], [0, 0, 0]]).kappa == nil)
        #expect(ClerkAgreement([]).kappa == nil)
        let chance = try #require(
            ClerkAgreement(table: [[25, 25, 0], [25, 25, 0], [0, 0, 0]]).kappa)
        #expect(abs(chance.value) < 1e-12)
        let counted = ClerkAgreement([
            (first: .link, second: .not), (first: .cannotSay, second: .link),
            (first: .not, second: .not),
        ])
        #expect(counted.table == [[0, 1, 0], [0, 1, 0], [1, 0, 0]])
    }

    // MARK: From a linkage

    @Test func pairsAreCertainByTheThresholdThatTrainingChose() throws {
        let county = SyntheticEncodings.county(200)
        var specification = LinkageSpecification()
        specification.estimatesThreshold = true
        var state = try LinkerTests.link(
            [
                SyntheticEncodings.encode("gp", county.first),
                SyntheticEncodings.encode("hospital", county.second),
            ], specification
        ).state
        func certain() throws -> [Double] {
            try Linker.reviewCandidates(state, specification: specification)
                .filter { $0.kind == .certainLink }.compactMap(\.weight)
        }
        let weights = try certain()
        let chosen = try #require(state.parameters?.linkThreshold)
        #expect(try #require(weights.min()) >= chosen + specification.margin)
        state.parameters?.linkThreshold = weights.max() ?? 0
        #expect(try certain().isEmpty)
    }

    @Test func aLinkageOffersAllPairsThatClerksMightSee() throws {
        let county = SyntheticEncodings.county(200)
        var specification = LinkageSpecification()
        specification.review.depth = 30
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("gp", county.first),
                SyntheticEncodings.encode("hospital", county.second),
            ], specification: specification,
            mint: Minter(seed: [UInt8](repeating: 1, count: 32)))
        let candidates = try Linker.reviewCandidates(
            outcome.state, specification: specification)
        let keys = Set(candidates.map { "\($0.left) \($0.right)" })
        #expect(keys.count == candidates.count)
        for pair in outcome.state.pairs { #expect(keys.contains("\(pair.left) \(pair.right)")) }
        let people = Dictionary(grouping: outcome.state.memberships, by: \.serial)
        let linked = people.values.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
        #expect(candidates.count { $0.linked } == linked)
        let below = candidates.filter { $0.kind == .certainNonLink }
        #expect(!below.isEmpty)
        for pair in below {
            #expect(!pair.linked && (-34.0 ..< -4.0).contains(pair.weight ?? 0))
        }
        // Up to three bits above the threshold.
        let certain = try #require(outcome.state.parameters?.linkThreshold) + 3
        for pair in candidates where pair.kind == .uncertain {
            #expect(!pair.linked || (pair.weight ?? 99) < certain)
        }
        // The plan is no part of what decides.
        let digest = specification.digest
        specification.review.depth = 0
        specification.review.size = 12
        #expect(specification.digest == digest)
        let held = try Linker.reviewCandidates(outcome.state, specification: specification)
        #expect(held.count == candidates.count - below.count)
    }

    /// No pair with either side of a replaced identity goes to anybody, whatever it weighs.
    @Test func aReplacedIdentityIsNeverReviewed() throws {
        for protected in [false, true] {
            var (first, second) = SyntheticEncodings.county(150)
            let child = Identity(
                subject: 9_001, given: "amelia", surname: "quux", birth: "20150303", home: "old",
                replaced: protected ? ["n-old"] : [])
            var before = child
            (before.subject, before.number, before.replaced) = (9_002, "n-old", [])
            first.append(child)
            second.append(before)
            var specification = LinkageSpecification()
            specification.review.depth = 30
            let state = try LinkerTests.link([
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
            ]).state
            let sides = Set([
                SyntheticEncodings.subject("a", 9_001), SyntheticEncodings.subject("b", 9_002),
            ])
            let touched = try Linker.reviewCandidates(state, specification: specification)
                .count { sides.contains($0.left) || sides.contains($0.right) }
            #expect((touched > 0) == !protected)
        }
    }

    @Test func anotherSpecificationIsRefused() throws {
        let county = SyntheticEncodings.county(60)
        var specification = LinkageSpecification()
        let state = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("gp", county.first),
                SyntheticEncodings.encode("hospital", county.second),
            ], specification: specification,
            mint: Minter(seed: [UInt8](repeating: 1, count: 32))
        ).state
        specification.linkThreshold = 7
        #expect(throws: StileError.self) {
            try Linker.reviewCandidates(state, specification: specification)
        }
        #expect(throws: StileError.self) {
            try Linker.reviewCandidates(LinkState(), specification: specification)
        }
    }
}
