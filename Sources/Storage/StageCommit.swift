public import PipelineModel

/// Everything that a stage changes, made to stand in one transaction.
public struct StageCommit: Sendable {
    /// Column files that are live from now on.
    public var registered: [RegisteredFile] = []
    /// Column files that are wanted no longer; the next sweep removes them, unless
    /// something held, an output of a stage or a list still names them.
    public var retired: [ContentDigest] = []
    /// What the zone holds, by name; `nil` takes a name away.
    public var held: [String: ContentDigest?] = [:]
    public var deliveries: [DeliveryCommit] = []
    public var lists: [ListRecord] = []
    public var listStates: [ListStateChange] = []
    /// Digests added to a list that is there already, such as the released list's.
    public var listDigests: [ListDigest] = []
    public var signOffs: [SignOffRecord] = []
    public var meta: [String: String] = [:]
    /// Moves and removals of files, done after the transaction and, if the
    /// process dies in between, at the start of the next run.
    public var acts: [FileAct] = []

    public init() {}
}

/// A column file in the registry.
public struct RegisteredFile: Sendable, Hashable {
    public var digest: ContentDigest
    public var schema: String
    public var version: Int
    public var rows: Int
    public var bytes: Int

    public init(digest: ContentDigest, schema: String, version: Int, rows: Int, bytes: Int) {
        self.digest = digest
        self.schema = schema
        self.version = version
        self.rows = rows
        self.bytes = bytes
    }
}

/// A delivery with what intake found in it.
public struct DeliveryCommit: Sendable {
    public var delivery: Delivery
    /// Only in the source zone.
    public var quarantine: [QuarantinedRow]
    public var identifiers: [IdentifierCount]

    public init(
        _ delivery: Delivery, quarantine: [QuarantinedRow] = [],
        identifiers: [IdentifierCount] = []
    ) {
        self.delivery = delivery
        self.quarantine = quarantine
        self.identifiers = identifiers
    }
}

/// A list goes from one state to another; refused unless it is in the first.
public struct ListStateChange: Sendable, Hashable {
    public var list: String
    public var from: ListRecord.State
    public var to: ListRecord.State

    public init(list: String, from: ListRecord.State, to: ListRecord.State) {
        self.list = list
        self.from = from
        self.to = to
    }
}

/// A further digest of a list.
public struct ListDigest: Sendable, Hashable {
    public var list: String
    public var role: String
    public var digest: ContentDigest

    public init(list: String, role: String, digest: ContentDigest) {
        self.list = list
        self.role = role
        self.digest = digest
    }
}

/// A change to files that follows from a transaction; doing it twice is doing it once.
public enum FileAct: Sendable, Hashable {
    case move(String, to: String)
    case remove(String)
}
