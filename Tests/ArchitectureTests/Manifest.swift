import Foundation

/// A target of the package as `Package.swift` declares it.
struct DeclaredTarget: Equatable {
    var name: String
    var dependencies: [String]
    var isTest = false
}

/// Reads the targets out of the text of `Package.swift`.
///
/// The manifest is written with a small vocabulary (`library`, `tests`,
/// `.executableTarget`, `.target`, `.systemLibrary`), so that a scan for balanced
/// parentheses is enough; a construct outside it gives no target, which
/// `everyFolderIsATarget` then reports.
enum Manifest {
    /// Products of other packages, by the constant that names them in the manifest.
    static let products = [
        "argumentParser": "ArgumentParser", "crypto": "Crypto", "grdb": "GRDB",
        "logging": "Logging", "yams": "Yams",
    ]

    static func targets(_ manifest: String) -> [DeclaredTarget] {
        let code = manifest.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
            .joined(separator: "\n")
        guard let start = code.range(of: "\n    targets: [") else { return [] }
        let body = code[start.upperBound...]
        let kinds = ["library", "tests", ".executableTarget", ".target", ".systemLibrary"]
        var found: [DeclaredTarget] = []
        var rest = body
        while let open = rest.firstIndex(of: "(") {
            let word = String(
                rest[..<open].reversed().prefix { $0.isLetter || $0 == "." }.reversed())
            guard kinds.contains(word), let close = closing(rest, open) else {
                rest = rest[rest.index(after: open)...]
                continue
            }
            if let target = target(word, String(rest[rest.index(after: open)..<close])) {
                found.append(target)
            }
            rest = rest[rest.index(after: close)...]
        }
        return found
    }

    private static func target(_ word: String, _ arguments: String) -> DeclaredTarget? {
        guard let name = strings(arguments).first else { return nil }
        var dependencies: [String] = []
        if word != ".systemLibrary", let open = arguments.firstIndex(of: "["),
            let close = closing(arguments[...], open)
        {
            let list = String(arguments[open...close])
            dependencies = strings(list)
            let words = list.split { !($0.isLetter || $0.isNumber) }.map(String.init)
            dependencies += words.compactMap { products[$0] }
        }
        return DeclaredTarget(name: name, dependencies: dependencies, isTest: word == "tests")
    }

    private static func closing(_ text: Substring, _ open: Substring.Index) -> Substring.Index? {
        var depth = 0
        var quoted = false
        for index in text.indices[open...] {
            switch text[index] {
            case "\"": quoted.toggle()
            case "(" where !quoted, "[" where !quoted: depth += 1
            case ")" where !quoted, "]" where !quoted:
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }

    /// The texts between quotes, in order.
    private static func strings(_ text: String) -> [String] {
        text.components(separatedBy: "\"").enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    }
}

/// Where the package lies, and its files.
enum PackageFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func targets() throws -> [DeclaredTarget] {
        Manifest.targets(try text("Package.swift"))
    }

    /// The Swift files below `folder` by path, sorted.
    static func swift(below folder: String) throws -> [(path: String, text: String)] {
        let names = FileManager.default.enumerator(atPath: root.path + "/" + folder)
        return try (names?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".swift") }.sorted()
            .map { ("\(folder)/\($0)", try text("\(folder)/\($0)")) }
    }

    static func folders(below folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)
            .filter { !$0.hasPrefix(".") }.sorted()
    }
}
