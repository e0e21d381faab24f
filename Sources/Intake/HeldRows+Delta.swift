import PipelineModel

extension HeldRows {
    /// Compares a delivery with what is held.
    ///
    /// A row with a new key opens a fact. A row with another content than the one
    /// held closes that and opens its own, both known on the day of the delivery
    /// even where a column says when the row became known: the correction was
    /// not known here before. A held row that a snapshot lacks, or that a delta
    /// deletes, is closed on the day of the delivery. A held row whose line in the
    /// file was refused stays as it is; where some line could not even be read as
    /// far as its key, a snapshot retracts nothing.
    ///
    /// - Returns: The delta and the rows held once it is taken in. A delivery that
    ///   says nothing new gives an empty delta.
    /// - Throws: `StileError` where the delivery has a fault that stops the
    ///   source, or is older than the last one.
    public func delta(of checked: CheckedExtract) throws -> (delta: ExtractDelta, held: HeldRows) {
        if let fault = checked.fault { throw fault }
        guard checked.delivered >= delivered else {
            throw StileError(
                .input, "The delivery is older than the one last taken in.",
                at: .init(file: checked.file),
                remedy: "Take it out of the drop folder; a correction comes with a later delivery.")
        }
        precondition(checked.contract.name == name, "another extract's rows")
        var merge = DeltaMerge(held: self, checked: checked)
        merge.run()
        return merge.result()
    }
}

/// The merge of what is held with what was delivered, both sorted by record.
private struct DeltaMerge {
    let held: HeldRows
    let checked: CheckedExtract
    var next: HeldRows
    var delta: ExtractDelta
    /// The collector's row behind each row of the delta; -1 on a close.
    var sources: [Int] = []
    var refusedIndex = 0
    let keepsTombstones: Bool

    init(held: HeldRows, checked: CheckedExtract) {
        self.held = held
        self.checked = checked
        next = HeldRows(name: held.name, keyEpoch: held.keyEpoch)
        next.delivered = checked.delivered
        delta = ExtractDelta(
            source: checked.contract.source, name: checked.contract.name,
            delivered: checked.delivered)
        delta.counts = checked.counts
        delta.quarantine = checked.quarantine
        keepsTombstones = checked.contract.known != .delivery
    }

    mutating func run() {
        let rows = checked.collector
        var heldIndex = 0
        for row in checked.order {
            let record = rows.record[row]
            while heldIndex < held.record.count, held.record[heldIndex] < record {
                keepOrRetract(heldIndex)
                heldIndex += 1
            }
            if heldIndex < held.record.count, held.record[heldIndex] == record {
                meet(row, heldIndex)
                heldIndex += 1
            } else if rows.isClose[row] {
                delta.counts.unknownDeletions += 1
            } else {
                open(row, known: rows.known[row])
            }
        }
        while heldIndex < held.record.count {
            keepOrRetract(heldIndex)
            heldIndex += 1
        }
    }

    /// A held row and a delivered one with the same key.
    private mutating func meet(_ row: Int, _ heldRow: Int) {
        let rows = checked.collector
        let stands = held.content[heldRow] != .none
        switch (stands, rows.isClose[row]) {
        case (true, true):
            close(heldRow)
        case (true, false) where held.content[heldRow] == rows.content[row]:
            delta.counts.unchanged += 1
            next.append(heldRow, of: held)
        case (true, false):
            delta.counts.corrected += 1
            appendClose(heldRow)
            open(row, known: checked.delivered)
        case (false, true):
            delta.counts.unknownDeletions += 1
            next.append(heldRow, of: held)
        case (false, false):
            open(row, known: checked.delivered)
        }
    }

    /// A held row that the delivery does not name.
    private mutating func keepOrRetract(_ heldRow: Int) {
        let record = held.record[heldRow]
        let refused = checked.refused
        while refusedIndex < refused.count, refused[refusedIndex] < record { refusedIndex += 1 }
        let wasRefused = refusedIndex < refused.count && refused[refusedIndex] == record
        let stands = held.content[heldRow] != .none
        guard checked.contract.delivery == .snapshot, stands, !wasRefused else {
            next.append(heldRow, of: held)
            return
        }
        if checked.collector.unreadable > 0 {
            delta.counts.retractionsWithheld += 1
            next.append(heldRow, of: held)
        } else {
            close(heldRow)
        }
    }

    private mutating func open(_ row: Int, known: Day) {
        let rows = checked.collector
        delta.counts.opened += 1
        delta.operation.append(.open)
        delta.record.append(rows.record[row])
        delta.subject.append(rows.subject[row])
        delta.happened.append(rows.happened[row])
        delta.known.append(known)
        sources.append(row)
        next.append(
            rows.record[row], content: rows.content[row], subject: rows.subject[row],
            happened: rows.happened[row])
    }

    private mutating func close(_ heldRow: Int) {
        appendClose(heldRow)
        guard keepsTombstones else { return }
        next.append(
            held.record[heldRow], content: .none, subject: held.subject[heldRow],
            happened: held.happened[heldRow])
    }

    private mutating func appendClose(_ heldRow: Int) {
        delta.counts.closed += 1
        delta.operation.append(.close)
        delta.record.append(held.record[heldRow])
        delta.subject.append(held.subject[heldRow])
        delta.happened.append(held.happened[heldRow])
        delta.known.append(checked.delivered)
        sources.append(-1)
    }

    func result() -> (ExtractDelta, HeldRows) {
        var delta = delta
        let rows = checked.collector
        if checked.contract.trustedKey != nil {
            delta.trusted = sources.map { $0 < 0 ? nil : rows.trusted[$0] }
        }
        delta.identity = zip(checked.contract.identity, rows.identity).map { field, values in
            IdentityColumn(field.field, sources.map { $0 < 0 ? nil : values[$0] })
        }
        delta.payload = rows.payload.map { $0.column(sources) }
        return (delta, next)
    }
}
