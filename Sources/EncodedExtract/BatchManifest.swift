import Foundation
import PipelineModel

/// The cover sheet of an encoded extract: which three files belong together.
///
/// It is written last, so that a batch without one is not there yet.
public struct BatchManifest: Codable, Sendable, Equatable {
    public static let schemaVersion = 1
    public static let fileName = "batch.json"

    public var schema: Int
    /// Unique and ascending within a source, such as `gp.patients.000012`.
    public var batch: String
    public var source: String
    /// `source.file`.
    public var name: String
    public var keyEpoch: Int
    /// The day of the delivery, as a day number.
    public var delivered: Int32
    /// The batch before it of the same name, empty for the first; a gap is refused.
    public var previous: String
    /// SHA-256 of the three column files, in hexadecimal.
    public var encodings: String
    public var payload: String
    public var sealed: String
    /// SHA-256 of the policy whose roles the identities are sealed to.
    public var policy: String
    /// The rows of each file.
    public var encodingRows: Int
    public var payloadRows: Int
    public var sealedRows: Int
    /// Whether every subject is encoded anew under a new key epoch.
    public var rekey: Bool
    /// What the linking zone must know of the source: purpose, legal basis and its expiry,
    /// maximum age, clock.
    public var terms: Terms

    /// The terms under which a source's data may be used.
    public struct Terms: Codable, Sendable, Equatable {
        public var clock: String
        public var purpose: String
        public var legalBasis: String
        /// The last day of the legal basis, as a day number; `Day.open` for none.
        public var legalBasisExpires: Int32
        public var maximumAgeDays: Int
        /// `facts`, or the exclusion register that the rows belong to
        /// (`opt_out`, `objection`, `restriction`).
        public var register: String
        /// The trusted key by which the source joins, or empty where it is linked by encodings.
        public var trustedKey: String
        /// The payload columns that are known only later, and so may be an outcome, never a feature.
        public var outcomeColumns: [String]

        public init(
            clock: String, purpose: String, legalBasis: String, legalBasisExpires: Int32,
            maximumAgeDays: Int, register: String, trustedKey: String,
            outcomeColumns: [String]
        ) {
            self.clock = clock
            self.purpose = purpose
            self.legalBasis = legalBasis
            self.legalBasisExpires = legalBasisExpires
            self.maximumAgeDays = maximumAgeDays
            self.register = register
            self.trustedKey = trustedKey
            self.outcomeColumns = outcomeColumns
        }
    }

    public init(
        batch: String, source: String, name: String, keyEpoch: Int, delivered: Int32,
        previous: String, encodings: String, payload: String, sealed: String, policy: String,
        encodingRows: Int, payloadRows: Int, sealedRows: Int, rekey: Bool, terms: Terms
    ) {
        schema = Self.schemaVersion
        self.batch = batch
        self.source = source
        self.name = name
        self.keyEpoch = keyEpoch
        self.delivered = delivered
        self.previous = previous
        self.encodings = encodings
        self.payload = payload
        self.sealed = sealed
        self.policy = policy
        self.encodingRows = encodingRows
        self.payloadRows = payloadRows
        self.sealedRows = sealedRows
        self.rekey = rekey
        self.terms = terms
    }

    /// The bytes of the manifest, with sorted keys.
    public func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Array(try encoder.encode(self))
    }

    /// Reads a manifest; `file` is what messages call it.
    public static func read(_ bytes: [UInt8], file: String) throws -> BatchManifest {
        guard let manifest = try? JSONDecoder().decode(BatchManifest.self, from: Data(bytes)),
            manifest.schema == schemaVersion
        else {
            throw StileError(
                .integrity, "The manifest of the batch cannot be read.", at: .init(file: file),
                remedy: "Use the same release of Stile in both zones, or write the batch again.")
        }
        return manifest
    }
}
