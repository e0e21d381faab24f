import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import PipelineModel

/// The gate's log, as the release zone has come to know it.
///
/// The release zone remembers how far it has seen the log, so that a log that was set back
/// to an older copy, such as one without a hold, is refused.
enum SeenLog {
    /// The verified log, which continues the one that was seen before and is remembered now.
    static func view(_ configuration: ReleaseConfiguration, policy: Policy) throws -> LogView {
        let view = try checked(configuration, policy: policy)
        let path = path(configuration)
        let text = "\(view.checkpoint.size) \(view.checkpoint.root.hex)\n"
        try DiskFileSystem().writeDurably(Array(text.utf8), to: path, permissions: 0o600)
        return view
    }

    /// The verified log, which continues the one that was seen before; remembers nothing.
    static func checked(_ configuration: ReleaseConfiguration, policy: Policy) throws -> LogView {
        let view = try AppendOnlyLog.view(
            directory: configuration.log, origin: policy.terms.logOrigin, key: policy.terms.logKey)
        let path = path(configuration)
        if let bytes = try PlainFile.bytes(at: path) {
            try view.check(continues: checkpoint(bytes, origin: view.checkpoint.origin, path))
        }
        return view
    }

    private static func path(_ configuration: ReleaseConfiguration) -> String {
        "\(configuration.state)/gate-log.seen"
    }

    private static func checkpoint(_ bytes: [UInt8], origin: String, _ path: String) throws
        -> Checkpoint
    {
        let parts = String(decoding: bytes, as: UTF8.self).dropLast().split(separator: " ")
        guard parts.count == 2, let size = Int(parts[0]), size >= 0,
            let root = ContentDigest(hex: parts[1])
        else {
            throw StileError(
                .integrity, "What was seen of the gate's log cannot be read.",
                at: .init(file: path), remedy: "Restore the file from the backup.")
        }
        return Checkpoint(origin: origin, size: size, root: root)
    }
}
