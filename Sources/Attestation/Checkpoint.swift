import Crypto
public import PipelineModel

/// How large the log is and what its root is, signed by the log's key.
///
/// Source of the form: C2SP tlog-checkpoint and signed-note.
public struct Checkpoint: Sendable, Equatable {
    /// The name of the log, such as `stile.example.gov.uk/early-help`.
    public var origin: String
    public var size: Int
    public var root: ContentDigest

    public init(origin: String, size: Int, root: ContentDigest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    private var text: String {
        "\(origin)\n\(size)\n\(CanonicalBase64.encode(root.bytes))\n"
    }

    private static func keyHash(origin: String, key: VerifyingKey) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: Array("\(origin)\n".utf8) + [0x01] + key.bytes)
        return Array(hasher.finalize().prefix(4))
    }

    /// The signed note as the file `checkpoint` holds it.
    public func note(signedBy key: SigningKey) throws -> [UInt8] {
        let signature = try key.signature(over: Array(text.utf8))
        let blob = Self.keyHash(origin: origin, key: key.verifying) + signature
        return Array("\(text)\n\u{2014} \(origin) \(CanonicalBase64.encode(blob))\n".utf8)
    }

    /// Reads a signed note and verifies it; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity` for any other log's origin or key.
    public static func read(
        _ note: [UInt8], origin: String, key: VerifyingKey, file: String
    ) throws -> Checkpoint {
        func fault(_ problem: String) -> StileError {
            StileError(
                .integrity, "The checkpoint of the log cannot be trusted: \(problem).",
                at: .init(file: file),
                remedy: "Restore the log from its copy; no list is released until it agrees.")
        }
        guard let whole = String(validating: note, as: UTF8.self) else {
            throw fault("it is not UTF-8")
        }
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, lines[3].isEmpty, lines[5].isEmpty else {
            throw fault("it does not have the form of a signed note")
        }
        guard lines[0].utf8.elementsEqual(origin.utf8) else {
            throw fault("it belongs to another log")
        }
        guard let size = Int(lines[1]), size >= 0, String(size) == lines[1],
            let root = CanonicalBase64.decode(String(lines[2])).flatMap({
                ContentDigest(bytes: $0)
            })
        else { throw fault("its size or root cannot be read") }
        let checkpoint = Checkpoint(origin: origin, size: size, root: root)
        let prefix = "\u{2014} \(origin) "
        guard lines[4].hasPrefix(prefix),
            let blob = CanonicalBase64.decode(String(lines[4].dropFirst(prefix.count))),
            blob.count == 68, Array(blob.prefix(4)) == keyHash(origin: origin, key: key),
            key.verifies(Array(blob.dropFirst(4)), over: Array(checkpoint.text.utf8))
        else { throw fault("it is not signed by the key of the log") }
        return checkpoint
    }
}
