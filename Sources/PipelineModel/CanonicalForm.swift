import Foundation

/// How values are written as JSON, and read again.
///
/// Keys are sorted, doubles stand in the shortest form that reads back to the same bits, and a
/// newline ends it: equal values give equal bytes, so that a digest names what was written.
public enum CanonicalForm {
    public enum Keys: Sendable {
        /// As the type declares them.
        case asDeclared
        /// `largestShare` as `largest_share`.
        case snakeCase
    }

    public enum Lines: Sendable {
        /// All on one line.
        case one
        /// Each value on its own, for people who read the file.
        case oneForEach
    }

    /// The bytes of a value.
    ///
    /// - Parameters:
    ///   - value: What is written.
    ///   - keys: How its keys are.
    ///   - lines: How it is divided into lines.
    ///   - fault: What is thrown where a number is not finite.
    /// - Throws: `fault`.
    public static func bytes(
        _ value: some Encodable, keys: Keys = .asDeclared, lines: Lines = .oneForEach,
        otherwise fault: @autoclosure () -> StileError = notFinite
    ) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if lines == .oneForEach { encoder.outputFormatting.insert(.prettyPrinted) }
        if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw fault()
        }
    }

    /// Reads what ``bytes(_:keys:lines:otherwise:)`` or another program wrote; `nil` where it is
    /// something else.
    public static func value<Value: Decodable>(
        _ type: Value.Type, _ bytes: some Sequence<UInt8>, keys: Keys = .snakeCase
    ) -> Value? {
        let decoder = JSONDecoder()
        if keys == .snakeCase { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        return try? decoder.decode(type, from: Data(bytes))
    }

    /// A report that cannot be written.
    public static var notFinite: StileError {
        StileError(
            .integrity, "A report holds a number that is not finite.",
            remedy: "Report the run record as a defect; nothing was written.")
    }
}
