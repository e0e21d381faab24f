public import PipelineModel

/// Takes the keys of one object, each of the kind that it must be, and at the
/// end refuses every key that nobody asked for.
public struct JSONFields {
    private var members: [String: JSONValue] = [:]
    private var asked: Set<String> = []
    private let what: String
    private let file: String

    /// - Parameters:
    ///   - value: The JSON object.
    ///   - what: What the object is, for messages: "statement", "log leaf".
    ///   - file: What messages call the document.
    public init(_ value: JSONValue, what: String, file: String) throws {
        self.what = what
        self.file = file
        guard case .object(let list) = value else { throw fault("it is not an object") }
        for member in list { members[member.key] = member.value }
    }

    /// The error that says what is wrong with this object.
    public func fault(_ problem: String) -> StileError {
        StileError(
            .integrity, "The \(what) cannot be used: \(problem).", at: .init(file: file),
            remedy: "Use the file as Stile wrote it, with the release of Stile that wrote it.")
    }

    /// Whether the object has the key.
    public func has(_ key: String) -> Bool { members[key] != nil }

    /// The value of a key that must be there.
    public mutating func value(_ key: String) throws -> JSONValue {
        asked.insert(key)
        guard let value = members[key] else { throw fault("it has no “\(key)”") }
        return value
    }

    public mutating func string(_ key: String) throws -> String {
        guard case .string(let text) = try value(key) else {
            throw fault("“\(key)” is not a text")
        }
        return text
    }

    public mutating func integer(_ key: String) throws -> Int {
        guard case .integer(let number) = try value(key), let whole = Int(exactly: number) else {
            throw fault("“\(key)” is not a whole number")
        }
        return whole
    }

    public mutating func boolean(_ key: String) throws -> Bool {
        guard case .boolean(let flag) = try value(key) else {
            throw fault("“\(key)” is not true or false")
        }
        return flag
    }

    public mutating func array(_ key: String) throws -> [JSONValue] {
        guard case .array(let items) = try value(key) else { throw fault("“\(key)” is not a list") }
        return items
    }

    public mutating func object(_ key: String) throws -> JSONFields {
        try JSONFields(try value(key), what: what, file: file)
    }

    /// A list of texts.
    public mutating func strings(_ key: String) throws -> [String] {
        try array(key).map {
            guard case .string(let text) = $0 else {
                throw fault("“\(key)” is not a list of texts")
            }
            return text
        }
    }

    /// 64 hexadecimal digits in lower case.
    public mutating func digest(_ key: String) throws -> ContentDigest {
        guard let digest = ContentDigest(hex: try string(key)) else {
            throw fault("“\(key)” is not a SHA-256 in lower case")
        }
        return digest
    }

    /// Exactly `count` bytes in hexadecimal.
    public mutating func bytes(_ key: String, count: Int) throws -> [UInt8] {
        guard let bytes = Hex.decode(try string(key)), bytes.count == count else {
            throw fault("“\(key)” is not \(count) bytes in hexadecimal")
        }
        return bytes
    }

    /// Any number of bytes in canonical base64.
    public mutating func base64(_ key: String) throws -> [UInt8] {
        guard let bytes = CanonicalBase64.decode(try string(key)) else {
            throw fault("“\(key)” is not base64 in its one form")
        }
        return bytes
    }

    /// A time as ``Timestamp`` writes it.
    public mutating func timestamp(_ key: String) throws -> Timestamp {
        guard let time = Timestamp(try string(key)) else {
            throw fault("“\(key)” is not a time such as 2026-09-14T08:12:05Z")
        }
        return time
    }

    /// The keys and values that are texts, for objects whose keys are free.
    public mutating func texts() throws -> [String: String] {
        var texts: [String: String] = [:]
        for key in members.keys.sorted() { texts[key] = try string(key) }
        return texts
    }

    /// The keys and values that are whole numbers, for objects whose keys are free.
    public mutating func integers() throws -> [String: Int] {
        var numbers: [String: Int] = [:]
        for key in members.keys.sorted() { numbers[key] = try integer(key) }
        return numbers
    }

    /// Refuses every key that was never asked for.
    public func finish() throws {
        if let unknown = members.keys.filter({ !asked.contains($0) }).min() {
            throw fault("it has the unknown key “\(unknown)”")
        }
    }
}
