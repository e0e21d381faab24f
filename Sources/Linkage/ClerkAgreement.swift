public import PipelineModel

/// How far two clerks who saw the same pairs agree.
///
/// Cohen's κ = (p_o − p_e)/(1 − p_e), p_o the share of pairs on which they agree and p_e what chance
/// would give with each clerk's own shares. The interval is κ ± 1.96 standard errors by the
/// large-sample formula of Fleiss, Cohen and Everitt, kept within −1...1.
///
/// Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educ Psychol Meas 20
/// (1960); J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and
/// weighted kappa", Psychol Bull 72 (1969), equation 13.
public struct ClerkAgreement: Sendable, Equatable, Codable {
    /// Pairs by the judgement of the first clerk (row) and of the second, in the order of
    /// ``judgements``.
    public var table: [[Int]]
    /// On how many pairs they agree.
    public var agreed: Proportion
    /// `nil` where both say the same of every pair, so that chance explains it all.
    public var kappa: Kappa?

    public struct Kappa: Sendable, Equatable, Codable {
        public var value: Double
        public var low: Double
        public var high: Double
    }

    /// What the rows and columns of ``table`` are.
    public static let judgements: [Judgement] = [.link, .not, .cannotSay]

    public init(_ pairs: [(first: Judgement, second: Judgement)]) {
        let size = Self.judgements.count
        var table = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
        for pair in pairs {
            guard let row = Self.judgements.firstIndex(of: pair.first),
                let column = Self.judgements.firstIndex(of: pair.second)
            else { continue }
            table[row][column] += 1
        }
        self.init(table: table)
    }

    init(table: [[Int]]) {
        self.table = table
        let all = table.joined().reduce(0, +)
        agreed = Proportion(table.indices.reduce(0) { $0 + table[$1][$1] }, of: all)
        kappa = Self.kappa(table.map { $0.map { Double($0) / Double(max(all, 1)) } }, of: all)
    }

    private static func kappa(_ p: [[Double]], of count: Int) -> Kappa? {
        guard count > 0 else { return nil }
        let rows = p.map { $0.reduce(0, +) }
        let columns = p.indices.map { column in p.reduce(0) { $0 + $1[column] } }
        let observed = p.indices.reduce(0) { $0 + p[$1][$1] }
        let expected = p.indices.reduce(0) { $0 + rows[$1] * columns[$1] }
        guard expected < 1 - 1e-12 else { return nil }
        let kappa = (observed - expected) / (1 - expected)
        var sum = 0.0
        for i in p.indices {
            let slope = 1 - (rows[i] + columns[i]) * (1 - kappa)
            sum += p[i][i] * slope * slope
            for j in p.indices where j != i {
                let both = columns[i] + rows[j]
                sum += (1 - kappa) * (1 - kappa) * p[i][j] * both * both
            }
        }
        let shift = kappa - expected * (1 - kappa)
        let variance =
            (sum - shift * shift) / (Double(count) * (1 - expected) * (1 - expected))
        let reach = 1.959963984540054 * max(variance, 0).squareRoot()
        return Kappa(
            value: kappa, low: max(kappa - reach, -1), high: min(kappa + reach, 1))
    }
}
