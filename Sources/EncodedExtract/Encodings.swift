public import PipelineModel

/// What a delta says of a fact or of a version of an identity.
public enum Operation: UInt32, Sendable, CaseIterable {
    /// It became known.
    case open = 0
    /// It stopped being believed: corrected, retracted or deleted.
    case close = 1

    static let vocabulary = ["open", "close"]
}

/// The encoded identities of one extract: all that linkage reads.
///
/// A row is one version of the identity of one subject. A subject may have
/// several versions over time (an old address, a former name); all are kept.
public struct Encodings: Sendable, Equatable {
    /// The version of this schema.
    public static let schemaVersion = 1

    public var source: String
    /// The epoch of the keys behind every token and filter; epochs never mix.
    public var keyEpoch: Int
    /// The digest of the encoding specification; filters of two specifications never mix.
    public var specification: ContentDigest
    public var subject: [SubjectPseudonym]
    /// The row of the source that this version came from.
    public var record: [RecordPseudonym]
    public var operation: [Operation]
    /// When this version began to hold, such as the day of a move.
    public var happened: [Day]
    /// When this was learnt (`open`) or withdrawn (`close`).
    public var known: [Day]
    public var fields: [Field]

    /// One encoded field, in contiguous storage.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var values: Values
        /// The token field whose value salts this filter, or stands beside names in this blocking key;
        /// `nil` where there is none.
        ///
        /// Two rows can be compared only where their tokens of that field are equal.
        public var salt: String?
        /// The identity fields that this one is made from.
        public var parts: [String]
        /// What was done to the filters of this field before they were stored.
        public var hardening: Hardening

        /// - Parameters:
        ///   - name: As in the list of encoded fields.
        ///   - values: One a row.
        ///   - salt: The token field without whose equality two rows cannot be compared.
        ///   - parts: The identity fields that it is made from; what stands before the first dot of
        ///     `name` where `nil`.
        ///   - hardening: What was done to filters before they were stored.
        public init(
            _ name: String, _ values: Values, salt: String? = nil, parts: [String]? = nil,
            hardening: Hardening = .none
        ) {
            self.name = name
            self.values = values
            self.salt = salt
            self.parts = parts ?? [String(name.prefix { $0 != "." })]
            self.hardening = hardening
        }
    }

    public enum Values: Sendable, Equatable {
        /// A keyed token a row; 0 is missing. Compared for equality.
        case token(WordColumn)
        /// A filter of `bits` bits a row, in 64-bit words; all zeros is missing.
        /// Compared by Dice similarity, as it was before ``Field/hardening``.
        case filter(bits: Int, words: WordColumn)
        /// Any number of keyed tokens a row: row `i` has `tokens[offsets[i]..<offsets[i + 1]]`.
        /// Compared by whether two rows share one.
        case tokenSet(offsets: [Int], tokens: WordColumn)

        /// The number of rows.
        public var count: Int {
            switch self {
            case .token(let tokens): tokens.count
            case .filter(let bits, let words): words.count / (bits / 64)
            case .tokenSet(let offsets, _): offsets.count - 1
            }
        }
    }

    public init(
        source: String, keyEpoch: Int, specification: ContentDigest,
        subject: [SubjectPseudonym] = [],
        record: [RecordPseudonym] = [], operation: [Operation] = [], happened: [Day] = [],
        known: [Day] = [], fields: [Field] = []
    ) {
        self.source = source
        self.keyEpoch = keyEpoch
        self.specification = specification
        self.subject = subject
        self.record = record
        self.operation = operation
        self.happened = happened
        self.known = known
        self.fields = fields
    }

    public var count: Int { subject.count }

    /// The field called `name`, where there is one.
    public func field(_ name: String) -> Field? { fields.first { $0.name == name } }

    /// The values of the field called `name`, where there is one.
    public subscript(name: String) -> Values? { fields.first { $0.name == name }?.values }
}
