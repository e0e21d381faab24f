/// A rule of the contract that a row can break.
public enum QuarantineRule: String, Sendable, CaseIterable {
    case raggedRow = "ragged row"
    case strayQuote = "text after a closing quote"
    case invalidText = "invalid text"
    case keyMissing = "key missing"
    case subjectMissing = "subject missing"
    case trustedKeyMissing = "trusted key missing"
    case happenedMissing = "happened missing"
    case knownMissing = "known missing"
    case knownAfterDelivery = "known after the delivery"
    case notADay = "not a day"
    case notANumber = "not a number"
    case outOfBounds = "out of bounds"
    case notAllowed = "not in the allow-list"
    case codeTooLong = "code too long"
    case unknownOperation = "unknown operation"
    case duplicateKey = "duplicate key"
}

/// A row that broke the contract: where and which rule, never what it held.
public struct QuarantineRow: Sendable, Equatable {
    public var file: String
    /// The line on which the row begins; the header's is 1.
    public var line: Int
    /// The column of the contract; empty where the row as a whole is at fault.
    public var column: String
    public var rule: QuarantineRule

    public init(file: String, line: Int, column: String, rule: QuarantineRule) {
        self.file = file
        self.line = line
        self.column = column
        self.rule = rule
    }
}
