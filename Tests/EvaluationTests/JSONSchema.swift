import Foundation

/// JSON as it was written.
enum JSONNode: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([String: JSONNode])

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            self = .null
        } else if let value = try? box.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? box.decode(Double.self) {
            self = .number(value)
        } else if let value = try? box.decode(String.self) {
            self = .text(value)
        } else if let value = try? box.decode([JSONNode].self) {
            self = .list(value)
        } else {
            self = .object(try box.decode([String: JSONNode].self))
        }
    }

    subscript(key: String) -> JSONNode? {
        if case .object(let entries) = self { entries[key] } else { nil }
    }
}

/// As much of JSON Schema 2020-12 as the schemas of docs/schemas use; what it does not know it
/// refuses, so that nothing in them goes unchecked.
struct JSONSchema {
    let root: JSONNode

    /// What is wrong with `value`, each with its path.
    func faults(_ value: JSONNode) -> [String] { faults(value, root, at: "$") }

    private static let silent: Set = ["$schema", "$defs", "title", "description"]

    private func faults(_ value: JSONNode, _ schema: JSONNode, at path: String) -> [String] {
        guard case .object(let rules) = schema else { return ["\(path): no schema"] }
        return rules.keys.sorted().filter { !Self.silent.contains($0) }.flatMap { rule in
            faults(value, rule, rules[rule] ?? .null, rules, at: path)
        }
    }

    private func faults(
        _ value: JSONNode, _ rule: String, _ asked: JSONNode, _ rules: [String: JSONNode],
        at path: String
    ) -> [String] {
        switch (rule, asked) {
        case ("$ref", .text(let name)):
            guard let named = root["$defs"]?[String(name.dropFirst("#/$defs/".count))] else {
                return ["\(path): no \(name)"]
            }
            return faults(value, named, at: path)
        case ("type", .text(let type)):
            return Self.isOf(type, value) ? [] : ["\(path): not \(type)"]
        case ("const", _): return value == asked ? [] : ["\(path): not the constant"]
        case ("enum", .list(let allowed)):
            return allowed.contains(value) ? [] : ["\(path): not one of the enum"]
        case ("anyOf", .list(let schemas)):
            return schemas.contains { faults(value, $0, at: path).isEmpty }
                ? [] : ["\(path): none of anyOf"]
        case ("properties", .object(let properties)):
            return properties.keys.sorted().flatMap { key in
                value[key].map { faults($0, properties[key] ?? .null, at: "\(path).\(key)") } ?? []
            }
        case ("required", .list(let keys)):
            return keys.compactMap { key in
                guard case .text(let key) = key, value[key] == nil else { return nil }
                return "\(path): no \(key)"
            }
        case ("additionalProperties", .bool(false)):
            guard case .object(let entries) = value else { return [] }
            return entries.keys.sorted().filter { rules["properties"]?[$0] == nil }.map {
                "\(path): has \($0)"
            }
        case ("items", _):
            guard case .list(let items) = value else { return [] }
            return items.enumerated().flatMap { faults($1, asked, at: "\(path)[\($0)]") }
        case ("minimum", .number(let least)):
            if case .number(let number) = value, number < least { return ["\(path): too small"] }
            return []
        case ("maximum", .number(let most)):
            if case .number(let number) = value, number > most { return ["\(path): too large"] }
            return []
        case ("minLength", .number(let least)):
            if case .text(let text) = value, Double(text.count) < least {
                return ["\(path): too short"]
            }
            return []
        default: return ["\(path): the rule \(rule) is not known here"]
        }
    }

    private static func isOf(_ type: String, _ value: JSONNode) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .list), ("string", .text), ("boolean", .bool),
            ("number", .number), ("null", .null):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
