import PipelineModel

/// One value of a payload column, checked.
enum PayloadValue {
    case missing
    case number(Double)
    case code(UInt32)
    case day(Day)
}

/// Collects the checked values of one payload column.
struct PayloadBuilder {
    let name: String
    let type: ExtractContract.PayloadType
    private var interner = ByteInterner()
    /// Codes below it are those of the allow-list, in its order.
    private var allowed: UInt32?
    private var numbers: [Double] = []
    private var codes: [UInt32] = []
    private var days: [Day] = []

    /// The longest code that passes, in bytes; free text is longer.
    static let longestCode = 64

    init(_ column: ExtractContract.PayloadColumn) {
        name = column.name
        type = column.type
        if case .code(let allow?) = column.type {
            for code in allow {
                Array(code.utf8).withUnsafeBufferPointer { _ = interner.intern($0) }
            }
            allowed = UInt32(allow.count)
        }
    }

    /// Checks a field that is not missing.
    mutating func check(_ bytes: Bytes, _ days: DayReader) -> Result<PayloadValue, QuarantineRule> {
        switch type {
        case .code:
            if allowed != nil {
                guard let code = interner.find(bytes) else { return .failure(.notAllowed) }
                return .success(.code(code))
            }
            guard bytes.count <= Self.longestCode else { return .failure(.codeTooLong) }
            return .success(.code(interner.intern(bytes)))
        case .number(let minimum, let maximum):
            guard let value = FieldParsing.number(bytes) else { return .failure(.notANumber) }
            guard value >= minimum, value <= maximum else { return .failure(.outOfBounds) }
            return .success(.number(value))
        case .day(let coarsening):
            guard let day = days.day(bytes) else { return .failure(.notADay) }
            return .success(.day(coarsening.map { FieldParsing.coarsened(day, $0) } ?? day))
        }
    }

    mutating func append(_ value: PayloadValue) {
        switch (type, value) {
        case (.number, .number(let number)): numbers.append(number)
        case (.number, _): numbers.append(.nan)
        case (.code, .code(let code)): codes.append(code)
        case (.code, _): codes.append(ColumnValues.missingCode)
        case (.day, .day(let day)): days.append(day)
        case (.day, _): days.append(.missing)
        }
    }

    /// The column of `rows`, where a negative row is missing.
    ///
    /// Its vocabulary holds the
    /// codes of these rows only, sorted.
    func column(_ rows: [Int]) -> Column {
        switch type {
        case .number:
            return Column(name, .number(rows.map { $0 < 0 ? .nan : numbers[$0] }))
        case .day:
            return Column(name, .day(rows.map { $0 < 0 ? .missing : days[$0] }))
        case .code:
            var isUsed = [Bool](repeating: false, count: interner.count)
            for row in rows where row >= 0 && codes[row] != ColumnValues.missingCode {
                isUsed[Int(codes[row])] = true
            }
            let used = isUsed.indices.filter { isUsed[$0] }
                .map { (text: interner.text(UInt32($0)), code: $0) }.sorted { $0.text < $1.text }
            var renumbered = [UInt32](
                repeating: ColumnValues.missingCode, count: interner.count)
            for (index, entry) in used.enumerated() { renumbered[entry.code] = UInt32(index) }
            return Column(
                name,
                .code(
                    vocabulary: used.map(\.text),
                    codes: rows.map { row in
                        guard row >= 0, codes[row] != ColumnValues.missingCode else {
                            return ColumnValues.missingCode
                        }
                        return renumbered[Int(codes[row])]
                    }))
        }
    }
}

// Only to travel in a Result; it is never thrown.
extension QuarantineRule: Error {}

/// Reads days as one extract of one deployment writes them.
struct DayReader {
    let clock: Clock
    let style: ExtractContract.DateStyle

    func day(_ bytes: Bytes) -> Day? {
        switch clock {
        case .calendar: FieldParsing.day(bytes, style)
        case .ordinal: FieldParsing.ordinal(bytes)
        }
    }
}
