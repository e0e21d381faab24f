import Foundation
import Hashing
import PipelineModel
import Storage
import TestSupport

/// A sample deployment in a temporary folder, driven by the program.
final class Deployment: Sendable {
    let folder: TemporaryFolder
    var path: String { "\(folder.path)/d" }
    var source: String { "\(path)/source/stile.yaml" }
    var linking: String { "\(path)/linking/stile.yaml" }
    var release: String { "\(path)/release/stile.yaml" }

    private init(_ folder: TemporaryFolder) { self.folder = folder }

    /// A hamlet without a night, made once and copied: every copy has the same keys.
    static func hamlet() throws -> Deployment { try copy(of: try made.get()) }

    /// A hamlet after the first night of both zones.
    static func hamletAfterOneNight() throws -> Deployment { try copy(of: try afterOne.get()) }

    /// The list that two undisturbed nights of the hamlet give.
    static func undisturbed() throws -> [UInt8] { try twoNights.get() }

    private static let made = Result { try make() }
    private static let afterOne = Result {
        let hamlet = try Deployment.hamlet()
        try hamlet.night(Hamlet.firstDay)
        return hamlet
    }
    private static let twoNights = Result {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.night(Hamlet.secondDay)
        return try hamlet.newestList()
    }

    private static func make() throws -> Deployment {
        let hamlet = Deployment(TemporaryFolder("hamlet"))
        for (name, text) in [
            ("source.yaml", Hamlet.source), ("linking.yaml", Hamlet.linking),
            ("release.yaml", Hamlet.release),
        ] {
            try hamlet.folder.write(text, to: "from/\(name)")
        }
        try expectSuccess(
            Command.run(["init", hamlet.path, "--sample", "--from", "\(hamlet.folder.path)/from"]))
        try hamlet.folder.write(Hamlet.model, to: "d/Models/hamlet/model.yaml")
        try hamlet.folder.write(Hamlet.features, to: "d/Models/hamlet/features.yaml")
        return hamlet
    }

    /// A deployment of another configuration, made once for the suite that asks.
    static func make(from configuration: [String: String], models: [String: String]) throws
        -> Deployment
    {
        let made = Deployment(TemporaryFolder("county"))
        for (name, text) in configuration { try made.folder.write(text, to: "from/\(name)") }
        try expectSuccess(
            Command.run(["init", made.path, "--sample", "--from", "\(made.folder.path)/from"]))
        for (name, text) in models { try made.folder.write(text, to: "d/Models/\(name)") }
        return made
    }

    /// A copy with the same keys, times and permissions.
    static func copy(of other: Deployment) throws -> Deployment {
        let copy = Deployment(TemporaryFolder("copy"))
        guard try Command.shell("cp", "-a", other.path, copy.path) == 0 else {
            throw Unexpected(what: "cp failed")
        }
        return copy
    }

    // MARK: Nights

    struct Unexpected: Error { var what: String }

    static func expectSuccess(_ finished: Finished) throws {
        guard finished.status == 0 else {
            throw Unexpected(what: "status \(finished.status): \(finished.err)")
        }
    }

    func drop(_ day: String) throws {
        for (name, text) in Hamlet.files(day) { try drop(text, as: name) }
    }

    /// Puts the files of one synthetic night into the drop folder.
    func deliver(_ night: URL) throws {
        let walk = FileManager.default.enumerator(atPath: night.path)
        while let name = walk?.nextObject() as? String {
            guard let bytes = FileManager.default.contents(atPath: "\(night.path)/\(name)"),
                name.hasSuffix(".csv") || name.hasSuffix(".gz")
            else { continue }
            try folder.write(bytes, to: "d/source/drop/\(name)")
        }
    }

    /// The text of a file of this repository.
    static func repository(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOfFile: root.appendingPathComponent(path).path, encoding: .utf8)
    }

    func drop(_ text: String, as name: String) throws {
        try folder.write(text, to: "d/source/drop/\(name)")
    }

    func edit(_ file: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        guard text.contains(old) else { throw Unexpected(what: "\(file) does not hold \(old)") }
        try folder.write(text.replacing(old, with: new), to: "d/\(file)")
    }

    func sourceArguments(_ asOf: String) -> [String] {
        ["run", "--zone", "source", "--config", source, "--as-of", asOf]
    }

    func linkingArguments(_ asOf: String) -> [String] {
        ["run", "--zone", "linking", "--config", linking, "--as-of", asOf, "--json"]
    }

    func runSource(_ day: String) throws -> Finished {
        try Command.run(sourceArguments(Hamlet.asOf(day)))
    }

    func runLinking(_ day: String) throws -> Finished {
        try Command.run(linkingArguments(Hamlet.asOf(day)))
    }

    /// Delivers a day and runs both zones, which must go well.
    func night(_ day: String) throws {
        try drop(day)
        try Self.expectSuccess(runSource(day))
        try Self.expectSuccess(runLinking(day))
    }

    // MARK: What there is

    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }

    /// The SHA-256 of every file below some folders, by path.
    func digests(_ folders: String...) throws -> [String: String] {
        var found: [String: String] = [:]
        for folder in folders {
            guard let walk = FileManager.default.enumerator(atPath: "\(path)/\(folder)") else {
                continue
            }
            for case let name as String in walk {
                let file = "\(path)/\(folder)/\(name)"
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
                    !isFolder.boolValue
                else { continue }
                found["\(folder)/\(name)"] = try ContentDigest.sha256(fileAt: file).hex
            }
        }
        return found
    }

    func database(_ zone: Zone) throws -> ZoneDatabase {
        try ZoneDatabase(path: "\(path)/\(zone.rawValue)/state/\(zone.rawValue).sqlite", zone: zone)
    }

    /// All that a zone holds, and nothing of how it came there: what is held by name, accepted
    /// deliveries, lists, moves that are owed.
    func held(_ zone: Zone) throws -> [String] {
        let database = try database(zone)
        try database.verify()
        return try database.held(prefix: "").map { "held \($0.key) \($0.value.hex)" }.sorted()
            + database.deliveries(state: .accepted).map {
                "delivery \($0.extract) \($0.delivered) \($0.batch ?? "")"
            }
            + database.lists().map { "list \($0.id) \($0.state.rawValue)" }.sorted()
            + database.pendingActs().map { "owed \($0.act)" }
    }

    /// The ids of the lists, the newest last.
    func lists() -> [String] { names("linking/lists").filter { $0 != "exclusions.json" } }

    func newestList() throws -> [UInt8] {
        guard let id = lists().last else { throw Unexpected(what: "no list") }
        return Array(
            try Data(contentsOf: URL(fileURLWithPath: "\(path)/linking/lists/\(id)/list.json")))
    }

    /// Who stands on the newest list, with rank, score and reasons, but without where their
    /// identities lie sealed: new keys seal them anew.
    func newestPeople() throws -> String {
        let list = try JSONSerialization.jsonObject(with: Data(newestList())) as? [String: Any]
        guard let rows = list?["rows"] as? [[String: Any]], !rows.isEmpty else {
            throw Unexpected(what: "no rows")
        }
        let bare = rows.map { row in row.filter { $0.key != "records" } }
        return String(
            decoding: try JSONSerialization.data(withJSONObject: bare, options: .sortedKeys),
            as: UTF8.self)
    }
}
