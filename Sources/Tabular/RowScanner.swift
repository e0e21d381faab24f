/// Splits the bytes of one row into fields.
///
/// Its buffers are its own and are reused from row to row.
struct RowScanner: ~Copyable {
    enum Outcome {
        /// A row that ends before `next`.
        case row(next: Int)
        /// The bytes end before the row does.
        case incomplete(withinQuotes: Bool)
        /// A quote is still open where the file ends.
        case unclosedQuote
        /// A NUL byte, so many lines below the row's first.
        case nul(linesBelow: Int)
    }

    private(set) var fields: UnsafeMutablePointer<FieldRange>
    private var capacity = 64
    private(set) var count = 0
    /// The newlines that the row spans, its own included.
    private(set) var newlines = 0
    private(set) var strayField: Int?
    /// Whether any byte is not ASCII.
    private(set) var isWide = false
    private(set) var hasDoubledQuotes = false

    private let delimiter: UInt8
    /// Nonzero for bytes that may end an unquoted field.
    private let special: UnsafeMutablePointer<Bool>
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(delimiter: UInt8) {
        self.delimiter = delimiter
        fields = .allocate(capacity: 64)
        special = .allocate(capacity: 256)
        special.initialize(repeating: false, count: 256)
        for byte in [delimiter, Self.lineFeed, Self.carriageReturn, 0] { special[Int(byte)] = true }
    }

    deinit {
        fields.deallocate()
        special.deallocate()
    }

    /// Scans the row that begins at `start`.
    ///
    /// - Parameter isLast: Whether the file ends at `end`.
    mutating func scan(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isLast: Bool)
        -> Outcome
    {
        count = 0
        newlines = 0
        strayField = nil
        hasDoubledQuotes = false
        var seen: UInt8 = 0
        defer { isWide = seen >= 0x80 }
        let special = special
        let delimiter = delimiter
        var index = start
        while true {
            var range = FieldRange(start: index, end: index, doubledQuotes: false)
            if index < end, base[index] == Self.quote {
                index += 1
                range.start = index
                var isOpen = true
                while isOpen {
                    while index < end, base[index] != Self.quote {
                        let byte = base[index]
                        seen |= byte
                        index += 1
                        if byte == Self.lineFeed {
                            newlines += 1
                        } else if byte == Self.carriageReturn {
                            if index == end || base[index] != Self.lineFeed { newlines += 1 }
                        } else if byte == 0 {
                            return .nul(linesBelow: newlines)
                        }
                    }
                    guard index < end else {
                        return isLast ? .unclosedQuote : .incomplete(withinQuotes: true)
                    }
                    if index + 1 == end, !isLast { return .incomplete(withinQuotes: true) }
                    if index + 1 < end, base[index + 1] == Self.quote {
                        range.doubledQuotes = true
                        hasDoubledQuotes = true
                        index += 2
                    } else {
                        isOpen = false
                    }
                }
                range.end = index
                index += 1
                if index < end, !special[Int(base[index])], strayField == nil {
                    strayField = count
                }
                while index < end, !special[Int(base[index])] {
                    seen |= base[index]
                    index += 1
                }
            } else {
                while index < end {
                    let byte = base[index]
                    if special[Int(byte)] { break }
                    seen |= byte
                    index += 1
                }
                range.end = index
            }
            if count == capacity { grow() }
            fields[count] = range
            count += 1
            guard index < end else {
                return isLast ? .row(next: end) : .incomplete(withinQuotes: false)
            }
            let byte = base[index]
            index += 1
            if byte == delimiter { continue }
            if byte == 0 { return .nul(linesBelow: newlines) }
            newlines += 1
            guard byte == Self.carriageReturn else { return .row(next: index) }
            // Whether a line feed belongs to it shows only in the next byte.
            if index == end { return isLast ? .row(next: end) : .incomplete(withinQuotes: false) }
            return .row(next: base[index] == Self.lineFeed ? index + 1 : index)
        }
    }

    /// Makes each doubled quote one, in place.
    mutating func unescape(_ base: UnsafeMutablePointer<UInt8>) {
        for field in 0..<count where fields[field].doubledQuotes {
            var target = fields[field].start
            var index = fields[field].start
            while index < fields[field].end {
                base[target] = base[index]
                target += 1
                index += base[index] == Self.quote ? 2 : 1
            }
            fields[field].end = target
        }
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<FieldRange>.allocate(capacity: capacity * 2)
        larger.update(from: fields, count: count)
        fields.deallocate()
        fields = larger
        capacity *= 2
    }
}
