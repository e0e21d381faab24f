/// How people, households or settings are kept apart when a model is fitted anew: each stands with
/// all its rows in one part, and is scored by a fit that saw none of them.
public enum PeopleApart: Sendable, Equatable {
    /// So many parts of as many people as can be, each scored by a fit on the others.
    case folds(Int)
    /// This share of the people is scored by a fit on the others; the others are not scored.
    case testShare(Double)

    /// The part in which each row is scored; `nil` for rows that are in none.
    ///
    /// People are shuffled by Fisher and Yates in the order of their first row, so that the same
    /// rows give the same parts on every machine; of folds they are dealt out in turn.
    ///
    /// - Parameters:
    ///   - about: Whom or what each row is about.
    ///   - seed: What the shuffling is drawn from.
    /// - Returns: A part from 0 for each row; fewer parts than asked for where there are fewer
    ///   people.
    public func parts(of about: [UnitPseudonym], seed: UInt64) -> [Int?] {
        var place: [UnitPseudonym: Int] = [:]
        for unit in about where place[unit] == nil { place[unit] = place.count }
        var order = Array(0..<place.count)
        var generator = SeededGenerator(seed: seed, label: "people apart")
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, generator.below(last + 1))
        }
        var part = [Int?](repeating: nil, count: order.count)
        switch self {
        case .folds(let count):
            for (turn, person) in order.enumerated() { part[person] = turn % max(count, 1) }
        case .testShare(let share):
            let tested = Int((share * Double(order.count)).rounded(.up))
            for person in order.prefix(tested) { part[person] = 0 }
        }
        return about.map { place[$0].flatMap { part[$0] } }
    }
}
