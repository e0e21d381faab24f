public import EthicsGate
public import PipelineModel
public import Sealing

/// A list whose people are open; a list of settings has none.
///
/// Only ``Opener`` can make one, and nothing else can be exported.
public struct Released: Sendable {
    public let list: String
    public let purpose: String
    public let recipients: [String]
    /// In ascending order of rank.
    public let rows: [Row]
    /// What was scored.
    public let unit: UnitKind
    /// How many of the approved people were taken off because they are excluded by now.
    public let dropped: Int
    /// SHA-256 of the exclusions of the day of release.
    public let exclusions: ContentDigest
    let approved: Approved

    /// One person on the list, or one setting.
    public struct Row: Sendable {
        public let rank: Int
        /// Twelve hexadecimal digits that stand for this person on this list only.
        public let reference: String
        /// Twelve hexadecimal digits that the members of one household share on this list only.
        public let household: String?
        /// The code of a setting, of which nobody was opened.
        public let setting: String?
        /// Empty for a setting.
        public let identity: Identity
        public let probability: String
        public let reasons: [Candidate.Reason]
    }

    /// What was released, in words: `5 people`, `4 settings`.
    public var summary: String {
        "\(rows.count) \(unit == .setting ? unit.plural : UnitKind.person.plural)"
    }

    init(
        approved: Approved, unit: UnitKind, rows: [Row], dropped: Int, exclusions: ContentDigest
    ) {
        list = approved.proposal.list
        purpose = approved.proposal.purpose
        recipients = approved.proposal.recipients
        self.approved = approved
        self.unit = unit
        self.rows = rows
        self.dropped = dropped
        self.exclusions = exclusions
    }
}
