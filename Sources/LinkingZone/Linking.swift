import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import Linkage
import NightRun
import PipelineModel
import Storage
import StrictYAML

extension LinkingNight {
    /// The names under which the spine is held.
    static let spineName = "spine"
    static let residencesName = "residences"
    static let statePrefix = "link."
    /// What people have said of subjects, a table of the state: a command adds to it, and the next
    /// link reads it.
    static let overridesName = statePrefix + LinkOverrides.schema

    /// Links what was received and not linked yet, the deliveries of one day at a time.
    ///
    /// So a night alone and a rebuild from all its deliveries make the same people. New keys
    /// come in one step of their own.
    mutating func link() throws {
        let specification = try linkageSpecification()
        let mint = try Minter(seed: KeyFiles.seed(at: configuration.mintSeed))
        let registers = try registerSources()
        let deliveries = try ordered(context.database.deliveries(state: .accepted))
        let pending = try context.database.held(prefix: Self.pendingPrefix)
        var chain = Fingerprint("stile/batches/v1")
        var didLink = false
        var index = 0
        while index < deliveries.count {
            let first = deliveries[index].order
            var group: [Delivery] = []
            while index < deliveries.count, deliveries[index].order.isLinked(with: first) {
                group.append(deliveries[index].delivery)
                index += 1
            }
            for delivery in group { chain.add(delivery.batch ?? "", delivery.sha256) }
            let waiting = group.filter { pending[Self.pendingPrefix + ($0.batch ?? "")] != nil }
            let isLast = index == deliveries.count
            guard !waiting.isEmpty || (isLast && !didLink) else { continue }
            didLink = true
            try link(
                waiting, pending: pending, chain: chain.digest,
                specification: specification, mint: mint, registers: registers)
        }
    }

    private func ordered(_ deliveries: [Delivery]) throws -> [(
        order: BatchOrder, delivery: Delivery
    )] {
        try deliveries.map { delivery in
            let batch = delivery.batch ?? ""
            let keys = try context.database.meta(Self.keysPrefix + batch) ?? ""
            return (BatchOrder(keys: keys, delivered: delivery.delivered, batch: batch), delivery)
        }.sorted { $0.order < $1.order }
    }

    private mutating func link(
        _ waiting: [Delivery], pending: [String: ContentDigest], chain: ContentDigest,
        specification: LinkageSpecification, mint: Minter, registers: Set<String>
    ) throws {
        let overrides = try context.database.held(Self.overridesName)
        let review = try newestReview()
        let attack = try AttackFile.read(specification, configuration)
        let stage = Stage(
            "link",
            inputs: [Artefact("batches", kind: .value, digest: chain)]
                + (overrides.map { [Artefact("overrides", digest: $0)] } ?? [])
                + (review.map { [$0.artefact] } ?? [])
                + (attack.map { [Artefact("attack", digest: $0.digest)] } ?? []),
            settings: ["specification": specification.digest.hex])
        let reportName = below("\(configuration.state)/linkage.json")
        let pageName = below("\(configuration.pages)/linkage-\(context.id).html")
        let (clock, today) = (configuration.clock, context.today)
        let desk = try ListDesk(configuration)
        var said: [String] = []
        try night.perform(stage) { work in
            let columns = work.context.columns
            let database = work.context.database
            var rekey = false
            var delta: [Encodings] = []
            for delivery in waiting {
                let name = Self.pendingPrefix + (delivery.batch ?? "")
                guard let digest = pending[name] else { continue }
                let encodings = try Encodings(columns.read(digest), file: columns.path(of: digest))
                delta.append(encodings)
                try work.hold(name, nil)
                work.rows(in: encodings.count)
            }
            let held = try database.held(prefix: Self.statePrefix)
            let state =
                held.isEmpty
                ? LinkState()
                : try LinkState(
                    tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
                    file: columns.directory)
            if let epoch = state.held.first?.keyEpoch, let new = delta.first?.keyEpoch {
                rekey = new > epoch && delta.allSatisfy { $0.keyEpoch == new }
            }
            try work.step(0.1)
            let outcome = try Linker.link(
                state: state, delta: delta, specification: specification, mint: mint,
                rekey: rekey, registers: registers, detail: true)
            try work.step(0.8)
            said = LinkageNotes.sentences(outcome.report)
            said += try ListsOfChangedPeople(outcome).settle(desk, &work)
            var names: Set<String> = []
            func heldName(_ schema: String, _ piece: PieceName) -> String {
                "\(Self.statePrefix)\(schema).\(piece)"
            }
            /// What is as it was stays where it is; a state from before there were pieces has none
            /// under such a name.
            func standing(_ schema: String, _ pieces: Set<PieceName>) -> Set<PieceName> {
                let standing = pieces.filter { held[heldName(schema, $0)] != nil }
                for name in standing.map({ heldName(schema, $0) }).sorted() {
                    guard let digest = held[name] else { continue }
                    names.insert(name)
                    // One leaf names the whole state, so that an audit sees a change of any part.
                    work.produce(Artefact("state", name: name, digest: digest))
                }
                return standing
            }
            let unchanged = standing("encodings", outcome.unchangedPieces)
            let unchangedKeys = standing(HeldKeys.schema, outcome.unchangedKeys)
            for table in outcome.state.tables(without: unchanged, keysOf: unchangedKeys) {
                let name =
                    table.schema == "encodings" || table.schema == HeldKeys.schema
                    ? heldName(table.schema, try PieceName(table, file: columns.directory))
                    : Self.statePrefix + table.schema
                names.insert(name)
                let digest = try work.write(table, as: "state", name: name)
                try work.hold(name, digest)
            }
            for name in held.keys.sorted() where !names.contains(name) {
                try work.hold(name, nil)
            }
            // A spine stays for as long as a list that was made with it may be asked for.
            let spine = try work.write(outcome.spine.table, as: "spine")
            try work.hold(Self.spineName, spine, retiring: false)
            let residences = try work.write(outcome.spine.residencesTable, as: "residences")
            try work.hold(Self.residencesName, residences, retiring: false)
            var report = outcome.report
            let linked = outcome.state.linkedSubjects
            report.groups = try LinkageGroups(clock: clock, today: today).levels(
                specification.reportGroups
            ) { extract in
                try database.held("facts.\(extract)").map {
                    try FactTable(columns.read($0), file: columns.path(of: $0))
                }
            }.map { GroupedRates($0, linked: linked) }
            report.review = review?.outcome
            report.attack = attack?.rate
            try work.write(CanonicalForm.bytes(report), file: reportName, as: "report")
            try work.write(
                Array(
                    LinkagePage.html(report, run: work.context.id, day: clock.text(today)).utf8),
                file: pageName, as: "page")
            work.rows(out: outcome.spine.subject.count)
            work.count(.other, "people", outcome.report.people)
            work.count(.other, "overrides", outcome.report.overrides)
            work.count(.other, "merges", outcome.report.merges)
            work.count(.other, "splits", outcome.report.splits)
            work.count(.other, "pairs for review", outcome.report.pairsForReview)
            work.count(.other, "pairs too close to call", outcome.report.pairsTooCloseToCall)
            work.count(
                .other, "register entries that reach nobody",
                outcome.report.unlinkedRegisterSubjects)
        }
        notes += said
    }

    private func linkageSpecification() throws -> LinkageSpecification {
        try LinkingZone.linkageSpecification(configuration)
    }

    /// The sources that are registers of exclusions.
    func registerSources() throws -> Set<String> {
        Set(
            try terms().filter { $0.value.register != "facts" }
                .map { String($0.key.prefix { $0 != "." }) })
    }

    /// The terms of every extract that has arrived, by its name.
    func terms() throws -> [String: BatchManifest.Terms] {
        var found: [String: BatchManifest.Terms] = [:]
        for delivery in try context.database.deliveries(state: .accepted) {
            if found[delivery.extract] == nil,
                let text = try context.database.meta("terms.\(delivery.extract)")
            {
                found[delivery.extract] = try BatchManifest.Terms(text: text)
            }
        }
        return found
    }

    /// The spine as it is held; `nil` before anything was linked.
    func spine() throws -> (spine: Spine, digests: [Artefact])? {
        guard let spine = try context.database.held(Self.spineName),
            let residences = try context.database.held(Self.residencesName)
        else { return nil }
        return (
            try Spine(
                context.columns.read(spine), residences: context.columns.read(residences),
                file: context.columns.path(of: spine)),
            [Artefact("spine", digest: spine), Artefact("residences", digest: residences)]
        )
    }
}

extension LinkingZone {
    /// The `linkage:` part, checked.
    static func linkageSpecification(
        _ configuration: LinkingConfiguration
    ) throws -> LinkageSpecification {
        guard let node = configuration.linkage else { return LinkageSpecification() }
        var faults = FaultList()
        var specification = LinkageSpecification(node, faults: &faults)
        try faults.check()
        if let name = specification.parametersFile {
            let path = AbsolutePath.resolve(name, against: folder(of: configuration))
            guard let data = FileManager.default.contents(atPath: path) else {
                throw StileError(
                    .configuration, "The parameters of linkage cannot be opened.",
                    at: .init(file: path),
                    remedy: "Put there what a linkage run wrote, or remove “parameters”.")
            }
            specification.pinned = try LinkageParameters.read(
                String(decoding: data, as: UTF8.self), file: path)
        }
        return specification
    }
}
