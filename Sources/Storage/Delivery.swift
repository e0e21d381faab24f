public import PipelineModel

/// One file that a source delivered, and what came of it.
public struct Delivery: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable {
        case accepted
        /// The file as a whole was refused; nothing held has changed.
        case refused
    }

    public var source: String
    /// The file kind, such as `patients` of source `gp`.
    public var extract: String
    /// The name of the file, without its folder.
    public var file: String
    public var sha256: String
    /// The day of the delivery, as a number on the deployment's clock.
    public var delivered: Int32
    public var state: State
    public var acceptedRows: Int
    public var refusedRows: Int
    /// The batch that was encoded from it, where there is one.
    public var batch: String?
    /// The run that took it.
    public var run: String?

    public init(
        source: String, extract: String, file: String, digest: ContentDigest, delivered: Day,
        state: State = .accepted, acceptedRows: Int, refusedRows: Int, batch: String? = nil,
        run: String? = nil
    ) {
        self.source = source
        self.extract = extract
        self.file = file
        sha256 = digest.hex
        self.delivered = delivered.number
        self.state = state
        self.acceptedRows = acceptedRows
        self.refusedRows = refusedRows
        self.batch = batch
        self.run = run
    }

    public var digest: ContentDigest? { ContentDigest(hex: sha256) }
    public var day: Day { Day(delivered) }
}

/// A row that breaks the contract: where it is and which rule, never its value.
public struct QuarantinedRow: Sendable, Hashable, Codable {
    public var line: Int
    public var column: String
    public var rule: String

    public init(line: Int, column: String, rule: String) {
        self.line = line
        self.column = column
        self.rule = rule
    }
}

/// How many identifiers of a field met (or broke) a rule in one delivery.
public struct IdentifierCount: Sendable, Hashable, Codable {
    public var field: String
    public var rule: String
    public var count: Int

    public init(field: String, rule: String, count: Int) {
        self.field = field
        self.rule = rule
        self.count = count
    }
}
