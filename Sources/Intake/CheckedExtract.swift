public import PipelineModel

/// The rows of one delivery that keep the contract, and what became of the others.
///
/// It holds identities, so it never leaves the source zone.
public struct CheckedExtract: Sendable {
    public let contract: ExtractContract
    /// What messages and quarantine call the file.
    public let file: String
    /// The day of the delivery.
    public let delivered: Day
    /// Rows in, refused and repeated; the delta adds the rest.
    public private(set) var counts: DeliveryCounts
    /// Rows that broke the contract, by line.
    public private(set) var quarantine: [QuarantineRow]
    /// What stops the source although every row could be read: too many refused
    /// rows, too few rows, a sudden change in volume.
    public var fault: StileError?

    let collector: RowCollector
    /// The rows of the collector, one for each record, sorted by record.
    private(set) var order: [Int] = []
    /// Records that a refused row of the file names, sorted.
    private(set) var refused: [RecordPseudonym] = []

    init(
        contract: ExtractContract, file: String, delivered: Day, counts: DeliveryCounts,
        quarantine: [QuarantineRow], collector: RowCollector
    ) {
        self.contract = contract
        self.file = file
        self.delivered = delivered
        self.counts = counts
        self.quarantine = quarantine
        self.collector = collector
    }

    /// The number of rows that keep the contract.
    public var rowCount: Int { order.count }

    /// Hands over the subject and the value of each row that has a value of an identity field.
    ///
    /// - Parameters:
    ///   - field: The field of the identity; where the extract has none of this name, nothing is
    ///     handed over.
    ///   - body: What is done with a subject and a value as it was delivered.
    public func forEachIdentity(_ field: String, _ body: (SubjectPseudonym, String) -> Void) {
        guard let column = contract.identity.firstIndex(where: { $0.field == field }) else {
            return
        }
        for row in order where !collector.isClose[row] {
            if let text = collector.identity[column][row] { body(collector.subject[row], text) }
        }
    }

    /// Sorts the rows by record; of several with one key the first stays, equal
    /// ones are counted, different ones go to quarantine.
    mutating func dropRepetitions() {
        let record = collector.record
        let content = collector.content
        let sorted = record.indices.sorted { (record[$0], $0) < (record[$1], $1) }
        order.reserveCapacity(sorted.count)
        var duplicates: [QuarantineRow] = []
        var first = -1
        for row in sorted {
            guard first >= 0, record[first] == record[row] else {
                first = row
                order.append(row)
                continue
            }
            if content[first] == content[row], collector.isClose[first] == collector.isClose[row] {
                counts.repeated += 1
            } else {
                counts.refused += 1
                duplicates.append(
                    QuarantineRow(
                        file: file, line: collector.line[row],
                        column: contract.key.joined(separator: "+"), rule: .duplicateKey))
            }
        }
        quarantine = Array(
            (quarantine + duplicates).sorted { $0.line < $1.line }
                .prefix(ExtractCheck.quarantineKept))
        refused = collector.refused.sorted()
    }
}
