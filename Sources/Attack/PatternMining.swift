import CBitKernels

/// Pattern mining (Christen, Vidanage, Ranbaduge and Schnell 2018): bits that are set together in
/// many filters are the bits of one frequent bigram.
///
/// The filters are parted by the most frequent bigram again and again: among the rows of a part,
/// the largest set of bits that goes with the commonest bit is taken for the commonest bigram of
/// the names that can still stand there, if the share of the rows that have it is near the share
/// of the names. What is left at the end of a branch names a row where few names fit it.
///
/// The attacker knows the names of the records and their frequencies.
struct PatternMining: Sendable {
    /// The smallest group and the smallest part in which frequencies mean something.
    private static let smallestGroup = 500
    private static let smallestPart = 60

    private let stored: StoredValues
    private let truth: TrueValues
    private let elements: CandidateNames.Elements
    /// How many bits each element of a name sets.
    private let positions: Int
    private let limits: AttackLimits

    init(
        _ stored: StoredValues, truth: TrueValues, elements: CandidateNames.Elements,
        positions: Int, limits: AttackLimits
    ) {
        self.limits = limits
        self.stored = stored
        self.truth = truth
        self.elements = elements
        self.positions = positions
    }

    /// A branch: rows, the names that may stand there, and the bits already explained.
    private struct Part {
        var rows: [Int]
        var names: [CandidateNames.Candidate]
        var explained: Set<Int>
        var bigrams: Set<UInt64>
    }

    /// - Returns: `nil` where no group of comparable filters is large enough.
    func run() -> AttackScore? {
        var groups: [Int32: [Int]] = [:]
        for row in truth.ids.indices where stored.values[row] >= 0 && truth.ids[row] >= 0 {
            groups[stored.groups[row], default: []].append(row)
        }
        let large = groups.filter { $0.value.count >= Self.smallestGroup }
            .sorted {
                $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key < $1.key
            }
        guard !large.isEmpty else { return nil }
        var score = AttackScore()
        // The largest groups: the attack is at its best there, so that the share is a ceiling.
        for (_, rows) in large.prefix(limits.minedGroups) {
            mine(Array(rows.prefix(limits.minedRows)), &score)
        }
        return score
    }

    private func mine(_ rows: [Int], _ score: inout AttackScore) {
        var open = [
            Part(
                rows: rows,
                names: CandidateNames(of: truth, rows: rows, elements).candidates,
                explained: [], bigrams: [])
        ]
        let top = open[0].names.first?.id
        while let part = open.popLast() {
            if let (with, without) = split(part) {
                if !with.rows.isEmpty { open.append(with) }
                if !without.rows.isEmpty { open.append(without) }
            } else {
                let guesses = part.names.prefix(5).map(\.id)
                for row in part.rows {
                    score.records += 1
                    if truth.ids[row] == guesses.first { score.first += 1 }
                    if guesses.contains(truth.ids[row]) { score.five += 1 }
                    if truth.ids[row] == top { score.blind += 1 }
                }
            }
        }
    }

    private func split(_ part: Part) -> (Part, Part)? {
        guard part.rows.count >= Self.smallestPart, part.names.count > 1 else { return nil }
        var shares: [UInt64: Double] = [:]
        var total = 0.0
        for name in part.names {
            total += name.weight
            for bigram in name.bigrams where !part.bigrams.contains(bigram) {
                shares[bigram, default: 0] += name.weight
            }
        }
        let frequent = shares.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
        }
        guard let (bigram, weight) = frequent.first, weight < total else {
            // A bigram of all names parts nothing: take its bits away and look on.
            guard let (bigram, _) = frequent.first else { return nil }
            guard let bits = pattern(part, share: 1) else { return nil }
            var next = part
            next.explained.formUnion(bits)
            next.bigrams.insert(bigram)
            return split(next)
        }
        // Bigrams that the same names have cannot be told apart, and need not be.
        let alike = frequent.dropFirst().prefix(12).filter { other in
            let apart = part.names.reduce(0) { sum, name in
                name.bigrams.contains(bigram) == name.bigrams.contains(other.key)
                    ? sum : sum + name.weight
            }
            return apart < 0.01 * weight
        }.map(\.key)
        // Without a gap to the next bigram the assignment would be a guess.
        if let next = frequent.dropFirst().first(where: { !alike.contains($0.key) }),
            (weight - next.value) / (weight + next.value) < 0.01
        {
            return nil
        }
        guard let bits = pattern(part, share: weight / total) else { return nil }
        var (with, without) = (part, part)
        let isIn = part.rows.map { row in bits.allSatisfy { isSet($0, row) } }
        with.rows = zip(part.rows, isIn).filter(\.1).map(\.0)
        without.rows = zip(part.rows, isIn).filter { !$0.1 }.map(\.0)
        with.names = part.names.filter { $0.bigrams.contains(bigram) }
        without.names = part.names.filter { !$0.bigrams.contains(bigram) }
        with.explained.formUnion(bits)
        with.bigrams.formUnion([bigram] + alike)
        return (with, without)
    }

    /// The bits that go together in about this share of the rows; `nil` where there are none.
    private func pattern(_ part: Part, share: Double) -> [Int]? {
        let bitCount = stored.width * 64
        let words = (part.rows.count + 63) / 64
        // One column of rows for each bit, so that counting pairs is counting words.
        var columns = [UInt64](repeating: 0, count: bitCount * words)
        for (position, row) in part.rows.enumerated() {
            for word in 0..<stored.width {
                var left = stored.words[row * stored.width + word]
                while left != 0 {
                    let bit = word * 64 + left.trailingZeroBitCount
                    left &= left - 1
                    columns[bit * words + position / 64] |= 1 << UInt64(position % 64)
                }
            }
        }
        return columns.withUnsafeBufferPointer { columns in
            guard let base = columns.baseAddress else { return nil }
            let counts = (0..<bitCount).map { stile_popcount(base + $0 * words, words) }
            let wanted = share * Double(part.rows.count)
            // A bit of the pattern is set in all its rows, and by other bigrams in some more.
            let candidates = counts.indices.filter {
                !part.explained.contains($0) && Double(counts[$0]) >= 0.97 * wanted
            }.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
            var best: (bits: [Int], error: Double)?
            for seed in candidates.prefix(160) {
                let mates = candidates.compactMap { other -> (bit: Int, shared: UInt32)? in
                    guard other != seed else { return nil }
                    let shared = stile_and_popcount(
                        base + seed * words, base + other * words, words)
                    return Double(shared) >= 0.97 * wanted ? (other, shared) : nil
                }.sorted { $0.shared != $1.shared ? $0.shared > $1.shared : $0.bit < $1.bit }
                guard 2 * (mates.count + 1) >= positions else { continue }
                var together = Array(columns[(seed * words)..<((seed + 1) * words)])
                var support = counts[seed]
                var bits = [seed]
                for (other, _) in mates {
                    let shared = together.withUnsafeBufferPointer { together in
                        together.baseAddress.map {
                            stile_and_popcount($0, base + other * words, words)
                        } ?? 0
                    }
                    guard Double(shared) >= 0.95 * wanted else { continue }
                    for word in 0..<words { together[word] &= columns[other * words + word] }
                    support = shared
                    bits.append(other)
                }
                let error = abs(Double(support) - wanted) / max(1, wanted)
                guard 2 * bits.count >= positions, error < 0.1 else { continue }
                if error < best?.error ?? .infinity { best = (bits, error) }
            }
            return best?.bits
        }
    }

    private func isSet(_ bit: Int, _ row: Int) -> Bool {
        stored.words[row * stored.width + bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }
}
