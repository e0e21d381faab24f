public import PipelineModel

/// One identity that waits to be sealed.
public struct UnsealedRow: Sendable, CustomStringConvertible, CustomReflectable {
    public var subject: SubjectPseudonym
    /// The record whose key seals it.
    public var record: RecordPseudonym
    /// ``Identity/bytes``.
    public var identity: [UInt8]

    public init(_ identity: [UInt8], record: RecordPseudonym, subject: SubjectPseudonym) {
        self.identity = identity
        self.record = record
        self.subject = subject
    }

    public var description: String { "(unsealed row)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One sealed identity.
public struct SealedRow: Sendable, Equatable {
    public var subject: SubjectPseudonym
    public var record: RecordPseudonym
    /// 12 bytes.
    public var nonce: [UInt8]
    /// The padded identity, encrypted, and the 16-byte tag.
    public var ciphertext: [UInt8]
}
