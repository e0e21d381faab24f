public import PipelineModel

/// A table with a caption; the first column names its row.
public struct Table: Sendable {
    public enum Alignment: Sendable { case text, number }

    public struct Column: Sendable {
        public var title: String
        public var alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .text) {
            self.title = title
            self.alignment = alignment
        }
    }

    public var caption: String
    public var columns: [Column]
    /// Cells past the last column are dropped, missing ones are empty.
    public var rows: [[Cell]]
    /// What stands in place of rows where there are none.
    public var whenEmpty: String

    public init(
        _ caption: String, columns: [Column], rows: [[Cell]], whenEmpty: String = "None."
    ) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.whenEmpty = whenEmpty
    }
}

/// What stands in a cell.
public enum Cell: Sendable, Hashable, ExpressibleByStringLiteral {
    case text(String)
    /// A whole number, with thin spaces between thousands.
    case count(Int)
    /// A number with that many decimals, rounded half to even on its exact value.
    case number(Double, decimals: Int)
    case code(String)
    /// A code that is never broken over two lines.
    case shortCode(String)
    /// The first twelve digits of a digest.
    case digest(ContentDigest)
    /// A word with a mark in front, which differs in shape as well as in colour.
    case status(Status, String)
    case inline([Inline])
    /// A few lines one below the other, each a thing by itself.
    case items([[Inline]])

    public enum Status: Sendable, Hashable { case good, idle, warning, stop }

    public init(stringLiteral value: String) { self = .text(value) }
}
