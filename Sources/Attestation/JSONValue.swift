/// A JSON value with nothing left to interpretation: whole numbers stay whole,
/// keys are ASCII, different, and kept in the order written.
public enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent, as it was written; read only where asked for.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A key of an object and what it holds.
    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// An object from keys and values; the canonical form sorts them.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }
}
