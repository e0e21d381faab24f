import Attestation
import ClericalReview
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
import Intake
import NightRun
import PipelineModel
import Sealing
import Storage

/// Where requests for clerical review come in and answers go out.
struct ReviewDesk {
    let setting: SourceSetting
    let database: ZoneDatabase
    let folder: ReviewFolder

    init(_ setting: SourceSetting) throws {
        self.setting = setting
        database = try setting.database()
        folder = ReviewFolder(setting.reviewFolder)
    }

    /// A request as it lies in the folder, with the digest of its file.
    struct Received {
        var request: ReviewRequest
        var digest: ContentDigest
    }

    /// Reads, verifies and opens a request.
    func receive(_ id: String) throws -> Received {
        let file = folder.request(id)
        guard let bytes = try folder.bytes(file) else {
            throw StileError(
                .input, "There is no such request for review.", at: .init(file: file),
                remedy: "Leave --request out to take the oldest that waits.")
        }
        let digest = ContentDigest.sha256(bytes)
        if let known = try database.review(id), known.digest != digest {
            throw StileError(
                .integrity, "The request was changed after a clerk had opened it.",
                at: .init(file: file), remedy: "Restore the file from the backup.")
        }
        let request = try ReviewRequest.open(
            bytes, file: file, key: try ZoneKey.read(fileAt: setting.reviewKey, for: .review),
            signer: setting.policy.terms.logKey)
        guard request.id == id, request.project == setting.contract.project else {
            throw StileError(
                .configuration, "The request is of another project, or lies in another's folder.",
                at: .init(file: file),
                remedy: "Put each request into the folder of its own project and name.")
        }
        return Received(request: request, digest: digest)
    }

    /// What a clerk's part of a request is.
    struct Part {
        var position: Int
        var hasBegun: Bool
        /// The pairs that are theirs; `nil` for all.
        var pairs: Set<String>?
    }

    /// The part of `clerk` in a request that is under way.
    ///
    /// - Throws: `StileError` with code `policy` where they have decided already, or nobody is
    ///   awaited any more.
    func part(of clerk: String, in id: String) throws -> Part {
        guard let review = try database.review(id) else {
            return Part(position: 1, hasBegun: false)
        }
        if let own = review.clerks.first(where: { $0.clerk == clerk }) {
            guard own.finished == nil else {
                throw StileError(
                    .policy, "“\(clerk)” has decided the pairs of \(id) already.",
                    remedy:
                        "A review needs two clerks who decide independently; let another one decide."
                )
            }
            return Part(
                position: own.position, hasBegun: true,
                pairs: own.position == 3 ? try disagreements(review) : nil)
        }
        if review.clerks.count < 2 {
            return Part(position: review.clerks.count + 1, hasBegun: false)
        }
        if review.answered == nil, review.clerks.count == 2, setting.contract.review.adjudicates,
            review.clerks.allSatisfy({ $0.finished != nil })
        {
            let pairs = try disagreements(review)
            if !pairs.isEmpty { return Part(position: 3, hasBegun: false, pairs: pairs) }
        }
        throw StileError(
            .policy, "No further clerk is awaited for \(id).",
            remedy: "Leave --request out to take a request that waits, or let its clerks finish.")
    }

    private func disagreements(_ review: ReviewRecord) throws -> Set<String> {
        let answers = try review.clerks.prefix(2).map { try self.answers($0, of: review) }
        guard answers.count == 2 else { return [] }
        return Set(ReviewAnswers.disagreements(answers[0], answers[1]))
    }

    /// The answers of a clerk, as they are handed over.
    func answers(
        _ clerk: ReviewClerkRecord, of review: ReviewRecord
    ) throws -> [String: ReviewAnswers.Answer] {
        try database.answers(of: clerk.clerk, request: review.id).mapValues { kept in
            guard let reason = ReviewReason(rawValue: kept.reason) else {
                throw StileError(
                    .integrity, "The database holds a reason that this program does not know.",
                    at: .init(file: database.path),
                    remedy: "Use the release of Stile with which it was given.")
            }
            return ReviewAnswers.Answer(
                judgement: kept.judgement, reason: reason, at: Timestamp(of: kept.at))
        }
    }

    // MARK: The log

    func log() throws -> AppendOnlyLog { try setting.log(database) }

    static let begun = "review.begun"
    static let finished = "review.finished"
    static let answered = "review.answered"

    /// The leaf of a clerk who begins.
    static func begun(_ clerk: String, _ review: ReviewRecord) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: begun, actor: clerk, subjects: [.init("request", review.digest)],
            scope: review.id)
    }

    /// The leaf of a clerk who has decided.
    static func finished(
        _ clerk: String, _ review: ReviewRecord, _ answers: [String: ReviewAnswers.Answer]
    ) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: finished, actor: clerk,
            subjects: [.init("answers", digest(answers)), .init("request", review.digest)],
            scope: review.id)
    }

    /// The leaf of the file that goes to the linking zone.
    static func answered(_ review: ReviewRecord, _ file: ContentDigest) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: answered, actor: "stile",
            subjects: [.init("answers", file), .init("request", review.digest)],
            scope: review.id)
    }

    private static func digest(_ answers: [String: ReviewAnswers.Answer]) -> ContentDigest {
        var print = Fingerprint("stile/review/answers/v1")
        for (pair, answer) in answers.sorted(by: { $0.key < $1.key }) {
            for text in [
                pair, answer.judgement.rawValue, answer.reason.rawValue, answer.at.description,
            ] { print.add("answer", text) }
        }
        return print.digest
    }

    // MARK: Handing over

    /// Where a review stands once a clerk has finished.
    enum Standing {
        case anotherClerkAwaited
        case disagreements(Int)
        case handedOver(file: String)
    }

    /// Hands the answers over where everybody has decided; a run that was killed half way is
    /// finished by the next.
    func settle(_ id: String, now: Date) throws -> Standing {
        guard let review = try database.review(id) else { return .anotherClerkAwaited }
        let file = folder.answers(id)
        if let digest = review.answered, let bytes = try folder.bytes(file) {
            guard ContentDigest.sha256(bytes) == digest else {
                throw StileError(
                    .integrity, "The answers were changed after they had been handed over.",
                    at: .init(file: file),
                    remedy: "Remove the file, and let the next stile link review write it again.")
            }
            return .handedOver(file: file)
        }
        guard review.clerks.count >= 2, review.clerks.allSatisfy({ $0.finished != nil }) else {
            return .anotherClerkAwaited
        }
        let clerks = try review.clerks.map { clerk in
            ReviewAnswers.Clerk(
                id: clerk.clerk, finished: Timestamp(of: clerk.finished ?? now),
                answers: try answers(clerk, of: review))
        }
        let differ = ReviewAnswers.disagreements(clerks[0].answers, clerks[1].answers).count
        if setting.contract.review.adjudicates, differ > 0, clerks.count < 3 {
            return .disagreements(differ)
        }
        let key = try ZoneKey.read(fileAt: setting.reviewKey, for: .review)
        let bytes = try ReviewAnswers(
            request: id, requestDigest: review.digest, clerks: Array(clerks.prefix(2)),
            adjudicator: clerks.count == 3 ? clerks[2] : nil
        ).bytes(signedBy: key.signing)
        let digest = ContentDigest.sha256(bytes)
        // The log first: what is not in it has not been handed over. A file that has gone since is
        // the same again.
        if digest != review.answered {
            try log().append(Self.answered(review, digest), at: Timestamp(of: now))
        }
        try setting.disk.writeDurably(bytes, to: file, permissions: 0o640)
        try database.handOver(digest, request: id)
        return .handedOver(file: file)
    }
}
