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

        /// The same through a function that grows.
        func map(_ change: (Double) -> Double) -> Bounds {
            Bounds(
                listed: change(listed), worst: change(worst), expected: change(expected),
                best: change(best))
        }
    }

    /// Size of the list ÷ events on it, for each way in which the ties could fall; without a
    /// figure where no event is on it.
    public struct NumberNeeded: Codable, Sendable, Equatable {
        public var listed: Assessed<Double>
        public var worst: Assessed<Double>
        public var expected: Assessed<Double>
        public var best: Assessed<Double>
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
    /// Rows without the event that are not listed ÷ all rows without it.
    public var specificity: Assessed<Bounds>
    /// Precision ÷ the share of events in all rows.
    public var lift: Assessed<Bounds>
    /// How many are offered help for each who had the event: 1 ÷ precision.
    public var numberNeededToOffer: NumberNeeded
    /// The list as it was in fact made, with Wilson's intervals, by clusters where rows are of one
    /// person, household or setting.
    public var precisionListed: Share
    public var sensitivityListed: Assessed<Share>
    public var specificityListed: Assessed<Share>

    /// The events on a list of the first rows.
    ///
    /// - Precondition: `size` is in 1…rows.
    static func events(_ ranking: Ranking, size: Int) -> Bounds {
        let threshold = ranking.score[size - 1]
        let above = ranking.count(above: threshold)
        let tied = ranking.count(atLeast: threshold) - above
        let eventsAbove = ranking.eventsAmongFirst[above]
        let tiedEvents = ranking.eventsAmongFirst[above + tied] - eventsAbove
        let places = size - above
        return Bounds(
            listed: Double(ranking.eventsAmongFirst[size]),
            worst: Double(eventsAbove + max(0, places - (tied - tiedEvents))),
            expected: Double(eventsAbove) + Double(places) * Double(tiedEvents) / Double(tied),
            best: Double(eventsAbove + min(places, tiedEvents)))
    }

    /// - Precondition: `size` is in 1…rows.
    static func assess(_ ranking: Ranking, size: Int) -> ListQuality {
        let threshold = ranking.score[size - 1]
        let above = ranking.count(above: threshold)
        let tied = ranking.count(atLeast: threshold) - above
        let (total, others) = (ranking.events, ranking.others)
        let events = events(ranking, size: size)
        let share = Double(total) / Double(ranking.count)
        func needed(_ events: Double) -> Assessed<Double> {
            .when(events > 0, otherwise: "no row of the list had the event") {
                Double(size) / events
            }
        }
        let none = "no row had the event"
        let tally = ListTally(ranking, first: size)
        return ListQuality(
            size: size, threshold: threshold, tiedAtThreshold: tied, placesForTied: size - above,
            events: events, precision: events.map { $0 / Double(size) },
            sensitivity: .when(total > 0, otherwise: none) {
                events.map { $0 / Double(total) }
            },
            specificity: .when(others > 0, otherwise: "every row had the event") {
                events.map { 1 - (Double(size) - $0) / Double(others) }
            },
            lift: .when(total > 0, otherwise: none) {
                events.map { $0 / Double(size) / share }
            },
            numberNeededToOffer: NumberNeeded(
                listed: needed(events.listed), worst: needed(events.worst),
                expected: needed(events.expected), best: needed(events.best)),
            precisionListed: tally.share(.listedEvents, of: .listed),
            sensitivityListed: tally.assess(.listedEvents, of: .events, "row had the event"),
            specificityListed: tally.assess(
                .unlistedOthers, of: .others, "row was without the event"))
    }
}

/// The model's list of a share of all rows, beside that of the present rule.
public struct ListAtShare: Codable, Sendable, Equatable {
    /// The shares of all rows, in thousandths.
    static let thousandths = [5, 10, 50, 100, 200]

    /// The share of all rows; the size of the list is that many, rounded up.
    public var share: Double
    public var model: ListQuality
    /// The present rule's list of the same size.
    public var presentRule: Assessed<ListQuality>

    static func all(_ ranking: Ranking, baseline: Ranking?) -> [ListAtShare] {
        thousandths.map { thousandths in
            let size = min((ranking.count * thousandths + 999) / 1000, ranking.count)
            return ListAtShare(
                share: Double(thousandths) / 1000,
                model: ListQuality.assess(ranking, size: size),
                presentRule: .from(baseline, otherwise: Evaluation.noPresentRule) {
                    ListQuality.assess($0, size: size)
                })
        }
    }
}
