import CBitKernels
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

    @inline(__always)
    func isEmpty(_ row: Int) -> Bool { offsets[row] == offsets[row + 1] }

    /// The normal forms as they lie in memory.
    struct View {
        fileprivate let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let offsets: UnsafeBufferPointer<Int>

        /// The normal form of a row.
        @inline(__always)
        func row(_ row: Int) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]])
        }

        /// Asks for the place of a row, which will be read soon.
        @inline(__always)
        func prefetchPlace(_ row: Int) {
            stile_prefetch(offsets.baseAddress.map { $0 + row }, 16)
        }

        /// Asks for the normal form of a row, which will be read soon.
        @inline(__always)
        func prefetch(_ row: Int) {
            stile_prefetch(bytes.baseAddress.map { $0 + offsets[row] }, 1)
        }
    }

    /// Gives `body` views of several columns, for reading them row by row without counting who
    /// holds them.
    static func withViews<Result>(
        of columns: [NormalColumn], _ body: ([View]) -> Result
    ) -> Result {
        func open(_ rest: ArraySlice<NormalColumn>, _ views: [View]) -> Result {
            guard let column = rest.first else { return body(views) }
            return column.bytes.withUnsafeBufferPointer { bytes in
                column.offsets.withUnsafeBufferPointer { offsets in
                    open(rest.dropFirst(), views + [View(bytes: bytes, offsets: offsets)])
                }
            }
        }
        return open(columns[...], [])
    }

    /// For each row the first row with the same normal form, which is the row itself where the
    /// value is new.
    ///
    /// A county has few dates, postcodes and names, so that each is worked on once and not for
    /// every person.
    func firstRows() -> [Int] {
        var rows = Array(0..<count)
        // Open addressing; a place holds a row, and rows are found by a hash of their bytes.
        let size = max(64, (2 * count).nextPowerOfTwo)
        var places = [Int32](repeating: -1, count: size)
        bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<count where !isEmpty(row) {
                let value = UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]])
                var hash: UInt64 = 0xcbf2_9ce4_8422_2325
                for byte in value { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
                var place = Int((hash ^ hash >> 29) & UInt64(size - 1))
                while places[place] >= 0 {
                    let other = Int(places[place])
                    if offsets[other + 1] - offsets[other] == value.count,
                        bytes[offsets[other]..<offsets[other + 1]].elementsEqual(value)
                    {
                        rows[row] = other
                        break
                    }
                    place = (place + 1) & (size - 1)
                }
                if rows[row] == row { places[place] = Int32(row) }
            }
        }
        return rows
    }

    /// The years of a column of dates; 0 where a date is missing.
    var years: [Int] {
        (0..<count).map { row in
            withRow(row) { DateParts.year($0) }
        }
    }

    /// Adds a row of several words with a zero byte between them.
    mutating func append(words: some Sequence<some Collection<UInt8>>) {
        var isFirst = true
        for word in words where !word.isEmpty {
            if !isFirst { bytes.append(0) }
            bytes.append(contentsOf: word)
            isFirst = false
        }
        offsets.append(bytes.count)
    }

    /// The formal names behind the given names of a column; the name itself where it is formal.
    func formalNames(firstRows: [Int]) -> NormalColumn {
        var formal = NormalColumn(emptyRows: 0)
        formal.bytes.reserveCapacity(bytes.count)
        formal.offsets.reserveCapacity(offsets.count)
        for row in 0..<count {
            if firstRows[row] < row {
                let range = formal.offsets[firstRows[row]]..<formal.offsets[firstRows[row] + 1]
                for place in range { formal.bytes.append(formal.bytes[place]) }
                formal.offsets.append(formal.bytes.count)
            } else {
                withRow(row) { name in
                    if let names = Nickname.formalNames(ofShort: Array(name)) {
                        formal.append(words: names)
                    } else {
                        formal.bytes.append(contentsOf: name)
                        formal.offsets.append(formal.bytes.count)
                    }
                }
            }
        }
        return formal
    }

    /// The names of several columns together; missing where fewer than two are there.
    static func together(_ columns: [NormalColumn]) -> NormalColumn {
        var result = NormalColumn(emptyRows: 0)
        let rows = columns.first?.count ?? 0
        result.bytes.reserveCapacity(columns.reduce(rows) { $0 + $1.bytes.count })
        result.offsets.reserveCapacity(rows + 1)
        for row in 0..<rows {
            var words = 0
            for column in columns where !column.isEmpty(row) { words += 1 }
            if words >= 2 {
                var isFirst = true
                for column in columns where !column.isEmpty(row) {
                    if !isFirst { result.bytes.append(0) }
                    column.withRow(row) { result.bytes.append(contentsOf: $0) }
                    isFirst = false
                }
            }
            result.offsets.append(result.bytes.count)
        }
        return result
    }

    /// Appends values of one kind in their normal form and counts the rules that spoke.
    ///
    /// - Postcondition: Names and text are folded; a date is `yyyymmdd`, or
    ///   what ``DateParts`` says of one with a part that cannot be used; a postcode has its space;
    ///   a temporary UPN is missing.
    ///
    /// - Parameters:
    ///   - values: The values as given.
    ///   - rows: Which of them, in this order.
    ///   - kind: What they are.
    ///   - tally: Where the rules are counted.
    mutating func append(
        _ values: [String?], rows: some Collection<Int>, kind: EncodingSpecification.Kind,
        tally: inout RuleTally
    ) {
        offsets.reserveCapacity(offsets.count + rows.count)
        var form = NormalForm()
        for row in rows {
            let text = values[row] ?? ""
            let rule: IdentifierRule?
            switch kind {
            case .name: rule = form.append(name: text, to: &bytes)
            case .text: rule = form.append(text: text, to: &bytes)
            case .code: rule = Self.append(code: text, upper: true, to: &bytes)
            case .localID: rule = Self.append(code: text, upper: false, to: &bytes)
            case .dateOfBirth: rule = append(birthDate: text, &tally)
            case .postcode:
                rule = append(Postcode.read(text)) { postcode, bytes in
                    bytes.append(contentsOf: postcode.outward.utf8)
                    bytes.append(0x20)
                    bytes.append(contentsOf: postcode.inward.utf8)
                }
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

    /// Appends a whole date, or else the parts that can be used of one.
    private mutating func append(birthDate text: String, _ tally: inout RuleTally)
        -> IdentifierRule?
    {
        let rule = append(BirthDate.read(text), DateParts.append)
        guard rule == .birthDateShape else { return rule }
        let parts = PartialBirthDate.read(text)
        for rule in parts.value?.rules ?? [] { tally.add(rule) }
        return append(parts, DateParts.append)
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

extension Int {
    /// The smallest power of two that is not less.
    fileprivate var nextPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
