extension LinkageReport {
    /// What one blocking key found of the pairs that are likely matches.
    public struct KeyYield: Sendable, Equatable, Codable {
        /// The key, as among the candidate pairs.
        public var field: String
        /// Likely matches that share it, of those that were looked at.
        public var found: Proportion
        /// Of all that were looked at, those that share no other key.
        public var alone: Proportion
    }
}

extension LinkageReport.KeyYield {
    /// So many likely matches are looked at.
    static let most = 10_000

    /// Asks which keys likely matches share: pairs of subjects at the link threshold, without those in
    /// conflict.
    ///
    /// They stand in the order of the pseudonyms of their subjects, which says nothing of them, so
    /// that each at equal distances is a sample. What is found by its trusted key alone was weighed by
    /// no key, and is not among them.
    ///
    /// - Parameters:
    ///   - edges: The pairs of subjects that are held.
    ///   - store: All rows.
    ///   - candidates: What found the pairs; it may have let go of its fingerprints.
    ///   - threshold: The link threshold, in bits.
    static func all(
        _ edges: [PeopleClustering.Edge], _ store: FieldStore, _ candidates: CandidatePairs,
        threshold: Double
    ) -> [LinkageReport.KeyYield] {
        let likely = edges.filter { !$0.conflict && $0.weight >= threshold }
        let step = max((likely.count + most - 1) / most, 1)
        let sample = stride(from: 0, to: likely.count, by: step).map { likely[$0] }
        guard !sample.isEmpty else { return [] }
        let rows = Set(sample.flatMap { [$0.left, $0.right] }).flatMap { store.rows(of: $0) }
            .sorted()
        let prints = PrintsOfSome(rows, store, candidates)
        var found = [Int](repeating: 0, count: candidates.keys.count)
        var alone = found
        for pair in sample {
            var keys: Set<Int> = []
            for one in store.rows(of: pair.left) {
                for other in store.rows(of: pair.right) {
                    prints.addShared(one, other, to: &keys)
                }
            }
            for key in keys { found[key] += 1 }
            if keys.count == 1, let key = keys.first { alone[key] += 1 }
        }
        return candidates.keys.indices.map {
            LinkageReport.KeyYield(
                field: candidates.keys[$0].joined(separator: " + "),
                found: Proportion(found[$0], of: sample.count),
                alone: Proportion(alone[$0], of: sample.count))
        }
    }
}

/// The fingerprints of a few rows, as ``CandidatePairs`` has those of all.
private struct PrintsOfSome {
    private struct Variant {
        var key: Int
        var set: FieldStore.SortedSets?
        var tooLarge: Set<UInt64>
        var print: [UInt32] = []
    }

    private let places: [Int: Int]
    private var variants: [Variant] = []

    /// - Parameter rows: In ascending order.
    init(_ rows: [Int], _ store: FieldStore, _ candidates: CandidatePairs) {
        places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
        var columns = BlockingColumns(store)
        columns.prepare(candidates.keys.joined())
        var choices: [[(String, Int)]] = []
        for (index, key) in candidates.keys.enumerated() {
            let set = key.first { $0.hasSuffix("*") }
                .flatMap { store.sets[String($0.dropLast())]?.sorted }
            for choice in CandidatePairs.choices(key.filter { !$0.hasSuffix("*") }) {
                variants.append(
                    Variant(
                        key: index, set: set,
                        tooLarge: candidates.tooLarge[variants.count] ?? []))
                choices.append(choice)
            }
        }
        let prints = KeyPrints(choices, columns)
        for first in stride(from: 0, to: rows.count, by: KeyPrints.block) {
            let some = rows[first..<min(first + KeyPrints.block, rows.count)]
            prints.withPrints(of: some) { words in
                for position in variants.indices {
                    let start = words + position * KeyPrints.block
                    variants[position].print += UnsafeBufferPointer(start: start, count: some.count)
                }
            }
        }
    }

    /// Adds the keys that two rows share in a block that is looked at.
    func addShared(_ left: Int, _ right: Int, to keys: inout Set<Int>) {
        guard let one = places[left], let other = places[right] else { return }
        for variant in variants where !keys.contains(variant.key) {
            let print = variant.print[one]
            guard print != 0, print == variant.print[other] else { continue }
            guard let set = variant.set else {
                if !variant.tooLarge.contains(UInt64(print) << 32) { keys.insert(variant.key) }
                continue
            }
            let shared = set.firstShared(left, right) {
                !variant.tooLarge.contains(BlockingColumns.joined($0, UInt64(print)))
            }
            if shared != 0 { keys.insert(variant.key) }
        }
    }
}
