import ClericalReview
import ColumnFiles
import Foundation
import Hashing
import Linkage
import NightRun
import PipelineModel
import Storage

extension LinkingNight {
    /// What clerks said is held under this prefix and the id of the request.
    static let labelsPrefix = "review.labels."
    /// The result of a review is held under this prefix and the id of the request.
    static let outcomePrefix = "review.outcome."

    /// Takes in the answers that have come; a file that cannot be used stops only itself.
    mutating func takeAnswers() throws {
        for name in try context.database.held(prefix: Self.framePrefix).keys.sorted() {
            do {
                try takeAnswers(to: String(name.dropFirst(Self.framePrefix.count)))
            } catch let error as StileError where error.code != .interrupted {
                refuse(error)
            }
        }
    }

    private mutating func refuse(_ error: StileError) {
        if !night.record.faults.contains(where: { $0.message == error.message }) {
            night.note(error, stage: nil)
        }
        refused = refused ?? error
    }

    /// The answers of one source zone to its part of a draw.
    private struct Answered {
        var zone: ReviewZone
        var file: String
        var digest: ContentDigest
        var answers: ReviewAnswers
        /// Whether a night before has taken them in.
        var isTaken: Bool
    }

    private mutating func takeAnswers(to id: String) throws {
        guard let frameDigest = try context.database.held(Self.framePrefix + id) else { return }
        let answered = try answers(to: id)
        guard answered.contains(where: { !$0.isTaken }) else { return }
        let stage = Stage(
            "review", scope: id,
            inputs: answered.map {
                Artefact("answers", name: $0.answers.request, kind: .value, digest: $0.digest)
            } + [Artefact("frame", name: id, digest: frameDigest)])
        let drawn = try context.database.meta(Self.drawnPrefix + id) ?? ""
        let parameters = try linkageParameters()
        let applies = try LinkingZone.linkageSpecification(configuration).review.applies
        let reportName = below("\(configuration.state)/reviews/\(id).json")
        var note = ""
        try night.perform(stage) { work in
            let columns = work.context.columns
            let frame = try ReviewFrame(
                columns.read(frameDigest), file: columns.path(of: frameDigest))
            for one in answered {
                let place = frame.zones.firstIndex(of: one.zone.name)
                guard
                    one.answers.pairs == place.map({ frame.drawn(for: $0).map(\.id).sorted() })
                else {
                    throw StileError(
                        .integrity, "The answers are not to the pairs that were asked about.",
                        at: .init(file: one.file),
                        remedy: "Let the source zone hand them over again (stile link review).")
                }
            }
            let labels = ReviewLabels(request: id, answers: answered.map(\.answers))
            let outcome = ReviewOutcome(
                request: id, drawn: drawn, frame: frame, pairs: labels.pairs,
                neverCompared: parameters?.neverCompared ?? 0)
            try work.hold(
                Self.labelsPrefix + id,
                try work.write(labels.table(frame), as: "labels", name: id))
            let report = try canonicalJSON(outcome)
            try work.write(report, file: reportName, as: "report")
            for one in answered {
                work.commit.meta[Self.takenPrefix + one.answers.request] = one.digest.hex
            }
            work.commit.meta[Self.outcomePrefix + id] = String(decoding: report, as: UTF8.self)
            work.commit.meta[Self.newestReview] = id
            work.rows(in: labels.pairs.count, out: outcome.quality.settled)
            note = "  review \(id): \(ReviewText.line(outcome))"
            if applies {
                // What came before was applied when it came.
                note += try Self.apply(
                    ReviewLabels(
                        request: id, answers: answered.filter { !$0.isTaken }.map(\.answers)),
                    of: frame, in: &work)
            }
        }
        notes.append(note)
    }

    /// The answers of all source zones that have handed over theirs.
    ///
    /// What a zone has handed over anew and cannot be used stops only itself.
    private mutating func answers(to id: String) throws -> [Answered] {
        let sent =
            try context.database.result(stage: "sample", scope: id)?.outputs
            .filter { $0.role == "request" } ?? []
        var answered: [Answered] = []
        for request in sent {
            let taken = try context.database.meta(Self.takenPrefix + request.name)
            let zone = configuration.reviewZones.first { $0.request(of: id) == request.name }
            guard let zone else {
                if taken == nil {
                    notes.append(
                        "  request \(request.name) went to a source zone that “review_zones” does not name any more: its answers are not taken in"
                    )
                }
                continue
            }
            let file = ReviewFolder(zone.folder).answers(request.name)
            guard let bytes = try PlainFile.bytes(at: file) else { continue }
            let digest = ContentDigest.sha256(bytes)
            guard taken == nil || taken == digest.hex else {
                throw StileError(
                    .integrity, "The answers were changed after they had been taken in.",
                    at: .init(file: file), remedy: "Restore the file from the backup.")
            }
            do {
                let answers = try ReviewAnswers.read(
                    bytes, file: file, signer: zone.publicKey().signingKey)
                guard answers.request == request.name, answers.requestDigest == request.digest
                else {
                    throw StileError(
                        .integrity, "The answers are to another request.", at: .init(file: file),
                        remedy: "Put each file of answers beside its own request.")
                }
                answered.append(
                    Answered(
                        zone: zone, file: file, digest: digest, answers: answers,
                        isTaken: taken != nil))
            } catch let error as StileError where taken == nil {
                refuse(error)
            }
        }
        try checkNoneIsGone(sent.map(\.name), answered)
        return answered
    }

    /// New answers are put together with those that came before, so these must still be there.
    private func checkNoneIsGone(_ requests: [String], _ answered: [Answered]) throws {
        guard answered.contains(where: { !$0.isTaken }) else { return }
        for request in requests where !answered.contains(where: { $0.answers.request == request }) {
            guard try context.database.meta(Self.takenPrefix + request) != nil else { continue }
            throw StileError(
                .integrity, "The answers to \(request) were taken in before and are gone.",
                at: .init(file: configuration.path),
                remedy:
                    "Restore answers.json from the backup, or let its source zone hand it over again (stile link review); name its zone under “review_zones”."
            )
        }
    }

    private static let takenPrefix = "review.taken."
    private static let newestReview = "review.newest"

    /// The newest review that was taken in, and what the linkage reads of it.
    func newestReview() throws -> (outcome: ReviewOutcome, artefact: Artefact)? {
        guard let id = try context.database.meta(Self.newestReview),
            let text = try context.database.meta(Self.outcomePrefix + id),
            let outcome = try? JSONDecoder().decode(ReviewOutcome.self, from: Data(text.utf8))
        else { return nil }
        return (
            outcome,
            Artefact(
                "review", name: id, kind: .value, digest: ContentDigest.sha256(Array(text.utf8)))
        )
    }

    private func linkageParameters() throws -> LinkageParameters? {
        guard let digest = try context.database.held(Self.statePrefix + "link_people") else {
            return nil
        }
        return try context.columns.read(digest).attributes["parameters"].map {
            try LinkageParameters.read($0, file: context.columns.path(of: digest))
        }
    }
}

/// What clerks said, by pair.
struct ReviewLabels {
    static let schemaVersion = 1

    /// The id of the draw.
    let request: String
    /// Those of each source zone that has answered.
    let answers: [ReviewAnswers]

    /// Both judgements of each pair, and the third where there is one.
    var pairs: [String: ReviewedPair] {
        var pairs: [String: ReviewedPair] = [:]
        for answers in answers {
            for id in answers.pairs {
                guard let first = answers.clerks.first?.answers[id],
                    let second = answers.clerks.last?.answers[id]
                else { continue }
                pairs[id] = ReviewedPair(
                    first: first.judgement, second: second.judgement,
                    third: answers.adjudicator?.answers[id]?.judgement)
            }
        }
        return pairs
    }

    /// The answers of the source zone that was asked about a pair.
    func answers(to pair: String) -> ReviewAnswers? {
        answers.first { $0.clerks.first?.answers[pair] != nil }
    }

    /// The labels as a column file holds them: by pair of subjects, who said what and why.
    func table(_ frame: ReviewFrame) -> ColumnTable {
        let clerks = answers.map { $0.clerks + ($0.adjudicator.map { [$0] } ?? []) }
        let judgements = Judgement.allCases.map(\.rawValue).sorted()
        let reasons = ReviewReason.allCases.map(\.rawValue).sorted()
        func codes(
            _ position: Int, _ words: [String],
            _ word: (ReviewAnswers.Answer) -> String
        ) -> ColumnValues {
            .code(
                vocabulary: words,
                codes: frame.drawn.map { pair in
                    let answer = clerks.compactMap { zone in
                        position < zone.count ? zone[position].answers[pair.id] : nil
                    }.first
                    return answer.flatMap { words.firstIndex(of: word($0)) }
                        .map(UInt32.init) ?? ColumnValues.missingCode
                })
        }
        var columns = [
            Column("left", .pseudonym(frame.drawn.map { $0.left.cast() })),
            Column("right", .pseudonym(frame.drawn.map { $0.right.cast() })),
        ]
        for position in 0..<(clerks.map(\.count).max() ?? 0) {
            columns.append(
                Column(
                    "judgement_\(position + 1)",
                    codes(position, judgements) { $0.judgement.rawValue }))
            columns.append(
                Column("reason_\(position + 1)", codes(position, reasons) { $0.reason.rawValue }))
        }
        return ColumnTable(
            schema: "review_labels", version: Self.schemaVersion,
            attributes: [
                "request": request,
                "clerks": clerks.map { zone in
                    zone.map { "\($0.id) \($0.finished)" }.joined(separator: ",")
                }.joined(separator: ";"),
            ], columns: columns)
    }
}
