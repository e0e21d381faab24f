/// How good a list of a given size is.
public struct ListQuality: Codable, Sendable, Equatable {
    /// One figure for each way in which the ties at the end of the list could fall.
    public struct Bounds: Codable, Sendable, Equatable {
        /// With ties by ascending row, as the list was in fact made.
        public var listed: Double
        /// With the ties that had no event first.
        public var worst: Double
        /// The mean over all orders of the ties.
        public var expected: Double
        /// With the ties that had the event first.
        public var best: Double

        /// The same figure for another scale.
        func divided(by divisor: Double) -> Bounds {
            Bounds(
                listed: listed / divisor, worst: worst / divisor, expected: expected / divisor,
                best: best / divisor)
        }
    }

    /// The number of rows on the list.
    public var size: Int
    /// The lowest score on the list.
    public var threshold: Double
    /// The rows with exactly that score, and how many of them the list has room for.
    public var tiedAtThreshold: Int
    public var placesForTied: Int
    /// Rows of the list that had the event.
    public var events: Bounds
    /// Events ÷ size of the list.
    public var precision: Bounds
    /// Events ÷ all events.
    public var sensitivity: Assessed<Bounds>
    /// Precision ÷ the share of events in all rows.
    public var lift: Assessed<Bounds>

    /// The rows of the list: highest score first, ties by ascending row.
    static func rows(score: [Double], size: Int) -> [Int] {
        Array(score.indices.sorted { (-score[$0], $0) < (-score[$1], $1) }.prefix(size))
    }

    /// - Precondition: `size` is in 1…rows.
    static func assess(score: [Double], outcome: [Double], size: Int) -> ListQuality {
        let list = rows(score: score, size: size)
        let threshold = score[list[size - 1]]
        let above = list.count { score[$0] > threshold }
        let eventsAbove = list.count { score[$0] > threshold && outcome[$0] == 1 }
        let tied = score.indices.filter { score[$0] == threshold }
        let tiedEvents = tied.count { outcome[$0] == 1 }
        let places = size - above
        let total = outcome.count { $0 == 1 }
        let events = Bounds(
            listed: Double(list.count { outcome[$0] == 1 }),
            worst: Double(eventsAbove + max(0, places - (tied.count - tiedEvents))),
            expected: Double(eventsAbove)
                + Double(places) * Double(tiedEvents) / Double(tied.count),
            best: Double(eventsAbove + min(places, tiedEvents)))
        let precision = events.divided(by: Double(size))
        let share = Double(total) / Double(score.count)
        return ListQuality(
            size: size, threshold: threshold, tiedAtThreshold: tied.count, placesForTied: places,
            events: events, precision: precision,
            sensitivity: .when(total > 0, otherwise: "no row had the event") {
                events.divided(by: Double(total))
            },
            lift: .when(total > 0, otherwise: "no row had the event") {
                precision.divided(by: share)
            })
    }
}
