import Identifiers
import Pseudonymise

/// What an attacker knows of how common names and other values are.
public enum Knowledge: String, Sendable, CaseIterable {
    /// The published table of the whole country, which there is of names only.
    case published
    /// The true frequencies of the attacked records themselves: by sex for given names, by year of
    /// birth where the salt tells it, within the stored band, and by the size of a set. No real
    /// attacker knows so much.
    case idealised
}

/// How often an attack was right.
public struct AttackScore: Sendable, Equatable {
    /// Records that have both the stored value and a true one.
    public var records = 0
    /// Records whose true value was the first guess.
    public var first = 0
    /// Records whose true value was among five guesses.
    public var five = 0
    /// Records whose true value is the commonest of those that the attacker's knowledge allows: what
    /// they would get without looking at the value.
    public var blind = 0
    /// Stored values whose commonest true value was the first guess, of `values`.
    public var recovered = 0
    public var values = 0

    /// The share of the records in `count`; 0 where there are none.
    public func share(_ count: Int) -> Double {
        records == 0 ? 0 : Double(count) / Double(records)
    }
}

/// Frequency ranking: the commonest stored value stands for the commonest true one, and so on, within
/// every group of values that can be compared.
///
/// The five guesses are those of the five nearest ranks.
struct RankAttack: Sendable {
    private let records: AttackedRecords
    private let target: AttackedRecords.Target
    private let knowledge: Knowledge
    private let truth: TrueValues

    init(
        _ records: AttackedRecords, _ truth: TrueValues, target: AttackedRecords.Target,
        knowledge: Knowledge
    ) {
        self.records = records
        self.target = target
        self.knowledge = knowledge
        self.truth = truth
    }

    /// What the attacker can tell apart without the value: rows of one stratum share a ranking.
    private struct Stratum: Hashable {
        var year: Int32
        var sex: Int32
        var band: UInt64
        /// How many tokens a set has, which tells how long a value is.
        var size: Int32 = 0
    }

    func run(_ stored: StoredValues) -> AttackScore {
        let strata = strata(stored)
        let rankings = rankings(strata)
        // Who does not look at the sets does not know their sizes.
        let unseen =
            stored.tellsSize
            ? self.rankings(([Int32](repeating: 0, count: records.count), 1))[0].first : nil
        var rows = truth.ids.indices.filter { stored.values[$0] >= 0 && truth.ids[$0] >= 0 }
        // Rows of one block can be ranked against each other.
        func block(_ row: Int) -> (Int32, Int32) { (stored.groups[row], strata.numbers[row]) }
        rows.sort { left, right in
            let (a, b) = (block(left), block(right))
            return a != b ? a < b : stored.values[left] < stored.values[right]
        }
        var score = AttackScore()
        score.records = rows.count
        var start = 0
        while start < rows.count {
            var end = start
            var runs: [Range<Int>] = []
            while end < rows.count, block(rows[end]) == block(rows[start]) {
                let first = end
                while end < rows.count, block(rows[end]) == block(rows[start]),
                    stored.values[rows[end]] == stored.values[rows[first]]
                { end += 1 }
                runs.append(first..<end)
            }
            let ranking = rankings[Int(strata.numbers[rows[start]])]
            runs.sort {
                $0.count != $1.count ? $0.count > $1.count : $0.lowerBound < $1.lowerBound
            }
            for (rank, run) in runs.enumerated() {
                count(rows[run], rank: rank, ranking, unseen, &score)
            }
            start = end
        }
        return score
    }

    private func count(
        _ rows: ArraySlice<Int>, rank: Int, _ ranking: [Int32], _ unseen: Int32?,
        _ score: inout AttackScore
    ) {
        guard !ranking.isEmpty else { return }
        let low = max(0, min(rank - 2, ranking.count - 5))
        let window = ranking[min(low, ranking.count)..<min(low + 5, ranking.count)]
        let guess = rank < ranking.count ? ranking[rank] : -2
        var hits = 0
        for row in rows {
            let id = truth.ids[row]
            if id == guess { hits += 1 }
            if window.contains(id) || id == guess { score.five += 1 }
            if id == unseen ?? ranking[0] { score.blind += 1 }
        }
        score.first += hits
        score.values += 1
        if 2 * hits > rows.count { score.recovered += 1 }
    }

    // MARK: Knowledge

    /// What the stored band alone gives away: the commonest name of the rows of one band, year of
    /// birth and sex, against (`blind`) the commonest of one year and sex.
    func runBand(_ field: String) -> AttackScore? {
        guard let bands = records.tokens("\(field).band") else { return nil }
        func strata(_ bands: [UInt64]?) -> [Int32] {
            var numbers: [Stratum: Int32] = [:]
            return (0..<records.count).map { row in
                let stratum = Stratum(
                    year: records.year[row], sex: target == .family ? 0 : records.sex[row],
                    band: bands?[row] ?? 0)
                let number = numbers[stratum] ?? Int32(numbers.count)
                numbers[stratum] = number
                return number
            }
        }
        var score = AttackScore()
        for (numbers, isBlind) in [(strata(bands), false), (strata(nil), true)] {
            let rankings = rankings((numbers, Int((numbers.max() ?? 0) + 1)))
            for row in truth.ids.indices where truth.ids[row] >= 0 {
                let ranking = rankings[Int(numbers[row])]
                let isFirst = ranking.first == truth.ids[row]
                if isBlind {
                    if isFirst { score.blind += 1 }
                } else {
                    score.records += 1
                    if isFirst { score.first += 1 }
                    if ranking.prefix(5).contains(truth.ids[row]) { score.five += 1 }
                }
            }
        }
        return score
    }

    private func strata(_ stored: StoredValues) -> (numbers: [Int32], count: Int) {
        guard knowledge == .idealised else {
            return ([Int32](repeating: 0, count: records.count), 1)
        }
        let tellsYear = stored.salt.map(tellsYear) ?? false
        let part: NameFrequencies.Part? =
            switch target {
            case .given: .given
            case .family: .family
            case .whole, .content: nil
            }
        // The band goes with the field that it is stored beside.
        let base = String(stored.field.prefix { $0 != "." })
        let band =
            records.specification[base]?.part == part && part != nil
            ? records.tokens("\(base).band") : nil
        var numbers: [Stratum: Int32] = [:]
        let rows = (0..<records.count).map { row in
            let stratum = Stratum(
                year: tellsYear ? records.year[row] : 0,
                sex: target == .given || target == .whole ? records.sex[row] : 0,
                band: band?[row] ?? 0, size: stored.tellsSize ? stored.groups[row] : 0)
            let number = numbers[stratum] ?? Int32(numbers.count)
            numbers[stratum] = number
            return number
        }
        return (rows, max(1, numbers.count))
    }

    /// Whether everybody with one value of a salt was born in one year.
    private func tellsYear(_ salt: String) -> Bool {
        let parts = salt.split(separator: ".")
        guard let field = parts.first,
            records.specification[String(field)]?.kind == .dateOfBirth
        else { return false }
        return parts.count == 1 || parts[1].hasPrefix("year")
    }

    /// For each stratum the true values, commonest first.
    private func rankings(_ strata: (numbers: [Int32], count: Int)) -> [[Int32]] {
        if knowledge == .published { return [published()] }
        var counts: [[Int32: Int]] = Array(repeating: [:], count: strata.count)
        for row in truth.ids.indices where truth.ids[row] >= 0 {
            counts[Int(strata.numbers[row])][truth.ids[row], default: 0] += 1
        }
        // Equally common values in the order of their letters: nothing that the records tell.
        var order = [Int](repeating: 0, count: truth.distinct.count)
        let letters = truth.distinct.indices.sorted {
            truth.distinct[$0].lexicographicallyPrecedes(truth.distinct[$1])
        }
        for (place, name) in letters.enumerated() { order[name] = place }
        return counts.map { counts in
            counts.sorted {
                $0.value != $1.value
                    ? $0.value > $1.value : order[Int($0.key)] < order[Int($1.key)]
            }.map(\.key)
        }
    }

    /// The published names; one that nobody in the records has keeps its rank.
    private func published() -> [Int32] {
        func numbers(_ names: [[UInt8]], in column: TrueValues) -> [Int32] {
            names.map { column.number($0) ?? -3 }
        }
        switch target {
        case .content: return []
        case .given: return numbers(NameFrequencies.given.ranked.map(\.name), in: truth)
        case .family: return numbers(NameFrequencies.family.ranked.map(\.name), in: truth)
        case .whole:
            // The commonest pairs, as if the two parts were independent.
            let given = NameFrequencies.given.ranked.prefix(100)
            let family = NameFrequencies.family.ranked.prefix(100)
            var pairs: [(name: [UInt8], share: Double)] = []
            for first in given {
                for second in family {
                    pairs.append((first.name + [0] + second.name, first.share * second.share))
                }
            }
            pairs.sort { left, right in left.share > right.share }
            return numbers(pairs.prefix(2_000).map(\.name), in: truth)
        }
    }
}
