public import PipelineModel
import StrictYAML

/// What a model can know of a fact table before it reads any fact.
public struct TableSchema: Sendable, Equatable {
    public enum Kind: String, Sendable { case number, code, day }

    public struct Column: Sendable, Equatable {
        public var name: String
        public var kind: Kind
        /// Whether it is known only later and so may be an outcome, never a feature.
        public var isOutcome: Bool

        public init(name: String, kind: Kind, isOutcome: Bool = false) {
            self.name = name
            self.kind = kind
            self.isOutcome = isOutcome
        }
    }

    /// `source.file`.
    public var name: String
    public var columns: [Column]

    public init(name: String, columns: [Column]) {
        self.name = name
        self.columns = columns
    }

    /// The schema of a table that is there, with the columns that the contract declares outcomes.
    public init(_ table: FactTable, outcomeColumns: Set<String> = []) {
        name = table.name
        columns = table.payload.compactMap { column in
            Kind(rawValue: column.values.kind).map {
                Column(
                    name: column.name, kind: $0, isOutcome: outcomeColumns.contains(column.name))
            }
        }
    }
}

extension ModelSpecification {
    /// Checks every table and column that the model names against those there are.
    ///
    /// - Throws: `StileError` with code `configuration` that carries every fault, each with the
    ///   file and line of the declaration.
    public func check(against schemas: [TableSchema], clock: Clock) throws {
        var check = SchemaCheck(schemas)
        check.clock(self, clock)
        check.reads(
            table: cohort.table, cohort.conditions, age: cohort.age?.column, by: "cohort",
            at: cohort.place)
        if let setting = cohort.setting {
            check.reads(setting: setting, of: cohort.table, at: cohort.place)
        }
        if case .those(let cohort) = referral {
            check.reads(
                table: cohort.table, cohort.conditions, age: cohort.age?.column, by: "referral",
                at: cohort.place)
        }
        for absence in cohort.without {
            check.reads(
                table: absence.table, absence.conditions, age: nil, by: "cohort", at: absence.place)
        }
        for feature in features {
            check.reads(feature, by: "feature “\(feature.name)”", mayReadOutcomes: false)
        }
        for group in groups {
            check.reads(group.feature, by: "group “\(group.name)”", mayReadOutcomes: false)
        }
        if let outcome {
            var table = cohort.table
            if case .facts(let name, _, _) = outcome.kind { table = name }
            check.reads(
                table: table, outcome.conditions, age: nil, by: "outcome", at: outcome.place,
                mayReadOutcomes: true)
        }
        try check.faults.check()
    }
}

/// Gathers what does not fit.
private struct SchemaCheck {
    private let schemas: [TableSchema]
    var faults = FaultList()

    init(_ schemas: [TableSchema]) { self.schemas = schemas }

    private mutating func table(_ name: String, _ reader: String, _ place: StileError.Place)
        -> TableSchema?
    {
        if let found = schemas.first(where: { $0.name == name }) { return found }
        let known = schemas.map { "“\($0.name)”" }.sorted().joined(separator: ", ")
        faults.add(
            "The \(reader) reads the table “\(name)”, which no source delivers.", at: place,
            remedy: "Correct the name; the tables are \(known).")
        return nil
    }

    private mutating func column(
        _ name: String, in table: TableSchema, _ reader: String, _ place: StileError.Place,
        mayReadOutcomes: Bool
    ) -> TableSchema.Kind? {
        guard let found = table.columns.first(where: { $0.name == name }) else {
            let known = table.columns.map { "“\($0.name)”" }.sorted().joined(separator: ", ")
            faults.add(
                "The \(reader) reads the column “\(name)”, which the table “\(table.name)” does not have.",
                at: place, remedy: "Correct the name; the columns are \(known).")
            return nil
        }
        if found.isOutcome, !mayReadOutcomes {
            faults.add(
                "The \(reader) reads “\(name)” of “\(table.name)”, which is an outcome.", at: place,
                remedy: "Remove it: an outcome is known only later.")
        }
        return found.kind
    }

    private mutating func wrongKind(
        _ column: String, _ reader: String, needs kind: String, _ place: StileError.Place
    ) {
        faults.add(
            "The \(reader) needs the column “\(column)” to be a \(kind).", at: place,
            remedy: "Choose another column, aggregate or filter.")
    }

    private mutating func tests(
        _ tests: [ValueTest], of name: String, kind: TableSchema.Kind, _ reader: String,
        _ place: StileError.Place
    ) {
        let isMissingOnly = tests.allSatisfy { test in
            if case .missing = test { true } else { false }
        }
        if tests.contains(where: \.isNumeric), kind != .number {
            wrongKind(name, reader, needs: "number", place)
        } else if tests.contains(where: \.isClassification), kind != .code {
            wrongKind(name, reader, needs: "code", place)
        } else if kind == .day, !isMissingOnly {
            wrongKind(name, reader, needs: "code or a number", place)
        }
    }

    mutating func reads(
        table name: String, _ conditions: [Condition], age: String?, by reader: String,
        at place: StileError.Place, mayReadOutcomes: Bool = false
    ) {
        guard let table = table(name, reader, place) else { return }
        for condition in conditions {
            guard
                let kind = column(
                    condition.column, in: table, reader, condition.place,
                    mayReadOutcomes: mayReadOutcomes)
            else { continue }
            tests(condition.tests, of: condition.column, kind: kind, reader, condition.place)
        }
        if let age,
            let kind = column(age, in: table, reader, place, mayReadOutcomes: false), kind != .day
        {
            wrongKind(age, reader, needs: "day", place)
        }
    }

    /// The column that names the settings must hold codes.
    mutating func reads(setting name: String, of table: String, at place: StileError.Place) {
        guard let table = schemas.first(where: { $0.name == table }),
            let kind = column(name, in: table, "cohort", place, mayReadOutcomes: false),
            kind != .code
        else { return }
        wrongKind(name, "cohort", needs: "code", place)
    }

    mutating func reads(
        _ feature: FeatureDeclaration, by reader: String, mayReadOutcomes: Bool
    ) {
        reads(table: feature.table, feature.conditions, age: nil, by: reader, at: feature.place)
        guard let name = feature.column,
            let table = schemas.first(where: { $0.name == feature.table }),
            let kind = column(
                name, in: table, reader, feature.place, mayReadOutcomes: mayReadOutcomes)
        else { return }
        switch feature.aggregate {
        case .count, .any, .distinct: break
        case .yearsSince, .daysSinceLatest:
            if kind != .day { wrongKind(name, reader, needs: "day", feature.place) }
        case .sum, .mean, .minimum, .maximum, .latest:
            if kind == .day {
                wrongKind(name, reader, needs: "number or a code", feature.place)
            } else if kind == .code, feature.values.isEmpty, feature.levels.isEmpty,
                !reader.hasPrefix("group")
            {
                faults.add(
                    "The \(reader) makes a number of the code “\(name)”.", at: feature.place,
                    remedy: "Add “values” that give each code a number, or “levels”.")
            }
        }
        let isCodeLevel = feature.aggregate == .latest && feature.values.isEmpty && kind == .code
        for level in feature.levels {
            tests(level.tests, of: name, kind: isCodeLevel ? .code : .number, reader, level.place)
        }
    }

    mutating func clock(_ model: ModelSpecification, _ clock: Clock) {
        guard clock == .ordinal else { return }
        for feature in model.features
        where feature.withinDays != nil || feature.untilDays != 0
            || feature.aggregate == .yearsSince || feature.aggregate == .daysSinceLatest
        {
            faults.add(
                "The feature “\(feature.name)” counts days, but the deployment's clock is ordinal.",
                at: feature.place, remedy: "Count records instead.")
        }
        if case .dates = model.timing {
            faults.add(
                "The model has as-of dates, but the deployment's clock is ordinal.",
                at: model.place, remedy: "Write “each: record”.")
        }
        if model.cohort.withinDays != nil {
            faults.add(
                "The cohort counts days, but the deployment's clock is ordinal.",
                at: model.cohort.place, remedy: "Remove “within_days”.")
        }
        if model.cohort.age != nil {
            faults.add(
                "The cohort has an age band, but the deployment's clock is ordinal.",
                at: model.cohort.place, remedy: "Filter on a column instead.")
        }
    }
}
