import Attestation
public import ClericalReview
import Foundation
import Intake
import NightRun
public import PipelineModel
import Pseudonymise
import Storage

/// One clerk at work on the pairs of one request.
///
/// Each answer is on the disk before the next pair can be asked for, so that a session may end at
/// any point and be taken up again. Nothing in it prints a name but ``shown(_:)``.
public struct ReviewSession: Sendable, CustomStringConvertible, CustomReflectable {
    public let request: String
    public let clerk: String
    /// Whether two others have decided before, differently, on each of ``pairs``.
    public let isAdjudicating: Bool
    /// The pairs that this clerk decides, in the order of the request.
    public let pairs: [ReviewRequest.Pair]
    /// What they have answered, by the id of the pair.
    public private(set) var answers: [String: (judgement: Judgement, reason: ReviewReason)]

    private let desk: ReviewDesk
    private let review: ReviewRecord
    private let views: [String: String]
    private let lock: RunLock
    private let now: @Sendable () -> Date

    init(
        _ desk: ReviewDesk, _ received: ReviewDesk.Received, part: ReviewDesk.Part, clerk: String,
        lock: RunLock, now: @escaping @Sendable () -> Date
    ) throws {
        self.desk = desk
        self.clerk = clerk
        self.lock = lock
        self.now = now
        request = received.request.id
        isAdjudicating = part.position == 3
        pairs = received.request.pairs.filter { part.pairs?.contains($0.id) ?? true }
        views = try Self.views(pairs, desk)
        let began = now()
        let known = try desk.database.review(request)
        review =
            known ?? ReviewRecord(id: request, digest: received.digest, opened: began)
        if !part.hasBegun {
            try desk.log().append(ReviewDesk.begun(clerk, review), at: Timestamp(of: began))
            try desk.database.begin(
                ReviewClerkRecord(clerk: clerk, position: part.position, began: began), on: review)
        }
        let kept = try desk.answers(
            ReviewClerkRecord(clerk: clerk, position: part.position, began: began), of: review)
        answers = kept.mapValues { ($0.judgement, $0.reason) }
    }

    /// The two records of each pair side by side.
    ///
    /// - Throws: `StileError` with code `input` where a subject was never held here.
    private static func views(
        _ pairs: [ReviewRequest.Pair], _ desk: ReviewDesk
    ) throws -> [String: String] {
        let setting = desk.setting
        let names = Set(setting.contract.sources.map(\.name))
        var wanted: [String: Set<SubjectPseudonym>] = [:]
        for side in pairs.flatMap({ [$0.left, $0.right] }) {
            guard names.contains(side.source) else {
                throw StileError(
                    .input,
                    "The request asks about the source “\(side.source)”, which is not here.",
                    at: .init(file: setting.path),
                    remedy: "Answer it in the source zone that holds all of its sources.")
            }
            wanted[side.source, default: []].insert(side.subject)
        }
        // Extracts move into the archive while a night is at work.
        let night = try RunLock(path: "\(setting.folders.state)/run.lock", now: Date())
        defer { night.release() }
        let history = try IdentityHistory(of: wanted, setting, desk.database)
        let secret = setting.encoding.fields.filter { $0.mustNotLink != nil }.map(\.name)
        let view = PairView(
            fields: setting.encoding.fields.map(\.name).filter { !secret.contains($0) },
            clock: setting.contract.clock)
        var views: [String: String] = [:]
        for pair in pairs {
            for side in [pair.left, pair.right]
            where history.subjects[side.subject] == nil && !history.incomplete.contains(side.source)
            {
                throw StileError(
                    .input,
                    "The request asks about a subject that “\(side.source)” does not hold: pair \(pair.id).",
                    at: .init(file: setting.path),
                    remedy:
                        "Let the linking zone link what this zone delivered last, and draw again.")
            }
            // An identity may have been replaced since the pair was drawn.
            let isReplaced = [pair.left.subject, pair.right.subject].contains { subject in
                secret.contains { history.subjects[subject]?[$0]?.isEmpty == false }
            }
            guard !isReplaced else {
                views[pair.id] = "The values of this pair are no longer held for review."
                continue
            }
            views[pair.id] = view.text(
                .init(source: pair.left.source, identity: history.subjects[pair.left.subject]),
                .init(source: pair.right.source, identity: history.subjects[pair.right.subject]))
        }
        return views
    }

    /// The two records of a pair as text with names: for a terminal and nothing else.
    public func shown(_ pair: Int) -> String { views[pairs[pair].id] ?? "" }

    /// The first pair without an answer; `nil` where all have one.
    public var next: Int? { pairs.firstIndex { answers[$0.id] == nil } }

    /// How many pairs have an answer.
    public var answered: Int { pairs.count { answers[$0.id] != nil } }

    /// Keeps an answer; it is on the disk when this returns.
    public mutating func answer(
        _ pair: Int, _ judgement: Judgement, _ reason: ReviewReason
    ) throws {
        try answer([pairs[pair].id: (judgement, reason)])
    }

    /// Keeps several answers, all or none.
    mutating func answer(
        _ given: [String: (judgement: Judgement, reason: ReviewReason)]
    ) throws {
        let date = now()
        try desk.database.keep(
            given.sorted { $0.key < $1.key }.map { pair, answer in
                ReviewAnswerRecord(
                    pair: pair, judgement: answer.judgement, reason: answer.reason.rawValue,
                    at: date)
            }, of: clerk, request: request)
        answers.merge(given) { _, new in new }
    }

    /// Ends this clerk's part, and hands the answers over where everybody has decided.
    ///
    /// - Returns: Lines for people; no name is in them.
    /// - Throws: `StileError` with code `input` where a pair has no answer.
    public func finish() throws -> String {
        let open = pairs.count - answered
        guard open == 0 else {
            throw StileError(
                .input, "\(open) of \(pairs.count) pairs have no answer.",
                at: .init(file: request), remedy: "Answer them all; “cannot_say” is an answer.")
        }
        let date = now()
        let kept = try desk.answers(
            ReviewClerkRecord(clerk: clerk, position: 1, began: date), of: review)
        try desk.log().append(
            ReviewDesk.finished(clerk, review, kept), at: Timestamp(of: date))
        try desk.database.finish(clerk, request: request, at: date)
        let mine = "review \(request): “\(clerk)” has decided \(pairs.count) pairs"
        return switch try desk.settle(request, now: now()) {
        case .anotherClerkAwaited: "\(mine); another clerk is awaited"
        case .disagreements(let count):
            "\(mine); the two clerks differ on \(count), which a third decides"
        case .handedOver(let file): "\(mine); the answers were handed over: \(file)"
        }
    }

    public var description: String { "review of \(request) by \(clerk)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
