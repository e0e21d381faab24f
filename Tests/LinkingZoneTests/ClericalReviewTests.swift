import Attestation
import ClericalReview
import Foundation
import Hashing
import Linkage
import LinkingZone
import NightRun
import PipelineModel
import Storage
import TestSupport
import Testing

@testable import SourceZone

/// Pairs go from the linking zone to clerks in the source zone, and come back as labels.
@Suite struct ClericalReviewTests {
    static let day = "2025-06-03"

    /// Twenty patients, ten of them in the register of opt-outs too, and a request that is sent.
    func asked(_ review: String = "") throws -> Deployment {
        let zones = try Deployment()
        try edit(zones.source, "encoding:", "review: {\(review)}\nencoding:")
        try edit(zones.linking, "version: 1", "version: 1\nlinkage: {review: {size: 16}}")
        let key = try SourceZone.makeReviewKey(configuration: zones.source)
        try FileManager.default.copyItem(
            atPath: key, toPath: "\(zones.folder)/linking/keys/review.pub")
        try zones.dropPatients("2025-06-02")
        try zones.dropOptOuts("2025-06-02", Array(0..<10))
        if let error = try zones.sourceNight(Self.day).error { throw error }
        if let error = try zones.linkingNight(Self.day, through: .sample).error { throw error }
        return zones
    }

    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(old))
        try text.replacing(old, with: new, maxReplacements: 1)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    func requestFolder(_ zones: Deployment) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: "\(zones.folder)/reviews")
        return "\(zones.folder)/reviews/\(try #require(names.first))"
    }

    private func session(_ zones: Deployment, _ clerk: String) throws -> ReviewSession {
        try SourceZone.review(configuration: zones.source, clerk: clerk)
    }

    /// Answers everything as `judgement` says, through the dialogue's own words.
    func decide(
        _ zones: Deployment, _ clerk: String, _ judgement: (Int) -> String = { _ in "l" }
    ) throws -> String {
        var session = try session(zones, clerk)
        var lines = session.pairs.indices.flatMap { [judgement($0), "1"] } + ["f"]
        var shown = ""
        return try ReviewDialogue(
            read: { lines.isEmpty ? nil : lines.removeFirst() }, write: { shown += $0 }
        ).run(&session)
    }

    func review(_ zones: Deployment) throws -> ReviewOutcome {
        let names = zones.names(in: "linking/state/reviews")
        let data = Data(try zones.read("linking/state/reviews/\(try #require(names.first))").utf8)
        return try JSONDecoder().decode(ReviewOutcome.self, from: data)
    }

    func fault(_ body: () throws -> Void) -> StileError? {
        do { try body() } catch { return error as? StileError }
        return nil
    }

    @Test func twoClerksDecideAndTheLabelsComeBack() throws {
        let zones = try asked()
        let first = try decide(zones, "c-1") { $0 == 0 ? "n" : "l" }
        #expect(first.contains("another clerk is awaited"))
        #expect(try decide(zones, "c-2").contains("handed over"))
        let outcome = try zones.linkingNight(Self.day, through: .link)
        #expect(outcome.error == nil)
        #expect(outcome.notes.contains { $0.contains("clerks agree on") })
        let linkage = try #require(
            FileManager.default.contents(atPath: "\(zones.folder)/linking/state/linkage.json"))
        let report = try #require(
            try JSONSerialization.jsonObject(with: linkage) as? [String: Any])
        let review = try #require(report["review"] as? [String: Any])
        let agreement = try #require(review["agreement"] as? [String: Any])
        let agreed = try #require(agreement["agreed"] as? [String: Any])
        let pairs = try #require(agreed["of"] as? Int)
        #expect(agreed["count"] as? Int == pairs - 1)
        let pages = try FileManager.default.contentsOfDirectory(
            atPath: "\(zones.folder)/linking/pages"
        ).filter { $0.hasPrefix("linkage-") }
        let texts = try pages.map {
            try String(contentsOfFile: "\(zones.folder)/linking/pages/\($0)", encoding: .utf8)
        }
        #expect(texts.count { $0.contains("Cohen") } == 1)
        // Both zones have it on record, and a second night takes nothing in again.
        #expect(
            try SourceZone.audit(configuration: zones.source).contains {
                $0.contains("reviews: 1, with the answers of 2 clerks")
            })
        _ = try LinkingZone.audit(configuration: zones.linking, list: nil)
        let again = try zones.linkingNight(Self.day, through: .link)
        #expect(again.error == nil && !again.notes.contains { $0.contains("clerks agree") })
        #expect(
            again.record.stages.contains { $0.stage == "link" && $0.status == .unchanged })
    }

    @Test func aSessionIsTakenUpWhereItWasLeft() throws {
        let zones = try asked()
        var lines = ["l", "2", "n", "1", "b", "l", "4", "x", "c", "b", "c", "2"]
        var shown = ""
        do {
            var session = try session(zones, "c-1")
            let said = try ReviewDialogue(
                read: { lines.isEmpty ? nil : lines.removeFirst() }, write: { shown += $0 }
            ).run(&session)
            #expect(said.contains("3 of \(session.pairs.count) pairs are decided and kept"))
            // Another session of the same clerk has to wait.
            #expect(fault { _ = try self.session(zones, "c-1") }?.code == .busy)
        }
        #expect(shown.hasSuffix(ReviewDialogue.clear))
        let again = try session(zones, "c-1")
        let kept = again.pairs.prefix(3).map { again.answers[$0.id] }
        #expect(kept.map { $0?.judgement } == [.link, .link, .cannotSay])
        #expect(kept.map { $0?.reason } == [.namesAndBirthAgree, .changedName, .contradictory])
        #expect(again.next == 3)
        // The other clerk sees nothing of it.
        #expect(try session(zones, "c-2").answers.isEmpty)
    }

    @Test func eachPairIsShownSideBySideAndClearedAway() throws {
        let zones = try asked()
        var session = try session(zones, "c-1")
        var lines = ["l", "1"]
        var screens: [String] = [""]
        _ = try ReviewDialogue(
            read: { lines.isEmpty ? nil : lines.removeFirst() },
            write: { text in
                if text == ReviewDialogue.clear {
                    screens.append("")
                } else {
                    screens[screens.count - 1] += text
                }
            }
        ).run(&session)
        #expect(screens.last == "")
        let first = screens[1]
        #expect(first.contains("Pair 1 of \(session.pairs.count)"))
        let names = Deployment.forenames.filter { first.contains($0) }
        #expect(!names.isEmpty && first.contains("2025-06-02 – now"))
        #expect(first.contains("gp") || first.contains("opt_outs"))
        // What prints the session prints nobody.
        var text = "\(session)"
        dump(session, to: &text)
        for name in Deployment.forenames + Deployment.surnames { #expect(!text.contains(name)) }
        // And nothing of weights and strata is there to be seen.
        for word in ["weight", "stratum", "bits", "uncertain"] { #expect(!first.contains(word)) }
    }

    @Test func allVersionsOfAnIdentityAreShown() throws {
        let zones = try asked()
        try zones.dropPatients("2025-06-04")
        let file = "\(zones.folder)/source/drop/gp/patients_2025-06-04.csv"
        try edit(file, "Ada,Quillfeather,1950-03-01", "Ada,Newname\u{1b}[2J,1950-03-01")
        try zones.dropOptOuts("2025-06-04", Array(0..<10))
        if let error = try zones.sourceNight("2025-06-05").error { throw error }
        try edit(zones.linking, "size: 16", "size: 2000")
        if let error = try zones.linkingNight("2025-06-05", through: .sample).error { throw error }
        let requests = try FileManager.default.contentsOfDirectory(
            atPath: "\(zones.folder)/reviews")
        let views = try requests.flatMap { request in
            let session = try SourceZone.review(
                configuration: zones.source, clerk: "c-1", request: request)
            return session.pairs.indices.map(session.shown)
        }
        let ada = try #require(views.first { $0.contains("Newname") })
        #expect(ada.contains("Quillfeather") && ada.contains("2025-06-02 – 2025-06-04"))
        #expect(!ada.contains("\u{1b}"))
    }

    @Test func aClerkDecidesOnceAndNoThirdIsAsked() throws {
        let zones = try asked()
        _ = try decide(zones, "c-1")
        let twice = fault { _ = try session(zones, "c-1") }
        #expect(twice?.code == .policy && twice?.message.contains("already") == true)
        let open = try session(zones, "c-2")
        let third = fault { _ = try session(zones, "c-3") }
        #expect(third?.code == .policy && third?.message.contains("No further clerk") == true)
        #expect(fault { _ = try open.finish() }?.message.contains("have no answer") == true)
        #expect(fault { _ = try session(zones, "A Name") }?.code == .configuration)
    }

    @Test func onlyThoseWhoAreNamedDecide() throws {
        let zones = try asked("clerks: [c-1, c-2]")
        #expect(fault { _ = try session(zones, "c-3") }?.code == .policy)
        #expect(fault { _ = try session(zones, "c-2") } == nil)
    }

    @Test func aThirdDecidesWhereTwoDiffer() throws {
        let zones = try asked("adjudicate: true")
        _ = try decide(zones, "c-1") { $0 < 2 ? "n" : "l" }
        #expect(try decide(zones, "c-2").contains("differ on 2, which a third decides"))
        #expect(
            !FileManager.default.fileExists(atPath: try requestFolder(zones) + "/answers.json"))
        let third = try session(zones, "c-3")
        #expect(third.pairs.count == 2 && third.isAdjudicating && third.answers.isEmpty)
        #expect(fault { _ = try session(zones, "c-1") }?.code == .policy)
    }

    @Test func theThirdIsHandedOverWithTheTwo() throws {
        let zones = try asked("adjudicate: true")
        _ = try decide(zones, "c-1") { $0 < 2 ? "n" : "l" }
        _ = try decide(zones, "c-2")
        #expect(try decide(zones, "c-3") { $0 == 0 ? "l" : "c" }.contains("handed over"))
        let outcome = try zones.linkingNight(Self.day, through: .link)
        #expect(outcome.error == nil)
        let id = (try requestFolder(zones) as NSString).lastPathComponent
        let json = try #require(
            FileManager.default.contents(
                atPath: "\(zones.folder)/linking/state/reviews/\(id).json"))
        let review = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(review["adjudicated"] as? Int == 2)
        let quality = try #require(review["quality"] as? [String: Any])
        let (pairs, settled) = (quality["pairs"] as? Int, quality["settled"] as? Int)
        #expect(settled == pairs.map { $0 - 1 })
    }

    @Test func whatIsSettledAgainstTheLinkageCanBecomeAnOverride() throws {
        let zones = try asked()
        try edit(zones.linking, "size: 16}", "size: 16, apply: true}")
        _ = try decide(zones, "c-1") { _ in "n" }
        _ = try decide(zones, "c-2") { _ in "n" }
        let outcome = try zones.linkingNight(Self.day, through: .link)
        #expect(outcome.error == nil)
        let listed = try LinkingZone.overrides(configuration: zones.linking).overrides
        #expect(!listed.entries.isEmpty)
        for entry in listed.entries {
            #expect(entry.kind == .separate && entry.grounds.origin == .clerical)
            #expect(entry.grounds.who == "c-1" && entry.grounds.reason.contains("as did c-2"))
        }
        let state = try #require(
            FileManager.default.contents(atPath: "\(zones.folder)/linking/state/linkage.json"))
        let report = try #require(try JSONSerialization.jsonObject(with: state) as? [String: Any])
        #expect(report["overrides"] as? Int == listed.standing.count)
        _ = try LinkingZone.audit(configuration: zones.linking, list: nil)
    }

    // MARK: What is not as it should be

    @Test func aRequestOfSomebodyUnknownIsRefused() throws {
        let zones = try asked()
        let key = try PublicReviewKey.read(
            Array(
                #require(
                    FileManager.default.contents(
                        atPath: "\(zones.folder)/source/keys/review.pub"))), file: "k")
        func request(_ sides: [ReviewRequest.Side], id: String) throws {
            let bytes = try ReviewRequest(
                id: id, project: "county", made: Timestamp(seconds: 1),
                pairs: [.init(id: "00000000000000aa", left: sides[0], right: sides[1])]
            ).sealed(
                to: key,
                signedBy: LogKey.read(fileAt: "\(zones.folder)/linking/keys/log.key"))
            try zones.home.write(bytes, to: "reviews/\(id)/request.json")
        }
        let stranger = SubjectPseudonym(high: 9, low: 9)
        let known = try SourceZone.subjectLookup(configuration: zones.source, source: "gp")("p1")
        try request(
            [.init(source: "gp", subject: known), .init(source: "gp", subject: stranger)],
            id: "review-stranger")
        let absent = fault {
            _ = try SourceZone.review(
                configuration: zones.source, clerk: "c-1", request: "review-stranger")
        }
        #expect(absent?.code == .input && absent?.message.contains("does not hold") == true)
        try request(
            [.init(source: "gp", subject: known), .init(source: "police", subject: stranger)],
            id: "review-elsewhere")
        let elsewhere = fault {
            _ = try SourceZone.review(
                configuration: zones.source, clerk: "c-1", request: "review-elsewhere")
        }
        #expect(elsewhere?.code == .input && elsewhere?.message.contains("“police”") == true)
        #expect(try zones.leaves("source").contains("review.begun") == false)
    }

    @Test func changedFilesAndWrongKeysAreRefused() throws {
        let zones = try asked()
        let file = try requestFolder(zones) + "/request.json"
        let bytes = Array(try #require(FileManager.default.contents(atPath: file)))
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: file))
        #expect(fault { _ = try session(zones, "c-1") }?.code == .integrity)
        try Data(bytes).write(to: URL(fileURLWithPath: file))

        for name in ["review.key", "review.pub"] {
            try FileManager.default.moveItem(
                atPath: "\(zones.folder)/source/keys/\(name)",
                toPath: "\(zones.folder)/source/keys/old.\(name)")
        }
        _ = try SourceZone.makeReviewKey(configuration: zones.source)
        let other = fault { _ = try session(zones, "c-1") }
        #expect(
            other?.code == .configuration && other?.message.contains("another review key") == true)
        for name in ["review.key", "review.pub"] {
            try FileManager.default.removeItem(atPath: "\(zones.folder)/source/keys/\(name)")
            try FileManager.default.moveItem(
                atPath: "\(zones.folder)/source/keys/old.\(name)",
                toPath: "\(zones.folder)/source/keys/\(name)")
        }
        _ = try decide(zones, "c-1")
        _ = try decide(zones, "c-2")
        let answers = try requestFolder(zones) + "/answers.json"
        let good = Array(try #require(FileManager.default.contents(atPath: answers)))
        var bad = good
        bad[good.count / 2] ^= 1
        try Data(bad).write(to: URL(fileURLWithPath: answers))
        #expect(fault { _ = try SourceZone.audit(configuration: zones.source) }?.code == .integrity)
        // The night does its work, says what it could not take in, and takes it in once mended.
        let stopped = try zones.linkingNight(Self.day, through: .link)
        #expect(stopped.error?.code == .integrity)
        #expect(stopped.record.stages.contains { $0.stage == "link" })
        try Data(good).write(to: URL(fileURLWithPath: answers))
        #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
        try Data(bad).write(to: URL(fileURLWithPath: answers))
        let late = try zones.linkingNight(Self.day, through: .link)
        #expect(late.error?.message.contains("after they had been taken in") == true)
    }

    /// A process that ends between any two of the steps with which a clerk finishes leaves what
    /// the next one completes; a file of answers that has gone is written again, byte for byte.
    @Test func handingOverIsFinishedByWhoeverComesNext() throws {
        let zones = try asked()
        _ = try decide(zones, "c-1")
        var open = try session(zones, "c-2")
        for pair in open.pairs.indices { try open.answer(pair, .link, .movedHome) }
        let database = try ZoneDatabase(
            path: "\(zones.folder)/source/state/source.sqlite", zone: .source)
        // Killed after the second clerk's part ended and before anything was handed over.
        try database.finish("c-2", request: open.request, at: Date())
        let answers = try requestFolder(zones) + "/answers.json"
        #expect(!FileManager.default.fileExists(atPath: answers))
        #expect(fault { _ = try session(zones, "c-3") }?.code == .input)
        let first = try #require(FileManager.default.contents(atPath: answers))
        try FileManager.default.removeItem(atPath: answers)
        _ = fault { _ = try session(zones, "c-3") }
        #expect(FileManager.default.contents(atPath: answers) == first)
        #expect(
            try zones.leaves("source").components(separatedBy: "review.answered").count == 2)
        #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
    }

    @Test func anAnswerThatWasChangedInTheDatabaseIsSeen() throws {
        let zones = try asked()
        _ = try decide(zones, "c-1")
        _ = try SourceZone.audit(configuration: zones.source)
        let database = try ZoneDatabase(
            path: "\(zones.folder)/source/state/source.sqlite", zone: .source)
        let review = try #require(try database.reviews().first)
        try database.begin(
            ReviewClerkRecord(clerk: "c-9", position: 2, began: Date()), on: review)
        #expect(fault { _ = try SourceZone.audit(configuration: zones.source) }?.code == .integrity)
    }

    /// As if another release had written it: it is made anew from the answers, and where these are
    /// gone the night says so and goes on.
    @Test func anOutcomeThatCannotBeReadIsMadeAnewOrSaid() throws {
        let zones = try asked()
        _ = try decide(zones, "c-1")
        _ = try decide(zones, "c-2")
        #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
        let good = try review(zones)
        let database = try ZoneDatabase(
            path: "\(zones.folder)/linking/state/linking.sqlite", zone: .linking)
        let key = "review.outcome.\((try requestFolder(zones) as NSString).lastPathComponent)"
        let text = try #require(try database.meta(key))
        func next(_ version: String) throws -> NightOutcome {
            try LinkingZone.night(
                configuration: zones.linking,
                environment: NightEnvironment(version: version, asOf: Self.day), through: .link)
        }
        func reportHasReview() throws -> Bool {
            let report = try JSONSerialization.jsonObject(
                with: Data(zones.read("linking/state/linkage.json").utf8))
            return try #require(report as? [String: Any])["review"] != nil
        }
        let answers = try requestFolder(zones) + "/answers.json"
        try FileManager.default.moveItem(atPath: answers, toPath: answers + ".elsewhere")
        try database.setMeta(key, text.replacing("\"quality\"", with: "\"qualities\""))
        let without = try next("a later release")
        #expect(without.error?.code == .integrity)
        let messages = without.record.faults.map(\.message)
        #expect(messages.contains { $0.contains("was written by another release") }, "\(messages)")
        #expect(without.record.stages.contains { $0.stage == "link" && $0.status == .ran })
        #expect(try !reportHasReview())

        try FileManager.default.moveItem(atPath: answers + ".elsewhere", toPath: answers)
        let mended = try next("a later release")
        #expect(mended.error == nil)
        #expect(try reportHasReview() && review(zones) == good)
        #expect(try database.meta(key) == text)
    }

    /// Clerks may answer an older draw after a newer one: the report stays with the newer.
    @Test func lateAnswersToAnOlderDrawAreNotTheNewestReview() throws {
        func database(_ zones: Deployment) throws -> ZoneDatabase {
            try ZoneDatabase(
                path: "\(zones.folder)/linking/state/linking.sqlite", zone: .linking)
        }
        func id(_ zones: Deployment) throws -> String {
            (try requestFolder(zones) as NSString).lastPathComponent
        }
        let other = try asked()
        for clerk in ["c-1", "c-2"] { _ = try decide(other, clerk) }
        #expect(try other.linkingNight(Self.day, through: .link).error == nil)
        let outcome = try #require(
            try database(other).meta("review.outcome.\(try id(other))"))
        for (drawn, isNewer) in [("2099-01-01", true), ("2001-01-01", false)] {
            let zones = try asked()
            let held = try database(zones)
            try held.setMeta(
                "review.outcome.review-other",
                outcome.replacing(Self.day, with: drawn))
            try held.setMeta("review.newest", "review-other")
            for clerk in ["c-1", "c-2"] { _ = try decide(zones, clerk) }
            #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
            #expect(try held.meta("review.outcome.\(try id(zones))") != nil)
            #expect(
                try held.meta("review.newest") == (isNewer ? "review-other" : try id(zones)),
                "\(drawn)")
        }
    }

    @Test func withoutAKeyNothingIsSent() throws {
        let zones = try asked()
        try FileManager.default.removeItem(atPath: "\(zones.folder)/linking/keys/review.pub")
        try edit(zones.linking, "size: 16", "size: 17")
        let outcome = try zones.linkingNight(Self.day, through: .sample)
        #expect(outcome.error?.code == .configuration)
        #expect(outcome.error?.message.contains("public review key") == true)
    }

    @Test func theSameLinkageIsAskedAboutOnce() throws {
        let zones = try asked()
        let file = try requestFolder(zones) + "/request.json"
        let sent = FileManager.default.contents(atPath: file)
        for version in ["test", "the next release"] {
            let again = try LinkingZone.night(
                configuration: zones.linking,
                environment: NightEnvironment(version: version, asOf: Self.day), through: .sample)
            #expect(again.error == nil && again.notes.contains { $0.contains("was sent before") })
            #expect(FileManager.default.contents(atPath: file) == sent)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(zones.folder)/reviews").count
                == 1)
    }
}

extension Deployment {
    /// The leaves of a zone's log as text.
    func leaves(_ zone: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(zone)/state/log/leaves.jsonl", encoding: .utf8)
    }
}
