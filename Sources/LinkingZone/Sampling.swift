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
        let zones = configuration.reviewZones
        let keys = try zones.map { try $0.publicKey() }
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
        for (zone, key) in zip(zones, keys) {
            print.add("key", key.bytes)
            guard let sources = zone.sources else { continue }
            print.add("zone", "\(zone.name) \(sources.sorted().joined(separator: ","))")
        }
        let day = configuration.clock.text(context.today)
        let id = "review-\(print.digest.short)"
        // A clerk may be at work on it: it stands, whatever release of the program asks again.
        guard try context.database.held(Self.framePrefix + id) == nil else {
            notes.append(
                "  request \(id) was sent before; another seed under “linkage: review:” draws other pairs"
            )
            return
        }
        let signing = try LogKey.read(fileAt: configuration.logKey)
        let configuration = configuration
        let stage = Stage(
            "sample", scope: id, inputs: [Artefact("linkage", kind: .value, digest: linkage)],
            settings: ["plan": String(describing: plan)])
        var said: [String] = []
        try night.perform(stage) { work in
            let columns = work.context.columns
            let state = try LinkState(
                tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
                file: columns.directory)
            try work.step(0.1)
            let sources = state.sources
            let source = Dictionary(
                uniqueKeysWithValues: state.memberships.map {
                    ($0.subject, sources[Int($0.source)])
                })
            var candidates = try Linker.reviewCandidates(state, specification: specification)
            for index in candidates.indices {
                candidates[index].zone = zones.place(
                    holding: source[candidates[index].left] ?? "",
                    and: source[candidates[index].right] ?? "")
            }
            let frame = ReviewFrame(
                candidates, zones: zones.map(\.name), plan: plan, label: linkage.hex)
            guard !frame.drawn.isEmpty else {
                throw StileError(
                    .input,
                    frame.unseen == 0
                        ? "The linkage holds no pair that could be reviewed."
                        : "No source zone holds both records of any of the \(frame.unseen) pairs.",
                    at: .init(file: configuration.path),
                    remedy: frame.unseen == 0
                        ? "Link two sources that share people first."
                        : "Name under “review_zones” which sources each source zone delivers.")
            }
            try work.step(0.8)
            func side(_ subject: SubjectPseudonym) -> ReviewRequest.Side {
                ReviewRequest.Side(source: source[subject] ?? "", subject: subject)
            }
            try work.hold(
                Self.framePrefix + id, try work.write(frame.table, as: "frame", name: id))
            for (place, zone) in zones.enumerated() {
                let pairs = frame.drawn(for: place)
                guard !pairs.isEmpty else { continue }
                let request = ReviewRequest(
                    id: zone.request(of: id), project: configuration.project,
                    made: Timestamp(of: work.context.now()),
                    pairs: pairs.map {
                        .init(id: $0.id, left: side($0.left), right: side($0.right))
                    })
                let bytes = try request.sealed(to: keys[place], signedBy: signing)
                let folder = ReviewFolder(zone.folder)
                try folder.make(request.id)
                let ready = folder.request(request.id) + ".ready"
                try work.context.fileSystem.writeDurably(bytes, to: ready, permissions: 0o640)
                work.move(ready, to: folder.request(request.id))
                work.produce(
                    Artefact(
                        "request", name: request.id, kind: .value,
                        digest: ContentDigest.sha256(bytes)))
                said.append(
                    zone.name.isEmpty
                        ? "  request \(id) went to the source zone: \(folder.request(id))"
                        : "  request \(request.id), \(pairs.count) pairs, went to the source zone “\(zone.name)”: \(folder.request(request.id))"
                )
            }
            if frame.unseen > 0 {
                said.append(
                    "  \(frame.unseen) of \(frame.population) pairs lie between source zones: nobody may see both names, and no estimate is of them"
                )
            }
            work.commit.meta[Self.drawnPrefix + id] = day
            work.count(.other, "pairs between source zones", frame.unseen)
            work.rows(in: state.pairs.count, out: frame.drawn.count)
        }
        notes += said
        notes.append(
            "  two clerks answer it: stile link review --config source/stile.yaml --clerk ID")
    }

    /// The day on which a request was drawn is kept under this prefix and its id.
    static let drawnPrefix = "review.drawn."
}
