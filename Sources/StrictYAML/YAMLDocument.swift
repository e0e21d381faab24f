import Foundation
import PipelineModel
import Yams

/// Reads a YAML file with nothing left to interpretation: one document, no
/// duplicate keys, anchors, aliases or tags.
public enum YAMLDocument {
    /// The largest file that is read, in bytes.
    public static let sizeLimit = 1 << 20

    /// Reads the file at `path`.
    public static func read(fileAt path: String) throws -> YAMLNode {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StileError(
                .configuration, "The file cannot be read.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
        return try parse(Array(data), file: path)
    }

    /// Parses `bytes`; `file` is what messages call them.
    public static func parse(_ bytes: [UInt8], file: String) throws -> YAMLNode {
        guard bytes.count <= sizeLimit else {
            throw StileError(
                .configuration, "The file is larger than one mebibyte.", at: .init(file: file),
                remedy: "Configuration is small; check that this is the right file.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StileError(
                .configuration, "The file is not UTF-8.", at: .init(file: file),
                remedy: "Save it as UTF-8.")
        }
        let root: Node?
        do {
            root = try Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw fault(error, file: file)
        }
        guard let root else {
            throw StileError(
                .configuration, "The file is empty.", at: .init(file: file),
                remedy: "Write the configuration, or restore the file.")
        }
        return try node(root, file: file, depth: 0)
    }

    private static func node(_ node: Node, file: String, depth: Int) throws -> YAMLNode {
        let place = StileError.Place(
            file: file, line: node.mark?.line, column: node.mark.map { String($0.column) })
        func refused(_ what: String) -> StileError {
            StileError(
                .configuration, "\(what) not allowed here.", at: place,
                remedy: "Write the value out in full.")
        }
        guard depth < 32 else { throw refused("Nesting this deep is") }
        guard node.anchor == nil else { throw refused("Anchors and aliases are") }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(.scalar(scalar.string), place: place)
        case .sequence(let sequence):
            return YAMLNode(
                .sequence(try sequence.map { try self.node($0, file: file, depth: depth + 1) }),
                place: place)
        case .mapping(let mapping):
            let entries = try mapping.map { key, value in
                let name = try self.node(key, file: file, depth: depth + 1)
                guard case .scalar(let text) = name.content else {
                    throw refused("A key that is not a word is")
                }
                return YAMLNode.Entry(
                    key: text, place: name.place,
                    value: try self.node(value, file: file, depth: depth + 1))
            }
            return YAMLNode(.mapping(entries), place: place)
        case .alias:
            throw refused("Anchors and aliases are")
        }
    }

    private static func fault(_ error: YamlError, file: String) -> StileError {
        switch error {
        case .duplicatedKeysInMapping(let keys, let context):
            StileError(
                .configuration,
                "The key \(keys.map { "“\($0)”" }.joined(separator: ", ")) stands twice in one mapping.",
                at: .init(
                    file: file, line: context.mark.line, column: String(context.mark.column)),
                remedy: "Keep one of them.")
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            StileError(
                .configuration, "This is not YAML: \(problem).",
                at: .init(file: file, line: mark.line, column: String(mark.column)),
                remedy: "Mend the indentation or the quotes there.")
        default:
            StileError(
                .configuration, "This is not YAML.", at: .init(file: file),
                remedy: "Check that the file is a text file in YAML.")
        }
    }
}
