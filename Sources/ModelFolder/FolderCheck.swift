import Foundation
import Hashing
public import PipelineModel
import Scoring

/// What `check.py` does, with Stile's own scorer: digests, then every row of the test pack by
/// both equations.
public struct FolderCheck: Sendable, Equatable {
    /// A file and whether it is what the manifest says.
    public struct File: Sendable, Equatable {
        public enum State: String, Sendable {
            case whole = "ok"
            case changed, missing
            case unnamed = "not in the manifest"
        }
        public var name: String
        public var state: State
    }

    /// How the rows compare with one form of the equation.
    public struct Comparison: Sendable, Equatable {
        public var source: String
        public var rows: Int
        /// The largest relative difference, of the linear predictors and of the probabilities.
        public var largest: Double
        /// The row that has it.
        public var row: String
    }

    /// A difference up to this is rounding in another order.
    public static let tolerance = 1e-12

    public var model: String
    public var version: Int
    /// The SHA-256 of `manifest.json`: what the service would publish.
    public var manifest: ContentDigest
    public var files: [File]
    public var comparisons: [Comparison]
    /// A sentence for each thing that does not agree; empty where all does.
    public var faults: [String]

    /// Checks the folder at `path`.
    ///
    /// - Throws: `StileError` where it is no model's folder or cannot be read at all.
    public init(folderAt path: String) throws {
        let folder = try StoredModelFolder(at: path)
        model = folder.manifest.model
        version = folder.manifest.version
        manifest = ContentDigest.sha256(
            StoredModelFolder.bytes(path, FolderFile.Name.manifest) ?? [])
        files = Self.files(folder)
        comparisons = []
        faults = files.compactMap { file in
            switch file.state {
            case .whole: nil
            case .changed: "The file \(file.name) is not what the manifest says."
            case .missing: "The file \(file.name) is missing."
            case .unnamed: "The file \(file.name) is not in the manifest."
            }
        }
        if folder.equation.link != "logit" {
            faults.append("The link of equation.json is not logit.")
        }
        if folder.equation.specification != folder.manifest.specification {
            faults.append("equation.json is of another specification than the manifest.")
        }
        if let fit = folder.fit, !Self.agree(fit, folder.equation) {
            faults.append("coefficients.json and equation.json are not the same equation.")
        }
        if let fit = folder.fit { faults += Self.errorFaults(fit) }
        let pmml = try PMMLReader.equation(
            StoredModelFolder.text(path, FolderFile.Name.pmml),
            file: "\(path)/\(FolderFile.Name.pmml)")
        for (source, equation) in [
            (FolderFile.Name.equation, folder.equation.equation), (FolderFile.Name.pmml, pmml),
        ] {
            guard Set(equation.terms.map(\.name)) == Set(folder.pack.columns) else {
                faults.append("The columns of test-pack.csv are not the terms of \(source).")
                continue
            }
            let compared = try Self.compare(equation, folder.pack, source: source)
            comparisons.append(compared)
            if !(compared.largest <= Self.tolerance) {
                faults.append(
                    "Row \(compared.row) of test-pack.csv does not have the score that \(source) gives."
                )
            }
        }
    }

    /// Whether a name of a manifest lies in its folder.
    static func isInside(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("/")
            && !name.split(separator: "/", omittingEmptySubsequences: false)
                .contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }

    private static func files(_ folder: StoredModelFolder) -> [File] {
        var files = folder.manifest.files.map { file in
            let bytes =
                isInside(file.name) ? StoredModelFolder.bytes(folder.path, file.name) : nil
            let state: File.State =
                bytes.map { ContentDigest.sha256($0).hex == file.sha256 ? .whole : .changed }
                ?? .missing
            return File(name: file.name, state: state)
        }
        let named = Set(files.map(\.name) + [FolderFile.Name.manifest])
        let walk = FileManager.default.enumerator(atPath: folder.path)
        var others: [String] = []
        while let name = walk?.nextObject() as? String {
            var isFolder: ObjCBool = false
            guard !named.contains(name),
                FileManager.default.fileExists(
                    atPath: "\(folder.path)/\(name)", isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            others.append(name)
        }
        files += others.sorted().map { File(name: $0, state: .unnamed) }
        return files
    }

    private static func agree(_ fit: StoredFit, _ equation: StoredEquation) -> Bool {
        func pairs(_ names: [(String, Double)]) -> [String] {
            names.map { "\($0.0) \($0.1)" }.sorted()
        }
        return fit.intercept == equation.intercept
            && pairs(fit.terms.compactMap { term in term.coefficient.map { (term.name, $0) } })
                == pairs(equation.terms.map { ($0.name, $0.coefficient) })
    }

    private static func compare(_ equation: ScoringEquation, _ pack: TestPack, source: String)
        throws -> Comparison
    {
        let scored = try Scorer(model: equation).score(
            TestPack.matrix(pack.rows.map(\.values), columns: pack.columns))
        var comparison = Comparison(
            source: source, rows: pack.rows.count, largest: 0, row: pack.rows[0].name)
        for (index, row) in pack.rows.enumerated() {
            let scale = max(1, row.linearPredictor.magnitude)
            let sum = (scored.linearPredictor[index] - row.linearPredictor).magnitude / scale
            let chance = (scored.probability[index] - row.probability).magnitude
            let relative =
                row.probability > 0
                ? chance / (scale * row.probability) : chance > 0 ? .infinity : 0
            let difference = max(sum, relative)
            if !(difference <= comparison.largest) {
                comparison.largest = difference
                comparison.row = row.name
            }
        }
        return comparison
    }
}

extension FolderCheck {
    public var agrees: Bool { faults.isEmpty }

    /// The check as text for the terminal.
    public var text: String {
        var lines = [
            "\(model), version \(version)", "manifest.json has the SHA-256 \(manifest.hex)", "",
        ]
        lines += files.map { "  \($0.name): \($0.state.rawValue)" }
        lines += [""]
        lines += comparisons.map {
            "  \($0.source): \($0.rows) rows, largest relative difference \(Decimals.significant($0.largest, digits: 3)) (row \($0.row))"
        }
        lines += [""] + faults
        if agrees { lines.append("All agrees.") }
        return lines.joined(separator: "\n")
    }
}
