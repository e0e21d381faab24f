import EncodedExtract
import PipelineModel

/// The net effect of a delta on versions of identities: which become held, and which no record
/// holds any longer.
struct IdentityChanges {
    typealias Version = IdentityVersionsHeld.Version
    typealias Entry = IdentityVersionsHeld.Entry

    /// A version that changes.
    struct Change {
        var operation: Operation
        var version: Version
        /// The record that names the version to the linking zone.
        var carrier: RecordPseudonym
        /// The row of the delta that did it.
        var row: Int
    }

    /// What became of one record of the delta.
    private struct Step {
        var record: RecordPseudonym
        var before: Entry?
        var after: Version?
        /// The row by which it left what it held.
        var closeRow: Int
        /// Its last row.
        var openRow: Int

        var leaves: Version? { before?.version == after ? nil : before?.version }
        var arrives: Version? { before?.version == after ? nil : after }
    }

    /// What became of one version that a record leaves or arrives at.
    private struct Tally {
        var version: Version
        var before = 0
        var after = 0
        var closeRow = -1
        var openRow = Int.max
        var openRecord = RecordPseudonym.none
        var carrier = RecordPseudonym.none
    }

    /// Closes before opens, each in the order of the delta.
    private(set) var changes: [Change] = []
    private(set) var held: IdentityVersionsHeld

    /// - Parameters:
    ///   - rows: For each row of the delta its record, and the version that an `open` holds
    ///     (`nil` for a `close` and for a row without an identity).
    ///   - spare: A pseudonym for a version whose record already stands for another one.
    init(
        _ rows: [(record: RecordPseudonym, version: Version?)], held: IdentityVersionsHeld,
        spare: (Version) -> RecordPseudonym
    ) {
        let steps = Self.steps(rows, held)
        let untouched = Self.untouched(held.entries, steps)
        let most = steps.reduce(0) {
            $0 + ($1.leaves == nil ? 0 : 1) + ($1.arrives == nil ? 0 : 1)
        }
        var numbers = VersionNumbers(capacity: most)
        var tallies: [Tally] = []
        tallies.reserveCapacity(most)
        func number(_ version: Version) -> Int {
            let number = numbers.number(version)
            if number == tallies.count { tallies.append(Tally(version: version)) }
            return number
        }
        for step in steps {
            if let version = step.leaves {
                let index = number(version)
                tallies[index].closeRow = max(tallies[index].closeRow, step.closeRow)
            }
            if let version = step.arrives {
                let index = number(version)
                tallies[index].after += 1
                if step.openRow < tallies[index].openRow {
                    tallies[index].openRow = step.openRow
                    tallies[index].openRecord = step.record
                }
            }
        }

        // A record that carries a version which others still hold cannot name another one.
        var standing: Set<RecordPseudonym> = []
        func count(_ entry: Entry, stays: Bool) {
            if stays, entry.carrier != entry.record { standing.insert(entry.carrier) }
            guard let index = numbers.find(entry.version) else { return }
            tallies[index].before += 1
            tallies[index].after += stays ? 1 : 0
            tallies[index].carrier = entry.carrier
        }
        for entry in untouched { count(entry, stays: true) }
        for step in steps {
            if let entry = step.before { count(entry, stays: step.leaves == nil) }
        }
        // Nor can one that carries a version at which another record arrives in this delta.
        for tally in tallies where tally.before > 0 && tally.after > 0 {
            standing.insert(tally.carrier)
        }

        for index in tallies.indices where tallies[index].before == 0 && tallies[index].after > 0 {
            let record = tallies[index].openRecord
            tallies[index].carrier =
                standing.contains(record) ? spare(tallies[index].version) : record
        }
        changes.reserveCapacity(tallies.count)
        for tally in tallies {
            if tally.before > 0, tally.after == 0 {
                changes.append(
                    Change(
                        operation: .close, version: tally.version, carrier: tally.carrier,
                        row: tally.closeRow))
            } else if tally.before == 0, tally.after > 0 {
                changes.append(
                    Change(
                        operation: .open, version: tally.version, carrier: tally.carrier,
                        row: tally.openRow))
            }
        }
        changes.sort {
            ($0.operation == .open ? 1 : 0, $0.row) < ($1.operation == .open ? 1 : 0, $1.row)
        }

        let fresh = steps.compactMap { step -> Entry? in
            guard let version = step.after else { return nil }
            guard step.arrives != nil, let index = numbers.find(version) else { return step.before }
            return Entry(record: step.record, version: version, carrier: tallies[index].carrier)
        }
        self.held = IdentityVersionsHeld(sorted: Self.merged(untouched, fresh))
    }

    /// One step for each record of the delta, sorted by record.
    private static func steps(
        _ rows: [(record: RecordPseudonym, version: Version?)], _ held: IdentityVersionsHeld
    ) -> [Step] {
        var order = Array(rows.indices)
        if !zip(rows, rows.dropFirst()).allSatisfy({ $0.record <= $1.record }) {
            order.sort { (rows[$0].record, $0) < (rows[$1].record, $1) }
        }
        var steps: [Step] = []
        steps.reserveCapacity(rows.count)
        for row in order {
            let (record, version) = rows[row]
            if let last = steps.last, last.record == record {
                steps[steps.count - 1].after = version
                steps[steps.count - 1].openRow = row
            } else {
                steps.append(
                    Step(
                        record: record, before: held.entry(record), after: version, closeRow: row,
                        openRow: row))
            }
        }
        return steps
    }

    private static func untouched(_ entries: [Entry], _ steps: [Step]) -> [Entry] {
        var next = 0
        return entries.filter { entry in
            while next < steps.count, steps[next].record < entry.record { next += 1 }
            return next == steps.count || steps[next].record != entry.record
        }
    }

    private static func merged(_ left: [Entry], _ right: [Entry]) -> [Entry] {
        var result: [Entry] = []
        result.reserveCapacity(left.count + right.count)
        var next = 0
        for entry in left {
            while next < right.count, right[next].record < entry.record {
                result.append(right[next])
                next += 1
            }
            result.append(entry)
        }
        result.append(contentsOf: right[next...])
        return result
    }
}
