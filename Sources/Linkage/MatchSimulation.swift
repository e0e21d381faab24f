import Foundation
import PipelineModel

/// Makes up matches of these very registers: what each field does is taken from likely matches,
/// and which values are there from the records.
///
/// Values are missing together (a register of deaths has no postcode), so that two records are
/// drawn first and say which fields can be compared. What a field then does is that of a likely
/// match, its donor, which a key without that field found and whose weight does not count that
/// field: else a field would agree because that made the pair a likely match. The fields of one
/// made-up match have different donors, and so err independently of each other.
struct MatchSimulation {
    /// The columns of ``BlockingPlan``.
    private let columns: [String]
    private let store: FieldStore
    private let mayRepeat: [Bool]
    /// For each family of columns, a bit for each of them.
    private let masks: [UInt64]
    /// For each family, the comparisons of it alone, and its donors.
    private let own: [[Int]]
    private var donors: [Pools]
    private let errors: MatchHeterogeneity
    private let exact: [Int]
    private var blocks: [Block] = []
    /// A column of the source zone's own making, over several families.
    private struct Block {
        var families: [Int]
        /// How often it agreed, and could have, by what those families' comparisons said.
        var agreed: [[Int]: (agreed: Double, all: Double)] = [:]
    }

    private struct Donor {
        var agreeing: UInt64
        /// The digits of the family's comparisons.
        var digits: [Int]
    }

    /// Donors whose values are the same, and those whose are not.
    private struct Pools {
        var same = Pool()
        var other = Pool()
        var count: Int { same.donors.count + other.donors.count }
    }

    private struct Pool {
        var donors: [Donor] = []
        /// The sums of their weights so far.
        var sums: [Double] = []
        var weight: Double { sums.last ?? 0 }

        mutating func add(_ donor: Donor, _ weight: Double) {
            donors.append(donor)
            sums.append(self.weight + weight)
        }

        /// The donor at a share of the weight.
        func donor(_ share: Double) -> Donor? {
            var (low, high) = (0, donors.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > share * weight { high = middle } else { low = middle + 1 }
            }
            return donors.isEmpty ? nil : donors[low]
        }
    }

    /// - Parameters:
    ///   - plan: Whose columns are to agree or not.
    ///   - pairs: Candidate pairs.
    ///   - keys: The keys that brought them together, in the order of their bits.
    ///   - given: Keys of single columns, some of which are of several fields.
    ///   - mixture: How likely a pair is a match by its digits.
    init?(
        _ plan: BlockingPlan, _ store: FieldStore, mayRepeat: [Bool],
        pairs: [TrainingSample.Pair], keys: [[String]], given: [[String]],
        comparisons: [LinkageSpecification.Comparison], layout: PatternLayout,
        mixture: PairMixture
    ) {
        errors = mixture.errors
        exact = comparisons.map(\.exact)
        columns = plan.columns
        self.store = store
        self.mayRepeat = mayRepeat
        let families = MatchGuess.families(plan.columns, store)
        masks = families.map { $0.reduce(0) { $0 | 1 << UInt64($1) } }
        let parts = families.map { family in
            BlockingColumns.parts(of: family.map { plan.columns[$0] }, store)
        }
        // The comparisons of one family alone.
        let ofComparison = comparisons.map { comparison in
            let own = comparison.parts(store)
            return parts.indices.filter { !parts[$0].isDisjoint(with: own) }
        }
        let own = families.indices.map { family in
            comparisons.indices.filter { ofComparison[$0] == [family] }
        }
        self.own = own
        let left = families.indices.map { family in
            Set(comparisons.indices.filter { ofComparison[$0].contains(family) })
        }
        let touching = keys.map { key in
            let all = BlockingColumns.parts(of: key, store)
            return parts.map { !$0.isDisjoint(with: all) }
        }
        let agreement = MatchGuess.agreement(columns, store, pairs)
        let presence = ColumnPresence(
            plan.columns, store, of: pairs.flatMap { [$0.left, $0.right] })
        let digits = pairs.map { layout.digits($0.pattern) }
        var known: [[Int]: [Double]] = [:]
        donors = families.map { _ in Pools() }
        for (index, pair) in pairs.enumerated() {
            let chances =
                known[digits[index]]
                ?? families.indices.map { mixture.match(digits[index], without: left[$0]) }
            known[digits[index]] = chances
            let both = presence.both(Int(pair.left), Int(pair.right))
            for family in families.indices where chances[family] > 0.02 {
                guard Self.isFound(pair.keys, without: family, touching),
                    both & masks[family] != 0
                else { continue }
                let said = own[family].map { digits[index][$0] }
                let donor = Donor(agreeing: agreement[index] & masks[family], digits: said)
                if zip(own[family], said).allSatisfy({ $1 <= exact[$0] }) {
                    donors[family].same.add(donor, chances[family])
                } else {
                    donors[family].other.add(donor, chances[family])
                }
            }
        }
        guard donors.contains(where: { $0.count >= 50 }) else { return nil }
        let names = columns
        blocks = CandidatePairs.concurrently(given.count, threads: Linker.threads) { place in
            let key = given[place]
            let all = BlockingColumns.parts(of: key, store)
            let over = families.indices.filter { !parts[$0].isDisjoint(with: all) }
            var block = Block(families: over)
            guard key.count == 1, !names.contains(key[0]), let tokens = store.tokens[key[0]],
                !over.isEmpty
            else { return Block(families: []) }
            let (ofLeft, ofRight) = (
                tokens.values(of: pairs.map(\.left)), tokens.values(of: pairs.map(\.right))
            )
            let without = Set(over.flatMap { left[$0] })
            for (index, pair) in pairs.enumerated() {
                let (a, b) = (ofLeft[index], ofRight[index])
                guard a != 0, b != 0,
                    keys.indices.contains(where: { other in
                        pair.keys >> UInt64(other) & 1 == 1 && keys[other] != key
                    })
                else { continue }
                let chance = mixture.match(digits[index], without: without)
                guard chance > 0.02 else { continue }
                let said = over.flatMap { family in own[family].map { digits[index][$0] } }
                var count = block.agreed[said] ?? (0, 0)
                count.all += chance
                if a == b { count.agreed += chance }
                block.agreed[said] = count
            }
            return block
        }
    }

    private static func isFound(_ keys: UInt64, without family: Int, _ touching: [[Bool]]) -> Bool {
        var keys = keys
        while keys != 0 {
            let key = keys.trailingZeroBitCount
            keys &= keys - 1
            if !touching[key][family] { return true }
        }
        return false
    }

    /// - Parameters:
    ///   - count: How many matches.
    ///   - label: Of the random numbers.
    func matches(_ count: Int, label: String) -> [BlockingPlan.Match] {
        let drawn = draws(count, label: label)
        let presence = ColumnPresence(
            columns, store, of: drawn.flatMap { [UInt32($0.left), UInt32($0.right)] })
        return drawn.map { drawn in
            let isCareless = drawn.carelessness < errors.share
            let both = presence.both(drawn.left, drawn.right)
            var match = BlockingPlan.Match(agreeing: 0)
            var said = [[Int]?](repeating: nil, count: masks.count)
            for (family, mask) in masks.enumerated() {
                let (kind, draw) = (drawn.uniforms[2 * family], drawn.uniforms[2 * family + 1])
                guard both & mask != 0,
                    let donor = donor(family, isCareless: isCareless, kind, draw)
                else { continue }
                match.agreeing |= donor.agreeing
                said[family] = donor.digits
            }
            for (place, block) in blocks.enumerated() where place < 64 {
                let draw = drawn.uniforms[2 * masks.count + place]
                guard !block.families.isEmpty,
                    block.families.allSatisfy({ said[$0] != nil }),
                    let seen = block.agreed[block.families.flatMap { said[$0] ?? [] }]
                else { continue }
                if draw * seen.all < seen.agreed { match.given |= 1 << UInt64(place) }
            }
            return match
        }
    }

    /// Two records and the random numbers of a made-up match.
    private struct Draw {
        var left: Int
        var right: Int
        var carelessness: Double
        /// Two for each family, then one for each block.
        var uniforms: [Double]
    }

    private func draws(_ count: Int, label: String) -> [Draw] {
        var generator = SeededGenerator(seed: 2, label: label)
        let uniforms = 2 * masks.count + min(blocks.count, 64)
        return (0..<count).map { _ in
            let (left, right) = MatchGuess.records(store, mayRepeat, &generator)
            return Draw(
                left: left, right: right, carelessness: generator.uniform(),
                uniforms: (0..<uniforms).map { _ in generator.uniform() })
        }
    }

    private func donor(
        _ family: Int, isCareless: Bool, _ kind: Double, _ draw: Double
    ) -> Donor? {
        let pools = donors[family]
        var (same, other) = (pools.same.weight, pools.other.weight)
        if let comparison = own[family].first {
            same *= errors.ratio(comparison, agrees: true, isCareless: isCareless)
            other *= errors.ratio(comparison, agrees: false, isCareless: isCareless)
        }
        return kind * (same + other) < same ? pools.same.donor(draw) : pools.other.donor(draw)
    }
}
