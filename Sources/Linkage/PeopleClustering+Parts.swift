/// Gathers what is not connected side by side.
///
/// What one group does says nothing to a group that no pair connects with it, so the graph of pairs
/// is dealt out by its connected parts. The people are those that one clustering of all would give.
extension PeopleClustering {
    /// Into about how many parts the graph is cut, so that nobody waits long for the last.
    private static let parts = 64

    /// - Parameters:
    ///   - subjects: How many subjects there are.
    ///   - together: Pairs of subjects that are one person, in order of precedence.
    ///   - apart: Pairs of subjects that are never one person.
    ///   - edges: Pairs of subjects at or above the review threshold, each once.
    ///   - threads: How many processors to use.
    ///   - gather: Makes the clustering of some subjects, which it knows by their places.
    static func inParts(
        of subjects: Int, together: [(Int32, Int32)], apart: [(Int32, Int32)], edges: [Edge],
        threads: Int, gather: @Sendable ([Int32]) -> PeopleClustering
    ) -> Outcome {
        let parts = GraphParts(
            subjects, together: together, apart: apart, edges: edges, most: Self.parts)
        let found = CandidatePairs.concurrently(parts.all.count, threads: threads) { number in
            let part = parts.all[number]
            var clustering = gather(part.subjects)
            return clustering.cluster(
                together: part.together, apart: part.apart, edges: part.edges)
        }
        var whole = Outcome(
            group: (0..<Int32(subjects)).map { $0 }, refused: 0, apart: 0, apartAtLink: 0,
            merges: [])
        whole.merges.reserveCapacity(found.reduce(0) { $0 + $1.merges.count })
        var calls: [(set: Int32, call: RivalGroups.CloseCall)] = []
        for (part, outcome) in zip(parts.all, found) {
            let subjects = part.subjects
            for (place, group) in outcome.group.enumerated() {
                whole.group[Int(subjects[place])] = subjects[Int(group)]
            }
            whole.merges += outcome.merges.lazy.map {
                Merge(
                    left: subjects[Int($0.left)], right: subjects[Int($0.right)],
                    weight: $0.weight)
            }
            whole.joined += outcome.joined.lazy.map {
                (subjects[Int($0.left)], subjects[Int($0.right)])
            }
            whole.refused += outcome.refused
            whole.apart += outcome.apart
            whole.apartAtLink += outcome.apartAtLink
            whole.unsettled += outcome.unsettled
            calls += zip(outcome.rivalSets, outcome.closeCalls).map { set, call in
                (subjects[Int(set)], call.renamed { subjects[Int($0)] })
            }
        }
        whole.merges.sort(by: MergeHeap.before)
        // As they are settled where all is gathered at once; those of one set stay in their order.
        let order = calls.indices.sorted { (calls[$0].set, $0) < (calls[$1].set, $1) }
        whole.closeCalls = order.map { calls[$0].call }
        whole.rivalSets = order.map { calls[$0].set }
        return whole
    }
}

/// The graph of pairs, cut between subjects that nothing connects.
private struct GraphParts: Sendable {
    struct Part: Sendable {
        /// In ascending order; a subject's place among them names it in what follows.
        var subjects: [Int32] = []
        var together: [(Int32, Int32)] = []
        var apart: [(Int32, Int32)] = []
        var edges: [PeopleClustering.Edge] = []
    }

    /// Subjects that nothing connects with others are in none.
    private(set) var all: [Part] = []

    init(
        _ count: Int, together: [(Int32, Int32)], apart: [(Int32, Int32)],
        edges: [PeopleClustering.Edge], most: Int
    ) {
        let roots = ConnectedSubjects(count, edges: edges, pairs: together + apart).root
        var pairs = [Int32](repeating: 0, count: count)
        for edge in edges { pairs[Int(roots[Int(edge.left)])] += 1 }
        for (left, _) in together + apart { pairs[Int(roots[Int(left)])] += 1 }
        let each = (edges.count + together.count + apart.count) / most + 1
        /// The part of each subject; -1 where it is in none.
        var part = [Int32](repeating: -1, count: count)
        var place = part
        var held = 0
        for subject in 0..<count {
            let root = Int(roots[subject])
            if root == subject {
                guard pairs[root] > 0 else { continue }
                if all.isEmpty || held >= each {
                    all.append(Part())
                    held = 0
                }
                held += Int(pairs[root])
                part[subject] = Int32(all.count - 1)
            }
            let number = Int(part[root])
            part[subject] = Int32(number)
            place[subject] = Int32(all[number].subjects.count)
            all[number].subjects.append(Int32(subject))
        }
        func placed(_ pair: (Int32, Int32)) -> (Int32, Int32) {
            (place[Int(pair.0)], place[Int(pair.1)])
        }
        for pair in together { all[Int(part[Int(pair.0)])].together.append(placed(pair)) }
        for pair in apart { all[Int(part[Int(pair.0)])].apart.append(placed(pair)) }
        for edge in edges {
            all[Int(part[Int(edge.left)])].edges.append(
                PeopleClustering.Edge(
                    left: place[Int(edge.left)], right: place[Int(edge.right)],
                    weight: edge.weight, conflict: edge.conflict))
        }
    }
}
