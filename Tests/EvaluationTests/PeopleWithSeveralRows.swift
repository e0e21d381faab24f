import PipelineModel

/// 368 rows of 120 people, one to five each, whose rows are alike; a generator that R can write too
/// (Benchmarks/peers/clusters.R).
enum PeopleWithSeveralRows {
    /// Park and Miller's minimal standard generator.
    private struct Draws {
        private var state = 20_251_122
        mutating func next() -> Double {
            state = 16807 * state % 2_147_483_647
            return Double(state) / 2_147_483_647
        }
    }

    static let table: ScoredTable = {
        var draws = Draws()
        var table = ScoredTable(score: [], probability: [], outcome: [])
        var codes: [UInt32] = []
        for person in 1...120 {
            let rows = 1 + Int(5 * draws.next())
            let (risk, fate) = (draws.next(), draws.next())
            for _ in 0..<rows {
                let (own, other, chance) = (draws.next(), draws.next(), draws.next())
                let probability = (1 + (38 * (0.6 * risk + 0.4 * own)).rounded(.down)) / 40
                table.probability.append(probability)
                table.baselineRank.append(-(10 * (0.5 * risk + 0.5 * other)).rounded(.down))
                table.outcome.append(
                    0.5 * fate + 0.5 * chance < 0.7 * probability + 0.05 ? 1 : 0)
                table.about.append(UnitPseudonym(high: 3, low: UInt64(person)))
                codes.append(person % 3 == 0 ? 0 : 1)
            }
        }
        table.score = table.probability
        table.groups = [.init(name: "third", levels: ["yes", "no"], codes: codes)]
        return table
    }()

    /// The same rows, each of a person of its own.
    static var alone: ScoredTable {
        var table = table
        table.about = table.outcome.indices.map { UnitPseudonym(high: 3, low: UInt64($0)) }
        return table
    }
}
