import PipelineModel

/// Four hundred rows that R and Python can make too, to compare with what they say.
///
///     i <- 1:400
///     u <- (i*0.6180339887498949) %% 1;  p <- 0.01 + 0.9*u^2
///     v <- (i*0.7548776662466927) %% 1;  y <- as.numeric(v < 0.05 + 0.7*p^0.8)
///     b <- (i*7) %% 23
enum FourHundredRows {
    private static func part(_ row: Int, _ step: Double) -> Double {
        (Double(row) * step).truncatingRemainder(dividingBy: 1)
    }

    static let probability: [Double] = (1...400).map { row in
        let share = part(row, 0.6180339887498949)
        return 0.01 + 0.9 * share * share
    }
    /// 1 where v is below a curve; written as 0.05 + 0.7 p^0.8 > v with both sides to the power
    /// 1 ÷ 0.8 = 5 ÷ 4, which needs roots alone.
    static let outcome: [Double] = (1...400).map { row in
        let left = (part(row, 0.7548776662466927) - 0.05) / 0.7
        guard left > 0 else { return 1 }
        let root = left.squareRoot().squareRoot()
        return left * root < probability[row - 1] ? 1 : 0
    }
    static let rule: [Double] = (1...400).map { Double($0 * 7 % 23) }

    static var table: ScoredTable {
        ScoredTable(
            score: probability.map(Logistic.logit), probability: probability, outcome: outcome,
            baselineRank: rule.map { -$0 })
    }

    static func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-10) -> Bool {
        left.map { ($0 - right).magnitude <= tolerance } ?? false
    }
}
