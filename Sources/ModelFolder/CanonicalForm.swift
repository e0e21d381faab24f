import Foundation
import PipelineModel

/// How the folder writes and reads JSON.
enum CanonicalForm {
    /// Keys sorted, in snake case, one to a line, with a newline at the end; doubles in the
    /// shortest form that reads back to the same bits.
    static func bytes(_ value: some Encodable, of name: String) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw StileError(
                .integrity,
                "The file \(name) of the model's folder holds a number that is not finite.",
                remedy: "Fit or evaluate the model again; nothing was written.")
        }
    }

    /// Reads what ``bytes(_:of:)`` or another program wrote; `nil` where it is something else.
    static func value<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: Data(bytes))
    }
}
