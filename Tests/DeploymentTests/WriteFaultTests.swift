import Foundation
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import SourceZone
import Storage
import TestSupport
import Testing

/// Both zones, composed as the program composes them, with a fault at each of their writes.
@Suite struct WriteFaultTests {
    private enum Which { case source, linking }

    private func hamlet() throws -> TemporaryFolder {
        let folder = TemporaryFolder("faults")
        try folder.write(Hamlet.source, to: "d/source/stile.yaml")
        try folder.write(Hamlet.linking, to: "d/linking/stile.yaml")
        try folder.write(Hamlet.model, to: "d/Models/hamlet/model.yaml")
        try folder.write(Hamlet.features, to: "d/Models/hamlet/features.yaml")
        for (name, text) in Hamlet.files(Hamlet.firstDay) {
            try folder.write(text, to: "d/source/drop/\(name)")
        }
        let path = "\(folder.path)/d"
        try SourceZone.makeKeyring(project: "hamlet", path: "\(path)/source/keys/project.keyring")
        try FileManager.default.createDirectory(
            atPath: "\(path)/Ethics", withIntermediateDirectories: true)
        try ReleaseZone.makeSamplePolicy(
            path: "\(path)/Ethics/policy.yaml", reviewers: "\(path)/reviewers",
            roles: ["information_governance", "practice_lead"], purposes: ["offer-early-help"],
            recipients: ["early-help-hub"], maximumRows: 100,
            linkingLogKey: LinkingZone.makeKeys(folder: "\(path)/linking").hex,
            release: ReleaseZone.makeKeys(folder: "\(path)/release"))
        try LinkingZone.beginLog(configuration: "\(path)/linking/stile.yaml")
        return folder
    }

    private func copy(_ folder: TemporaryFolder) throws -> TemporaryFolder {
        let copy = TemporaryFolder("fault")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cp", "-a", "\(folder.path)/d", "\(copy.path)/d"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return copy
    }

    private func run(_ zone: Which, _ folder: TemporaryFolder, _ fault: FaultyFileSystem? = nil)
        throws
    {
        var environment = NightEnvironment(version: "test", asOf: Hamlet.asOf(Hamlet.firstDay))
        if let fault { environment.fileSystem = fault }
        let outcome =
            switch zone {
            case .source:
                try SourceZone.night(
                    configuration: "\(folder.path)/d/source/stile.yaml", environment: environment)
            case .linking:
                try LinkingZone.night(
                    configuration: "\(folder.path)/d/linking/stile.yaml", environment: environment)
            }
        if let error = outcome.error { throw error }
    }

    /// What must not depend on how often the night was stopped.
    ///
    /// What is sealed has a secret of its own each time, so those files count by name alone.
    private func state(_ folder: TemporaryFolder) throws -> [String] {
        let path = "\(folder.path)/d"
        var lines: [String] = []
        for zone in [Zone.source, .linking] {
            let file = "\(path)/\(zone.rawValue)/state/\(zone.rawValue).sqlite"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let database = try ZoneDatabase(path: file, zone: zone)
            try database.verify()
            lines += try database.held(prefix: "").map { "\(zone) \($0.key) \($0.value.hex)" }
            lines += try database.deliveries(state: .accepted).map { "\(zone) \($0.file)" }
            lines += try database.lists().map { "\(zone) list \($0.id) \($0.state)" }
            lines += try database.pendingActs().map { "\(zone) owed \($0.act)" }
        }
        let walk = FileManager.default.enumerator(atPath: path)
        while let name = walk?.nextObject() as? String {
            if name.contains(".partial-") || name.hasSuffix(".ready") {
                lines.append("left \(name)")
            }
            if name.hasSuffix("/list.json") || name.hasSuffix("exclusions.json") {
                let bytes = FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
                lines.append("\(name) \(String(decoding: bytes, as: UTF8.self))")
            }
            if name.hasPrefix("exchange/"), name.hasSuffix("batch.json") { lines.append(name) }
            if name.hasPrefix("source/drop/") || name.hasPrefix("source/archive/") {
                lines.append(name)
            }
        }
        return lines.sorted()
    }

    @Test(arguments: FaultyFileSystem.Way.allCases)
    func aFaultAtAnyWriteOfTheSourceZoneIsMended(_ way: FaultyFileSystem.Way) throws {
        try everyFault(of: .source, from: hamlet(), way, atLeast: 20)
    }

    @Test(arguments: FaultyFileSystem.Way.allCases)
    func aFaultAtAnyWriteOfTheLinkingZoneIsMended(_ way: FaultyFileSystem.Way) throws {
        let base = try hamlet()
        try run(.source, base)
        try everyFault(of: .linking, from: base, way, atLeast: 25)
    }

    private func everyFault(
        of zone: Which, from base: TemporaryFolder, _ way: FaultyFileSystem.Way, atLeast: Int
    ) throws {
        let undisturbed = try copy(base)
        let counting = FaultyFileSystem(failingAt: .max, .once)
        try run(zone, undisturbed, counting)
        let expected = try state(undisturbed)
        #expect(counting.writes >= atLeast)
        for number in 1...counting.writes {
            let folder = try copy(base)
            var message = ""
            do {
                try run(zone, folder, FaultyFileSystem(failingAt: number, way))
            } catch let error as StileError {
                message = error.message
            }
            #expect(message == "Injected.", "write \(number)")
            try run(zone, folder)
            #expect(try state(folder) == expected, "write \(number)")
        }
    }
}
