/// Says how many of the pairs that look like twins are two people, from who else would be linked to them.
///
/// Twins of whom each has a record in both of two sources show it: each links to its own, so that the
/// pair of the two has rivals. One person who is called by another name in one source has none. Of two
/// people of whom the share `reach` is found in the other source, at most 1 − reach of the pairs have no
/// rival either, as where a source knows a family or does not. So pairs with rivals say how many of
/// those without one are two people at the most. Sources that know a person several times say
/// nothing: a rival there may be the same person again.
struct ConflictRivals {
    /// The share of children who have a twin: 15 of 1,000 maternities in England and Wales are of twins
    /// (Office for National Statistics, Birth characteristics).
    ///
    /// Where more than twice as many matches have another given name, twins taken for one person among
    /// them, another given name is likelier an error than a twin.
    static let twins = 0.03
    /// The pairs are held back where more than this share of those that would be links would join two
    /// people, at the most: a bound that twins reach only where one is missing from a source because the
    /// other is.
    static let bearable = 0.2
    /// From so many pairs without a rival on, a share is told.
    static let fewest = 20.0
    /// Only pairs that are likelier matches than not would be links.
    private static let least = 0.0

    /// Pairs like twins of which a record has a link to another record of the other's source.
    private(set) var withRival = 0.0
    private(set) var withoutRival = 0.0
    /// Of the pairs without a rival, at most so many are two people.
    private(set) var ofTwoPeople = 0.0
    /// Of the pairs without a rival, so many are expected to be two people, were twins found in the other
    /// source as often as anybody.
    private(set) var twinsWithoutRival = 0.0
    /// Pairs that are links, as far as sources know a person once.
    private(set) var links = 0.0

    /// The share of two people among the pairs that would be links, at the most; `nil` where there are
    /// too few to say.
    var share: Double? {
        withoutRival >= Self.fewest ? min(ofTwoPeople / withoutRival, 1) : nil
    }

    /// The share of those that are expected to be one person among all who are.
    var shareOfMatches: Double {
        let held = max(withoutRival - twinsWithoutRival, 0)
        return held > 0 ? held / (held + links) : 0
    }

    /// - Parameters:
    ///   - scored: Pairs of rows.
    ///   - store: The rows.
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - without: Subjects that are left out.
    init(
        _ scored: [PairScoring.Scored], _ store: FieldStore, mayRepeat: [Bool],
        without: Set<Int32> = []
    ) {
        let links = Links(scored, store, mayRepeat, without)
        let reach = links.reach()
        var (expected, without) = (reach.map { _ in 0.0 }, reach.map { _ in 0.0 })
        var seen = reach.map { _ in Sides() }
        for (left, right) in links.likeTwins {
            let (one, two) = (links.source(left), links.source(right))
            let cell = min(one, two) * links.sources + max(one, two)
            let (ofLeft, ofRight) = (links.hasRival(left, right), links.hasRival(right, left))
            guard ofLeft || ofRight else {
                withoutRival += 1
                without[cell] += 1
                continue
            }
            withRival += 1
            seen[cell].any += 1
            if ofLeft == ofRight {
                seen[cell].first += 1
                seen[cell].second += 1
            } else if ofLeft == (one < two) {
                seen[cell].first += 1
            } else {
                seen[cell].second += 1
            }
            let alone = 1 - max(reach[one * links.sources + two], reach[two * links.sources + one])
            expected[cell] += alone / max(1 - alone, 1e-9)
        }
        ofTwoPeople = zip(expected, without).reduce(0) { $0 + min($1.0, $1.1) }
        for cell in seen.indices where seen[cell].any > 0 {
            let back = cell % links.sources * links.sources + cell / links.sources
            twinsWithoutRival += min(
                seen[cell].unseen(reach: (reach[cell], reach[back])), without[cell])
        }
        self.links = links.count
    }

    /// Pairs of two people with a rival: of the subject of either source.
    private struct Sides {
        var first = 0.0
        var second = 0.0
        var any = 0.0

        /// How many there are without: where a share of the subjects is found in the other source, those
        /// of whom one side is seen are that share of all.
        func unseen(reach: (first: Double, second: Double)) -> Double {
            let all = (first + second) / max(reach.first + reach.second, 1e-9)
            return max(all - any, 0)
        }
    }

    /// Who has a link to whom, between sources that know a person once.
    private struct Links {
        let store: FieldStore
        let sources: Int
        /// For each subject and source: nobody, one subject, or several.
        private var linked: [Int32]
        private static let (nobody, several): (Int32, Int32) = (-1, -2)
        /// Pairs that are held back for looking like twins alone, each once, and of which no other
        /// versions are a link.
        private(set) var likeTwins: [(left: Int32, right: Int32)] = []

        init(
            _ scored: [PairScoring.Scored], _ store: FieldStore, _ mayRepeat: [Bool],
            _ without: Set<Int32>
        ) {
            self.store = store
            sources = mayRepeat.count
            linked = Array(repeating: Self.nobody, count: store.subjects.count * sources)
            var found: Set<UInt64> = []
            let part = 1 << 15
            let asked = CandidatePairs.concurrently(
                (scored.count + part - 1) / part, threads: Linker.threads
            ) { number in
                let range = (number * part)..<min((number + 1) * part, scored.count)
                return scored[range].compactMap { pair -> (Int32, Int32, PairWeights.Holds)? in
                    guard pair.weight >= ConflictRivals.least else { return nil }
                    let left = store.rowSubject[Int(pair.left)]
                    let right = store.rowSubject[Int(pair.right)]
                    let one = store.subjectSource[Int(left)]
                    let two = store.subjectSource[Int(right)]
                    guard one != two, !mayRepeat[Int(one)], !mayRepeat[Int(two)],
                        without.isEmpty || (!without.contains(left) && !without.contains(right))
                    else { return nil }
                    return (min(left, right), max(left, right), pair.holds)
                }
            }.flatMap { $0 }
            for (left, right, holds) in asked where holds == .ofTwins {
                found.insert(Self.key(left, right))
            }
            for (left, right, holds) in asked where holds.isEmpty {
                join(left, right)
                join(right, left)
                if !found.isEmpty { found.remove(Self.key(left, right)) }
            }
            likeTwins = found.sorted().map {
                (Int32(truncatingIfNeeded: $0 >> 32), Int32(truncatingIfNeeded: $0))
            }
        }

        private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
            UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        }

        /// Each is there from either side.
        var count: Double { Double(linked.count { $0 != Self.nobody }) / 2 }

        func source(_ subject: Int32) -> Int { Int(store.subjectSource[Int(subject)]) }

        private func place(_ subject: Int32, _ other: Int32) -> Int {
            Int(subject) * sources + source(other)
        }

        private mutating func join(_ subject: Int32, _ other: Int32) {
            let place = place(subject, other)
            if linked[place] == Self.nobody {
                linked[place] = other
            } else if linked[place] != other {
                linked[place] = Self.several
            }
        }

        /// Whether a subject has a link to somebody else in the source of `other`.
        func hasRival(_ subject: Int32, _ other: Int32) -> Bool {
            let found = linked[place(subject, other)]
            return found != Self.nobody && found != other
        }

        /// For each source and other source, the share of its subjects with a link there.
        func reach() -> [Double] {
            var found = [Double](repeating: 0, count: sources * sources)
            var all = [Double](repeating: 0, count: sources)
            for (subject, source) in store.subjectSource.enumerated() {
                all[Int(source)] += 1
                for other in 0..<sources where linked[subject * sources + other] != Self.nobody {
                    found[Int(source) * sources + other] += 1
                }
            }
            return found.indices.map { found[$0] / max(all[$0 / sources], 1) }
        }
    }
}
