import Hashing
import PipelineModel

/// The bytes that the seal of one record binds, laid out here for who seals and for who opens.
///
/// A value holds the bytes that all records of a batch have in common, and memory for the rest,
/// so that many are laid out without an allocation for each.
struct RecordLayout {
    private static let recordLabel = Array("stile/record/v1".utf8)
    private static let identityLabel = Array("stile/identity/v1".utf8)

    // label ‖ record ‖ 1
    private var shareBlock = Self.recordLabel + [UInt8](repeating: 0, count: 16) + [1]
    // label ‖ batch ‖ policy digest ‖ record ‖ subject
    private var authenticated: [UInt8]
    private let recordPlace: Int

    init(_ context: SealingContext) {
        let prefix =
            Self.identityLabel + SealingContext.framed(context.batch) + context.policy.bytes
        recordPlace = prefix.count
        authenticated = prefix + [UInt8](repeating: 0, count: 32)
    }

    /// What a role's secret is expanded over for one record: the one block of HKDF (RFC 5869) of
    /// 32 bytes, `info` and the byte 1.
    mutating func shareBlock<Result>(
        of record: RecordPseudonym, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try shareBlock.withUnsafeMutableBytes { bytes in
            Self.write(record, into: bytes, at: Self.recordLabel.count)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }

    /// What the encryption of an identity authenticates beside it.
    mutating func authenticated<Result>(
        record: RecordPseudonym, subject: SubjectPseudonym,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try authenticated.withUnsafeMutableBytes { bytes in
            Self.write(record, into: bytes, at: recordPlace)
            Self.write(subject, into: bytes, at: recordPlace + 16)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Writes a pseudonym's bytes, the most significant first.
    private static func write<Kind>(
        _ pseudonym: Pseudonym<Kind>, into bytes: UnsafeMutableRawBufferPointer, at place: Int
    ) {
        bytes.storeBytes(of: pseudonym.high.bigEndian, toByteOffset: place, as: UInt64.self)
        bytes.storeBytes(of: pseudonym.low.bigEndian, toByteOffset: place + 8, as: UInt64.self)
    }
}
