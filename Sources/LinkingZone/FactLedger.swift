import EncodedExtract
import PipelineModel

/// Applies the delta of one batch to the facts held of one extract.
///
/// A `close` ends the open fact of its record on the day it became known; an
/// `open` adds a fact. Nothing is overwritten, and the rows come out in one
/// order whatever order the batches' rows had, so that the same deliveries give
/// the same bytes.
enum FactLedger {
    /// The facts after `payload`, sorted by subject, happened, record and known-from.
    ///
    /// - Throws: `StileError` with code `integrity` where a row closes a fact that is not
    ///   open, or opens one that is.
    static func applying(_ payload: Payload, to held: FactTable) throws -> FactTable {
        var facts = held
        facts.name = payload.name
        var touched: [RecordPseudonym: Int?] = [:]
        for record in payload.record { touched.updateValue(nil, forKey: record) }
        for row in 0..<facts.count where facts.knownTo[row] == .open {
            if touched[facts.record[row]] != nil {
                touched.updateValue(row, forKey: facts.record[row])
            }
        }
        var opened: [Int] = []
        for row in 0..<payload.count where payload.operation[row] == .close {
            guard let found = touched[payload.record[row]], let open = found else {
                throw mismatch(payload.name, "closes a fact that is not open")
            }
            facts.knownTo[open] = payload.known[row]
            touched.updateValue(nil, forKey: payload.record[row])
        }
        for row in 0..<payload.count where payload.operation[row] == .open {
            if case .some(.some) = touched[payload.record[row]] {
                throw mismatch(payload.name, "opens a fact that is open already")
            }
            touched.updateValue(-1, forKey: payload.record[row])
            opened.append(row)
        }
        let before = facts.count
        facts.subject += opened.map { payload.subject[$0] }
        facts.record += opened.map { payload.record[$0] }
        facts.happened += opened.map { payload.happened[$0] }
        facts.knownFrom += opened.map { payload.known[$0] }
        facts.knownTo += opened.map { _ in Day.open }
        facts.payload = try payload.columns.map { column in
            Column(
                column.name,
                try extended(
                    held[column.name], rows: before, by: column.values, at: opened,
                    name: "\(payload.name).\(column.name)"))
        }
        return sorted(facts)
    }

    private static func mismatch(_ name: String, _ what: String) -> StileError {
        StileError(
            .integrity, "A batch of \(name) \(what).",
            remedy:
                "The batches do not follow on each other: restore the linking zone's state, or start it anew from all batches."
        )
    }

    /// The column `held` with the values of `added` at `rows` behind it; a column that was
    /// not there before is missing in every older row.
    private static func extended(
        _ held: ColumnValues?, rows before: Int, by added: ColumnValues, at rows: [Int],
        name: String
    ) throws -> ColumnValues {
        switch (held, added) {
        case (nil, .number(let new)):
            return .number([Double](repeating: .nan, count: before) + rows.map { new[$0] })
        case (.number(let old)?, .number(let new)): return .number(old + rows.map { new[$0] })
        case (nil, .day(let new)):
            return .day([Day](repeating: .missing, count: before) + rows.map { new[$0] })
        case (.day(let old)?, .day(let new)): return .day(old + rows.map { new[$0] })
        case (nil, .code(let vocabulary, let new)):
            return merged(
                [], [UInt32](repeating: ColumnValues.missingCode, count: before), vocabulary,
                rows.map { new[$0] })
        case (.code(let older, let old)?, .code(let newer, let new)):
            return merged(older, old, newer, rows.map { new[$0] })
        default:
            throw StileError(
                .integrity, "The column \(name) has changed its type since the last batch.",
                remedy: "Give the column another name in the contract, or start the extract anew.")
        }
    }

    /// Two coded columns as one under the sorted union of the vocabularies in use.
    private static func merged(
        _ older: [String], _ old: [UInt32], _ newer: [String], _ new: [UInt32]
    ) -> ColumnValues {
        let union = Set(older).union(newer).sorted()
        var position: [String: UInt32] = [:]
        for (index, word) in union.enumerated() { position[word] = UInt32(index) }
        func recoded(_ codes: [UInt32], _ vocabulary: [String]) -> [UInt32] {
            let table = vocabulary.map { position[$0] ?? ColumnValues.missingCode }
            return codes.map { $0 == ColumnValues.missingCode ? $0 : table[Int($0)] }
        }
        return .code(vocabulary: union, codes: recoded(old, older) + recoded(new, newer))
    }

    private static func sorted(_ facts: FactTable) -> FactTable {
        let order = (0..<facts.count).sorted { left, right in
            (
                facts.subject[left], facts.happened[left], facts.record[left],
                facts.knownFrom[left]
            ) < (
                facts.subject[right], facts.happened[right], facts.record[right],
                facts.knownFrom[right]
            )
        }
        return FactTable(
            name: facts.name, subject: order.map { facts.subject[$0] },
            record: order.map { facts.record[$0] }, happened: order.map { facts.happened[$0] },
            knownFrom: order.map { facts.knownFrom[$0] },
            knownTo: order.map { facts.knownTo[$0] },
            payload: facts.payload.map { column in
                let values: ColumnValues =
                    switch column.values {
                    case .number(let values): .number(order.map { values[$0] })
                    case .day(let values): .day(order.map { values[$0] })
                    case .code(let vocabulary, let codes):
                        .code(vocabulary: vocabulary, codes: order.map { codes[$0] })
                    default: column.values
                    }
                return Column(column.name, values)
            })
    }
}
