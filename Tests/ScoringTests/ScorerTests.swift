import PipelineModel
import Scoring
import Testing

struct ScorerTests {
    private let equation = ScoringEquation(
        name: "test", intercept: -1.1,
        terms: [
            .init(name: "age", coefficient: 0.031, mean: 47.3),
            .init(name: "visits", coefficient: 0.17, mean: 1.9),
            .init(name: "carer", coefficient: -0.6, mean: 0.2),
        ])

    private func key(_ unit: UInt64, asOf: Int32 = 0) -> RowKey {
        RowKey(unit: .init(high: 0, low: unit), asOf: Day(asOf), person: .none)
    }

    private func matrix(rows: [RowKey], _ columns: [(String, [Double])]) -> DesignMatrix {
        DesignMatrix(
            unitKind: .person, rows: rows, columns: columns.map(\.0),
            values: columns.flatMap(\.1))
    }

    private func random(_ count: Int, seed: UInt64 = 3) -> [(String, [Double])] {
        var generator = SeededGenerator(seed: seed, label: "scores")
        return ["carer", "age", "unused", "visits"].map { name in
            (name, (0..<count).map { _ in generator.uniform() * 90 - 5 })
        }
    }

    @Test func aHandWorkedRow() throws {
        let scored = try Scorer(model: equation).score(
            matrix(rows: [key(1)], [("age", [50]), ("visits", [3]), ("carer", [1])]))
        // −1.1 + 1.55 + 0.51 − 0.6 = 0.36; 1 ÷ (1 + e^−0.36) = 0.589040…
        #expect((scored.linearPredictor[0] - 0.36).magnitude < 1e-15)
        #expect((scored.probability[0] - 0.5890404340586651).magnitude < 1e-15)
        #expect(scored.rank == [1])
    }

    @Test func aRowHasTheSameBitsInAnyBatchAndPosition() throws {
        let count = 257
        let columns = random(count)
        let scorer = try Scorer(model: equation)
        let keys = (0..<count).map { key(UInt64($0)) }
        let whole = try scorer.score(matrix(rows: keys, columns))
        for start in [0, 1, 7, 100, 256] {
            for length in [1, 2, 3, 64] where start + length <= count {
                let part = try scorer.score(
                    matrix(
                        rows: Array(keys[start..<start + length]),
                        columns.reversed().map { ($0.0, Array($0.1[start..<start + length])) }))
                #expect(
                    part.linearPredictor.map(\.bitPattern)
                        == whole.linearPredictor[start..<start + length].map(\.bitPattern))
                #expect(
                    part.probability.map(\.bitPattern)
                        == whole.probability[start..<start + length].map(\.bitPattern))
            }
        }
        // The plain sum, term after term.
        for row in 0..<count {
            var sum = equation.intercept
            sum += 0.031 * columns[1].1[row]
            sum += 0.17 * columns[3].1[row]
            sum += -0.6 * columns[0].1[row]
            #expect(sum.bitPattern == whole.linearPredictor[row].bitPattern)
        }
    }

    /// Across the ends of blocks (512 rows) and of what one thread does at one time (16,384 rows), and
    /// with neighbours in another order: rows that are alike stay tied.
    @Test func aRowHasTheSameBitsOnAnyThread() throws {
        let count = 2 * 16_384 + 700
        // The last row is alike to the first, on another thread.
        let columns: [(String, [Double])] = random(count).map { name, values in
            (name, Array(values.dropLast()) + [values[0]])
        }
        let scorer = try Scorer(model: equation)
        let whole = try scorer.score(matrix(rows: (0..<count).map { key(UInt64($0)) }, columns))
        let turned = try scorer.score(
            matrix(
                rows: (0..<count).map { key(UInt64(count - 1 - $0)) },
                columns.map { ($0.0, Array($0.1.reversed())) }))
        #expect(
            turned.linearPredictor.reversed().map(\.bitPattern)
                == whole.linearPredictor.map(\.bitPattern))
        for row in [0, 511, 512, 16_383, 16_384, 16_385, 2 * 16_384, 2 * 16_384 + 511, count - 1] {
            let alone = try scorer.score(
                matrix(rows: [key(1)], columns.map { ($0.0, [$0.1[row]]) }))
            #expect(
                alone.linearPredictor[0].bitPattern == whole.linearPredictor[row].bitPattern
                    && alone.probability[0].bitPattern == whole.probability[row].bitPattern)
        }
        #expect(whole.linearPredictor[0] == whole.linearPredictor[count - 1])
        #expect(whole.sharedRank[0] == whole.sharedRank[count - 1])
    }

    @Test func scoringAtOnceInManyTasksGivesTheSameBits() async throws {
        let design = matrix(rows: (0..<100).map { key($0) }, random(100))
        let scorer = try Scorer(model: equation)
        let alone = try scorer.score(design)
        try await withThrowingTaskGroup(of: ScoredMatrix.self) { group in
            for _ in 0..<8 { group.addTask { try scorer.score(design) } }
            for try await scored in group { #expect(scored == alone) }
        }
    }

    @Test func reasonsAddUpToTheScore() throws {
        let design = matrix(rows: (0..<200).map { key($0) }, random(200, seed: 11))
        let scorer = try Scorer(model: equation)
        let scored = try scorer.score(design)
        for row in 0..<200 {
            let reasons = try scorer.reasons(row, in: design)
            let sum = reasons.reduce(scorer.meanPredictor) { $0 + $1.contribution }
            #expect((sum - scored.linearPredictor[row]).magnitude < 1e-12)
            #expect(reasons.count == 3)
            for (left, right) in zip(reasons, reasons.dropFirst()) {
                #expect(left.contribution >= right.contribution)
            }
        }
    }

    @Test func tiesAreRankedByUnitAndShareARank() throws {
        let scorer = try Scorer(
            model: ScoringEquation(
                name: "m", intercept: 0, terms: [.init(name: "x", coefficient: 1, mean: 0)]))
        let scored = try scorer.score(
            matrix(
                rows: [key(9), key(4), key(7), key(1), key(4, asOf: -3)], [("x", [2, 5, 5, 1, 5])]))
        #expect(scored.rank == [4, 2, 3, 5, 1])
        #expect(scored.sharedRank == [4, 1, 1, 5, 1])
        #expect(scored.rowsByRank == [4, 1, 2, 0, 3])
    }

    @Test func ranksFollowThePredictorWhereProbabilitiesAreEqual() throws {
        let scorer = try Scorer(
            model: ScoringEquation(
                name: "m", intercept: 0, terms: [.init(name: "x", coefficient: 1, mean: 0)]))
        let scored = try scorer.score(matrix(rows: [key(1), key(2)], [("x", [800, 900])]))
        #expect(scored.probability == [1, 1])
        #expect(scored.rank == [2, 1])
        #expect(scored.sharedRank == [2, 1])
    }

    @Test func anUnknownColumnIsNamed() throws {
        let error = #expect(throws: StileError.self) {
            try Scorer(model: equation).score(matrix(rows: [key(1)], [("age", [50])]))
        }
        let text = error?.description ?? ""
        #expect(text.contains("names the column “visits”, which the matrix does not have"))
        #expect(text.contains("“carer”"))
        #expect(error?.code == .configuration)
    }

    @Test func aMissingValueIsRefusedWithoutBeingShown() throws {
        let error = #expect(throws: StileError.self) {
            try Scorer(model: equation).score(
                matrix(
                    rows: [key(1), key(2)],
                    [("age", [.nan, 61.25]), ("visits", [1, 1]), ("carer", [0, .infinity])]))
        }
        let text = error?.description ?? ""
        #expect(text.contains("“age” has 1 values that are missing or infinite"))
        #expect(text.contains("“carer” has 1 values"))
        #expect(!text.contains("61.25"))
    }

    @Test func anEquationThatIsNotFiniteOrRepeatsATermIsRefused() {
        #expect(throws: StileError.self) {
            try Scorer(model: ScoringEquation(name: "m", intercept: .nan, terms: []))
        }
        let term = ScoringEquation.Term(name: "x", coefficient: 1, mean: 0)
        #expect(throws: StileError.self) {
            try Scorer(model: ScoringEquation(name: "m", intercept: 0, terms: [term, term]))
        }
    }

    @Test func aPublishedEquationCanBeCentredOnAMatrix() throws {
        let centred = equation.centred(on: matrix(rows: [key(1), key(2)], [("age", [40, 60])]))
        #expect(centred.terms.map(\.mean) == [50, 1.9, 0.2])
    }

    @Test func noRowGivesNoScore() throws {
        let scored = try Scorer(model: equation).score(
            matrix(rows: [], [("age", []), ("visits", []), ("carer", [])]))
        #expect(scored.rank.isEmpty)
    }
}
