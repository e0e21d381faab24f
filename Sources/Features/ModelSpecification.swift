public import PipelineModel
public import StrictYAML

/// What a model is: whom it is about, when, what it predicts, from which features, for what list.
///
/// Read from `model.yaml` and `features.yaml`; plain data, so that another engine could run it.
public struct ModelSpecification: Sendable {
    public var name: String
    public var title: String
    /// The purpose that the sources' legal bases must cover.
    public var purpose: String
    public var version: Int
    public var unit: UnitKind
    public var cohort: Cohort
    /// The fewest members of a setting that make a row.
    public var smallestSetting: Int
    /// Whom a list of households names; `nil` for every other unit.
    public var referral: Referral?
    /// The most people at one address who still are a household; `nil` for no limit.
    public var largestHousehold: Int?
    /// Which rows of people or spells depend on each other: those of one person, or of all who lived
    /// together.
    public var cluster: Cluster = .household
    public var timing: Timing
    /// `nil` for a frozen model that is only applied.
    public var outcome: OutcomeDeclaration?
    public var features: [FeatureDeclaration]
    public var groups: [GroupDeclaration]
    /// The column by which the service ranks today, descending.
    public var baselineColumn: String?
    public var list: ListDeclaration
    /// `fit:` as written, for Modelling; `nil` where the model is frozen.
    public var fit: YAMLNode?
    /// `coefficients:` as written, for Modelling; `nil` where the model is fitted.
    public var coefficients: YAMLNode?
    /// How often the evaluation fits the model anew on resampled people; 0 for never.
    public var refits: Int
    /// At how many of the newest as-of dates the evaluation fits the model anew on what was known
    /// by then; 0 for none.
    public var origins: Int
    /// How the evaluation keeps people, households or settings apart in fits anew; `nil` for not at
    /// all.
    public var byPerson: PeopleApart?
    /// What the model must reach on its test rows; `nil` where nothing is set.
    public var acceptance: AcceptanceMargins?
    /// Of both files' content, comments and spacing apart.
    public var digest: ContentDigest
    /// Where `model.yaml` begins.
    public var place: StileError.Place

    /// Who is in: the units that a table gives.
    ///
    /// A household is in where one of its members is.
    public struct Cohort: Sendable {
        /// The table of a person's believed fact, of the records that are the spells, or of who
        /// is at which setting.
        public var table: String
        public var conditions: [Condition]
        /// The code column that names the setting of a person; `nil` for every other unit.
        public var setting: String?
        /// How long a fact of the table puts a person at a setting; `nil` for ever.
        public var withinDays: Int?
        public var age: AgeRange?
        /// Who has such a fact before the as-of date is gone: out of the cohort, and no relative.
        public var without: [Absence]
        public var place: StileError.Place
    }

    /// What keeps rows together wherever they are drawn, split, or their errors worked out.
    public enum Cluster: String, Sendable, CaseIterable {
        case person
        case household
    }

    /// A fact that takes a person out: a death, a move away.
    public struct Absence: Sendable {
        public var table: String
        public var conditions: [Condition]
        public var place: StileError.Place
    }

    /// Completed years since a day column of the cohort's table.
    public struct AgeRange: Sendable {
        public var column: String
        public var atLeast: Double
        /// Exclusive.
        public var below: Double
    }

    /// When a row is made, and which rows train and which test.
    public enum Timing: Sendable {
        /// Everyone on each of these days.
        case dates(train: [Day], test: [Day])
        /// Each record on the day `daysAfter` the day on which it happened.
        case records(daysAfter: Int, split: Split?, scoring: SpellScoring)
    }

    /// Which spells train and which test.
    public enum Split: Sendable, Equatable {
        /// Records that happened up to and including this day train.
        case day(Day)
        /// A share of the persons tests; a person is on one side with all records.
        case person(testShare: Double)
    }

    /// Which spells a night scores.
    public enum SpellScoring: Sendable, Equatable {
        case all
        /// Those of the test side: for a deployment of past data.
        case test
        /// Those whose as-of date is in (night − days, night].
        case within(Int)
    }

    /// Which members of a listed household a list names.
    public enum Referral: Sendable {
        /// All of them.
        case members
        /// Those who are in the cohort themselves.
        case cohort
        /// Those whom this cohort holds.
        case those(Cohort)
    }

    /// Whose fact makes the outcome of a household.
    public enum Whose: String, Sendable, CaseIterable {
        case members, cohort
    }

    public struct OutcomeDeclaration: Sendable {
        /// A fact of the person in [as-of, as-of + `horizonDays`), or a column of the spell itself.
        public enum Kind: Sendable {
            case facts(table: String, horizonDays: Int, settleDays: Int)
            case index
        }
        public var kind: Kind
        public var conditions: [Condition]
        /// For whom it cannot happen, by level of a declared grouping.
        public var cannotHappen: [Impossibility] = []
        /// Of a household or a setting: whose fact counts.
        public var whose = Whose.members
        /// Of a household or a setting: how many people must have such a fact.
        public var people = 1
        public var place: StileError.Place
    }

    /// A grouping for the fairness report: the latest value, by level.
    ///
    /// A household or a setting has the group of its members in the cohort.
    public struct GroupDeclaration: Sendable {
        public var feature: FeatureDeclaration
        public var name: String { feature.name }
    }

    public struct ListDeclaration: Sendable, Equatable {
        public var size: Int
        public var minimumProbability: Double?
    }

    /// The columns of the design matrix in their order, without the intercept.
    public var columns: [FeatureColumn] { features.flatMap(\.columns) }

    /// The fact tables that the model reads, in ascending order.
    public var tables: [String] {
        var names: Set<String> = [cohort.table]
        names.formUnion(features.map(\.table))
        names.formUnion(groups.map(\.feature.table))
        names.formUnion(cohort.without.map(\.table))
        if case .facts(let table, _, _) = outcome?.kind { names.insert(table) }
        if case .those(let cohort) = referral { names.insert(cohort.table) }
        return names.sorted()
    }

    /// The sources that the model reads: where one of them is missing it is not scored.
    public var sources: [String] {
        Set(tables.map { String($0.prefix { $0 != "." }) }).sorted()
    }

    /// Reads `model.yaml` and `features.yaml` of the folder of a model.
    ///
    /// - Throws: `StileError` with code `configuration` that carries every fault of both files.
    public static func read(folder: String) throws -> ModelSpecification {
        try ModelSpecification(
            model: YAMLDocument.read(fileAt: folder + "/model.yaml"),
            features: YAMLDocument.read(fileAt: folder + "/features.yaml"))
    }
}
