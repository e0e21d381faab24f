/// Rows counted by whether they had the event and whether they are listed, and the same in each
/// cluster, for shares whose intervals know which rows are of one person.
///
/// Where rows stand alone a share has Wilson's interval. Where they do not, it has the same on its
/// effective size: n ÷ the design effect v n ÷ (p (1 − p)), with v = G ÷ (G − 1) Σ (x_c − p m_c)² ÷
/// n² the linearised variance of the ratio p = Σ x_c ÷ Σ m_c over its G clusters, of which c has m_c
/// rows that are counted and x_c with what is looked for. Sources: J. N. K. Rao and A. J. Scott, "A
/// simple method for the analysis of clustered binary data", Biometrics 48 (1992); few clusters
/// make it smaller by (z ÷ t)², t of G − 1 degrees of freedom, as E. L. Korn and B. I. Graubard,
/// "Confidence intervals for proportions with small expected number of positive counts estimated
/// from survey data", Survey Methodology 24 (1998).
///
/// A design effect below 1 counts as 1. Where none or all have what is looked for, the rows do not
/// show how alike those of one cluster are, and they count as wholly alike: Σ m_c² ÷ n.
struct ListTally {
    /// Kinds of rows.
    struct Kinds: OptionSet {
        let rawValue: Int
        static let listedEvents = Kinds(rawValue: 1)
        static let listedOthers = Kinds(rawValue: 2)
        static let unlistedEvents = Kinds(rawValue: 4)
        static let unlistedOthers = Kinds(rawValue: 8)
        static let listed: Kinds = [.listedEvents, .listedOthers]
        static let unlisted: Kinds = [.unlistedEvents, .unlistedOthers]
        static let events: Kinds = [.listedEvents, .unlistedEvents]
        static let others: Kinds = [.listedOthers, .unlistedOthers]
        static let all: Kinds = [.listed, .unlisted]

        /// 1 for each kind of it.
        var lanes: SIMD4<Int> {
            SIMD4(rawValue & 1, rawValue >> 1 & 1, rawValue >> 2 & 1, rawValue >> 3 & 1)
        }
    }

    /// In the order of ``Kinds``.
    private(set) var total = SIMD4<Int>()
    /// By cluster; empty where rows stand alone.
    private var byCluster: [SIMD4<Int32>] = []

    /// - Parameters:
    ///   - clusters: Of the rows; `nil` where they stand alone.
    ///   - rows: How many.
    ///   - isEvent: Whether the row at a position has what is looked for.
    ///   - isListed: Whether it is listed.
    init(
        _ clusters: RowClusters?, rows: Int, isEvent: (Int) -> Bool, isListed: (Int) -> Bool
    ) {
        if let clusters {
            byCluster = Array(repeating: SIMD4(), count: clusters.count)
        }
        for position in 0..<rows {
            let lane = (isListed(position) ? 0 : 2) + (isEvent(position) ? 0 : 1)
            total[lane] += 1
            if let clusters { byCluster[Int(clusters.number[position])][lane] += 1 }
        }
    }

    /// The first rows of a ranking as its list.
    init(_ ranking: Ranking, first size: Int) {
        let isAlone = ranking.clusters == nil
        self.init(
            ranking.clusters, rows: isAlone ? 0 : ranking.count, isEvent: ranking.isEvent,
            isListed: { $0 < size })
        if isAlone {
            let found = ranking.eventsAmongFirst[size]
            let missed = ranking.events - found
            total = SIMD4(found, size - found, missed, ranking.count - size - missed)
        }
    }

    func count(_ kinds: Kinds) -> Int { (total &* kinds.lanes).wrappedSum() }

    /// People, households or settings with a row of some kinds; as many as rows where they stand
    /// alone.
    func clusters(_ kinds: Kinds) -> Int {
        guard !byCluster.isEmpty else { return count(kinds) }
        let lanes = SIMD4<Int32>(truncatingIfNeeded: kinds.lanes)
        return byCluster.count { ($0 &* lanes).wrappedSum() > 0 }
    }

    /// The rows of one kind among those of another.
    ///
    /// - Precondition: There is one of the other.
    func share(_ part: Kinds, of whole: Kinds) -> Share {
        let (count, of) = (count(part), count(whole))
        guard !byCluster.isEmpty else { return Share(count, of: of) }
        let lanes = (
            SIMD4<Int32>(truncatingIfNeeded: part.lanes),
            SIMD4<Int32>(truncatingIfNeeded: whole.lanes)
        )
        var sums = ClusterSums()
        for cells in byCluster {
            sums.add(
                Int((cells &* lanes.0).wrappedSum()), of: Int((cells &* lanes.1).wrappedSum()))
        }
        return sums.share
    }

    /// The same, where there are at least `minimum` rows of the whole, of as many clusters.
    func assess(
        _ part: Kinds, of whole: Kinds, minimum: Int = 1, _ what: @autoclosure () -> String
    ) -> Assessed<Share> {
        let of = count(whole)
        guard of > 0, of >= minimum else {
            return .notAssessable(minimum > 1 ? "fewer than \(minimum) \(what())" : "no \(what())")
        }
        return .when(
            clusters(whole) >= minimum,
            otherwise: "\(what()) of \(ClusterCount.fewer(than: minimum))"
        ) { share(part, of: whole) }
    }
}

/// Rows counted by cluster where not all of a ranking are counted.
struct ClusterCount {
    private var parts = 0
    private var wholes = 0
    /// Of each cluster the rows with what is looked for, and all.
    private var byCluster: [UInt32: SIMD2<Int>] = [:]

    static func fewer(than minimum: Int) -> String {
        "fewer than \(minimum) different people, households or settings"
    }

    /// Counts a row.
    ///
    /// - Parameters:
    ///   - cluster: Its person, household or setting; `nil` where all rows stand alone.
    ///   - holds: Whether it has what is looked for.
    mutating func add(_ cluster: UInt32?, _ holds: Bool) {
        parts += holds ? 1 : 0
        wholes += 1
        if let cluster { byCluster[cluster, default: SIMD2()] &+= SIMD2(holds ? 1 : 0, 1) }
    }

    /// - Precondition: A row was counted.
    var share: Share {
        guard !byCluster.isEmpty else { return Share(parts, of: wholes) }
        var sums = ClusterSums()
        // Whole numbers: their sums are the same in any order.
        for counts in byCluster.values { sums.add(counts[0], of: counts[1]) }
        return sums.share
    }

    /// The same, where there are at least `minimum` rows of as many clusters.
    func assess(minimum: Int) -> Assessed<Share> {
        guard wholes >= minimum, wholes > 0 else {
            return .notAssessable("fewer than \(minimum) to count")
        }
        return .when(
            byCluster.isEmpty || byCluster.count >= minimum,
            otherwise: "rows of \(Self.fewer(than: minimum))"
        ) { share }
    }
}

/// The sums over clusters that the variance of a ratio needs, whole numbers all.
struct ClusterSums {
    private var clusters = 0
    private var parts = 0
    private var wholes = 0
    private var partSquares = 0
    private var products = 0
    private var wholeSquares = 0
    private var isAlone = true

    /// Adds a cluster with so many of so many rows.
    mutating func add(_ part: Int, of whole: Int) {
        guard whole > 0 else { return }
        if whole > 1 { isAlone = false }
        clusters += 1
        parts += part
        wholes += whole
        partSquares += part * part
        products += part * whole
        wholeSquares += whole * whole
    }

    /// Of the rows of a cluster that was added with none, finds some to be what is looked for.
    mutating func find(_ part: Int, of whole: Int) {
        parts += part
        partSquares += part * part
        products += part * whole
    }

    /// - Precondition: A cluster was added.
    var share: Share {
        guard !isAlone else { return Share(parts, of: wholes) }
        let rows = Double(wholes)
        let estimate = Double(parts) / rows
        let spread = estimate * (1 - estimate)
        var effect = Double(wholeSquares) / rows
        if spread > 0, clusters > 1 {
            let squares =
                Double(partSquares) - 2 * estimate * Double(products)
                + estimate * estimate * Double(wholeSquares)
            effect =
                max(squares, 0) * Double(clusters) / Double(clusters - 1) / rows / spread
        }
        let point = Interval.normalQuantile / StudentDistribution.upper(clusters - 1)
        return Share(parts, of: wholes, effectiveSize: rows / max(effect, 1) * point * point)
    }
}
