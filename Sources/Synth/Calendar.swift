import PipelineModel

/// Quarters and school terms on the calendar.
enum Calendar {
    /// The first day of the quarter that `day` lies in.
    static func quarterStart(_ day: Day) -> Day {
        let (year, month, _) = day.civil
        return firstDay(year: year, month: (month - 1) / 3 * 3 + 1)
    }

    /// The first day of the quarter that lies `quarters` after the one that begins on `start`.
    static func quarter(_ start: Day, plus quarters: Int) -> Day {
        let (year, month, _) = start.civil
        let index = year * 4 + (month - 1) / 3 + quarters
        return firstDay(year: index / 4, month: index % 4 * 3 + 1)
    }

    private static func firstDay(year: Int, month: Int) -> Day {
        Day(year: year, month: month, day: 1) ?? Day(0)
    }

    /// The last days of the school terms that end within `start..<end`.
    static func termEnds(from start: Day, to end: Day) -> [Day] {
        var days: [Day] = []
        for year in start.civil.year...end.civil.year {
            for (month, day) in [(3, 28), (7, 20), (12, 19)] {
                if let end = Day(year: year, month: month, day: day) { days.append(end) }
            }
        }
        return days.filter { $0 >= start && $0 < end }
    }

    /// Whether the school census of a term is delivered on this day.
    static func isCensusDelivery(_ day: Day) -> Bool {
        let (_, month, number) = day.civil
        return [(1, 20), (5, 20), (10, 6)].contains { $0 == month && $1 == number }
    }
}
