import Attestation
import ClericalReview
import ColumnFiles
import EncodedExtract
import EthicsGate
import Foundation
import Hashing
import Linkage
import NightRun
import PipelineModel
import Storage

extension LinkingNight {
    /// The frames of the requests that were sent are held under this prefix and their ids.
    static let framePrefix = "review.frame."

    /// Draws pairs of subjects for clerical review and hands the request over, sealed.
    ///
    /// The same linkage, plan and key draw the same pairs, which are sent once.
    mutating func sample() throws {
        let specification = try LinkingZone.linkageSpecification(configuration)
        let key = try reviewKey()
        let held = try context.database.held(prefix: Self.statePrefix)
        guard !held.isEmpty else {
            throw StileError(
                .input, "Nobody has been linked yet, so there is nothing to review.",
                at: .init(file: configuration.path),
                remedy: "Let the source zone deliver first.")
        }
        var print = Fingerprint("stile/review/v1")
        for (name, digest) in held.sorted(by: { $0.key < $1.key }) { print.add(name, digest) }
        let linkage = print.digest
        // Whether labels are applied draws no other pairs.
        var plan = specification.review
        plan.applies = false
        print.add("plan", String(describing: plan))
        print.add("key", key.bytes)
        let day = configuration.clock.text(context.today)
        let id = "review-\(print.digest.short)"
        // A clerk may be at work on it: it stands, whatever release of the program asks again.
        guard try context.database.held(Self.framePrefix + id) == nil else {
            notes.append(
                "  request \(id) was sent before; another seed under “linkage: review:” draws other pairs"
            )
            return
        }
        let folder = ReviewFolder(configuration.reviews)
        let signing = try LogKey.read(fileAt: configuration.logKey)
        let configuration = configuration
        let stage = Stage(
            "sample", scope: id, inputs: [Artefact("linkage", kind: .value, digest: linkage)],
            settings: ["plan": String(describing: plan)])
        try night.perform(stage) { work in
            let columns = work.context.columns
            let state = try LinkState(
                tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
                file: columns.directory)
            try work.step(0.1)
            let frame = ReviewFrame(
                try Linker.reviewCandidates(state, specification: specification),
                plan: plan, label: linkage.hex)
            guard !frame.drawn.isEmpty else {
                throw StileError(
                    .input, "The linkage holds no pair that could be reviewed.",
                    at: .init(file: configuration.path),
                    remedy: "Link two sources that share people first.")
            }
            try work.step(0.8)
            let source = Dictionary(
                uniqueKeysWithValues: state.memberships.map {
                    ($0.subject, state.held[Int($0.source)].source)
                })
            func side(_ subject: SubjectPseudonym) -> ReviewRequest.Side {
                ReviewRequest.Side(source: source[subject] ?? "", subject: subject)
            }
            let request = ReviewRequest(
                id: id, project: configuration.project, made: Timestamp(of: work.context.now()),
                pairs: frame.drawn.map {
                    .init(id: $0.id, left: side($0.left), right: side($0.right))
                })
            let bytes = try request.sealed(to: key, signedBy: signing)
            try work.hold(
                Self.framePrefix + id, try work.write(frame.table, as: "frame", name: id))
            try folder.make(id)
            let ready = folder.request(id) + ".ready"
            try work.context.fileSystem.writeDurably(bytes, to: ready, permissions: 0o640)
            work.move(ready, to: folder.request(id))
            work.produce(
                Artefact("request", name: id, kind: .value, digest: ContentDigest.sha256(bytes)))
            work.commit.meta[Self.drawnPrefix + id] = day
            work.rows(in: state.pairs.count, out: frame.drawn.count)
        }
        notes.append("  request \(id) went to the source zone: \(folder.request(id))")
        notes.append(
            "  two clerks answer it: stile link review --config source/stile.yaml --clerk ID")
    }

    /// The day on which a request was drawn is kept under this prefix and its id.
    static let drawnPrefix = "review.drawn."

    /// The public review key of the source zone.
    func reviewKey() throws -> PublicReviewKey {
        let path = configuration.reviewKey
        guard let bytes = try PlainFile.bytes(at: path) else {
            throw StileError(
                .configuration, "The public review key of the source zone is not there.",
                at: .init(file: path),
                remedy:
                    "Make one in the source zone (stile keys review) and put its review.pub there.")
        }
        return try PublicReviewKey.read(bytes, file: path)
    }
}
