/// What a row of a design matrix is about.
public enum UnitKind: String, Sendable, CaseIterable, Codable {
    case person, spell, household, setting

    /// What a list of such units counts: a person stands on it once, with whatever spell.
    public var plural: String {
        switch self {
        case .person, .spell: "people"
        case .household: "households"
        case .setting: "settings"
        }
    }
}

/// The key of a row: who or what, and as of when.
public struct RowKey: Hashable, Comparable, Sendable {
    public var unit: UnitPseudonym
    /// The row uses only what was known strictly before this day.
    public var asOf: Day
    /// The person that the row is about, or `.none` where the unit is not a person's.
    public var person: PersonPseudonym

    public init(unit: UnitPseudonym, asOf: Day, person: PersonPseudonym) {
        self.unit = unit
        self.asOf = asOf
        self.person = person
    }

    /// Whom or what rows have in common that must be kept together: the person where there is
    /// one, else the unit.
    public var about: UnitPseudonym { person == .none ? unit : person.cast() }

    public static func < (left: RowKey, right: RowKey) -> Bool {
        (left.asOf, left.unit) < (right.asOf, right.unit)
    }
}

/// Features of units at as-of dates: `rows.count` × `columns.count`, column-major,
/// without missing values (what missing means is part of a feature's declaration).
public struct DesignMatrix: Sendable, Equatable {
    public var unitKind: UnitKind
    /// The rows, in ascending order of ``RowKey``.
    public var rows: [RowKey]
    /// The names of the columns; the intercept is not one of them.
    public var columns: [String]
    /// Element (row, column) is `values[column * rows.count + row]`.
    public var values: [Double]

    /// - Precondition: `values.count == rows.count * columns.count`.
    public init(unitKind: UnitKind, rows: [RowKey], columns: [String], values: [Double]) {
        precondition(values.count == rows.count * columns.count, "matrix of the wrong size")
        self.unitKind = unitKind
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    public subscript(row: Int, column: Int) -> Double { values[column * rows.count + row] }
}

/// The outcome of each row of a matrix, known only after the horizon has passed.
public struct Outcomes: Sendable, Equatable {
    /// 1, 0, or NaN where the horizon had not passed or the unit was censored.
    public var values: [Double]

    public init(values: [Double]) { self.values = values }
}
