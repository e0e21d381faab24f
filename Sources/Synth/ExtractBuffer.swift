import PipelineModel

/// How a source writes its files.
struct ExtractStyle {
    enum DateStyle { case iso, uk, compact }

    var dates = DateStyle.iso
    var carriageReturn = false
    var byteOrderMark = false
    var windows1252 = false
    var gzip = false
}

/// The bytes of one extract file while it is written.
struct ExtractBuffer {
    private(set) var bytes: [UInt8] = []
    private(set) var rows = 0
    let style: ExtractStyle
    private var startsRow = true

    init(_ style: ExtractStyle, header: String) {
        self.style = style
        if style.byteOrderMark { bytes += [0xef, 0xbb, 0xbf] }
        for name in header.split(separator: ",") { text(Array(name.utf8)) }
        endRow()
        rows = 0
    }

    private mutating func separate() {
        if startsRow { startsRow = false } else { bytes.append(UInt8(ascii: ",")) }
    }

    mutating func endRow() {
        if style.carriageReturn { bytes.append(13) }
        bytes.append(10)
        startsRow = true
        rows += 1
    }

    /// An empty field.
    mutating func empty() { separate() }

    /// A field that needs no quotes.
    mutating func text(_ field: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: field)
    }

    mutating func text(_ field: String) {
        separate()
        bytes.append(contentsOf: field.utf8)
    }

    mutating func byte(_ field: UInt8) {
        separate()
        bytes.append(field)
    }

    /// A letter and a number, such as a local identifier.
    mutating func code(_ letter: Character, _ number: Int) {
        separate()
        bytes.append(letter.asciiValue ?? 63)
        digits(number, width: 7)
    }

    mutating func number(_ value: Int, width: Int = 1) {
        separate()
        digits(value, width: width)
    }

    private mutating func digits(_ value: Int, width: Int) {
        var length = width
        var bound = 1
        for _ in 0..<width { bound *= 10 }
        while value >= bound {
            bound *= 10
            length += 1
        }
        var rest = value
        let start = bytes.count
        for _ in 0..<length { bytes.append(48) }
        for position in stride(from: start + length - 1, through: start, by: -1) {
            bytes[position] = 48 + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// A day as this source writes it.
    mutating func day(_ number: Int32) {
        separate()
        let (year, month, day) = Day(number).civil
        switch style.dates {
        case .iso:
            digits(year, width: 4)
            bytes.append(UInt8(ascii: "-"))
            digits(month, width: 2)
            bytes.append(UInt8(ascii: "-"))
            digits(day, width: 2)
        case .uk:
            digits(day, width: 2)
            bytes.append(UInt8(ascii: "/"))
            digits(month, width: 2)
            bytes.append(UInt8(ascii: "/"))
            digits(year, width: 4)
        case .compact: digits(year * 10_000 + month * 100 + day, width: 8)
        }
    }

    /// A point and nine digits after the number that was written last.
    mutating func appendFraction(_ billionths: Int) {
        bytes.append(UInt8(ascii: "."))
        digits(billionths, width: 9)
    }

    /// A field in quotes; its own quotes are doubled.
    mutating func quoted(_ field: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A name, in the encoding of the source, with a slip of the keyboard where `slip` asks for one.
    mutating func name(_ field: [UInt8], slip: Slip = .none) {
        separate()
        let start = bytes.count
        if style.windows1252 {
            var index = 0
            while index < field.count {
                let byte = field[index]
                if byte >= 0xc2, byte <= 0xc3, index + 1 < field.count {
                    // U+0080–U+00FF are one byte.
                    bytes.append((byte & 3) << 6 | field[index + 1] & 0x3f)
                    index += 1
                } else if byte == UInt8(ascii: "'") {
                    // The apostrophe that word processors make.
                    bytes.append(0x92)
                } else {
                    bytes.append(byte)
                }
                index += 1
            }
        } else {
            bytes.append(contentsOf: field)
        }
        slip.apply(to: &bytes, from: start)
    }
}

/// One slip of the keyboard in a field of at least three letters.
enum Slip {
    case none
    case swap(UInt64)
    case drop(UInt64)
    case double(UInt64)
    case replace(UInt64)

    init(_ random: inout SeededGenerator) {
        let word = random.next()
        switch random.below(4) {
        case 0: self = .swap(word)
        case 1: self = .drop(word)
        case 2: self = .double(word)
        default: self = .replace(word)
        }
    }

    /// Changes the bytes from `start` on; leaves accented letters whole.
    func apply(to bytes: inout [UInt8], from start: Int) {
        let length = bytes.count - start
        guard length >= 3 else { return }
        func place(_ word: UInt64) -> Int? {
            let index = start + 1 + Int(word % UInt64(length - 2))
            return bytes[index] < 0x80 && bytes[index + 1] < 0x80 ? index : nil
        }
        switch self {
        case .none: break
        case .swap(let word): if let index = place(word) { bytes.swapAt(index, index + 1) }
        case .drop(let word): if let index = place(word) { bytes.remove(at: index) }
        case .double(let word):
            if let index = place(word) { bytes.insert(bytes[index], at: index) }
        case .replace(let word):
            guard let index = place(word) else { return }
            switch bytes[index] {
            case 97...122: bytes[index] = 97 + UInt8((word >> 32) % 26)
            case 65...90: bytes[index] = 65 + UInt8((word >> 32) % 26)
            case 48...57: bytes[index] = 48 + UInt8((word >> 32) % 10)
            default: break
            }
        }
    }
}
