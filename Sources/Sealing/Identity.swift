import Attestation
import PipelineModel

/// What identifies a person, as the source knows them: field names of the
/// contract (`given_name`, `nhs_number`, …) and their values.
///
/// Its description names the fields and never their values.
public struct Identity: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    public var fields: [String: String]

    public init(fields: [String: String]) { self.fields = fields }

    /// The canonical JSON object that is sealed.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object(
                fields.keys.sorted().map {
                    JSONValue.Member($0, .string(fields[$0] ?? ""))
                }))
    }

    /// Reads what ``bytes`` wrote.
    public init(bytes: [UInt8]) throws {
        do {
            let document = try StrictJSON.read(bytes, file: "identity")
            var reader = try JSONFields(document, what: "identity", file: "identity")
            fields = try reader.texts()
        } catch {
            throw StileError(
                .integrity, "A sealed identity is not in a form that this program knows.",
                remedy: "Use the same release of Stile in all zones.")
        }
    }

    public var description: String {
        "identity(\(fields.keys.sorted().joined(separator: ", ")))"
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Fills an identity to a multiple of 256 bytes, so that a ciphertext's length
/// says next to nothing of the name inside.
public enum IdentityPadding {
    static let block = 256
    /// The longest identity, in bytes.
    public static let limit = 16_380

    /// The bytes of a padded identity of so many bytes.
    static func size(of count: Int) -> Int { (count + 2 + block - 1) / block * block }

    /// Writes the padded identity into memory that is used again.
    static func pad(_ identity: [UInt8], into bytes: inout [UInt8]) throws {
        guard identity.count <= limit else {
            throw StileError(
                .input, "An identity is longer than \(limit) bytes.",
                remedy: "Seal only the fields that a recipient needs.")
        }
        let size = size(of: identity.count)
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(size)
        bytes.append(UInt8(identity.count >> 8))
        bytes.append(UInt8(identity.count & 0xff))
        bytes.append(contentsOf: identity)
        bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
    }

    /// The identity inside; `nil` where the padding is not as it is written.
    public static func unpadded(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= block, bytes.count % block == 0 else { return nil }
        let count = Int(bytes[0]) << 8 | Int(bytes[1])
        guard count + 2 <= bytes.count, count + 2 > bytes.count - block,
            bytes[(count + 2)...].allSatisfy({ $0 == 0 })
        else { return nil }
        return Array(bytes[2..<(count + 2)])
    }
}
