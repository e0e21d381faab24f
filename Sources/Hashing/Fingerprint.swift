public import PipelineModel

/// Builds one digest from named parts, so that no two different sets of parts
/// share a digest by running together.
///
/// Each part is written as its name and its bytes, both with their lengths first.
public struct Fingerprint: Sendable {
    private var bytes: [UInt8] = []

    public init(_ purpose: String) { add("purpose", Array(purpose.utf8)) }

    /// Adds a part.
    public mutating func add(_ name: String, _ value: some Collection<UInt8>) {
        append(Array(name.utf8))
        append(Array(value))
    }

    /// Adds a text.
    public mutating func add(_ name: String, _ value: String) { add(name, Array(value.utf8)) }

    /// Adds a digest.
    public mutating func add(_ name: String, _ value: ContentDigest) { add(name, value.bytes) }

    private mutating func append(_ part: [UInt8]) {
        var length = UInt64(part.count).littleEndian
        withUnsafeBytes(of: &length) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: part)
    }

    /// The digest of all parts in the order in which they were added.
    public var digest: ContentDigest { ContentDigest.sha256(bytes) }
}
