import Hashing
public import PipelineModel

/// How identities are encoded: fields, their kinds, and the parts of blocking keys.
///
/// There is one for a project, the same for every source.
public struct EncodingSpecification: Sendable, Equatable {
    /// What a field is, which decides its normal form and its encoded fields.
    public enum Kind: String, Sendable, CaseIterable {
        case name
        case text
        case dateOfBirth = "date_of_birth"
        case code
        case postcode = "uk_postcode"
        case uprn
        case nhsNumber = "nhs_number"
        case upn
        case localID = "local_id"

        /// Whether the values are words, for which no token of one field alone may exist.
        var isWords: Bool { self == .name || self == .text }
    }

    /// A field of the identity.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var kind: Kind
        /// Whether a deletion neighbourhood goes with it (`text` and `code`).
        public var near: Bool
    }

    /// A part of a blocking key: a field, or something that is worked out from it.
    public struct Part: Sendable, Equatable, CustomStringConvertible {
        public enum Form: Sendable, Equatable {
            case whole
            /// The first letters of the normal form.
            case prefix(Int)
            case soundex, year, monthDay, sector, district
        }

        public var field: String
        public var form: Form

        /// The part as the configuration writes it.
        public var description: String {
            switch form {
            case .whole: field
            case .prefix(let length): "\(field)[\(length)]"
            case .soundex: "\(field).soundex"
            case .year: "\(field).year"
            case .monthDay: "\(field).month_day"
            case .sector: "\(field).sector"
            case .district: "\(field).district"
            }
        }
    }

    /// A blocking key: two versions that share its token are compared.
    public struct BlockingKey: Sendable, Equatable {
        public var name: String
        public var parts: [Part]
    }

    /// The bits of a filter: a power of two from 256 to 4096.
    public var filterBits: Int
    /// The positions that each bigram sets.
    public var positionsPerBigram: Int
    /// In the order of the configuration.
    public var fields: [Field]
    public var blocking: [BlockingKey]

    /// The field called `name`, where there is one.
    public subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The digest of everything that decides an encoding.
    ///
    /// Two encodings can be compared only where their specifications have the same digest. The
    /// order of the fields does not matter.
    public var digest: ContentDigest {
        var print = Fingerprint("stile/encoding/v1")
        print.add("filter", "\(filterBits)/\(positionsPerBigram)")
        for field in fields.sorted(by: { $0.name < $1.name }) {
            print.add("field", "\(field.name) \(field.kind.rawValue) \(field.near)")
        }
        for key in blocking.sorted(by: { $0.name < $1.name }) {
            print.add(
                "blocking", "\(key.name) \(key.parts.map(\.description).joined(separator: " "))")
        }
        return print.digest
    }
}
