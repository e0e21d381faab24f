import PipelineModel

/// Any JSON, to read a few values of a document that another part of Stile wrote.
enum JSONTree: Decodable, Sendable {
    case object([String: JSONTree])
    case array([JSONTree])
    case number(Double)
    case string(String)
    case boolean(Bool)
    case null

    init?(_ bytes: [UInt8]) {
        // Names stay as they are written: the keys of a dictionary are not converted.
        guard let tree = CanonicalForm.value(JSONTree.self, bytes) else { return nil }
        self = tree
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            self = .null
        } else if let value = try? box.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? box.decode(Double.self) {
            self = .number(value)
        } else if let value = try? box.decode(String.self) {
            self = .string(value)
        } else if let value = try? box.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object(try box.decode([String: JSONTree].self))
        }
    }

    /// The value at a path of names with dots between them; `nil` where there is none.
    func value(at path: String) -> JSONTree? {
        var node = self
        for name in path.split(separator: ".") {
            guard case .object(let members) = node, let next = members[String(name)] else {
                return nil
            }
            node = next
        }
        return node
    }

    /// The number at a path; `nil` where there is none.
    func number(at path: String) -> Double? {
        if case .number(let value)? = value(at: path) { value } else { nil }
    }
}
