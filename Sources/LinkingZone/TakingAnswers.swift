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

    /// What one source zone has handed over for its part of a draw.
    private struct HandedOver {
        var zone: ReviewZone
        var request: Artefact
        var file: String
        var bytes: [UInt8]
        var digest: ContentDigest
        /// Whether a night before has taken it in.
        var isTaken: Bool
    }

    /// What was handed over, read and verified.
    private struct Answered {
        var handedOver: HandedOver
        var answers: ReviewAnswers
    }

    private mutating func takeAnswers(to id: String) throws {
        guard let frameDigest = try context.database.held(Self.framePrefix + id) else { return }
        let sent =
            try context.database.result(stage: "sample", scope: id)?.outputs
            .filter { $0.role == "request" } ?? []
        let handedOver = try handedOver(sent, of: id)
        // An outcome that another release wrote is made anew from the answers.
        let isLost = try outcomeIsLost(of: id)
        guard isLost || handedOver.contains(where: { !$0.isTaken }) else { return }
        let answered = try verified(handedOver)
        let gone = try takenAndGone(sent, answered)
        guard answered.contains(where: { !$0.handedOver.isTaken }) else {
            if gone == nil, isLost { try takeAnswers(answered, to: id, frameDigest) }
            return
        }
        if let gone { throw gone }
        try takeAnswers(answered, to: id, frameDigest)
    }

    /// Makes labels and an outcome of all answers to a draw.
    private mutating func takeAnswers(
        _ answered: [Answered], to id: String, _ frameDigest: ContentDigest
    ) throws {
        let stage = Stage(
            "review", scope: id,
            inputs: answered.map {
                Artefact(
                    "answers", name: $0.answers.request, kind: .value, digest: $0.handedOver.digest)
            } + [Artefact("frame", name: id, digest: frameDigest)])
        let drawn = try context.database.meta(Self.drawnPrefix + id) ?? ""
        let newest = try? newestOutcome()?.outcome.drawn
        let parameters = try linkageParameters()
        let applies = try LinkingZone.linkageSpecification(configuration).review.applies
        let reportName = below("\(configuration.state)/reviews/\(id).json")
        var note = ""
        try night.perform(stage) { work in
            let columns = work.context.columns
            let frame = try ReviewFrame(
                columns.read(frameDigest), file: columns.path(of: frameDigest))
            for one in answered {
                let place = frame.zones.firstIndex(of: one.handedOver.zone.name)
                guard
                    one.answers.pairs == place.map({ frame.drawn(for: $0).map(\.id).sorted() })
                else {
                    throw StileError(
                        .integrity, "The answers are not to the pairs that were asked about.",
                        at: .init(file: one.handedOver.file),
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
            let report = try CanonicalForm.bytes(outcome)
            try work.write(report, file: reportName, as: "report")
            for one in answered {
                work.commit.meta[Self.takenPrefix + one.answers.request] =
                    one.handedOver.digest.hex
            }
            work.commit.meta[Self.outcomePrefix + id] = String(decoding: report, as: UTF8.self)
            // Answers to an older draw may come later than those to a newer one.
            if drawn >= newest ?? "" { work.commit.meta[Self.newestReview] = id }
            work.rows(in: labels.pairs.count, out: outcome.quality.settled)
            note = "  review \(id): \(ReviewText.line(outcome))"
            // What came before was applied when it came.
            let new = answered.filter { !$0.handedOver.isTaken }.map(\.answers)
            if applies, !new.isEmpty {
                note += try Self.apply(
                    ReviewLabels(request: id, answers: new), of: frame, in: &work)
            }
        }
        notes.append(note)
    }

    /// The files of all source zones that have handed over their answers to a draw.
    private mutating func handedOver(_ sent: [Artefact], of id: String) throws -> [HandedOver] {
        var found: [HandedOver] = []
        for request in sent {
            let taken = try context.database.meta(Self.takenPrefix + request.name)
            guard
                let zone = configuration.reviewZones.first(where: {
                    $0.request(of: id) == request.name
                })
            else {
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
            found.append(
                HandedOver(
                    zone: zone, request: request, file: file, bytes: bytes, digest: digest,
                    isTaken: taken != nil))
        }
        return found
    }

    /// Reads and verifies answers; what cannot be used stops only itself.
    private mutating func verified(_ handedOver: [HandedOver]) throws -> [Answered] {
        var answered: [Answered] = []
        for one in handedOver {
            do {
                let answers = try ReviewAnswers.read(
                    one.bytes, file: one.file, signer: one.zone.publicKey().signingKey)
                guard answers.request == one.request.name,
                    answers.requestDigest == one.request.digest
                else {
                    throw StileError(
                        .integrity, "The answers are to another request.",
                        at: .init(file: one.file),
                        remedy: "Put each file of answers beside its own request.")
                }
                answered.append(Answered(handedOver: one, answers: answers))
            } catch let error as StileError {
                refuse(error)
            }
        }
        return answered
    }

    /// An outcome is made from all answers, so those that came before must still be there; the
    /// fault where one is not.
    private func takenAndGone(_ sent: [Artefact], _ answered: [Answered]) throws -> StileError? {
        let gone = try sent.map(\.name).first { request in
            try !answered.contains { $0.answers.request == request }
                && context.database.meta(Self.takenPrefix + request) != nil
        }
        return gone.map {
            StileError(
                .integrity, "The answers to \($0) were taken in before and are not there any more.",
                at: .init(file: configuration.path),
                remedy:
                    "Restore answers.json from the backup, or let its source zone hand it over again (stile link review); name its zone under “review_zones”."
            )
        }
    }

    private static let takenPrefix = "review.taken."
    private static let newestReview = "review.newest"

    /// Whether the newest review is this one and its outcome cannot be read.
    private func outcomeIsLost(of id: String) throws -> Bool {
        guard try context.database.meta(Self.newestReview) == id else { return false }
        do {
            return try newestOutcome() == nil
        } catch {
            return true
        }
    }

    /// The newest review that was taken in, and what the linkage reads of it.
    ///
    /// One that cannot be read is a fault of the run, which goes on without it.
    mutating func newestReview() throws -> (outcome: ReviewOutcome, artefact: Artefact)? {
        do {
            return try newestOutcome()
        } catch let error as StileError where error.code == .integrity {
            refuse(error)
            return nil
        }
    }

    private func newestOutcome() throws -> (outcome: ReviewOutcome, artefact: Artefact)? {
        guard let id = try context.database.meta(Self.newestReview),
            let text = try context.database.meta(Self.outcomePrefix + id)
        else { return nil }
        do {
            return (
                try JSONDecoder().decode(ReviewOutcome.self, from: Data(text.utf8)),
                Artefact(
                    "review", name: id, kind: .value,
                    digest: ContentDigest.sha256(Array(text.utf8)))
            )
        } catch {
            throw StileError(
                .integrity,
                "What came of the review \(id) was written by another release of Stile.",
                at: .init(file: context.database.path),
                remedy:
                    "Put answers.json back beside its request: the next stile link makes it anew. Until then the linkage report is without the review."
            )
        }
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
