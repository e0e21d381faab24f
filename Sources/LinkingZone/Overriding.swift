import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
public import Linkage
import NightRun
import PipelineModel
import Storage

extension LinkingZone {
    /// What is to be recorded of subjects or people.
    public enum OverrideRequest: Sendable {
        /// They are one person.
        case join(String, String)
        /// They are two people.
        case separate(String, String)
        /// An earlier entry no longer stands.
        case undo(Int)
    }

    /// Records what somebody says of two subjects, or of two people with all their subjects; the
    /// next link applies it, whether or not new batches have come.
    ///
    /// The leaf of the log is durable before the entry stands.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - request: What is said; pseudonyms are 32 hexadecimal digits.
    ///   - who: An account or a holder's id, never a name.
    ///   - reason: Why, in one line that names nobody.
    /// - Returns: The number of the entry.
    /// - Throws: `StileError` with code `input` where nobody is behind a pseudonym, or it
    ///   contradicts what stands.
    @discardableResult
    public static func override(
        configuration path: String, _ request: OverrideRequest, who: String, reason: String
    ) throws -> Int {
        let grounds = LinkOverride.Grounds(who: who, at: Date(), reason: reason)
        return try record(configuration: path) { state in
            var overrides = state.overrides
            switch request {
            case .join(let left, let right):
                try overrides.record(.join, subjects(left, state), subjects(right, state), grounds)
            case .separate(let left, let right):
                try overrides.record(
                    .separate, subjects(left, state), subjects(right, state), grounds)
            case .undo(let number): try overrides.undo(number, grounds)
            }
            return overrides
        }[0].number
    }

    /// Adds entries to the overrides of the newest linkage, all of them or none.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - add: The overrides of a state with further entries behind them.
    /// - Returns: The entries that were added.
    @discardableResult
    public static func record(
        configuration path: String, _ add: (LinkState) throws -> LinkOverrides
    ) throws -> [LinkOverride] {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let lock = try RunLock(path: "\(configuration.state)/run.lock", now: Date())
        defer { lock.release() }
        let state = try linkState(configuration)
        let all = try add(state)
        let before = state.overrides.entries.count
        let added = Array(all.entries.dropFirst(before))
        precondition(
            Array(all.entries.prefix(before)) == state.overrides.entries && !added.isEmpty,
            "overrides are added, never changed")

        let columns = try ColumnStore(
            directory: "\(configuration.state)/columns", fileSystem: DiskFileSystem())
        let table = all.table
        let digest = try columns.write(table)
        let log = try desk.log()
        _ = try log.view()
        try log.append(
            added.map { leaf(of: $0, table: digest) }, at: Timestamp(of: Date()))
        var commit = StageCommit()
        let file = try FileManager.default.attributesOfItem(atPath: columns.path(of: digest))
        commit.registered = [
            RegisteredFile(
                digest: digest, schema: table.schema, version: table.version,
                rows: table.rowCount, bytes: file[.size] as? Int ?? 0)
        ]
        commit.held = [LinkingNight.overridesName: digest]
        try database(configuration).commit(commit)
        return added
    }

    /// All overrides of the newest linkage, undone ones included.
    public static func overrides(configuration path: String) throws -> OverrideListing {
        OverrideListing(try linkState(LinkingConfiguration.read(fileAt: path)).overrides)
    }

    /// The leaf of an entry: who recorded which number, and the digest of all entries.
    ///
    /// It names no subject and has no text: those stand in the table.
    static func leaf(of entry: LinkOverride, table: ContentDigest) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: entry.kind == .undo ? undone : recorded, actor: entry.grounds.who,
            subjects: [.init("overrides", table)], scope: "override-\(entry.number)")
    }

    private static let recorded = "override.recorded"
    private static let undone = "override.undone"

    private static func subjects(
        _ text: String, _ state: LinkState
    ) throws -> [SubjectPseudonym] {
        guard let pseudonym = UnitPseudonym(hex: text) else {
            throw StileError(
                .input,
                "What is to be joined or separated is not a pseudonym of 32 hexadecimal digits in lower case.",
                remedy: "Take pseudonyms from stile link --export; never give a name or a number.")
        }
        let subjects = state.subjects(pseudonym)
        guard !subjects.isEmpty else {
            throw StileError(
                .input, "No subject and no person has the pseudonym \(text).",
                remedy: "Take pseudonyms from stile link --export.")
        }
        return subjects
    }

    /// Compares the overrides that are held with the log.
    ///
    /// - Throws: `StileError` with code `integrity` where they are not those of a leaf.
    static func overrides(
        _ view: LogView, _ database: ZoneDatabase, _ configuration: LinkingConfiguration
    ) throws -> [String] {
        let leaves = view.leaves.filter { [recorded, undone].contains($0.entry.kind) }
        let held = try database.held(LinkingNight.overridesName)
        guard let held else {
            guard !leaves.isEmpty else { return [] }
            return ["overrides: none is held; \(leaves.count) in the log were not entered"]
        }
        let columns = ColumnStore(existing: "\(configuration.state)/columns")
        guard let last = leaves.last(where: { $0.entry["overrides"] == held }) else {
            throw StileError(
                .integrity, "The overrides of linkage are not those that the log names.",
                at: .init(file: columns.path(of: held)),
                remedy:
                    "Restore database and log from the same backup; link nothing until they agree.")
        }
        let overrides = try LinkOverrides(columns.read(held), file: columns.path(of: held))
        let later = leaves.count { $0.number > last.number }
        return [
            "overrides: \(overrides.entries.count) entries, \(overrides.standing.count) stand, as the log has them"
                + (later > 0 ? "; \(later) in the log were not entered" : "")
        ]
    }
}

/// All overrides in the forms in which they can be asked for.
public struct OverrideListing: Sendable {
    public var overrides: LinkOverrides

    init(_ overrides: LinkOverrides) { self.overrides = overrides }

    /// For people at a terminal.
    public var text: String {
        guard !overrides.isEmpty else { return "no overrides" }
        let standing = Set(overrides.standing.map(\.number))
        return overrides.entries.map { entry in
            let what =
                entry.undoes.map { "override \($0)" }
                ?? [entry.left, entry.right].map { $0.map(\.hex).joined(separator: ", ") }
                .joined(separator: entry.kind == .join ? " with " : " from ")
            let state = entry.kind == .undo || standing.contains(entry.number) ? "" : " (undone)"
            let grounds = entry.grounds
            return
                "\(entry.number). \(entry.kind.rawValue) \(what)\(state)\n   \(grounds.who), \(Timestamp(of: grounds.at)), \(grounds.origin.rawValue): \(grounds.reason)"
        }.joined(separator: "\n")
    }

    /// For machines: JSON with sorted keys.
    public var json: [UInt8] {
        get throws {
            let standing = Set(overrides.standing.map(\.number))
            return try CanonicalForm.bytes(
                overrides.entries.map { entry in
                    Line(
                        number: entry.number, kind: entry.kind.rawValue,
                        left: entry.left.map(\.hex), right: entry.right.map(\.hex),
                        undoes: entry.undoes, who: entry.grounds.who,
                        at: Timestamp(of: entry.grounds.at).description,
                        reason: entry.grounds.reason, origin: entry.grounds.origin.rawValue,
                        stands: standing.contains(entry.number))
                })
        }
    }

    private struct Line: Encodable {
        var number: Int
        var kind: String
        var left: [String]
        var right: [String]
        var undoes: Int?
        var who: String
        var at: String
        var reason: String
        var origin: String
        var stands: Bool
    }
}
