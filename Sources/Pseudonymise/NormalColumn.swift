import Identifiers
import PipelineModel

/// The normal forms of one field, one a row, end to end in one buffer; an empty one is missing.
struct NormalColumn {
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [Int] = [0]

    var count: Int { offsets.count - 1 }

    /// A column that begins with rows whose value is missing.
    init(emptyRows: Int) { offsets = [Int](repeating: 0, count: emptyRows + 1) }

    /// Gives `body` the normal form of a row.
    @inline(__always)
    func withRow<Result>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[offsets[row]..<offsets[row + 1]]))
        }
    }

    /// For each row an earlier row with the same normal form, or the row itself.
    ///
    /// Short values only (up to eight bytes: dates, postcodes, codes), of which a county has few,
    /// so that each is hashed once and not for every person.
    func earlierRows() -> [Int] {
        var rows = Array(0..<count)
        var first: [UInt64: Int] = [:]
        for row in 0..<count {
            let length = offsets[row + 1] - offsets[row]
            guard length > 0, length <= 8 else { continue }
            let packed = withRow(row) { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            if let earlier = first[packed] { rows[row] = earlier } else { first[packed] = row }
        }
        return rows
    }

    /// Appends values of one kind in their normal form and counts the rules that spoke.
    ///
    /// - Postcondition: Names and text are folded; a date is `yyyymmdd`; a postcode has its space;
    ///   a temporary UPN is missing.
    mutating func append(
        _ values: [String?], kind: EncodingSpecification.Kind, tally: inout RuleTally
    ) {
        offsets.reserveCapacity(offsets.count + values.count)
        var form = NormalForm()
        for value in values {
            let text = value ?? ""
            let rule: IdentifierRule?
            switch kind {
            case .name: rule = form.append(name: text, to: &bytes)
            case .text: rule = form.append(text: text, to: &bytes)
            case .code: rule = Self.append(code: text, upper: true, to: &bytes)
            case .localID: rule = Self.append(code: text, upper: false, to: &bytes)
            case .dateOfBirth: rule = append(BirthDate.read(text), Self.append(date:to:))
            case .postcode:
                rule = append(Postcode.read(text)) { $1.append(contentsOf: $0.text.utf8) }
            case .uprn: rule = append(UPRN.read(text)) { $1.append(contentsOf: $0.text.utf8) }
            case .nhsNumber:
                rule = append(NHSNumber.read(text)) { $1.append(contentsOf: $0.text.utf8) }
            case .upn:
                rule = append(UPN.read(text)) { upn, bytes in
                    if !upn.isTemporary { bytes.append(contentsOf: upn.text.utf8) }
                }
            }
            if let rule { tally.add(rule) }
            offsets.append(bytes.count)
        }
    }

    private mutating func append<Value>(
        _ verdict: Verdict<Value>, _ body: (Value, inout [UInt8]) -> Void
    ) -> IdentifierRule? {
        if let value = verdict.value { body(value, &bytes) }
        return verdict.rule
    }

    private static func append(date: BirthDate, to bytes: inout [UInt8]) {
        for (value, width) in [(date.year, 1000), (date.month, 10), (date.day, 10)] {
            var divisor = width
            while divisor > 0 {
                bytes.append(0x30 + UInt8(value / divisor % 10))
                divisor /= 10
            }
        }
    }

    /// A code without spaces around it, inner spaces single.
    private static func append(
        code text: String, upper: Bool, to bytes: inout [UInt8]
    ) -> IdentifierRule? {
        let start = bytes.count
        var gap = false
        for byte in text.utf8 {
            guard byte > 0x20 else {
                gap = bytes.count > start
                continue
            }
            if gap { bytes.append(0x20) }
            gap = false
            bytes.append(upper && byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)
        }
        return bytes.count == start ? .absent : nil
    }
}

/// Counts rules while a column is read.
struct RuleTally {
    private var counts: [IdentifierRule: Int] = [:]

    mutating func add(_ rule: IdentifierRule) { counts[rule, default: 0] += 1 }

    /// The counts in the order of the rules' names.
    func counts(field: String) -> [IdentifierCounts.Count] {
        counts.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { .init(field: field, rule: $0.key.rawValue, count: $0.value) }
    }
}
