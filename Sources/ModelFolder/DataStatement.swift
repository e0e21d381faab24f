import PipelineModel

/// `data.json`: what the model was made from, without anybody's row.
struct DataStatement: Sendable, Equatable, Codable {
    /// Rows of one side of the split; numbers of fewer than ten people are withheld.
    struct Fold: Sendable, Equatable, Codable {
        var fold: Int32
        /// `fit`, `test`, or `score only`.
        var role: String
        /// The as-of dates, or for rows with dates of their own their first and last month.
        var asOf: [String]
        var rows: Int?
        /// Different people, households or settings.
        var units: Int?
        /// Rows whose outcome is known, and those of them with the event.
        var outcomesKnown: Int?
        var events: Int?
    }

    struct Pack: Sendable, Equatable, Codable {
        var rows: Int
        var howMade: String
    }

    var format = 1
    var unit: UnitKind
    /// Nothing where Stile has neither fitted nor tested the model.
    var folds: [Fold]
    /// What was read, by digest.
    var snapshot: [PublishedModel.Snapshot]
    var sources: [PublishedModel.Source]
    /// The columns of the equation.
    var columns: [ColumnRange]
    /// Who was fitted and tested on; absent where no row was at hand.
    var characteristics: Characteristics?
    /// Where a range is of: the rows of the fit, or all with an outcome.
    var columnsOf: String
    var testPack: Pack
    /// A number of fewer different people than this is withheld.
    var smallestCount = ColumnRange.smallestCount

    init(_ model: PublishedModel, ranges: [ColumnRange], pack: TestPack) {
        unit = model.unit
        folds = model.development.map(Self.folds) ?? []
        snapshot = model.development?.snapshot ?? []
        sources = model.sources
        columns = ranges
        columnsOf =
            model.development == nil
            ? "nothing: no row was at hand"
            : model.learnsHere
                ? "the rows of the fit with a known outcome" : "the rows with a known outcome"
        testPack = Pack(rows: pack.rows.count, howMade: TestPack.statement)
    }

    private static func folds(_ development: PublishedModel.Development) -> [Fold] {
        let keys = development.matrix.rows
        return Set(development.fold).sorted().map { fold in
            let rows = development.fold.indices.filter { development.fold[$0] == fold }
            let known = rows.filter { !development.outcome[$0].isNaN }
            let events = known.filter { development.outcome[$0] == 1 }
            let without = known.filter { development.outcome[$0] == 0 }
            func people(_ rows: [Int]) -> Int { Set(rows.map { keys[$0].about }).count }
            func shown(_ rows: [Int]) -> Int? {
                rows.isEmpty || people(rows) >= ColumnRange.smallestCount ? rows.count : nil
            }
            let units = people(rows)
            return Fold(
                fold: fold, role: fold == 0 ? "fit" : fold > 0 ? "test" : "score only",
                asOf: dates(rows.map { keys[$0].asOf }, development),
                rows: shown(rows),
                units: units >= ColumnRange.smallestCount ? units : nil,
                outcomesKnown: shown(known),
                events: shown(without) == nil ? nil : shown(events))
        }
    }

    /// The days where there are few of them and each is of many rows; else from month to month,
    /// since the day of a spell is one person's.
    private static func dates(_ days: [Day], _ development: PublishedModel.Development) -> [String]
    {
        var counts: [Day: Int] = [:]
        for day in days { counts[day, default: 0] += 1 }
        let sorted = counts.keys.sorted()
        if sorted.count <= 60, counts.values.allSatisfy({ $0 >= ColumnRange.smallestCount }) {
            return sorted.map(development.dayText)
        }
        guard let first = sorted.first, let last = sorted.last else { return [] }
        func month(_ day: Day) -> String {
            let text = development.dayText(day)
            return text.count == 10 && text.contains("-") ? String(text.prefix(7)) : ""
        }
        return month(first).isEmpty
            ? ["days of single rows, not shown"] : ["\(month(first)) to \(month(last))"]
    }
}
