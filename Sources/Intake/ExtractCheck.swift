public import PipelineModel
public import Tabular

/// Checks a delivery against its contract: typed rows and quarantine out.
public struct ExtractCheck: Sendable {
    public let contract: ExtractContract
    public let clock: Clock
    private let digest: KeyedDigest

    /// The most quarantine rows that are kept; beyond it they are only counted.
    public static let quarantineKept = 10_000

    public init(contract: ExtractContract, clock: Clock, digest: @escaping KeyedDigest) {
        self.contract = contract
        self.clock = clock
        self.digest = digest
    }

    /// Checks the file at `path`.
    ///
    /// - Parameters:
    ///   - delivery: Which extract it is, and its day.
    ///   - path: Where the file lies.
    ///   - heldRows: How many rows of the extract stand, for the change in volume of a
    ///     snapshot; 0 where this is the first delivery.
    /// - Throws: `StileError` with code `input` where the file as a whole cannot
    ///   be read. What stops the source after every row was read is
    ///   ``CheckedExtract/fault``, so that its quarantine can still be kept.
    public func check(_ delivery: Delivery, path: String, heldRows: Int) throws -> CheckedExtract {
        let file = "\(contract.source)/\(delivery.file)"
        return try check(
            delivery, source: try FileSource(path: path, file: file), heldRows: heldRows)
    }

    /// Checks what `source` holds.
    public func check(_ delivery: Delivery, source: any ByteSource, heldRows: Int) throws
        -> CheckedExtract
    {
        let file = "\(contract.source)/\(delivery.file)"
        let reader =
            switch contract.format {
            case .csv: try CSVReader(source, file: file, dialect: contract.dialect)
            }
        let plan = try ColumnPlan(contract, header: reader.header, file: file)
        var collector = RowCollector(
            contract, plan, clock: clock, delivered: delivery.day, digest: digest)
        var counts = DeliveryCounts()
        var quarantine: [QuarantineRow] = []
        try reader.forEachRow { row in
            counts.rowsIn += 1
            guard let fault = collector.take(row) else { return }
            counts.refused += 1
            if quarantine.count < Self.quarantineKept {
                quarantine.append(
                    QuarantineRow(
                        file: file, line: row.line, column: fault.column, rule: fault.rule))
            }
        }
        let delivered = delivery.day ?? collector.known.max() ?? .missing
        var result = CheckedExtract(
            contract: contract, file: file, delivered: delivered, counts: counts,
            quarantine: quarantine, collector: collector)
        result.dropRepetitions()
        result.fault = fault(result, heldRows: heldRows)
        return result
    }

    private func fault(_ checked: CheckedExtract, heldRows: Int) -> StileError? {
        func stop(_ message: String, _ remedy: String) -> StileError {
            StileError(.input, message, at: .init(file: checked.file), remedy: remedy)
        }
        let rows = checked.counts.rowsIn
        let again = "Ask the source whether the file is whole, and to send it again."
        if rows < contract.minimumRows {
            return rows == 0
                ? stop("The file has a header and no rows.", again)
                : stop(
                    "The file has \(rows) rows, and at least \(contract.minimumRows) are agreed.",
                    again)
        }
        let refused = checked.counts.refused
        if Double(refused) > contract.quarantineLimit * Double(rows) {
            return stop(
                "\(refused) of \(rows) rows break the contract, above the limit of \(contract.quarantineLimit) of them.",
                "Read the quarantine for the lines and rules; ask the source to mend and send again."
            )
        }
        guard contract.delivery == .snapshot, heldRows > 0, let limit = contract.largestChange
        else { return nil }
        if Double(abs(rows - heldRows)) > limit * Double(heldRows) {
            return stop(
                "The file has \(rows) rows and \(heldRows) are held: a larger change than \(limit) of them.",
                again + " If the change is real, raise “largest_change” for this delivery.")
        }
        return nil
    }
}
