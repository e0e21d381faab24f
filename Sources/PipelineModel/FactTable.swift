/// The facts of one kind that one source has told us, with both of their times.
///
/// A fact *happened* on a day, became *known* on another, and may later stop
/// being believed: a correction closes it (known-to) and opens another; a row
/// that vanishes from a full delivery, or that the source deletes, is closed.
/// Nothing is ever overwritten, so what was known on any past day can be asked.
public struct FactTable: Sendable, Equatable {
    /// `source.file`, such as `hospital.admissions`.
    public var name: String
    /// The person as the source knows them, one for each row.
    public var subject: [SubjectPseudonym]
    /// The row of the source that the fact came from; a correction has the same.
    public var record: [RecordPseudonym]
    /// When it happened.
    public var happened: [Day]
    /// The day on which it became known.
    public var knownFrom: [Day]
    /// The day on which it stopped being believed; ``Day/open`` while it stands.
    public var knownTo: [Day]
    /// The payload that the contract allows: `number`, `code` and `day` columns.
    public var payload: [Column]

    public init(
        name: String, subject: [SubjectPseudonym] = [], record: [RecordPseudonym] = [],
        happened: [Day] = [], knownFrom: [Day] = [], knownTo: [Day] = [], payload: [Column] = []
    ) {
        self.name = name
        self.subject = subject
        self.record = record
        self.happened = happened
        self.knownFrom = knownFrom
        self.knownTo = knownTo
        self.payload = payload
    }

    /// The number of facts, closed ones included.
    public var count: Int { subject.count }

    /// Whether fact `row` was known strictly before `asOf` and not yet closed by then.
    ///
    /// A correction that itself became known on or after `asOf` does not count,
    /// so the fact that it closes was still believed.
    public func isKnown(_ row: Int, strictlyBefore asOf: Day) -> Bool {
        knownFrom[row] < asOf && knownTo[row] >= asOf
    }

    /// The payload column called `name`, where there is one.
    public subscript(name: String) -> ColumnValues? {
        payload.first { $0.name == name }?.values
    }
}
