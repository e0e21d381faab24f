import Foundation
import Hashing
import ModelFolder
import PipelineModel
import TestSupport
import Testing

/// The same folders, good and damaged, before Stile's check and before `check.py`.
@Suite struct FolderCheckTests {
    /// What is done to a folder, and a part of the sentence that must come of it; none where it
    /// must pass.
    enum Damage: String, CaseIterable, Sendable {
        case none, missing, changedText, extra, coefficient, pmmlCoefficient, testPack, otherFit
        case standardError, noCovariance

        var sentence: String? {
            switch self {
            case .none: nil
            case .missing: "The file card.md is missing"
            case .changedText: "The file card.md is not what the manifest says."
            case .extra: "The file people.csv is not in the manifest."
            case .coefficient: "does not have the score that equation.json gives."
            case .pmmlCoefficient: "does not have the score that model.pmml gives."
            case .testPack: "Row random-7 of test-pack.csv does not have the score that"
            case .standardError:
                "The standard error of age_decades is not that of its covariance."
            case .noCovariance: "coefficients.json has standard errors without their covariance."
            case .otherFit: "coefficients.json and equation.json are not the same equation."
            }
        }

        func apply(to path: String) throws {
            func edit(_ name: String, _ change: (String) -> String) throws {
                let file = "\(path)/\(name)"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                let changed = change(text)
                try #require(changed != text)
                try changed.write(toFile: file, atomically: true, encoding: .utf8)
                guard self != .changedText else { return }
                // Whoever changes a file can change its digest too; the scores must tell.
                let manifest = try String(
                    contentsOfFile: "\(path)/manifest.json", encoding: .utf8)
                try manifest.replacing(
                    ContentDigest.sha256(text).hex, with: ContentDigest.sha256(changed).hex
                ).write(toFile: "\(path)/manifest.json", atomically: true, encoding: .utf8)
            }
            switch self {
            case .none: break
            case .missing: try FileManager.default.removeItem(atPath: "\(path)/card.md")
            case .changedText: try edit("card.md") { $0 + "Approved.\n" }
            case .extra:
                try "name\n".write(
                    toFile: "\(path)/people.csv", atomically: true, encoding: .utf8)
            case .coefficient:
                try edit("equation.json") { $0.replacing("0.1875", with: "0.1874999999") }
            case .pmmlCoefficient:
                try edit("model.pmml") { $0.replacing("0.1875", with: "0.1874999999") }
            case .testPack:
                try edit("test-pack.csv") { text in
                    text.split(separator: "\n").map { line in
                        guard line.hasPrefix("random-7,") else { return String(line) }
                        var cells = line.split(separator: ",").map(String.init)
                        let chance = Double(cells[cells.count - 1]) ?? 0
                        cells[cells.count - 1] = (chance * (1 + 1e-11)).description
                        return cells.joined(separator: ",")
                    }.joined(separator: "\n") + "\n"
                }
            case .standardError:
                try edit("coefficients.json") {
                    $0.replacing("\"standard_error\":0.05", with: "\"standard_error\":0.0500001")
                }
            case .noCovariance:
                try edit("coefficients.json") { $0.replacing("\"covariance\"", with: "\"other\"") }
            case .otherFit:
                try edit("coefficients.json") { $0.replacing("0.1875", with: "0.2") }
            }
        }
    }

    private func folder(_ damage: Damage, in place: TemporaryFolder) throws -> String {
        let path = try MadeModel.write(MadeModel.model(), to: place, as: damage.rawValue)
        try damage.apply(to: path)
        return path
    }

    @Test(arguments: Damage.allCases) func stileSeesIt(_ damage: Damage) throws {
        let place = TemporaryFolder("check")
        let check = try FolderCheck(folderAt: folder(damage, in: place))
        #expect(check.agrees == (damage.sentence == nil), "\(check.faults)")
        if let sentence = damage.sentence {
            #expect(check.faults.contains { $0.contains(sentence.dropLast()) }, "\(check.faults)")
        }
        if damage == .none {
            #expect(check.comparisons.map(\.largest) == [0, 0])
            #expect(check.comparisons.map(\.rows) == [110, 110])
        }
    }

    private static let python =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
        || ["/usr/local/bin", "/opt/homebrew/bin"].contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/python3")
        }

    @Test(
        .enabled(if: python, "there is no python3 on this machine to run check.py"),
        arguments: Damage.allCases)
    func theScriptSeesItWithoutStile(_ damage: Damage) throws {
        let place = TemporaryFolder("script")
        let path = try folder(damage, in: place)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Isolated: no other module of the machine may be used.
        process.arguments = ["python3", "-I", "\(path)/check.py"]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let out = String(
            decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == (damage.sentence == nil ? 0 : 1), "\(out)")
        #expect(out.contains(damage.sentence ?? "All agrees."), "\(out)")
        #expect(!out.contains("Traceback"))
        if damage == .none {
            // Python's exponential may round otherwise than Stile's.
            let found = out.matches(of: #/110 rows, largest relative difference (\S+)/#)
                .compactMap { Double($0.1) }
            #expect(found.count == 2 && found.allSatisfy { $0 < 1e-14 }, "\(out)")
        }
    }

    @Test func whatIsPublishedIsWholeWithoutTheEvaluation() throws {
        let place = TemporaryFolder("public")
        let path = try MadeModel.write(MadeModel.model(), to: place, as: "made")
        let folder = try StoredModelFolder(at: path)
        for file in try folder.filesForPublication() {
            try place.write(file.bytes, to: "given/\(file.name)")
        }
        let given = "\(place.path)/given"
        let check = try FolderCheck(folderAt: given)
        #expect(check.faults == [])
        #expect(check.files.count == folder.manifest.files.count - 1)
        #expect(!FileManager.default.fileExists(atPath: "\(given)/evaluation.json"))
        let comparison = try ModelComparison(folder, StoredModelFolder(at: given))
        #expect(comparison.probabilities.largest == 0 && comparison.coefficients.isEmpty)
    }

    @Test func aFolderOfSomethingElseIsRefused() throws {
        let place = TemporaryFolder("other")
        #expect(throws: StileError.self) { try FolderCheck(folderAt: place.path) }
        try place.write("{}", to: "manifest.json")
        let error = #expect(throws: StileError.self) { try FolderCheck(folderAt: place.path) }
        #expect(error?.code == .integrity)
    }

    @Test func aManifestReachesNothingOutsideItsFolder() throws {
        let place = TemporaryFolder("outside")
        let path = try MadeModel.write(MadeModel.model(), to: place, as: "made")
        try place.write("secret", to: "secret.txt")
        let manifest = try String(contentsOfFile: "\(path)/manifest.json", encoding: .utf8)
            .replacing("\"card.md\"", with: "\"../secret.txt\"")
        try place.write(manifest, to: "made/manifest.json")
        let folder = try StoredModelFolder(at: path)
        #expect(throws: StileError.self) { try folder.files() }
        #expect(
            try FolderCheck(folderAt: path).faults.contains("The file ../secret.txt is missing."))
    }
}

@Suite struct ModelComparisonTests {
    private func stored(_ model: PublishedModel, _ name: String, _ place: TemporaryFolder) throws
        -> StoredModelFolder
    {
        try StoredModelFolder(at: MadeModel.write(model, to: place, as: name))
    }

    @Test func aModelDoesNotDifferFromItself() throws {
        let place = TemporaryFolder("same")
        let folder = try stored(MadeModel.model(), "a", place)
        let comparison = try ModelComparison(folder, folder)
        #expect(comparison.sameSpecification && comparison.coefficients.isEmpty)
        #expect(comparison.unchangedTerms == 3 && comparison.inputs.isEmpty)
        #expect(comparison.probabilities.largest == 0 && comparison.probabilities.rows == 220)
        #expect(comparison.specificationChanges.isEmpty)
        #expect(comparison.fit.map(\.before) == [4_000, 700])
        #expect(comparison.text.contains("rows fitted on: 4,000 → 4,000"))
        #expect(comparison.text.contains("data: the same digests"))
        #expect(comparison.text.contains("Rows tested: 1,000 → 1,000"))
        #expect(comparison.text.contains("Brier score: 0.110000 → 0.110000"))
    }

    @Test func whatDiffersIsNamedWithItsSize() throws {
        let place = TemporaryFolder("two")
        let before = try stored(MadeModel.model(), "a", place)
        var equation = MadeModel.equation
        equation.terms[0].coefficient = 0.2875
        equation.terms[2] = .init(name: "new", coefficient: 2, mean: 0.5)
        var development = MadeModel.development()
        development.matrix.columns[2] = "new"
        development.snapshot[0] = .init(
            name: "facts gp.patients", digest: ContentDigest.sha256("later"))
        var model = MadeModel.model(equation, development: development)
        model.specification = ContentDigest.sha256("another")
        let after = try stored(model, "b", place)
        let comparison = try ModelComparison(before, after)
        #expect(!comparison.sameSpecification)
        #expect(comparison.coefficients.map(\.kind) == [.changed, .removed, .added])
        #expect(comparison.coefficients.map(\.name) == ["age_decades", "carer", "new"])
        // 0.1 ÷ √(0.05² + 0.05²) = √2.
        let size = try #require(comparison.coefficients[0].inStandardErrors)
        #expect((size - 2.0.squareRoot()).magnitude < 1e-12)
        #expect(comparison.unchangedTerms == 1)
        #expect(comparison.inputs.map(\.name) == ["facts gp.patients"])
        #expect(comparison.evaluation.first { $0.name == "discrimination" }?.after == 0.71)
        let chances = comparison.probabilities
        #expect(chances.largest > 0.1 && chances.mean > 0 && chances.mean < chances.largest)
        #expect(((chances.before - chances.after).magnitude - chances.largest).magnitude < 1e-15)
        #expect(comparison.text.contains("removed carer: -0.3 → ") == false)
        #expect(comparison.text.contains("removed carer: -0.3"))
        #expect(try String(decoding: comparison.json, as: UTF8.self).contains("in_standard_errors"))
    }

    /// What was written otherwise is told line by line.
    @Test func theSpecificationsAreComparedByLine() throws {
        let place = TemporaryFolder("specified")
        var (first, second) = (MadeModel.model(), MadeModel.model())
        second.specification = ContentDigest.sha256("another")
        first.specificationFiles = [
            FolderFile("model.yaml", text: "model: made\nlist:\n  size: 50\nfit: {method: irls}\n"),
            FolderFile("tests.yaml", text: "people: []\n"),
        ]
        second.specificationFiles = [
            FolderFile(
                "features.yaml", text: "features: []\n"),
            FolderFile(
                "model.yaml", text: "model: made\n\nlist:\n  size: 80\nfit: {method: irls}\n"),
        ]
        let comparison = try ModelComparison(
            stored(first, "a", place), stored(second, "b", place))
        let changes = comparison.specificationChanges
        #expect(changes.map(\.file) == ["features.yaml", "model.yaml", "tests.yaml"])
        func told(_ lines: [ModelComparison.Line]) -> [String] {
            lines.map { "\($0.line): \($0.text)" }
        }
        #expect(changes.map { told($0.removed) } == [[], ["3:   size: 50"], ["1: people: []"]])
        #expect(changes.map { told($0.added) } == [["1: features: []"], ["4:   size: 80"], []])
        #expect(
            comparison.text.contains("  model.yaml:\n    − 3:   size: 50\n    + 4:   size: 80"))
        #expect(
            try String(decoding: comparison.json, as: UTF8.self).contains("specification_changes"))
    }

    @Test func modelsWithoutStandardErrorsCompareToo() throws {
        let place = TemporaryFolder("penalised")
        var equation = MadeModel.equation
        equation.intercept = -2
        let before = try stored(MadeModel.model(errors: false), "a", place)
        let after = try stored(MadeModel.model(equation, errors: false), "b", place)
        let comparison = try ModelComparison(before, after)
        #expect(comparison.coefficients.map(\.name) == ["(intercept)"])
        #expect(comparison.coefficients[0].inStandardErrors == nil)
        #expect(comparison.unchangedTerms == 3)
    }
}
