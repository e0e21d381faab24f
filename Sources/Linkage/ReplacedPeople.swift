/// Who else is of an identity that was replaced, and who of the new one: they are kept apart too.
///
/// ``MustNotLink`` knows those that carry the old number or the new one. An old record without a
/// number could still join the new identity by its names, date of birth and home, and bring the old
/// history with it; and a new record could join the old one and bring the new home. So people are
/// gathered once without the new side and once without the old. Who is then one person with one
/// side alone belongs to that side. Who could be of both belongs to the side with whose members
/// some pair weighs more, by at least the margin of links; else to neither, and is kept from both.
struct ReplacedPeople {
    /// Pairs of subjects, by index, that are never one person; each once.
    private(set) var apart: [(Int32, Int32)] = []

    /// - Parameters:
    ///   - mustNotLink: Who carries which number.
    ///   - constraints: What must be together and what apart, so far.
    ///   - edges: All pairs that are held.
    ///   - count: How many subjects there are.
    ///   - margin: How much more a pair must weigh, in bits.
    ///   - gather: Makes the clustering of some subjects, which it knows by their places.
    init(
        _ mustNotLink: MustNotLink, _ constraints: LinkConstraints,
        edges: [PeopleClustering.Edge], count: Int, margin: Double,
        gather: ([Int32]) -> PeopleClustering
    ) {
        guard !mustNotLink.replacements.isEmpty else { return }
        let roots = ConnectedSubjects(count, edges: edges, pairs: constraints.together).root
        func parts(_ subjects: [Int32]) -> Set<Int32> { Set(subjects.map { roots[Int($0)] }) }
        var found: Set<UInt64> = []
        for wave in Self.waves(mustNotLink.replacements) {
            // Where nothing connects the two sides, nobody could be of both.
            let shared = wave.reduce(into: Set<Int32>()) {
                $0.formUnion(parts($1.new).intersection(parts($1.old)))
            }
            guard !shared.isEmpty else { continue }
            let part = Part(
                subjects: (0..<Int32(count)).filter { shared.contains(roots[Int($0)]) },
                edges: edges.filter { shared.contains(roots[Int($0.left)]) },
                constraints: constraints)
            let before = part.people(without: Set(wave.flatMap(\.new)), gather)
            let after = part.people(without: Set(wave.flatMap(\.old)), gather)
            let weigh = gather(part.subjects).weigh
            for replacement in wave {
                let sides = Sides(
                    old: before.all(with: replacement.old), new: after.all(with: replacement.new),
                    margin: margin
                ) { pairs in
                    weigh(pairs.map { (part.place[$0] ?? 0, part.place[$1] ?? 0) }).map(\.weight)
                }
                for (left, right) in sides.apart {
                    let key =
                        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
                    if found.insert(key).inserted { apart.append((left, right)) }
                }
            }
        }
    }

    /// Replacements dealt out so that nobody is of the new side of one and of the old side of
    /// another: an identity may be replaced again.
    private static func waves(
        _ replacements: [MustNotLink.Replacement]
    ) -> [[MustNotLink.Replacement]] {
        var waves: [(new: Set<Int32>, old: Set<Int32>, all: [MustNotLink.Replacement])] = []
        for replacement in replacements {
            let wave =
                waves.firstIndex {
                    $0.new.isDisjoint(with: replacement.old)
                        && $0.old.isDisjoint(with: replacement.new)
                } ?? waves.count
            if wave == waves.count { waves.append(([], [], [])) }
            waves[wave].new.formUnion(replacement.new)
            waves[wave].old.formUnion(replacement.old)
            waves[wave].all.append(replacement)
        }
        return waves.map(\.all)
    }
}

/// The part of the graph of pairs in which somebody could be of both sides.
private struct Part {
    /// In ascending order.
    let subjects: [Int32]
    let place: [Int32: Int32]
    private let edges: [PeopleClustering.Edge]
    private let constraints: LinkConstraints

    init(subjects: [Int32], edges: [PeopleClustering.Edge], constraints: LinkConstraints) {
        self.subjects = subjects
        self.edges = edges
        self.constraints = constraints
        place = Self.places(subjects)
    }

    private static func places(_ subjects: [Int32]) -> [Int32: Int32] {
        Dictionary(uniqueKeysWithValues: zip(subjects, 0..<Int32(subjects.count)))
    }

    /// The people of a part of the graph.
    struct People {
        var group: [Int32: Int32] = [:]
        var members: [Int32: [Int32]] = [:]

        /// Everybody who is one person with one of `subjects`, and these.
        func all(with subjects: [Int32]) -> Set<Int32> {
            subjects.reduce(into: []) { all, subject in
                guard let group = group[subject] else { return }
                all.formUnion(members[group] ?? [])
            }
        }
    }

    /// The people as they would be without some subjects.
    func people(
        without removed: Set<Int32>, _ gather: ([Int32]) -> PeopleClustering
    ) -> People {
        let left = subjects.filter { !removed.contains($0) }
        let place = Self.places(left)
        func placed(_ pairs: [(Int32, Int32)]) -> [(Int32, Int32)] {
            pairs.compactMap { one, two in
                guard let one = place[one], let two = place[two] else { return nil }
                return (one, two)
            }
        }
        var clustering = gather(left)
        let outcome = clustering.cluster(
            together: placed(constraints.together), apart: placed(constraints.apart),
            edges: edges.compactMap { edge in
                guard let one = place[edge.left], let two = place[edge.right] else { return nil }
                return PeopleClustering.Edge(
                    left: one, right: two, weight: edge.weight, conflict: edge.conflict)
            })
        return zip(left, outcome.group).reduce(into: People()) { people, entry in
            people.group[entry.0] = entry.1
            people.members[entry.1, default: []].append(entry.0)
        }
    }
}

/// Who is of the old identity, who of the new one, and who may be of either.
private struct Sides {
    private var old: [Int32]
    private var new: [Int32]
    private var open: [Int32]

    /// - Parameters:
    ///   - old: Who could be of the old identity.
    ///   - new: Who could be of the new one.
    ///   - margin: How much more a pair must weigh, in bits.
    ///   - weigh: Weighs pairs of subjects.
    init(
        old: Set<Int32>, new: Set<Int32>, margin: Double, weigh: ([(Int32, Int32)]) -> [Double]
    ) {
        self.old = old.subtracting(new).sorted()
        self.new = new.subtracting(old).sorted()
        open = old.intersection(new).sorted()
        func most(_ subject: Int32, _ side: [Int32]) -> Double {
            weigh(side.map { (subject, $0) }).max() ?? -.infinity
        }
        // Who is settled may show where others belong.
        var isSettled = false
        while !isSettled, !open.isEmpty {
            let leads = open.map { most($0, self.old) - most($0, self.new) }
            let isClear = leads.map { abs($0) >= margin && $0 != 0 }
            isSettled = !isClear.contains(true)
            let asked = open
            open = []
            for (place, subject) in asked.enumerated() {
                if !isClear[place] {
                    open.append(subject)
                } else if leads[place] > 0 {
                    self.old.append(subject)
                } else {
                    self.new.append(subject)
                }
            }
        }
    }

    /// The smaller subject first.
    var apart: [(Int32, Int32)] {
        let pairs =
            old.flatMap { one in new.map { (one, $0) } }
            + open.flatMap { one in (old + new).map { (one, $0) } }
        return pairs.map { (min($0, $1), max($0, $1)) }
    }
}
