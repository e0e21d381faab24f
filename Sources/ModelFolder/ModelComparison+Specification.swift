extension ModelComparison {
    /// A file of the specification that is not the same in both, as a person reads it.
    public struct FileChange: Sendable, Equatable, Codable {
        /// Below `specification/`.
        public var file: String
        /// In the order of the first; empty lines are left out.
        public var removed: [Line]
        /// In the order of the second; empty lines are left out.
        public var added: [Line]
    }

    /// A line of one of the two files.
    public struct Line: Sendable, Equatable, Codable {
        /// 1 is the first.
        public var line: Int
        public var text: String
    }

    /// The lines in which the files of two specifications differ.
    ///
    /// - Parameters:
    ///   - before: The files of the first by their names below `specification/`.
    ///   - after: Those of the second.
    static func changes(
        _ before: [String: String], _ after: [String: String]
    ) -> [FileChange] {
        Set(before.keys).union(after.keys).sorted().compactMap { file in
            let (old, new) = (lines(before[file]), lines(after[file]))
            var change = FileChange(file: file, removed: [], added: [])
            for step in new.difference(from: old) {
                switch step {
                case .remove(let offset, let text, _):
                    change.removed.append(Line(line: offset + 1, text: text))
                case .insert(let offset, let text, _):
                    change.added.append(Line(line: offset + 1, text: text))
                }
            }
            // Removals come from the last to the first.
            change.removed = told(change.removed)
            change.added = told(change.added)
            return change.removed.isEmpty && change.added.isEmpty ? nil : change
        }
    }

    private static func lines(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func told(_ lines: [Line]) -> [Line] {
        lines.filter { !$0.text.allSatisfy(\.isWhitespace) }.sorted { $0.line < $1.line }
    }

    /// What the two fits say of themselves, in numbers.
    static func fitFigures(_ before: StoredFit?, _ after: StoredFit?) -> [Figure] {
        let rows: [(String, String, (StoredFit) -> Double?)] = [
            ("rows", "rows fitted on", { $0.rows.map(Double.init) }),
            ("events", "events among them", { $0.events.map(Double.init) }),
            ("strength", "λ of the penalty", { $0.penalty?.strength }),
        ]
        return rows.compactMap { name, title, value in
            let (left, right) = (before.flatMap(value), after.flatMap(value))
            return left == nil && right == nil
                ? nil : Figure(name: name, title: title, before: left, after: right)
        }
    }
}

extension StoredModelFolder {
    /// The files of the specification by their names below `specification/`.
    func specificationTexts() throws -> [String: String] {
        let prefix = FolderFile.Name.specification + "/"
        var texts: [String: String] = [:]
        for file in manifest.files
        where file.name.hasPrefix(prefix) && FolderCheck.isInside(file.name) {
            texts[String(file.name.dropFirst(prefix.count))] = try Self.text(path, file.name)
        }
        return texts
    }
}
