import GRDB
import PipelineModel
import Storage
import TestSupport
import Testing

/// What the source zone keeps of clerks and their answers.
@Suite struct ReviewRecordTests {
    let folder = TemporaryFolder("reviews")

    private func review() -> ReviewRecord {
        ReviewRecord(id: "review-1", digest: digest(1), opened: moment)
    }

    private func begin(_ database: ZoneDatabase, _ clerk: String, _ position: Int) throws {
        try database.begin(
            ReviewClerkRecord(clerk: clerk, position: position, began: moment), on: review())
    }

    private func answer(_ judgement: Judgement, _ reason: String) -> ReviewAnswerRecord {
        ReviewAnswerRecord(
            pair: "00000000000000a1", judgement: judgement, reason: reason, at: moment)
    }

    @Test func answersAreKeptAndTheLastCounts() throws {
        let database = try open(folder)
        try begin(database, "c-1", 1)
        try begin(database, "c-2", 2)
        try database.keep([answer(.link, "moved_home")], of: "c-1", request: "review-1")
        try database.keep([answer(.not, "twin_or_sibling")], of: "c-1", request: "review-1")
        let again = try open(folder)
        let kept = try again.answers(of: "c-1", request: "review-1")
        #expect(kept["00000000000000a1"]?.judgement == .not)
        #expect(try again.answers(of: "c-2", request: "review-1").isEmpty)
        let rows = try DatabaseQueue(path: database.path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM review_answers")
        }
        #expect(rows == 2)
        try again.finish("c-1", request: "review-1", at: moment)
        try again.handOver(digest(2), request: "review-1")
        let record = try #require(try again.review("review-1"))
        #expect(record.clerks.map(\.clerk) == ["c-1", "c-2"])
        #expect(record.clerks.map { $0.finished != nil } == [true, false])
        #expect(record.answered == digest(2) && record.digest == digest(1))
        #expect(try again.reviews() == [record])
    }

    @Test func aPartIsTakenOnce() throws {
        let database = try open(folder)
        try begin(database, "c-1", 1)
        #expect(fault { try begin(database, "c-2", 1) }?.code == .policy)
        #expect(fault { try begin(database, "c-1", 2) }?.code == .policy)
        #expect(try database.review("review-1")?.clerks.count == 1)
    }

    @Test func anAnswerStands() throws {
        let database = try open(folder)
        try begin(database, "c-1", 1)
        try database.keep([answer(.link, "moved_home")], of: "c-1", request: "review-1")
        let raw = try DatabaseQueue(path: database.path)
        for statement in [
            "UPDATE review_answers SET judgement = 'not'", "DELETE FROM review_answers",
        ] {
            #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: statement) } }
        }
        try database.finish("c-1", request: "review-1", at: moment)
        let late = fault {
            try database.keep([answer(.not, "twin_or_sibling")], of: "c-1", request: "review-1")
        }
        #expect(late?.code == .integrity)
        #expect(
            fault {
                try database.keep([answer(.not, "x")], of: "c-9", request: "review-1")
            }?.code == .integrity)
    }

    /// A database of the release before gets the new tables and keeps what it has.
    @Test func anOlderDatabaseIsBroughtUpToDate() throws {
        let database = try open(folder)
        try database.setMeta("project", "meadowshire")
        try DatabaseQueue(path: database.path).writeWithoutTransaction {
            try $0.execute(
                sql: """
                    DROP TABLE review_answers; DROP TABLE review_clerks;
                    DROP TABLE review_requests; PRAGMA user_version = 1;
                    """)
        }
        let again = try open(folder)
        #expect(try again.meta("project") == "meadowshire")
        #expect(try again.reviews().isEmpty)
        try begin(again, "c-1", 1)
        #expect(try again.review("review-1")?.clerks.count == 1)
    }
}
