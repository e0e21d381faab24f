import PipelineModel
import Scoring
import Testing

@Suite struct ReasonTableTests {
    /// Rows across the borders of blocks and shards; half of the columns are 0 or 1, so that
    /// parts are equal within a column and between columns.
    private func made(rows: Int, columns: Int) -> (ScoringEquation, DesignMatrix) {
        var generator = SeededGenerator(seed: 12, label: "reasons")
        let equation = ScoringEquation(
            name: "m", intercept: -1,
            terms: (0..<columns).map {
                .init(
                    name: "x\($0)", coefficient: Double($0 % 7 - 3) / 4,
                    mean: $0.isMultiple(of: 2) ? 0.25 : 0)
            })
        var values: [Double] = []
        for column in 0..<columns {
            for _ in 0..<rows {
                let share = generator.uniform()
                values.append(
                    column.isMultiple(of: 2) ? (share < 0.3 ? 1 : 0) : (share * 8).rounded() - 4)
            }
        }
        let keys = (0..<rows).map {
            RowKey(
                unit: .init(high: 0, low: UInt64($0) + 1), asOf: Day(0), person: .none)
        }
        return (
            equation,
            DesignMatrix(
                unitKind: .person, rows: keys, columns: equation.terms.map(\.name), values: values)
        )
    }

    @Test(arguments: [(1, 5, 3), (511, 5, 3), (513, 1, 4), (16_390, 5, 3), (700, 40, 40)])
    func theStrongestReasonsAreThoseOfTheWholeList(
        _ rows: Int, _ raising: Int, _ lowering: Int
    ) throws {
        let (equation, matrix) = made(rows: rows, columns: 23)
        let scorer = try Scorer(model: equation)
        let table = try scorer.reasons(
            in: matrix, top: .init(raising: raising, lowering: lowering))
        #expect(table.rows == rows)
        for row in stride(from: 0, to: rows, by: rows > 2_000 ? 97 : 1) {
            let all = try scorer.reasons(row, in: matrix)
            let up = all.filter { $0.contribution > 0 }.prefix(raising)
            #expect(table.raising(row).map { equation.terms[$0.term].name } == up.map(\.term))
            #expect(table.raising(row).map(\.part) == up.map(\.contribution))
            // The strongest first; equal ones in the order of the terms.
            let positions = Dictionary(
                uniqueKeysWithValues: equation.terms.enumerated().map { ($1.name, $0) })
            let down = all.filter { $0.contribution < 0 }
                .sorted {
                    ($0.contribution, positions[$0.term] ?? 0)
                        < ($1.contribution, positions[$1.term] ?? 0)
                }.prefix(lowering)
            #expect(table.lowering(row).map { equation.terms[$0.term].name } == down.map(\.term))
            #expect(table.lowering(row).map(\.part) == down.map(\.contribution))
        }
    }

    @Test func noReasonsOfAKindCanBeAskedFor() throws {
        let (equation, matrix) = made(rows: 600, columns: 8)
        let scorer = try Scorer(model: equation)
        let table = try scorer.reasons(in: matrix, top: .init(raising: 0, lowering: 2))
        let both = try scorer.reasons(in: matrix, top: .init(raising: 3, lowering: 2))
        #expect(table.raisingTerms.isEmpty)
        #expect(table.loweringTerms == both.loweringTerms)
        #expect(table.loweringParts == both.loweringParts)
    }

    @Test func theSameTableEachTime() throws {
        let (equation, matrix) = made(rows: 40_000, columns: 6)
        let scorer = try Scorer(model: equation)
        let first = try scorer.reasons(in: matrix, top: .init(raising: 5, lowering: 3))
        for _ in 0..<3 {
            #expect(try scorer.reasons(in: matrix, top: .init(raising: 5, lowering: 3)) == first)
        }
    }
}

@Suite struct RankingTests {
    private let scorer: Scorer

    init() throws {
        scorer = try Scorer(
            model: ScoringEquation(
                name: "m", intercept: 0, terms: [.init(name: "x", coefficient: 1, mean: 0)]))
    }

    private func ranked(_ values: [Double], _ rows: [RowKey]) throws -> ScoredMatrix {
        try scorer.score(
            DesignMatrix(unitKind: .person, rows: rows, columns: ["x"], values: values))
    }

    /// The order by plain comparison.
    private func plain(_ values: [Double], _ rows: [RowKey]) -> [Int] {
        values.indices.sorted { left, right in
            if values[left] != values[right] { return values[left] > values[right] }
            if rows[left].unit != rows[right].unit { return rows[left].unit < rows[right].unit }
            return (rows[left].asOf, left) < (rows[right].asOf, right)
        }
    }

    @Test(arguments: [1, 2, 1_000, 30_000]) func theOrderIsThatOfPlainComparison(_ count: Int)
        throws
    {
        var generator = SeededGenerator(seed: 77, label: "ranks")
        let rows = (0..<count).map { _ in
            RowKey(
                unit: .init(high: 0, low: UInt64(generator.below(max(2, count / 2)))),
                asOf: Day(Int32(generator.below(3))), person: .none)
        }
        let extremes = [
            0.0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e300, -1e300, 1, -1,
        ]
        let values = (0..<count).map { _ in
            switch generator.below(4) {
            case 0: extremes[generator.below(extremes.count)]
            case 1: Double(generator.below(9)) - 4
            case 2: (generator.uniform() - 0.5) * 1e-3
            default: (generator.uniform() - 0.5) * 40
            }
        }
        let scored = try ranked(values, rows)
        #expect(scored.rowsByRank == plain(values, rows))
        var shared: [Double: Int] = [:]
        for (position, row) in scored.rowsByRank.enumerated() {
            let first = shared[values[row], default: position + 1]
            shared[values[row]] = first
            #expect(scored.sharedRank[row] == first)
        }
    }

    @Test func whatIsNotFiniteIsSeenInAnyBlock() throws {
        let count = 40_000
        let rows = (0..<count).map {
            RowKey(unit: .init(high: 0, low: UInt64($0)), asOf: Day(0), person: .none)
        }
        for row in [0, 511, 512, 16_384, count - 1] {
            for value in [Double.nan, .infinity, -.infinity, .signalingNaN] {
                var values = [Double](repeating: 0.5, count: count)
                values[row] = value
                let error = #expect(throws: StileError.self) { try ranked(values, rows) }
                #expect(error?.message.contains("has 1 values") == true)
            }
        }
        // A sum may run over though every value is finite.
        let large = try Scorer(
            model: ScoringEquation(
                name: "m", intercept: 0, terms: [.init(name: "x", coefficient: 1e300, mean: 0)]))
        let error = #expect(throws: StileError.self) {
            try large.score(
                DesignMatrix(
                    unitKind: .person, rows: Array(rows[..<3]), columns: ["x"],
                    values: [1, 1e200, 2]))
        }
        #expect(error?.message.contains("The score of row 2") == true)
    }
}
