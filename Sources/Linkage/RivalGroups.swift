/// Groups that compete for subjects of sources which know a person once, settled together.
///
/// Merging the heaviest pair first can leave a lesser whole: a pair of 9 bits that is taken keeps
/// two of 8 apart. So for one source after the other its subjects are taken out of the groups and
/// given back by a ``MaximumAssignment`` of what each is worth to each group, until nothing gains.
/// Between two sources that is the best matching there is; with more, the best for each source
/// given the others. A pair of subjects is worth its weight above the link threshold, in bits: the
/// sum is what the links add to the likelihood of all records.
///
/// Where the best whole with a subject in its group is less than `margin` bits better than the
/// best without, and something else would come in its place, the call is too close: the subject is
/// given to nobody.
struct RivalGroups {
    /// A link that was not made, since another would have been nearly as good.
    struct CloseCall: Equatable {
        var left: Int32
        var right: Int32
        /// Of the two, the one in whose place ``rival`` would come.
        var insteadOf: Int32
        var rival: Int32
        /// In bits.
        var margin: Double
    }

    /// More subjects than this that compete are left as they were merged: a step takes the cube.
    static let largest = 128

    /// In ascending order.
    let subjects: [Int32]
    let source: [Int32]
    let mayRepeat: [Bool]
    let threshold: Double
    let margin: Double
    /// Subjects whose group is not up for a decision.
    let isFixed: [Bool]
    /// Between places in ``subjects``: the weight, and whether the two may never be together.
    let weights: [[Double]]
    let forbidden: [[Bool]]
    /// The group of each place, by the place of one of its subjects.
    private(set) var group: [Int]

    init(
        _ subjects: [Int32], group: [Int], source: [Int32], mayRepeat: [Bool], threshold: Double,
        margin: Double, isFixed: [Bool], weights: [[Double]], forbidden: [[Bool]]
    ) {
        self.subjects = subjects
        self.group = group
        self.source = subjects.map { source[Int($0)] }
        self.mayRepeat = mayRepeat
        self.threshold = threshold
        self.margin = margin
        self.isFixed = isFixed
        self.weights = weights
        self.forbidden = forbidden
    }

    /// Settles who belongs where.
    ///
    /// - Returns: The links that were too close to make.
    mutating func settle() -> [CloseCall] {
        let sources = Set(source).sorted().filter { !mayRepeat[Int($0)] }
        for _ in 0..<8 {
            var hasChanged = false
            for source in sources where improve(source) { hasChanged = true }
            if !hasChanged { break }
        }
        guard margin > 0 else { return [] }
        var calls: [CloseCall] = []
        var given: Set<Int> = []
        for source in sources {
            for (place, call) in closeCalls(source) where given.insert(place).inserted {
                if !calls.contains(where: { $0.left == call.left && $0.right == call.right }) {
                    calls.append(call)
                }
            }
        }
        for place in given.sorted() {
            let left = group.indices.filter { group[$0] == group[place] && $0 != place }
            for other in left { group[other] = left[0] }
            group[place] = place
        }
        return calls.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }

    /// What a source's free subjects are worth to the groups without them.
    private struct Choice {
        var rows: [Int]
        /// The members of each group that is left.
        var columns: [[Int]]
        var worth: [[Double?]]
        /// The column in which each row is now.
        var now: [Int?]

        /// What the present choice is worth.
        var total: Double {
            zip(worth, now).reduce(0) { sum, row in
                sum + (row.1.flatMap { row.0[$0] } ?? 0)
            }
        }
    }

    private func choice(_ wanted: Int32) -> Choice {
        let rows = subjects.indices.filter { source[$0] == wanted && !isFixed[$0] }
        let free = Set(rows)
        var members: [Int: [Int]] = [:]
        for place in subjects.indices where !free.contains(place) {
            members[group[place], default: []].append(place)
        }
        let columns = members.values.sorted { $0[0] < $1[0] }
        let now = rows.map { row in columns.firstIndex { group[$0[0]] == group[row] } }
        let worth = zip(rows, now).map { row, now in
            columns.enumerated().map { column, members -> Double? in
                guard !members.contains(where: { source[$0] == wanted || forbidden[row][$0] })
                else { return nil }
                // As average linkage would have it, with no pair saying too much.
                let held = members.reduce(0) {
                    $0 + PeopleClustering.held(weights[row][$1]) - threshold
                }
                // Where average linkage put it, it may stay.
                guard held >= 0 || column == now else { return nil }
                let sum = members.reduce(0) {
                    $0 + max(weights[row][$1], -PeopleClustering.limit) - threshold
                }
                return max(sum, 1e-9)
            }
        }
        return Choice(rows: rows, columns: columns, worth: worth, now: now)
    }

    private mutating func improve(_ source: Int32) -> Bool {
        let choice = choice(source)
        let best = MaximumAssignment.solve(choice.worth)
        guard best.total > choice.total + 1e-6 else { return false }
        for column in choice.columns { for place in column { group[place] = column[0] } }
        for (row, column) in zip(choice.rows, best.column) {
            group[row] = column.map { choice.columns[$0][0] } ?? row
        }
        for (column, members) in choice.columns.enumerated()
        where choice.now.contains(column) && !members.contains(where: { isFixed[$0] }) {
            dissolve(group.indices.filter { group[$0] == members[0] })
        }
        return true
    }

    /// Sets free the subjects of a group that only one who left had held together.
    private mutating func dissolve(_ members: [Int]) {
        var sum = 0.0
        for (index, left) in members.enumerated() {
            for right in members.dropFirst(index + 1) {
                sum += PeopleClustering.held(weights[left][right]) - threshold
            }
        }
        guard sum < 0 else { return }
        for place in members { group[place] = place }
    }

    private func closeCalls(_ source: Int32) -> [(place: Int, CloseCall)] {
        let choice = choice(source)
        let best = choice.total
        var calls: [(place: Int, CloseCall)] = []
        for (row, now) in choice.now.enumerated() {
            guard let now, choice.worth[row][now] != nil else { continue }
            let hasRival =
                choice.worth[row].enumerated().contains { $0.offset != now && $0.element != nil }
                || choice.worth.indices.contains { $0 != row && choice.worth[$0][now] != nil }
            guard hasRival else { continue }
            var without = choice.worth
            without[row][now] = nil
            let other = MaximumAssignment.solve(without)
            let lead = best - other.total
            guard lead < margin else { continue }
            let place = choice.rows[row]
            let partner = nearest(place, choice.columns[now])
            let rival: (insteadOf: Int, rival: Int)?
            if let column = other.column[row] {
                rival = (partner, nearest(place, choice.columns[column]))
            } else if let taker = other.column.firstIndex(of: now) {
                rival = (place, choice.rows[taker])
            } else {
                rival = nil
            }
            guard let rival else { continue }
            let ends = [subjects[place], subjects[partner]].sorted()
            calls.append(
                (
                    place,
                    CloseCall(
                        left: ends[0], right: ends[1], insteadOf: subjects[rival.insteadOf],
                        rival: subjects[rival.rival], margin: max(0, lead))
                ))
        }
        return calls
    }

    private func nearest(_ place: Int, _ members: [Int]) -> Int {
        members.max { (weights[place][$0], $1) < (weights[place][$1], $0) } ?? members[0]
    }
}
