import EncodedExtract
import PipelineModel

/// The pseudonym of each address, from the token of its UPRN: minted once, and kept when new keys
/// give the address another token.
struct Homes {
    private var carried: [UInt64: HouseholdPseudonym]
    private let mint: Minter

    init(_ state: LinkState, mint: Minter) {
        carried = Dictionary(
            state.homes.map { ($0.token, $0.household) }, uniquingKeysWith: { first, _ in first })
        self.mint = mint
    }

    /// The household behind a token.
    subscript(token: UInt64) -> HouseholdPseudonym { carried[token] ?? mint.household(token) }

    /// What must be remembered once `new` has replaced the encodings of the state: the households
    /// whose pseudonym is not the one that their new token would give, in ascending order of token.
    ///
    /// The same version of an identity has the same name and day under old keys and new.
    func rekeyed(_ held: [Encodings], to new: [Encodings]) -> [LinkState.Home] {
        var before: [Version: HouseholdPseudonym] = [:]
        for source in held {
            for (version, token) in Self.homes(of: source) { before[version] = self[token] }
        }
        var kept: [UInt64: HouseholdPseudonym] = [:]
        for source in new {
            for (version, token) in Self.homes(of: source) {
                guard let household = before[version] else { continue }
                kept[token] = kept[token].map { min($0, household) } ?? household
            }
        }
        return kept.filter { $0.value != mint.household($0.key) }
            .map { LinkState.Home(token: $0.key, household: $0.value) }
            .sorted { $0.token < $1.token }
    }

    /// A version of an identity, whatever keys encoded it.
    private struct Version: Hashable {
        var source: String
        var record: RecordPseudonym
        var happened: Day
    }

    private static func homes(of source: Encodings) -> [(Version, UInt64)] {
        guard case .token(let tokens)? = source["uprn"] else { return [] }
        return (0..<source.count).compactMap { row in
            guard source.operation[row] == .open, tokens[row] != 0 else { return nil }
            let version = Version(
                source: source.source, record: source.record[row], happened: source.happened[row])
            return (version, tokens[row])
        }
    }
}
