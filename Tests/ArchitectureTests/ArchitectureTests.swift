import Foundation
import Testing

@Suite struct ArchitectureTests {
    @Test func importsAreOnTheAllowList() throws {
        let targets = try PackageFiles.targets()
        let own = Set(targets.map(\.name))
        var faults: [String] = []
        for target in targets where !target.isTest && target.name != "TestSupport" {
            for (path, text) in try PackageFiles.swift(below: "Sources/\(target.name)") {
                faults += Rules.forbiddenImports(path, text, of: target, own: own)
            }
        }
        #expect(faults == [])
    }

    @Test func theZonesCannotReachEachOther() throws {
        let targets = try PackageFiles.targets()
        #expect(Set(Rules.blind).union(Rules.seeing).isSubset(of: Set(targets.map(\.name))))
        #expect(Rules.breaches(targets) == [])
    }

    @Test func sourcesAreShortAndNeverForce() throws {
        let faults = try PackageFiles.swift(below: "Sources").flatMap(Rules.textFaults)
        #expect(faults == [])
    }

    @Test func everyFolderIsATarget() throws {
        let names = Set(try PackageFiles.targets().map(\.name))
        #expect(try PackageFiles.folders(below: "Sources").filter { !names.contains($0) } == [])
        #expect(try PackageFiles.folders(below: "Tests").filter { !names.contains($0) } == [])
    }

    @Test func theArchitecturePageNamesEveryStage() throws {
        let page = try PackageFiles.text("docs/Architecture.md")
        let stages = [
            "Intake", "Pseudonymise", "Linkage", "Features", "Modelling", "Evaluation", "Scoring",
            "EthicsGate", "Release",
        ]
        let table = page.split(separator: "\n").filter { $0.hasPrefix("|") }.joined()
        #expect(stages.filter { !table.contains("`\($0)`") } == [])
    }

    @Test func everyTestThatTheSecurityPropertiesNameIsThere() throws {
        let page = try PackageFiles.text("docs/Architecture.md")
        let section = try #require(page.components(separatedBy: "## Security properties").last)
        let tests = try PackageFiles.swift(below: "Tests").map(\.text).joined(separator: "\n")
        let named = section.matches(of: /`([A-Z][A-Za-z]*Tests)(?:\.([A-Za-z]+))?`/)
        #expect(named.count > 20)
        var absent: [String] = []
        for name in named {
            if !tests.contains(" \(name.1) ") { absent.append(String(name.1)) }
            if let test = name.2, !tests.contains("func \(test)(") { absent.append(String(test)) }
        }
        #expect(absent == [])
    }
}

@Suite struct ManifestTests {
    @Test func theManifestIsReadAsItIsWritten() throws {
        let targets = try PackageFiles.targets()
        let storage = try #require(targets.first { $0.name == "Storage" })
        #expect(
            storage.dependencies.contains("GRDB") && storage.dependencies.contains("PipelineModel"))
        let zone = try #require(targets.first { $0.name == "LinkingZone" })
        #expect(zone.dependencies.contains("Linkage") && zone.dependencies.contains("NightRun"))
        #expect(targets.first { $0.name == "PipelineModel" }?.dependencies == [])
        #expect(targets.first { $0.name == "CZlib" }?.dependencies == [])
        #expect(targets.first { $0.name == "StorageTests" }?.isTest == true)
        let command = try #require(targets.first { $0.name == "stile" })
        #expect(command.dependencies.contains("ArgumentParser"))
        #expect(command.dependencies.contains("ReleaseZone"))
        #expect(Set(targets.map(\.name)).count == targets.count)
    }

    @Test func aSmallManifest() {
        let manifest = """
            let package = Package(
                name: "x",
                targets: [
                    // library("Comment", ["A"]),
                    library("A"),
                    library(
                        "B", ["A", crypto]),
                    .systemLibrary(name: "C", providers: [.apt(["libc-dev"])]),
                    .executableTarget(name: "d", dependencies: ["B", logging], swiftSettings: s),
                    tests("ATests", ["A"]),
                ]
            )
            """
        #expect(
            Manifest.targets(manifest) == [
                DeclaredTarget(name: "A", dependencies: []),
                DeclaredTarget(name: "B", dependencies: ["A", "Crypto"]),
                DeclaredTarget(name: "C", dependencies: []),
                DeclaredTarget(name: "d", dependencies: ["B", "Logging"]),
                DeclaredTarget(name: "ATests", dependencies: ["A"], isTest: true),
            ])
    }
}

/// Each rule finds what it is there to find.
@Suite struct PlantedFaultTests {
    private let own: Set<String> = ["A", "B", "Intake", "Storage", "Linkage", "CBitKernels"]

    @Test(arguments: [
        ("import Intake", true), ("public import Intake", true), ("@testable import Intake", true),
        ("internal import struct Intake.Row", true), ("@preconcurrency public import GRDB", true),
        ("import GRDB", true), ("import Yams", true), ("import CBitKernels", true),
        ("import Glibc", true), ("import SwiftUI", true), ("import A", false),
        ("public import Foundation", false), ("  import A", false), ("// import Intake", false),
        ("let x = \"import Intake\"", false),
    ])
    func aForbiddenImport(_ line: String, _ forbidden: Bool) {
        let target = DeclaredTarget(name: "B", dependencies: ["A"])
        let found = Rules.forbiddenImports("b.swift", "let a = 1\n\(line)\n", of: target, own: own)
        #expect(found.isEmpty == !forbidden, "\(found)")
    }

    @Test func theOneImporterMayAndOnlyIfItSaysSo() {
        let storage = DeclaredTarget(name: "Storage", dependencies: ["A", "GRDB"])
        #expect(Rules.forbiddenImports("s", "import GRDB", of: storage, own: own).isEmpty)
        let silent = DeclaredTarget(name: "Storage", dependencies: ["A"])
        #expect(!Rules.forbiddenImports("s", "import GRDB", of: silent, own: own).isEmpty)
        // Declared in the manifest is not enough for the others.
        let linkage = DeclaredTarget(name: "Linkage", dependencies: ["GRDB", "CBitKernels"])
        #expect(!Rules.forbiddenImports("s", "import GRDB", of: linkage, own: own).isEmpty)
        #expect(Rules.forbiddenImports("s", "import CBitKernels", of: linkage, own: own).isEmpty)
        // A program in a literal imports nothing here; what follows it does.
        let script = "let text = \"\"\"\n    import GRDB\n    \"\"\"\nimport Yams"
        #expect(Rules.imports(script) == ["Yams"])
    }

    @Test func aWayRoundThroughAnotherTarget() {
        let targets = [
            DeclaredTarget(name: "Features", dependencies: ["Helper"]),
            DeclaredTarget(name: "Helper", dependencies: ["Deeper"]),
            DeclaredTarget(name: "Deeper", dependencies: ["Intake"]),
            DeclaredTarget(name: "Intake", dependencies: []),
            DeclaredTarget(name: "Desk", dependencies: ["Release"]),
            DeclaredTarget(name: "ReleaseZone", dependencies: ["Release"]),
            DeclaredTarget(name: "Release", dependencies: ["Loop"]),
            DeclaredTarget(name: "Loop", dependencies: ["Loop"]),
        ]
        #expect(
            Rules.breaches(targets) == [
                "Features reaches Intake", "Desk reaches Release", "Loop depends on itself",
            ])
    }

    @Test(arguments: [
        ("let a = b!", true), ("let a = b()!.c", true), ("let a = b[0]!", true),
        ("try! run()", true), ("let a = b as! C", true), ("fatalError(\"no\")", true),
        ("var a: Int!", true), ("if a != b {", false), ("if !a {", false), ("// a!", false),
        ("let a = \"Stop!\"", false), ("let a = \"\\\"b!\"", false), ("guard !(a || !b)", false),
        ("a!=b", false),
    ])
    func aForcedUnwrap(_ line: String, _ forced: Bool) {
        #expect(Rules.textFaults("a.swift", line + "\n").isEmpty == !forced)
    }

    @Test func aFileThatIsTooLong() {
        let line = "let a = 1\n"
        let limit = String(repeating: line, count: Rules.longestFile)
        #expect(Rules.textFaults("a.swift", limit) == [])
        #expect(Rules.textFaults("a.swift", limit + line) == ["a.swift: more than 500 lines"])
    }

    @Test func aLiteralOverSeveralLinesIsNotCode() {
        #expect(Rules.textFaults("a", "let a = \"\"\"\nStop it!\n\"\"\"\n") == [])
        #expect(Rules.textFaults("a", "let a = \"\"\"\nStop it!\n\"\"\"\nb!\n").count == 1)
    }
}
