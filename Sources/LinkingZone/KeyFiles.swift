import Foundation
import PipelineModel

/// Reads and makes the secret files of the linking zone.
enum KeyFiles {
    /// The 32 bytes of a seed file: 64 hexadecimal digits, mode 0600.
    static func seed(at path: String) throws -> [UInt8] {
        var status = stat()
        guard lstat(path, &status) == 0, let data = FileManager.default.contents(atPath: path)
        else {
            throw StileError(
                .configuration, "The seed file cannot be read.", at: .init(file: path),
                remedy: "Restore it; `stile init` makes one for a new deployment only.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StileError(
                .configuration, "The seed file can be read by others.", at: .init(file: path),
                remedy: "Take their access away: chmod 600 \(path)")
        }
        let text = String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Hex.decode(text), bytes.count == 32 else {
            throw StileError(
                .configuration, "The seed file does not hold 64 hexadecimal digits.",
                at: .init(file: path), remedy: "Restore it from the backup.")
        }
        return bytes
    }
}
