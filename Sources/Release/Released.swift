public import EthicsGate
public import PipelineModel
public import Sealing

/// A list whose people are open.
///
/// Only ``Opener`` can make one, and nothing else can be exported.
public struct Released: Sendable {
    public let list: String
    public let purpose: String
    public let recipients: [String]
    /// In ascending order of rank.
    public let rows: [Row]
    /// How many of the approved people were taken off because they are excluded by now.
    public let dropped: Int
    /// SHA-256 of the exclusions of the day of release.
    public let exclusions: ContentDigest
    let approved: Approved

    /// One person on the list.
    public struct Row: Sendable {
        public let rank: Int
        /// Twelve hexadecimal digits that stand for this person on this list only.
        public let reference: String
        public let identity: Identity
        public let probability: String
        public let reasons: [Candidate.Reason]
    }

    init(
        approved: Approved, rows: [Row], dropped: Int, exclusions: ContentDigest
    ) {
        list = approved.proposal.list
        purpose = approved.proposal.purpose
        recipients = approved.proposal.recipients
        self.approved = approved
        self.rows = rows
        self.dropped = dropped
        self.exclusions = exclusions
    }
}
