import EncodedExtract
import PipelineModel

/// What a delta does to the versions of identities: which become held, which no record holds any
/// longer.
struct IdentityChanges {
    /// A version that changes.
    struct Change {
        var operation: Operation
        var version: IdentityVersionsHeld.Version
        /// The record that names the version to the linking zone.
        var carrier: RecordPseudonym
        /// The row of the delta that did it.
        var row: Int
    }

    /// Closes before opens, each in the order of the delta.
    private(set) var changes: [Change] = []
    private(set) var held: IdentityVersionsHeld

    /// - Parameters:
    ///   - rows: For each row of the delta its record, and the version that an `open` holds
    ///     (`nil` for a `close` and for a row without an identity).
    ///   - spare: A pseudonym for a version whose record already stands for another one.
    init(
        _ rows: [(record: RecordPseudonym, version: IdentityVersionsHeld.Version?)],
        held before: IdentityVersionsHeld,
        spare: (IdentityVersionsHeld.Version) -> RecordPseudonym
    ) {
        var touched: [RecordPseudonym: IdentityVersionsHeld.Version?] = [:]
        var lastRow: [IdentityVersionsHeld.Version: Int] = [:]
        var firstRow: [IdentityVersionsHeld.Version: Int] = [:]
        for (index, row) in rows.enumerated() {
            let old: IdentityVersionsHeld.Version?
            if let known = touched[row.record] {
                old = known
            } else {
                old = before.entry(row.record)?.version
            }
            if let old, old != row.version { lastRow[old] = index }
            if let version = row.version, firstRow[version] == nil { firstRow[version] = index }
            touched[row.record] = .some(row.version)
        }

        // Who holds each version that the delta touches, before and after.
        var holdersBefore: [IdentityVersionsHeld.Version: Int] = [:]
        var holdersAfter: [IdentityVersionsHeld.Version: Int] = [:]
        var carriers: [IdentityVersionsHeld.Version: RecordPseudonym] = [:]
        var standing: Set<RecordPseudonym> = []
        for entry in before.entries {
            let concerns = lastRow[entry.version] != nil || firstRow[entry.version] != nil
            if concerns {
                holdersBefore[entry.version, default: 0] += 1
                carriers[entry.version] = entry.carrier
            }
            guard touched[entry.record] == nil else { continue }
            if concerns { holdersAfter[entry.version, default: 0] += 1 }
            standing.insert(entry.carrier)
        }
        for version in touched.values {
            guard let version else { continue }
            holdersAfter[version, default: 0] += 1
            if let carrier = carriers[version] { standing.insert(carrier) }
        }

        for (version, row) in lastRow.sorted(by: { $0.value < $1.value }) {
            guard let carrier = carriers[version], holdersBefore[version, default: 0] > 0,
                holdersAfter[version, default: 0] == 0
            else { continue }
            changes.append(Change(operation: .close, version: version, carrier: carrier, row: row))
        }
        for (version, row) in firstRow.sorted(by: { $0.value < $1.value }) {
            guard holdersBefore[version, default: 0] == 0, holdersAfter[version, default: 0] > 0
            else { continue }
            let record = rows[row].record
            let carrier = standing.insert(record).inserted ? record : spare(version)
            carriers[version] = carrier
            changes.append(Change(operation: .open, version: version, carrier: carrier, row: row))
        }

        let fresh = touched.compactMap { record, version in
            version.flatMap { version in
                carriers[version].map {
                    IdentityVersionsHeld.Entry(record: record, version: version, carrier: $0)
                }
            }
        }.sorted { $0.record < $1.record }
        held = IdentityVersionsHeld(
            sorted: Self.merged(
                before.entries.filter { touched[$0.record] == nil }, fresh))
    }

    private static func merged(
        _ left: [IdentityVersionsHeld.Entry], _ right: [IdentityVersionsHeld.Entry]
    ) -> [IdentityVersionsHeld.Entry] {
        var result: [IdentityVersionsHeld.Entry] = []
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
