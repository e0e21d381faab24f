public import PipelineModel

/// A feature as it is declared: which facts, which window, what is made of them, what missing means.
public struct FeatureDeclaration: Sendable {
    /// What is made of the facts that pass.
    public enum Aggregate: String, Sendable, CaseIterable {
        /// How many facts.
        case count
        /// 1 where there is a fact, else 0.
        case any
        case sum, mean, minimum, maximum
        /// The value of the newest fact that has one.
        case latest
        /// How many different values.
        case distinct
        /// Days from the newest fact (or the newest day in the column `of`) to the as-of date.
        case daysSinceLatest = "days_since_latest"
        /// Completed years from the newest known day in the column `of` to the as-of date.
        case yearsSince = "years_since"

        /// Whether the aggregate of no fact is 0 rather than missing.
        var isZeroOfNothing: Bool {
            switch self {
            case .count, .any, .sum, .distinct: true
            default: false
            }
        }

        /// Whether the value is that of a single fact, and so of a single person.
        var isOfOneFact: Bool {
            switch self {
            case .minimum, .maximum, .latest, .daysSinceLatest, .yearsSince: true
            default: false
            }
        }

        /// Whether the aggregate reads a column: `nil` where it may or may not.
        var readsColumn: Bool? {
            switch self {
            case .count, .any: false
            case .daysSinceLatest: nil
            default: true
            }
        }
    }

    /// Whose facts are read.
    public enum About: String, Sendable, CaseIterable {
        case person
        /// The members of the household that the row is about, or the other present residents of
        /// the person's household: third-party information.
        case household
        /// The members of the setting that the row is about.
        case setting
    }

    /// Which records of the spell's own table are read.
    public enum Records: String, Sendable, CaseIterable {
        /// The spell itself.
        case index
        /// Every record of the person but the spell itself.
        case history
    }

    /// What is done to the number before it stands in the matrix.
    public enum Transform: String, Sendable, CaseIterable {
        case identity, log1p, square
    }

    /// What stands in the matrix where there is no value.
    public enum Missing: Sendable, Equatable {
        /// The aggregate always has a value.
        case never
        case value(Double)
        /// The value, and 1 in a column `<name>_missing`.
        case flag(Double)

        /// Whether there can be no value.
        var isPossible: Bool { self != .never }
    }

    /// A level of a categorical feature: one 0/1 column.
    public struct Level: Sendable {
        public var name: String
        public var tests: [ValueTest]
        public var place: StileError.Place
    }

    public var name: String
    /// What a practitioner reads as the reason.
    public var title: String
    /// The fact table.
    public var table: String
    public var conditions: [Condition] = []
    public var aggregate: Aggregate
    /// The column that the aggregate reads.
    public var column: String?
    public var about: About = .person
    /// Whether the number is divided by the number of members of the household or setting.
    public var isPerPerson = false
    public var records: Records?
    /// Facts happened in [as-of − `withinDays`, as-of − `untilDays`); `nil` is without a beginning.
    public var withinDays: Int?
    public var untilDays = 0
    /// Numbers that stand for codes.
    public var values: [String: Double] = [:]
    /// The largest value, before the transform.
    public var cap: Double?
    public var transform: Transform = .identity
    /// The unit of the number, after the transform: 3652.5 makes decades of days.
    public var divisor = 1.0
    public var levels: [Level] = []
    /// Whether a value that is in no level has a column `<name>_other` of its own.
    public var hasOtherLevel = false
    /// The level that has no column; one of the levels, or a name for all other values.
    public var reference: String?
    public var missing: Missing = .never
    /// Where it is written.
    public var place: StileError.Place

    /// The columns of the matrix that this feature makes, in their order.
    public var columns: [FeatureColumn] {
        func column(_ name: String, _ part: FeatureColumn.Part) -> FeatureColumn {
            FeatureColumn(
                name: name, feature: self.name, title: title, table: table,
                isThirdParty: about == .household, part: part)
        }
        var list = levels.filter { $0.name != reference }
            .map { column("\(name)_\($0.name)", .level($0.name)) }
        if levels.isEmpty { list = [column(name, .value)] }
        if hasOtherLevel { list.append(column("\(name)_other", .other)) }
        if case .flag = missing { list.append(column("\(name)_missing", .missing)) }
        return list
    }
}

/// A column of the design matrix and the declaration that it comes from.
public struct FeatureColumn: Sendable, Equatable {
    public enum Part: Sendable, Equatable {
        case value
        case level(String)
        case other
        case missing
    }

    public var name: String
    /// The name of the feature; its columns stand or fall together.
    public var feature: String
    /// What a practitioner reads.
    public var title: String
    /// `source.file` of the facts.
    public var table: String
    /// Whether it tells something about people other than the one whom the row is about.
    public var isThirdParty: Bool
    public var part: Part

    /// The source, without its file.
    public var source: String { String(table.prefix { $0 != "." }) }
}
