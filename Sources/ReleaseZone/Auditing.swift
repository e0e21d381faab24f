import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
import PipelineModel
import Release

extension ReleaseZone {
    /// Verifies the zone's own log, that the gate's log continues the one that was seen before,
    /// and every list that is still there against its leaf.
    ///
    /// - Returns: Lines for people; they name lists and nobody on them.
    /// - Throws: `StileError` with code `integrity` at the first thing that is not as it was.
    public static func audit(configuration path: String) throws -> [String] {
        let configuration = try ReleaseConfiguration.read(fileAt: path)
        let policy = try policy(configuration)
        let gateLog = try SeenLog.checked(configuration, policy: policy)
        var findings = [
            "the gate's log: \(gateLog.checkpoint.size) leaves, root \(gateLog.checkpoint.root.hex), continues the one seen before"
        ]
        let folders =
            (try? FileManager.default.contentsOfDirectory(atPath: configuration.released)) ?? []
        let released = folders.filter {
            FileManager.default.fileExists(atPath: "\(configuration.released)/\($0)/referrals.csv")
        }
        var steps: [LogLeaf] = []
        if !released.isEmpty
            || FileManager.default.fileExists(atPath: "\(configuration.state)/log/checkpoint")
        {
            let key = try LogKey.read(fileAt: configuration.logKey)
            let view = try AppendOnlyLog.view(
                directory: "\(configuration.state)/log",
                origin: "stile-release/\(configuration.project)", key: key.verifying)
            steps = view.leaves
            findings.append(
                "log: \(steps.count) leaves, root \(view.checkpoint.root.hex), signed by the zone's log key"
            )
        }
        for leaf in steps where leaf.entry.kind == "release.done" {
            findings.append(try check(leaf, configuration, policy: policy))
        }
        let logged = Set(steps.filter { $0.entry.kind.hasPrefix("release.") }.map(\.entry.list))
        if let unknown = released.sorted().first(where: { !logged.contains($0) }) {
            throw StileError(
                .integrity, "A list lies here that the log does not name.",
                at: .init(file: "\(configuration.released)/\(unknown)"),
                remedy: "Find out where it came from; restore the log from its copy.")
        }
        return findings
    }

    private static func check(
        _ leaf: LogLeaf, _ configuration: ReleaseConfiguration, policy: Policy
    ) throws -> String {
        let list = leaf.entry.list
        var there = 0
        for subject in leaf.entry.subjects {
            let path = "\(configuration.released)/\(try checked(list))/\(subject.name)"
            guard let bytes = try PlainFile.bytes(at: path) else { continue }
            there += 1
            guard ContentDigest.sha256(bytes) == subject.digest else {
                throw StileError(
                    .integrity, "The file is not the one that was put on record.",
                    at: .init(file: path), remedy: "Find out who changed it.")
            }
            if subject.name == ReleaseStatement.fileName {
                _ = try ReleaseStatement(bytes, of: list, policy: policy, file: path)
            }
        }
        return there == leaf.entry.subjects.count
            ? "list \(list): released \(leaf.at), as it was put on record"
            : "list \(list): released \(leaf.at); \(leaf.entry.subjects.count - there) of its files are not retained"
    }
}
