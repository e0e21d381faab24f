/// The three zones; each has a database, an account and a directory of its own.
public enum Zone: String, Sendable, CaseIterable, Codable {
    /// Where identifiers exist.
    case source
    /// Where pseudonyms are linked, modelled and scored.
    case linking
    /// Where the identities of released people are opened.
    case release
}
