public import PipelineModel

/// What a row of a delta does to a fact.
public enum DeltaOperation: String, Sendable, CaseIterable {
    /// The fact became known.
    case open
    /// The fact stopped being believed: corrected, retracted or deleted.
    case close
}

/// A keyed digest of bytes: 128 bits that cannot be had without the key.
///
/// `Pseudonymise` makes it from the keyring (an HMAC cut to 128 bits), so that
/// this target sees no key. Equal domain and bytes give equal digests; a domain
/// never shares a digest with another. The domains are `subject:<source>`,
/// `record:<source>.<file>` and `content:<source>.<file>:<columns>`.
public typealias KeyedDigest =
    @Sendable (_ domain: String, _ bytes: [UInt8]) -> (UInt64, UInt64)

/// One field of the identity, as text as the source wrote it, trimmed.
public struct IdentityColumn: Sendable, Equatable {
    /// The name of the encoded field, such as `given_name`.
    public var name: String
    /// One value a row; `nil` where there is none, and on every `close`.
    public var values: [String?]

    public init(_ name: String, _ values: [String?]) {
        self.name = name
        self.values = values
    }
}

/// What one delivery of one extract changes: facts that open and facts that close.
///
/// A struct of arrays, one element a row, sorted by record with a `close` before
/// the `open` that corrects it. It holds identities, so it never leaves the
/// source zone.
public struct ExtractDelta: Sendable, Equatable {
    /// The source, such as `gp`.
    public var source: String
    /// `source.file`, such as `gp.patients`.
    public var name: String
    /// The day of the delivery.
    public var delivered: Day
    public var operation: [DeltaOperation] = []
    /// The row within the extract.
    public var record: [RecordPseudonym] = []
    /// The person as the source knows them.
    public var subject: [SubjectPseudonym] = []
    /// The trusted key, trimmed, `nil` on a close.
    ///
    /// Empty where the source has none.
    public var trusted: [[UInt8]?] = []
    /// When it happened; a `close` repeats the day of the fact that it closes.
    public var happened: [Day] = []
    /// When it became known (`open`) or stopped being believed (`close`).
    public var known: [Day] = []
    /// The identity, by encoded field, sorted by name; the same fields in every delivery.
    public var identity: [IdentityColumn] = []
    /// `number`, `code` and `day` columns sorted by name; missing on a `close`.
    public var payload: [Column] = []
    /// What became of the rows of the delivery.
    public var counts = DeliveryCounts()
    /// Rows that broke the contract, by line.
    public var quarantine: [QuarantineRow] = []

    public init(source: String, name: String, delivered: Day) {
        self.source = source
        self.name = name
        self.delivered = delivered
    }

    /// The number of rows.
    public var count: Int { operation.count }
}

/// What became of the rows of one delivery.
public struct DeliveryCounts: Sendable, Equatable {
    /// Rows of the file, without its header.
    public var rowsIn = 0
    /// Rows in quarantine.
    public var refused = 0
    /// Rows that repeat an earlier row of the same file exactly.
    public var repeated = 0
    /// Facts opened, those of corrections included.
    public var opened = 0
    /// Facts closed, those of corrections included.
    public var closed = 0
    /// Facts that another version replaced: one `close` and one `open` each.
    public var corrected = 0
    /// Rows that say what was known already.
    public var unchanged = 0
    /// Deletions of rows that the source never told us of.
    public var unknownDeletions = 0
    /// Facts that are not in the snapshot but were kept, because some row of it
    /// could not be read as far as its key and may be theirs.
    public var retractionsWithheld = 0

    public init() {}
}
