/// Observed against expected in one tenth of the rows, by ascending probability.
public struct Tenth: Codable, Sendable, Equatable {
    public var rows: Int
    public var observed: Int
    public var expected: Double
    public var lowestProbability: Double
    public var highestProbability: Double
    /// The share with the event.
    public var share: Share
    public var observedToExpected: Assessed<Estimate>

    /// The tenths of all rows by ascending probability, ties by ascending row; the
    /// boundaries are at ⌊i n ÷ 10⌋.
    static func all(_ ranking: Ranking) -> [Tenth] {
        // Each run of ties turned round, so that its rows ascend from the lowest probability.
        var order: [Int] = []
        order.reserveCapacity(ranking.count)
        var runs: [Range<Int>] = []
        ranking.forEachTie { runs.append($0) }
        for run in runs.reversed() { order.append(contentsOf: run) }
        return (0..<10).compactMap { part in
            let places = order[part * order.count / 10..<(part + 1) * order.count / 10]
            guard let first = places.first, let last = places.last else { return nil }
            let expected = places.reduce(0) { $0 + ranking.score[$1] }
            var counted = ClusterCount()
            for place in places {
                counted.add(ranking.clusters?.number[place], ranking.isEvent(place))
            }
            let share = counted.share
            return Tenth(
                rows: places.count, observed: share.count, expected: expected,
                lowestProbability: ranking.score[first], highestProbability: ranking.score[last],
                share: share,
                observedToExpected: Share.observedToExpected(share, expected: expected))
        }
    }
}
