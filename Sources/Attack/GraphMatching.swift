import CBitKernels

/// Graph matching (Vidanage, Christen, Ranbaduge and Schnell 2020): the similarities between
/// filters are laid over the similarities between names, or other texts.
///
/// The attacker is given the names of every group exactly, as a register of who was born when
/// would give them, and only not which filter is whose: full overlap, the attack's best case.
/// Nodes are first matched by their own features (how many bits or bigrams, how common, their
/// nearest similarities), then again and again by how similar they are to all matched nodes.
struct GraphMatching: Sendable {
    private let stored: StoredValues
    private let truth: TrueValues
    private let elements: CandidateNames.Elements
    private let limits: AttackLimits

    init(
        _ stored: StoredValues, truth: TrueValues, elements: CandidateNames.Elements,
        limits: AttackLimits
    ) {
        self.elements = elements
        self.stored = stored
        self.truth = truth
        self.limits = limits
    }

    /// - Returns: Counts of records; `blind` is what one right guess in as many as there are names
    ///   in the group gives. `nil` where no group has two nodes.
    func run() -> AttackScore? {
        var groups: [Int32: [Int32: [Int]]] = [:]
        for row in truth.ids.indices where stored.values[row] >= 0 && truth.ids[row] >= 0 {
            groups[stored.groups[row], default: [:]][stored.values[row], default: []].append(row)
        }
        // Every n-th group, so that small and large ones have their share.
        let ordered = groups.filter { $0.value.count >= 2 }.sorted { $0.key < $1.key }
        let total = ordered.reduce(0) { $0 + min($1.value.count, limits.nodesInGraph) }
        let step = max(1, (total + limits.nodesInAll - 1) / limits.nodesInAll)
        var score = AttackScore()
        var expected = 0.0
        for (position, group) in ordered.enumerated() where position % step == 0 {
            match(group.value, &score, &expected)
        }
        score.blind = Int(expected.rounded())
        return score.records == 0 ? nil : score
    }

    private func match(
        _ values: [Int32: [Int]], _ score: inout AttackScore, _ expected: inout Double
    ) {
        let nodes = values.sorted {
            $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key < $1.key
        }.prefix(limits.nodesInGraph).map(\.value)
        let rows = nodes.flatMap { $0 }
        // The names in the order of their letters: nothing of the filters' order.
        let candidates = CandidateNames(of: truth, rows: rows, elements).candidates.sorted {
            truth.distinct[Int($0.id)].lexicographicallyPrecedes(truth.distinct[Int($1.id)])
        }
        let left = Graph(filters: nodes, stored)
        let right = Graph(texts: candidates)
        let matched = Alignment(left, right).match()
        for (node, rows) in nodes.enumerated() {
            let guess = matched[node].map { candidates[$0].id }
            let nearest = matched[node] == nil ? [] : Alignment.five(node, left, right, matched)
            var hits = 0
            for row in rows {
                if truth.ids[row] == guess { hits += 1 }
                if nearest.contains(where: { candidates[$0].id == truth.ids[row] })
                    || truth.ids[row] == guess
                {
                    score.five += 1
                }
            }
            score.records += rows.count
            score.first += hits
            score.values += 1
            if 2 * hits > rows.count { score.recovered += 1 }
            expected += Double(rows.count) / Double(max(1, candidates.count))
        }
    }

    /// Nodes with their similarities, standardised so that two kinds can be laid side by side.
    struct Graph {
        let count: Int
        /// `count` × `count`.
        private(set) var similarity: [Double]
        /// Size, frequency and the nearest similarities of each node.
        private(set) var features: [[Double]] = []

        fileprivate init(filters nodes: [[Int]], _ stored: StoredValues) {
            count = nodes.count
            similarity = [Double](repeating: 0, count: nodes.count * nodes.count)
            var sizes: [Double] = []
            let width = stored.width
            stored.words.withUnsafeBufferPointer { words in
                guard let base = words.baseAddress else { return }
                let starts = nodes.map { base + $0[0] * width }
                let populations = starts.map { stile_popcount($0, width) }
                sizes = populations.map(Double.init)
                for left in starts.indices {
                    for right in starts.indices where right != left {
                        similarity[left * starts.count + right] =
                            2 * Double(stile_and_popcount(starts[left], starts[right], width))
                            / Double(populations[left] + populations[right])
                    }
                }
            }
            finish(sizes, nodes.map { Double($0.count) })
        }

        fileprivate init(texts: [CandidateNames.Candidate]) {
            count = texts.count
            similarity = [Double](repeating: 0, count: texts.count * texts.count)
            for left in texts.indices {
                for right in texts.indices where right > left {
                    let dice = CandidateNames.dice(texts[left].bigrams, texts[right].bigrams)
                    similarity[left * texts.count + right] = dice
                    similarity[right * texts.count + left] = dice
                }
            }
            finish(texts.map { Double($0.bigrams.count) }, texts.map(\.weight))
        }

        private mutating func finish(_ sizes: [Double], _ frequencies: [Double]) {
            var others: [Double] = []
            for left in 0..<count {
                for right in 0..<count where right != left {
                    others.append(similarity[left * count + right])
                }
            }
            let (mean, deviation) = Self.moments(others)
            for index in similarity.indices {
                similarity[index] = (similarity[index] - mean) / deviation
            }
            let (size, frequency) = (Self.standard(sizes), Self.standard(frequencies))
            let nearest = (0..<count).map { node -> [Double] in
                var row = Array(similarity[(node * count)..<((node + 1) * count)])
                row.remove(at: node)
                row.sort(by: >)
                return Array(row.prefix(8))
            }
            features = (0..<count).map { [3 * size[$0], 2 * frequency[$0]] + nearest[$0] }
        }

        private static func moments(_ values: [Double]) -> (Double, Double) {
            guard !values.isEmpty else { return (0, 1) }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance =
                values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            return (mean, variance > 1e-12 ? variance.squareRoot() : 1)
        }

        private static func standard(_ values: [Double]) -> [Double] {
            let (mean, deviation) = moments(values)
            return values.map { ($0 - mean) / deviation }
        }
    }
}
