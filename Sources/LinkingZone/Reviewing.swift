import Attestation
import EthicsGate
import Foundation
public import PipelineModel
import Storage

extension LinkingZone {
    /// One list as `stile review` shows it.
    public struct Review: Sendable {
        public var text: String
        public var asOf: String
        public var state: String
        public var digests: [String: ContentDigest]
        public var candidates: Int
        public var page: String
        /// The roles that have not signed yet.
        public var missingRoles: [String]
    }

    /// The lists that wait, and how to go on.
    public struct Waiting: Sendable {
        public struct List: Sendable {
            public var id: String
            public var model: String
        }
        public var text: String
        public var lists: [List]
    }

    /// A list, its evidence and where its sign-offs stand.
    public static func review(configuration path: String, list id: String) throws -> Review {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let database = try database(configuration)
        guard let record = try database.list(id) else {
            throw StileError(
                .input, "There is no list of that id.", at: .init(file: path),
                remedy: "stile review --waiting names the lists there are.")
        }
        let (list, evidence, proposal) = try desk.proposed(id)
        var lines = [
            "list \(id): \(list.summary) as of \(list.asOf), for \(list.purpose)",
            "state: \(record.state.rawValue)",
        ]
        if let released = try desk.released(id, proposal) {
            lines.append(
                "released: \(released.released), \(released.rows) rows to \(released.recipients.joined(separator: ", ")), signed by the release zone"
            )
        }
        if let line = try ListsOfChangedPeople.line(of: record, in: database) {
            lines.append(line)
        }
        var missing: [String] = []
        if record.state == .waiting || record.state == .approved {
            switch try decision(desk, id, proposal) {
            case .waiting(let roles):
                missing = roles.map(\.role)
                lines.append("still to sign: " + missing.joined(separator: ", "))
            case .refused(let objections):
                lines += objections.map { "\($0.decision.rawValue) by \($0.person) as \($0.role)" }
            case .approved(let approved):
                lines += approved.approvals.map { "approved by \($0.person) as \($0.role)" }
            }
        }
        lines.append("")
        for row in list.rows {
            let reasons = row.reasons.prefix(3).map {
                "\($0.feature) \(Self.rounded($0.contribution))"
            }
            lines.append(
                "\(row.rank). \(row.shown)  \(Self.rounded(row.probability))  "
                    + reasons.joined(separator: ", "))
        }
        lines.append("")
        for subject in proposal.subjects { lines.append("\(subject.digest.hex)  \(subject.name)") }
        let page = "\(desk.folder(of: id))/review.html"
        lines.append("evidence: \(desk.folder(of: id))/evidence.json (\(evidence.count) bytes)")
        lines.append("page: \(page)")
        var digests: [String: ContentDigest] = [:]
        for subject in proposal.subjects { digests[subject.name] = subject.digest }
        return Review(
            text: lines.joined(separator: "\n"), asOf: list.asOf, state: record.state.rawValue,
            digests: digests, candidates: list.rows.count, page: page, missingRoles: missing)
    }

    /// The lists that wait for sign-off.
    public static func waiting(configuration path: String) throws -> Waiting {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let lists = try database(configuration).lists(state: .waiting).sorted { $0.id < $1.id }
        var lines = [
            "\(lists.count) \(lists.count == 1 ? "list waits" : "lists wait") for sign-off"
        ]
        for list in lists {
            lines.append("")
            lines.append("  review:  stile review --config \(path) --list \(list.id)")
            lines.append("           \(desk.folder(of: list.id))/review.html")
            for role in desk.policy.terms.roles {
                lines.append(
                    "  sign:    stile sign --config \(path) --list \(list.id) --role \(role) --key KEY --decision approve --reason \"…\""
                )
            }
            // The exclusions of a sample are as old as its extracts.
            let day =
                configuration.deployment == .sample && configuration.clock == .calendar
                ? " --as-of \(configuration.clock.text(list.asOf))" : ""
            lines.append(
                "  release: stile release --config RELEASE/stile.yaml --list \(list.id)\(day)")
        }
        return Waiting(
            text: lines.joined(separator: "\n"),
            lists: lists.map { .init(id: $0.id, model: $0.model) })
    }

    static func decision(_ desk: ListDesk, _ id: String, _ proposal: ListProposal) throws
        -> Decision
    {
        try Gate.decide(
            proposal, envelopes: desk.envelopes(id), policy: desk.policy, log: desk.view(),
            now: Timestamp.now(Date()))
    }

    /// Three decimals, for people.
    private static func rounded(_ decimal: String) -> String {
        guard let value = Double(decimal) else { return decimal }
        return ((value * 1000).rounded() / 1000).description
    }
}
