/// How the scores of rows with and without the event lie.
public struct ScoreHistogram: Codable, Sendable, Equatable {
    static let bins = 24

    /// Where the first bin begins: the lowest score.
    public var start: Double
    /// The width of a bin; the last ends at the highest score and holds it.
    public var width: Double
    public var withEvent: [Int]
    public var withoutEvent: [Int]

    static func assess(_ ranking: Ranking) -> ScoreHistogram {
        guard let high = ranking.score.first, let low = ranking.score.last else {
            return ScoreHistogram(start: 0, width: 1, withEvent: [], withoutEvent: [])
        }
        // Halves and parts, so that scores near the ends of the format do not overflow.
        let width = high / Double(bins) - low / Double(bins)
        guard width / 2 > 0 else {
            return ScoreHistogram(
                start: low, width: 1, withEvent: [ranking.events], withoutEvent: [ranking.others])
        }
        var (events, others) = ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
        for position in 0..<ranking.count {
            let place = (ranking.score[position] / 2 - low / 2) / (width / 2)
            let bin = min(max(Int(place), 0), bins - 1)
            if ranking.isEvent(position) { events[bin] += 1 } else { others[bin] += 1 }
        }
        return ScoreHistogram(start: low, width: width, withEvent: events, withoutEvent: others)
    }
}
