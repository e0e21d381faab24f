public import EncodedExtract
import Intake
public import PipelineModel

/// The identity of one version as the source gave it, to be sealed.
///
/// It must not be written anywhere before it is sealed; its description shows nothing of it.
public struct IdentityToSeal: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    public let subject: SubjectPseudonym
    /// The record of the version's row in the encodings.
    public let record: RecordPseudonym
    /// JSON with sorted keys: the name of each field and its value as given.
    public let bytes: [UInt8]

    public var description: String { "(identity to seal)" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Writes the canonical JSON of the fields of a row that have a value, sorted by name.
    struct Writer {
        /// `"name":` of each field.
        private let names: [[UInt8]]
        private let values: [[String?]]
        private var scratch: [UInt8] = []

        /// - Parameter columns: Sorted by name.
        init(_ columns: [IdentityColumn]) {
            names = columns.map { column in
                var bytes: [UInt8] = []
                IdentityToSeal.append(column.name, to: &bytes)
                return bytes + [0x3a]
            }
            values = columns.map(\.values)
        }

        /// The bytes of a row; `nil` where it has no value.
        mutating func json(_ row: Int) -> [UInt8]? {
            scratch.removeAll(keepingCapacity: true)
            scratch.append(0x7b)
            for field in values.indices {
                guard let value = values[field][row] else { continue }
                if scratch.count > 1 { scratch.append(0x2c) }
                scratch.append(contentsOf: names[field])
                IdentityToSeal.append(value, to: &scratch)
            }
            guard scratch.count > 1 else { return nil }
            scratch.append(0x7d)
            return scratch.withUnsafeBufferPointer { Array($0) }
        }
    }

    /// A JSON string: quotes, backslashes and control characters escaped, nothing else.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        var text = text
        text.withUTF8 { text in
            guard text.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) else {
                bytes.append(contentsOf: text)
                return
            }
            for byte in text {
                switch byte {
                case 0x22, 0x5c: bytes.append(contentsOf: [0x5c, byte])
                case 0..<0x20: bytes.append(contentsOf: "\\u00\(Hex.encode([byte]))".utf8)
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(0x22)
    }
}

/// What one delivery of one extract gives: what leaves the source zone, and what it must seal
/// first.
public struct EncodedDelta: Sendable {
    public var encodings: Encodings
    public var payload: Payload
    /// In the order of the `open` rows of ``encodings``; empty where identities are not sealed.
    public var identities: [IdentityToSeal]
    /// What the source zone holds of identities after this delivery.
    public var held: IdentityVersionsHeld
    public var counts: IdentifierCounts
}
