import PipelineModel
import Tabular

/// Checks rows one by one and keeps the good ones, column by column.
struct RowCollector {
    let contract: ExtractContract
    let plan: ColumnPlan
    let days: DayReader
    let delivered: Day?
    let digest: KeyedDigest

    private(set) var record: [RecordPseudonym] = []
    private(set) var subject: [SubjectPseudonym] = []
    private(set) var content: [RecordPseudonym] = []
    private(set) var isClose: [Bool] = []
    private(set) var happened: [Day] = []
    private(set) var known: [Day] = []
    private(set) var trusted: [[UInt8]?] = []
    private(set) var identity: [[String?]]
    private(set) var payload: [PayloadBuilder]
    private(set) var line: [Int] = []
    /// Records whose row was refused although its key could be read.
    private(set) var refused: [RecordPseudonym] = []
    /// Rows refused before their key could be read.
    private(set) var unreadable = 0

    private let missing: [[UInt8]]
    private let openCodes: [[UInt8]]
    private let closeCodes: [[UInt8]]
    private let recordDomain: String
    private let subjectDomain: String
    private let contentDomain: String
    private var scratch: [UInt8] = []
    private var values: [PayloadValue] = []

    init(
        _ contract: ExtractContract, _ plan: ColumnPlan, clock: Clock, delivered: Day?,
        digest: @escaping KeyedDigest
    ) {
        self.contract = contract
        self.plan = plan
        self.delivered = delivered
        self.digest = digest
        days = DayReader(clock: clock, style: contract.dates)
        identity = contract.identity.map { _ in [] }
        payload = contract.payload.map(PayloadBuilder.init)
        missing = contract.missing.map { Array($0.utf8) }
        openCodes = contract.operation.map { $0.open.map { Array($0.utf8) } } ?? []
        closeCodes = contract.operation.map { $0.close.map { Array($0.utf8) } } ?? []
        recordDomain = "record:\(contract.name)"
        subjectDomain = "subject:\(contract.source)"
        contentDomain = "content:\(contract.name):\(contract.contentColumns)"
    }

    var count: Int { record.count }

    /// Takes a row, or says which column breaks which rule.
    mutating func take(_ row: CSVRow) -> (column: String, rule: QuarantineRule)? {
        switch row.fault {
        case .ragged:
            unreadable += 1
            return ("", .raggedRow)
        case .strayQuote(let field):
            unreadable += 1
            return (plan.name(field), .strayQuote)
        case .invalidText(let field):
            guard plan.key.allSatisfy({ UTF8Check.isValid(row[$0]) }), let name = key(of: row)
            else {
                unreadable += 1
                return (plan.name(field), .invalidText)
            }
            refused.append(name)
            return (plan.name(field), .invalidText)
        case nil: break
        }
        guard let name = key(of: row) else {
            unreadable += 1
            let column = plan.key.first { value(row, $0) == nil } ?? plan.key[0]
            return (plan.name(column), .keyMissing)
        }
        if let fault = check(row, name) {
            refused.append(name)
            return (plan.name(fault.field), fault.rule)
        }
        line.append(row.line)
        return nil
    }

    /// The trimmed bytes of a field; `nil` where they stand for no value.
    private func value(_ row: CSVRow, _ field: Int) -> Bytes? {
        let bytes = FieldParsing.trimmed(row[field])
        for text in missing where FieldParsing.equal(bytes, text) { return nil }
        return bytes.isEmpty ? nil : bytes
    }

    private mutating func key(of row: CSVRow) -> RecordPseudonym? {
        scratch.removeAll(keepingCapacity: true)
        for field in plan.key {
            guard let bytes = value(row, field) else { return nil }
            scratch.appendWithLength(bytes)
        }
        let words = digest(recordDomain, scratch)
        return RecordPseudonym(high: words.0, low: words.1)
    }

    /// Checks everything but the key; keeps the row where nothing is wrong.
    private mutating func check(
        _ row: CSVRow, _ name: RecordPseudonym
    ) -> (field: Int, rule: QuarantineRule)? {
        if let field = plan.operation {
            let code = FieldParsing.trimmed(row[field])
            if closeCodes.contains(where: { FieldParsing.equal(code, $0) }) {
                keepDeletion(name)
                return nil
            }
            guard openCodes.contains(where: { FieldParsing.equal(code, $0) }) else {
                return (field, .unknownOperation)
            }
        }
        guard let person = value(row, plan.subject) else { return (plan.subject, .subjectMissing) }
        var happenedDay = delivered ?? .missing
        if let field = plan.happened {
            guard let bytes = value(row, field) else { return (field, .happenedMissing) }
            guard let day = days.day(bytes) else { return (field, .notADay) }
            happenedDay = day
        }
        var knownDay = delivered ?? .missing
        if let field = plan.known {
            guard let bytes = value(row, field) else { return (field, .knownMissing) }
            guard let day = days.day(bytes) else { return (field, .notADay) }
            if let delivered, day > delivered { return (field, .knownAfterDelivery) }
            knownDay = day
        }
        var trustedBytes: Bytes?
        if let field = plan.trusted {
            guard let bytes = value(row, field) else { return (field, .trustedKeyMissing) }
            trustedBytes = bytes
        }
        values.removeAll(keepingCapacity: true)
        for (index, field) in plan.payload.enumerated() {
            guard let bytes = value(row, field) else {
                values.append(.missing)
                continue
            }
            switch payload[index].check(bytes, days) {
            case .success(let value): values.append(value)
            case .failure(let rule): return (field, rule)
            }
        }
        keep(row, name, person, happenedDay, knownDay, trustedBytes)
        return nil
    }

    private mutating func keep(
        _ row: CSVRow, _ name: RecordPseudonym, _ person: Bytes, _ happenedDay: Day,
        _ knownDay: Day, _ trustedBytes: Bytes?
    ) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: person)
        let personWords = digest(subjectDomain, scratch)
        scratch.removeAll(keepingCapacity: true)
        // The day of the delivery is no content: a row that comes again is the same row.
        let contentDay = plan.happened == nil ? Day.missing : happenedDay
        scratch.appendWord(UInt64(bitPattern: Int64(contentDay.number)))
        scratch.appendWord(personWords.0)
        scratch.appendWord(personWords.1)
        if let trustedBytes { scratch.appendWithLength(trustedBytes) }
        for (index, field) in plan.identity.enumerated() {
            if counts(row, plan.markers[index]), let bytes = value(row, field) {
                scratch.append(1)
                scratch.appendWithLength(bytes)
                identity[index].append(String(decoding: bytes, as: UTF8.self))
            } else {
                scratch.append(0)
                identity[index].append(nil)
            }
        }
        for (index, field) in plan.payload.enumerated() {
            payload[index].append(values[index])
            switch values[index] {
            case .missing: scratch.append(0)
            case .number(let number):
                scratch.append(1)
                scratch.appendWord(number.bitPattern)
            case .day(let day):
                scratch.append(2)
                scratch.appendWord(UInt64(bitPattern: Int64(day.number)))
            case .code:
                scratch.append(3)
                scratch.appendWithLength(FieldParsing.trimmed(row[field]))
            }
        }
        let words = digest(contentDomain, scratch)
        record.append(name)
        subject.append(SubjectPseudonym(high: personWords.0, low: personWords.1))
        content.append(RecordPseudonym(high: words.0, low: words.1))
        isClose.append(false)
        happened.append(happenedDay)
        known.append(knownDay)
        if plan.trusted != nil { trusted.append(trustedBytes.map { Array($0) }) }
    }

    /// Whether the row's marker, where the field has one, says that the value counts.
    private func counts(_ row: CSVRow, _ marker: ColumnPlan.Marker?) -> Bool {
        guard let marker else { return true }
        guard let said = value(row, marker.column) else { return false }
        return marker.values.contains { said.elementsEqual($0) }
    }

    private mutating func keepDeletion(_ name: RecordPseudonym) {
        record.append(name)
        subject.append(.none)
        content.append(.none)
        isClose.append(true)
        happened.append(.missing)
        known.append(delivered ?? .missing)
        if plan.trusted != nil { trusted.append(nil) }
        for index in identity.indices { identity[index].append(nil) }
        for index in payload.indices { payload[index].append(.missing) }
    }
}

extension [UInt8] {
    mutating func appendWord(_ word: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    mutating func appendWithLength(_ bytes: Bytes) {
        appendWord(UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

extension ExtractContract {
    /// The columns behind the digest of a row's content, so that another set of
    /// them opens every row anew.
    var contentColumns: String {
        let passing = payload.map { column in
            let kind =
                switch column.type {
                case .code: "code"
                case .number: "number"
                case .day(let coarsening): "day/\(coarsening?.rawValue ?? "whole")"
                }
            return "\(column.name)=\(kind)"
        }
        return (identity.map { "\($0.field)" } + ["|"] + passing).joined(separator: ",")
    }
}
