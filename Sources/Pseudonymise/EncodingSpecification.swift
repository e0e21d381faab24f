import EncodedExtract
import Hashing
public import Identifiers
public import PipelineModel

/// How identities are encoded: fields, their kinds, compounds, hardening, and blocking keys.
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

        /// Whether a value that is out of date can still name the same person.
        var hasFormerValues: Bool { self == .nhsNumber || self == .upn || self == .localID }
    }

    /// A field of the identity.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var kind: Kind
        /// Whether a deletion neighbourhood goes with it (`text` and `code`).
        public var near: Bool
        /// Which part of a person's name it is; `nil` for other words.
        ///
        /// Given names have short forms, and both parts have a published table of frequencies.
        public var part: NameFrequencies.Part?
        /// The field whose former value this is; it has no encoding of its own.
        public var formerOf: String?
        /// The field of whose values this holds those of an identity that the source has replaced
        /// (adoption, change of gender, protection).
        ///
        /// No subject with such a value is ever linked with this one. It has no encoding of its
        /// own, and is never sealed.
        public var mustNotLink: String?
        /// The token field whose value salts the filter; `nil` where nothing does.
        public var salt: String?

        /// Whether it has encoded fields that are its own.
        var isEncoded: Bool { formerOf == nil && mustNotLink == nil }
    }

    /// How the encoded field of must-not-link values ends.
    static let mustNotLinkSuffix = ".must_not_link"

    /// Several name fields in one filter, once for each of several salts, and once joint.
    ///
    /// Under a salt the letters of all the names go into one bag, so that names that changed places
    /// still agree, and two records with one wrong part of the date of birth still share the salt of
    /// the other two. The joint filter has no salt, so that any two records can be compared by it,
    /// and is made of pairs of bigrams, one of either name (`JointBigrams`): it shows who is called
    /// alike by both names, not who shares one.
    public struct Compound: Sendable, Equatable {
        public var name: String
        /// At least two fields of kind name.
        public var fields: [String]
        /// Token fields, such as `date_of_birth.year_month`, or ``unsalted``.
        public var salts: [String]
        /// Whether there is a joint filter.
        public var isJoint = false

        /// Stands in ``salts`` for none: that filter can be compared with any record's.
        public static let unsalted = "none"

        /// What the filter of one salt is called: `names.year_month` for the salt
        /// `date_of_birth.year_month`.
        func encodedName(_ salt: String) -> String {
            "\(name).\(salt.split(separator: ".").last.map(String.init) ?? salt)"
        }

        /// What the joint filter is called.
        public var jointName: String { "\(name).joint" }

        /// What the filters are called.
        var encodedNames: [String] { salts.map(encodedName) + (isJoint ? [jointName] : []) }

        /// How many positions each pair of bigrams has in a joint filter: names have some fifty
        /// pairs, so that a fifth of its bits is set, as much as of a filter of one name.
        static let positionsPerPair = 2
    }

    /// How filters are made harder to read, at a price in linkage (docs/Encoding.md).
    public struct Hardening: Sendable, Equatable {
        /// The token field that salts names which state no salt of their own; `nil` for none.
        public var salt: String?
        /// Whether a filter is made at twice the length and its halves are combined by XOR
        /// (Schnell and Borgs 2016).
        public var fold: Bool
        /// How many secret bits of the filter each stored bit is the XOR of; 0 for no diffusion
        /// (Armknecht, Heng and Schnell 2023).
        public var diffusion: Int
        /// The probability with which each stored bit is inverted (BLIP; Alaggan, Gambs and
        /// Kermarrec 2012).
        public var flip: Double

        static let none = Hardening(salt: nil, fold: false, diffusion: 0, flip: 0)

        /// What it does to how alike filters are, as encodings say it.
        var ofFilters: Encodings.Hardening {
            Encodings.Hardening(mixed: max(diffusion, 1) * (fold ? 2 : 1), flip: flip)
        }
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
    public var hardening: Hardening
    /// In the order of the configuration.
    public var fields: [Field]
    public var compounds: [Compound]
    public var blocking: [BlockingKey]

    /// The field called `name`, where there is one.
    public subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The dial in one line, as `hardening:` writes it.
    public var hardeningText: String {
        "salt: \(hardening.salt ?? "none"), fold: \(hardening.fold), "
            + "diffusion: \(hardening.diffusion), flip: \(hardening.flip)"
    }

    /// The token fields that salt some filter.
    var salts: Set<String> {
        Set(fields.compactMap(\.salt) + compounds.flatMap(\.salts))
            .subtracting([Compound.unsalted])
    }

    /// The token field that stands beside several parts of a person's name in a blocking key.
    ///
    /// Two records that agree on it and differ in the key differ in their names: the key compares
    /// names, as a filter under a salt does. `nil` for a key of another kind, or where that part has
    /// no token of its own.
    func salt(of key: BlockingKey) -> String? {
        let others = key.parts.filter { self[$0.field]?.part == nil }
        let names = Set(key.parts.map(\.field)).subtracting(others.map(\.field))
        guard names.count >= 2, others.count == 1 else { return nil }
        let token = others[0].description
        guard Self.saltTokens(fields).contains(token) else { return nil }
        // A year has a token only where it salts something.
        return others[0].form != .year || salts.contains(token) ? token : nil
    }

    /// The digest of everything that decides an encoding.
    ///
    /// Two encodings can be compared only where their specifications have the same digest. The
    /// order of the fields does not matter.
    public var digest: ContentDigest {
        var print = Fingerprint("stile/encoding/v2")
        print.add("filter", "\(filterBits)/\(positionsPerBigram)")
        print.add(
            "hardening", "\(hardening.fold) \(hardening.diffusion) \(hardening.flip)")
        for field in fields.sorted(by: { $0.name < $1.name }) {
            print.add(
                "field",
                "\(field.name) \(field.kind.rawValue) \(field.near) \(field.part?.rawValue ?? "-") "
                    + "\(field.formerOf ?? "-") \(field.salt ?? "-")"
                    + (field.mustNotLink.map { " must not link \($0)" } ?? ""))
        }
        for compound in compounds.sorted(by: { $0.name < $1.name }) {
            print.add(
                "compound",
                "\(compound.name) \(compound.fields.joined(separator: ",")) "
                    + compound.salts.sorted().joined(separator: ",")
                    + (compound.isJoint ? " joint \(Compound.positionsPerPair)" : ""))
        }
        for key in blocking.sorted(by: { $0.name < $1.name }) {
            print.add(
                "blocking", "\(key.name) \(key.parts.map(\.description).joined(separator: " "))")
        }
        return print.digest
    }
}
