import PipelineModel

/// Reads JSON that was signed or sealed, and refuses whatever two readers could
/// understand in two ways.
///
/// Refused: a duplicated key, a byte order mark, a trailing comma, a second
/// document, bytes that are not UTF-8, a lone surrogate, NUL, a key that is not
/// ASCII, −0, a whole number beyond 64 bits, a fraction unless asked for, more than
/// ``depthLimit`` levels, and more bytes than the limit. Unknown keys are for the
/// caller (``JSONFields``) to refuse.
public struct StrictJSON {
    /// The deepest nesting that is read.
    public static let depthLimit = 32
    /// The size limit where the caller names none, in bytes.
    public static let sizeLimit = 1 << 20

    private let bytes: [UInt8]
    private let file: String
    private let decimals: Bool
    private var position = 0

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: The document, in UTF-8.
    ///   - file: What messages call the bytes.
    ///   - limit: The most bytes that are read.
    ///   - decimals: Whether a number may have a fraction or an exponent.
    /// - Throws: `StileError` with code `integrity`.
    public static func read(
        _ bytes: [UInt8], file: String, limit: Int = sizeLimit, decimals: Bool = false
    ) throws -> JSONValue {
        guard bytes.count <= limit else {
            throw StileError(
                .integrity, "The document is larger than \(limit) bytes.", at: .init(file: file),
                remedy: "Check that this is the right file.")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw StileError(
                .integrity, "The document is not UTF-8.", at: .init(file: file),
                remedy: "Use the file as it was written; do not save it with another program.")
        }
        var reader = StrictJSON(bytes: bytes, file: file, decimals: decimals)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else {
            throw reader.fault("something follows the end of the document")
        }
        return value
    }

    private init(bytes: [UInt8], file: String, decimals: Bool) {
        self.bytes = bytes
        self.file = file
        self.decimals = decimals
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ what: String) -> StileError {
        StileError(
            .integrity, "The JSON cannot be trusted: \(what).",
            at: .init(file: file, column: "byte \(position)"),
            remedy: "Use the file as Stile wrote it.")
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < Self.depthLimit else { throw fault("it is nested too deeply") }
        guard let first = next else { throw fault("it ends too early") }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("a value is expected")
        }
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws -> JSONValue {
        let end = position + text.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.utf8) else {
            throw fault("a value is expected")
        }
        position = end
        return value
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        var seen: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a key is expected") }
            let key = try string()
            guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw fault("a key is not plain ASCII")
            }
            guard seen.insert(key).inserted else { throw fault("the key “\(key)” stands twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("a colon is expected") }
            skipSpace()
            members.append(.init(key, try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault("a comma is expected") }
        }
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            skipSpace()
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw fault("a comma is expected") }
        }
    }

    private mutating func number() throws -> JSONValue {
        let start = position
        let negative = take(UInt8(ascii: "-"))
        let digits = try digitRun()
        if digits.count > 1 && digits.first == UInt8(ascii: "0") {
            throw fault("a number begins with zero")
        }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            guard decimals else { throw fault("a number is not whole") }
            if take(UInt8(ascii: ".")) { _ = try digitRun() }
            if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
                if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
                _ = try digitRun()
            }
            return .decimal(String(decoding: bytes[start..<position], as: UTF8.self))
        }
        guard let value = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw fault("a number is too large")
        }
        if negative && value == 0 { throw fault("zero has a sign") }
        return .integer(value)
    }

    private mutating func digitRun() throws -> ArraySlice<UInt8> {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw fault("a digit is expected") }
        return bytes[start..<position]
    }

    private mutating func string() throws -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a string holds a control character")
            default: text.append(byte)
            }
        }
        throw fault("it ends too early")
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = next else { throw fault("it ends too early") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xd800..<0xdc00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                    throw fault("a surrogate stands alone")
                }
                let low = try hexadecimal()
                guard (0xdc00..<0xe000).contains(low) else {
                    throw fault("a surrogate stands alone")
                }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard code != 0, let scalar = Unicode.Scalar(code) else {
                throw fault("a string holds NUL or a lone surrogate")
            }
            return Array(String(scalar).utf8)
        default: throw fault("an escape is unknown")
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("it ends too early") }
        var value: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("an escape is unknown")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
