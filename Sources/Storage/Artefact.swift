public import PipelineModel

/// Something that a stage read or made, named by its digest.
public struct Artefact: Sendable, Hashable, Codable {
    /// Where the bytes lie.
    public enum Kind: String, Sendable, Codable {
        /// In the zone's column store, under the digest.
        case columns
        /// In a file; ``Artefact/name`` is its path below the zone's folder.
        case file
        /// Nowhere: the digest of a setting, a date or a part of a file.
        case value
    }

    /// What it is to the stage, such as `spine` or `policy`.
    public var role: String
    /// What it is called, such as a file name; never a person's value.
    public var name: String
    public var kind: Kind
    public var digest: ContentDigest

    public init(_ role: String, name: String = "", kind: Kind = .columns, digest: ContentDigest) {
        self.role = role
        self.name = name
        self.kind = kind
        self.digest = digest
    }

    private enum CodingKeys: String, CodingKey { case role, name, kind, sha256 }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let hex = try values.decode(String.self, forKey: .sha256)
        guard let digest = ContentDigest(hex: hex) else {
            throw DecodingError.dataCorruptedError(
                forKey: .sha256, in: values, debugDescription: "not a SHA-256 digest")
        }
        self.init(
            try values.decode(String.self, forKey: .role),
            name: try values.decode(String.self, forKey: .name),
            kind: try values.decode(Kind.self, forKey: .kind), digest: digest)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(role, forKey: .role)
        try values.encode(name, forKey: .name)
        try values.encode(kind, forKey: .kind)
        try values.encode(digest.hex, forKey: .sha256)
    }
}
