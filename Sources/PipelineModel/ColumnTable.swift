/// The values of one column, contiguous, one for each row.
public enum ColumnValues: Sendable, Equatable {
    /// Numbers; a missing value is NaN.
    case number([Double])
    /// Numbers without a missing value, most of them zero.
    case sparse(SparseColumn)
    /// Short strings from a small vocabulary, sorted; ``missingCode`` is missing.
    case code(vocabulary: [String], codes: [UInt32])
    /// Days; a missing value is ``Day/missing``.
    case day([Day])
    /// Integers without a missing value.
    case integer([Int64])
    /// Pseudonyms of whatever kind; all zeros is "none".
    case pseudonym([UnitPseudonym])
    /// `width` bytes a row (tokens, filters); all zeros is missing.
    case fixedBytes(width: Int, bytes: ColumnBytes)
    /// Any number of bytes a row: row `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
    case variableBytes(offsets: [UInt64], bytes: ColumnBytes)

    /// The code of a missing value.
    public static let missingCode = UInt32.max

    /// Numbers in the form that fits them: ``sparse(_:)`` where most are zero.
    public static func numbers(_ values: some RandomAccessCollection<Double>) -> ColumnValues {
        SparseColumn(mostlyZero: values).map(ColumnValues.sparse) ?? .number(Array(values))
    }

    /// The numbers of a column of them, in whichever form.
    public var numbers: [Double]? {
        switch self {
        case .number(let values): values
        case .sparse(let column): column.numbers
        case .code, .day, .integer, .pseudonym, .fixedBytes, .variableBytes: nil
        }
    }

    /// The number of rows.
    public var count: Int {
        switch self {
        case .number(let values): values.count
        case .sparse(let column): column.count
        case .code(_, let codes): codes.count
        case .day(let days): days.count
        case .integer(let values): values.count
        case .pseudonym(let values): values.count
        case .fixedBytes(let width, let bytes): width == 0 ? 0 : bytes.count / width
        case .variableBytes(let offsets, _): max(0, offsets.count - 1)
        }
    }

    /// The name of the kind, as a column file's header writes it.
    public var kind: String {
        switch self {
        case .number: "number"
        case .sparse: "sparse"
        case .code: "code"
        case .day: "day"
        case .integer: "integer"
        case .pseudonym: "pseudonym"
        case .fixedBytes: "fixed"
        case .variableBytes: "variable"
        }
    }
}

/// A named column of a ``ColumnTable``.
public struct Column: Sendable, Equatable {
    public var name: String
    public var values: ColumnValues

    public init(_ name: String, _ values: ColumnValues) {
        self.name = name
        self.values = values
    }
}

/// Columns of equal length under one schema: what a column file holds.
public struct ColumnTable: Sendable, Equatable {
    /// What the table is, such as `facts`, `encodings`, `sealed`, `spine`.
    public var schema: String
    /// The version of that schema; a reader refuses one that it does not know.
    public var version: Int
    /// What else the header says, such as source, batch and key epoch.
    public var attributes: [String: String]
    public private(set) var columns: [Column]

    /// - Precondition: all columns have the same number of rows and different names.
    public init(
        schema: String, version: Int, attributes: [String: String] = [:], columns: [Column]
    ) {
        precondition(Set(columns.map(\.values.count)).count <= 1, "columns differ in length")
        precondition(Set(columns.map(\.name)).count == columns.count, "two columns, one name")
        self.schema = schema
        self.version = version
        self.attributes = attributes
        self.columns = columns
    }

    /// The number of rows.
    public var rowCount: Int { columns.first?.values.count ?? 0 }

    /// The column called `name`, where there is one.
    public subscript(name: String) -> ColumnValues? {
        columns.first { $0.name == name }?.values
    }
}
