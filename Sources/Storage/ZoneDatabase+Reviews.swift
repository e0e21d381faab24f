public import Foundation
import GRDB
public import PipelineModel

extension ZoneDatabase {
    /// The requests that a clerk has opened, in the order of their ids.
    public func reviews() throws -> [ReviewRecord] {
        try read { reader in
            try reader.all("SELECT * FROM review_requests ORDER BY id").map(reader.review)
        }
    }

    /// The request of that id; `nil` where no clerk has opened it.
    public func review(_ id: String) throws -> ReviewRecord? {
        try read { reader in
            try reader.first("SELECT * FROM review_requests WHERE id = ?", [id])
                .map(reader.review)
        }
    }

    /// Enters a clerk, and the request where they are its first.
    ///
    /// - Throws: `StileError` with code `policy` where the position has been taken.
    public func begin(_ clerk: ReviewClerkRecord, on review: ReviewRecord) throws {
        try write { writer in
            try writer.run(
                "INSERT OR IGNORE INTO review_requests (id, sha256, opened) VALUES (?, ?, ?)",
                [review.id, review.digest.hex, Instant.text(review.opened)])
            let taken = try writer.reader.first(
                "SELECT 1 FROM review_clerks WHERE request = ? AND (position = ? OR clerk = ?)",
                [review.id, clerk.position, clerk.clerk])
            guard taken == nil else {
                throw StileError(
                    .policy, "Another clerk has just taken this part of the review.",
                    remedy: "Begin again.")
            }
            try writer.run(
                "INSERT INTO review_clerks (request, clerk, position, began) VALUES (?, ?, ?, ?)",
                [review.id, clerk.clerk, clerk.position, Instant.text(clerk.began)])
        }
    }

    /// Keeps answers of a clerk; the last of a pair is the one that counts.
    public func keep(_ answers: [ReviewAnswerRecord], of clerk: String, request: String) throws {
        try write { writer in
            for answer in answers {
                try writer.run(
                    """
                    INSERT INTO review_answers (request, clerk, pair, judgement, reason, at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    [
                        request, clerk, answer.pair, answer.judgement.rawValue, answer.reason,
                        Instant.text(answer.at),
                    ])
            }
        }
    }

    /// The answers of a clerk that count, by pair.
    public func answers(of clerk: String, request: String) throws -> [String: ReviewAnswerRecord] {
        try read { reader in
            var answers: [String: ReviewAnswerRecord] = [:]
            for row in try reader.all(
                "SELECT * FROM review_answers WHERE request = ? AND clerk = ? ORDER BY id",
                [request, clerk])
            {
                let pair = try row.text("pair")
                answers[pair] = ReviewAnswerRecord(
                    pair: pair, judgement: try row.choice("judgement"),
                    reason: try row.text("reason"), at: try row.instant("at"))
            }
            return answers
        }
    }

    /// Ends a clerk's part; from then on it stands.
    public func finish(_ clerk: String, request: String, at date: Date) throws {
        try write {
            try $0.run(
                """
                UPDATE review_clerks SET finished = ?
                WHERE request = ? AND clerk = ? AND finished IS NULL
                """, [Instant.text(date), request, clerk])
        }
    }

    /// Notes the file in which the answers were handed over.
    public func handOver(_ answers: ContentDigest, request: String) throws {
        try write {
            try $0.run(
                "UPDATE review_requests SET answered = ? WHERE id = ?", [answers.hex, request])
        }
    }
}

extension Reader {
    fileprivate func review(_ row: Fields) throws -> ReviewRecord {
        let id = try row.text("id")
        let answered = try row.textIfPresent("answered")
        return ReviewRecord(
            id: id, digest: try row.digest("sha256"), opened: try row.instant("opened"),
            answered: answered.flatMap { ContentDigest(hex: $0) },
            clerks: try all(
                "SELECT * FROM review_clerks WHERE request = ? ORDER BY position", [id]
            ).map {
                ReviewClerkRecord(
                    clerk: try $0.text("clerk"), position: try $0.count("position"),
                    began: try $0.instant("began"), finished: try $0.instantIfPresent("finished"))
            })
    }
}
