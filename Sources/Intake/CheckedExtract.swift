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
