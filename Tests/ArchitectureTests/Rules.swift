import Foundation

/// The rules of the architecture, each a function from text to the faults in it, so
/// that a test can plant a fault and see it found.
enum Rules {
    // MARK: Imports

    /// Modules that any target may import, and who alone may import the others.
    static let anyone: Set<String> = ["Foundation", "FoundationEssentials", "Synchronization"]
    static let onlyImporters: [String: Set<String>] = [
        "GRDB": ["Storage"],
        "Yams": ["StrictYAML"],
        "CLinearAlgebra": ["LinearAlgebra"],
        "CRowKernels": ["LinearAlgebra"],
        "CZlib": ["Tabular"],
        "CBitKernels": ["Linkage", "Attack", "Pseudonymise"],
        "ArgumentParser": ["stile"],
        "Logging": ["stile"],
        "Dispatch": ["LinearAlgebra", "Linkage", "Scoring", "stile"],
        // The mathematics of the C library, where Foundation is not wanted, and its wiping of bytes.
        "Glibc": ["PipelineModel", "Hashing"], "Musl": ["PipelineModel"],
        "Darwin": ["PipelineModel"],
        // The C code under Crypto, which is no product of its own.
        "CCryptoBoringSSL": ["Hashing"],
        "Crypto": [
            "Hashing", "Attestation", "Sealing", "ClericalReview", "Pseudonymise", "Linkage",
            "EthicsGate", "Release", "ReleaseZone",
        ],
    ]
    /// The modules that a file imports; what stands in a literal of several lines is no import.
    static func imports(_ text: String) -> [String] {
        var literal = false
        return text.split(separator: "\n").compactMap { line in
            let marks = line.components(separatedBy: "\"\"\"").count - 1
            defer { if !marks.isMultiple(of: 2) { literal.toggle() } }
            if literal { return nil }
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first,
                first.hasPrefix("@")
                    || ["public", "package", "internal", "private", "fileprivate"].contains(first)
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let module = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
            return module.split(separator: ".").first.map(String.init)
        }
    }

    static func forbiddenImports(
        _ path: String, _ text: String, of target: DeclaredTarget, own: Set<String>
    ) -> [String] {
        imports(text).compactMap { module in
            if anyone.contains(module) { return nil }
            let declared = target.dependencies.contains(module)
            if let importers = onlyImporters[module] {
                let known = own.contains(module) || Manifest.products.values.contains(module)
                if importers.contains(target.name) && (declared || !known) { return nil }
            } else if own.contains(module), declared {
                return nil
            }
            return "\(path): \(target.name) may not import \(module)"
        }
    }

    // MARK: Reach

    static let blind = [
        "Linkage", "Features", "Modelling", "Evaluation", "Scoring", "ModelFolder", "EthicsGate",
        "LinkingZone", "ClericalReview",
    ]
    static let seeing: Set<String> = [
        "Intake", "Identifiers", "Pseudonymise", "SourceZone", "Release", "ReleaseZone", "Synth",
        "NameTables", "Attack",
    ]

    /// Everything that `name` reaches, itself left out.
    static func reach(_ name: String, _ targets: [DeclaredTarget]) -> Set<String> {
        let graph = Dictionary(targets.map { ($0.name, $0.dependencies) }) { first, _ in first }
        var found: Set<String> = []
        var open = graph[name] ?? []
        while let next = open.popLast() {
            if found.insert(next).inserted { open += graph[next] ?? [] }
        }
        return found
    }

    static func breaches(_ targets: [DeclaredTarget]) -> [String] {
        var faults: [String] = []
        for name in blind {
            for seen in reach(name, targets).intersection(seeing).sorted() {
                faults.append("\(name) reaches \(seen)")
            }
        }
        for target in targets
        where !target.isTest && !["ReleaseZone", "stile"].contains(target.name)
            && reach(target.name, targets).contains("Release")
        {
            faults.append("\(target.name) reaches Release")
        }
        for target in targets where reach(target.name, targets).contains(target.name) {
            faults.append("\(target.name) depends on itself")
        }
        return faults
    }

    // MARK: Text

    static let longestFile = 500

    static func textFaults(_ path: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var faults =
            lines.count - 1 > longestFile ? ["\(path): more than \(longestFile) lines"] : []
        var literal = false
        for (number, line) in lines.enumerated() {
            let marks = line.components(separatedBy: "\"\"\"").count - 1
            defer { if !marks.isMultiple(of: 2) { literal.toggle() } }
            if literal { continue }
            let code = bare(String(line))
            for part in ["try!", "as!", "fatalError("] where code.contains(part) {
                faults.append("\(path):\(number + 1): \(part)")
            }
            if hasForceUnwrap(code) { faults.append("\(path):\(number + 1): forced unwrap") }
        }
        return faults
    }

    /// The line without the texts between quotes and without its comment.
    private static func bare(_ line: String) -> String {
        var result = ""
        var quoted = false
        var escaped = false
        for character in line {
            if quoted {
                if escaped {
                    escaped = false
                } else if character == "\\" {
                    escaped = true
                } else if character == "\"" {
                    quoted = false
                }
                continue
            }
            if character == "\"" { quoted = true }
            result.append(character)
            if result.hasSuffix("//") { return String(result.dropLast(2)) }
        }
        return result
    }

    /// An exclamation mark right after a name, a bracket or a question mark, and no `=` after it.
    private static func hasForceUnwrap(_ code: String) -> Bool {
        let characters = Array(code)
        for (index, character) in characters.enumerated().dropFirst() where character == "!" {
            let before = characters[index - 1]
            let after = index + 1 < characters.count ? characters[index + 1] : " "
            let keyword = ["try", "as"].contains {
                code.prefix(upTo: code.index(code.startIndex, offsetBy: index)).hasSuffix($0)
            }
            if !keyword, after != "=",
                before.isLetter || before.isNumber || [")", "]", "_", "?", "`"].contains(before)
            {
                return true
            }
        }
        return false
    }
}
