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

    private mutating func takeAnswers(to id: String) throws {
        let file = ReviewFolder(configuration.reviews).answers(id)
        let frameDigest = try context.database.held(Self.framePrefix + id)
        guard let frameDigest, let bytes = try PlainFile.bytes(at: file) else { return }
        let digest = ContentDigest.sha256(bytes)
        if let taken = try context.database.meta(Self.takenPrefix + id) {
            guard taken == digest.hex else {
                throw StileError(
                    .integrity, "The answers were changed after they had been taken in.",
                    at: .init(file: file), remedy: "Restore the file from the backup.")
            }
            return
        }
        let stage = Stage(
            "review", scope: id,
            inputs: [
                Artefact("answers", name: id, kind: .value, digest: digest),
                Artefact("frame", name: id, digest: frameDigest),
            ])
        let key = try reviewKey()
        let sent = try context.database.result(stage: "sample", scope: id)?.outputs
            .first { $0.role == "request" }?.digest
        let drawn = try context.database.meta(Self.drawnPrefix + id) ?? ""
        let parameters = try linkageParameters()
        let applies = try LinkingZone.linkageSpecification(configuration).review.applies
        let reportName = below("\(configuration.state)/reviews/\(id).json")
        var note = ""
        try night.perform(stage) { work in
            let columns = work.context.columns
            let frame = try ReviewFrame(
                columns.read(frameDigest), file: columns.path(of: frameDigest))
            let answers = try ReviewAnswers.read(bytes, file: file, signer: key.signingKey)
            guard answers.request == id, answers.requestDigest == sent else {
                throw StileError(
                    .integrity, "The answers are to another request.", at: .init(file: file),
                    remedy: "Put each file of answers beside its own request.")
            }
            guard answers.pairs == frame.drawn.map(\.id).sorted() else {
                throw StileError(
                    .integrity, "The answers are not to the pairs that were asked about.",
                    at: .init(file: file),
                    remedy: "Let the source zone hand them over again (stile link review).")
            }
            let labels = ReviewLabels(answers)
            let outcome = ReviewOutcome(
                request: id, drawn: drawn, frame: frame, pairs: labels.pairs,
                neverCompared: parameters?.neverCompared ?? 0)
            try work.hold(
                Self.labelsPrefix + id,
                try work.write(labels.table(frame), as: "labels", name: id))
            let report = try canonicalJSON(outcome)
            try work.write(report, file: reportName, as: "report")
            work.commit.meta[Self.takenPrefix + id] = digest.hex
            work.commit.meta[Self.outcomePrefix + id] = String(decoding: report, as: UTF8.self)
            work.commit.meta[Self.newestReview] = id
            work.rows(in: frame.drawn.count, out: outcome.quality.settled)
            note = "  review \(id): \(ReviewText.line(outcome))"
            if applies { note += try Self.apply(labels, of: frame, in: &work) }
        }
        notes.append(note)
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

    let answers: ReviewAnswers

    init(_ answers: ReviewAnswers) { self.answers = answers }

    /// Both judgements of each pair, and the third where there is one.
    var pairs: [String: ReviewedPair] {
        var pairs: [String: ReviewedPair] = [:]
        for id in answers.pairs {
            guard let first = answers.clerks.first?.answers[id],
                let second = answers.clerks.last?.answers[id]
            else { continue }
            pairs[id] = ReviewedPair(
                first: first.judgement, second: second.judgement,
                third: answers.adjudicator?.answers[id]?.judgement)
        }
        return pairs
    }

    /// The labels as a column file holds them: by pair of subjects, who said what and why.
    func table(_ frame: ReviewFrame) -> ColumnTable {
        let clerks = answers.clerks + (answers.adjudicator.map { [$0] } ?? [])
        let judgements = Judgement.allCases.map(\.rawValue).sorted()
        let reasons = ReviewReason.allCases.map(\.rawValue).sorted()
        func codes(
            _ clerk: ReviewAnswers.Clerk, _ words: [String],
            _ word: (ReviewAnswers.Answer) -> String
        ) -> ColumnValues {
            .code(
                vocabulary: words,
                codes: frame.drawn.map { pair in
                    clerk.answers[pair.id].flatMap { words.firstIndex(of: word($0)) }
                        .map(UInt32.init) ?? ColumnValues.missingCode
                })
        }
        var columns = [
            Column("left", .pseudonym(frame.drawn.map { $0.left.cast() })),
            Column("right", .pseudonym(frame.drawn.map { $0.right.cast() })),
        ]
        for (position, clerk) in clerks.enumerated() {
            columns.append(
                Column(
                    "judgement_\(position + 1)", codes(clerk, judgements) { $0.judgement.rawValue })
            )
            columns.append(
                Column("reason_\(position + 1)", codes(clerk, reasons) { $0.reason.rawValue }))
        }
        return ColumnTable(
            schema: "review_labels", version: Self.schemaVersion,
            attributes: [
                "request": answers.request,
                "clerks": clerks.map { "\($0.id) \($0.finished)" }.joined(separator: ","),
            ], columns: columns)
    }
}
