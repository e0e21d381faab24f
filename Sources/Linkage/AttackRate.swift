/// What the known attacks read out of the encodings, as `stile attack --json` prints it in the source
/// zone: counts alone, of the newest run that was brought to the linking zone.
///
/// A quality of linkage says little without it: what makes names easier to compare makes them easier to
/// read.
public struct AttackRate: Sendable, Equatable, Codable {
    /// Where most was read of one kind of value without the key.
    public struct Reading: Sendable, Equatable, Codable {
        /// The kind of value.
        public var of: String
        /// The stored field.
        public var field: String
        public var attack: String
        /// Records whose value was attacked.
        public var records: Int
        /// Of them, those that were read in one guess.
        public var namedInOne: Int
        /// Of them, those that a guess reads which does not look at the stored value.
        public var namedBlind: Int
        /// Whether anybody who counts reads it.
        public var readByCounting: Bool

        public init(
            of: String, field: String, attack: String, records: Int, namedInOne: Int,
            namedBlind: Int, readByCounting: Bool
        ) {
            self.of = of
            self.field = field
            self.attack = attack
            self.records = records
            self.namedInOne = namedInOne
            self.namedBlind = namedBlind
            self.readByCounting = readByCounting
        }
    }

    /// The day in London on which it ran.
    public var day: String
    /// The epoch of the keys of the encodings that were attacked.
    public var keyEpoch: Int
    /// SHA-256 of their specification, in hexadecimal.
    public var encodingSpecification: String
    /// Their hardening, in words.
    public var hardening: String
    public var records: Int
    public var worst: [Reading]

    public init(
        day: String, keyEpoch: Int, encodingSpecification: String, hardening: String, records: Int,
        worst: [Reading]
    ) {
        self.day = day
        self.keyEpoch = keyEpoch
        self.encodingSpecification = encodingSpecification
        self.hardening = hardening
        self.records = records
        self.worst = worst
    }

    /// Whether it was of encodings of this specification under these keys.
    public func isOf(keyEpoch: Int, encodingSpecification: String) -> Bool {
        self.keyEpoch == keyEpoch && self.encodingSpecification == encodingSpecification
    }
}
