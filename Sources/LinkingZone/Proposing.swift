import ColumnFiles
import Attestation
import EthicsGate
import Evaluation
import Features
import Foundation
import Hashing
import Linkage
import Modelling
import NightRun
import PipelineModel
import Scoring
import Storage
import StrictYAML

extension LinkingNight {
    /// Puts the highest-ranked people, households or settings of the night, with the evidence, in front of the reviewers.
    mutating func propose(
        _ specification: ModelSpecification, entry: LinkingConfiguration.Model,
        model: StoredModel, matrix matrixDigest: ContentDigest, scores scoresDigest: ContentDigest,
        inputs: ModelInputs, exclusions: ExclusionSet, evaluation: EvaluationReport?
    ) throws {
        let desk = try ListDesk(configuration)
        let asOf = configuration.clock.text(context.today)
        let made =
            try context.database.result(stage: "features", scope: specification.name)?.outputs ?? []
        guard let newest = made.first(where: { $0.role == "newest facts" })?.digest else { return }
        let members = made.first { $0.role == "members" }?.digest
        let withdrawn = try ListsOfChangedPeople.withdrawn(
            of: specification.name, in: context.database)
        let stage = Stage(
            "propose", scope: specification.name,
            inputs: [
                Artefact("scores", digest: scoresDigest),
                Artefact("matrix", digest: matrixDigest),
                Artefact("equation", kind: .value, digest: model.digest),
                Artefact("policy", kind: .value, digest: desk.policy.digest),
                Artefact("exclusions", kind: .value, digest: exclusions.digest),
            ] + (members.map { [Artefact("members", digest: $0)] } ?? []),
            settings: [
                "as_of": asOf, "recipients": entry.recipients.sorted().joined(separator: ","),
                "specification": specification.digest.hex,
                "evaluation": try evaluation.map {
                    ContentDigest.sha256(Array(try $0.canonicalJSON())).hex
                } ?? "none",
            ].merging(
                withdrawn.isEmpty ? [:] : ["withdrawn": withdrawn.joined(separator: ",")]
            ) { one, _ in one })
        let id = try freshID(
            "\(specification.name)-\(asOf)-\(stage.fingerprint(codeVersion: context.codeVersion).hex.prefix(6))"
        )
        let reader = self
        let outputs = try night.attempt(stage) { work in
            try reader.checkNewest(specification)
            let columns = work.context.columns
            let rows = try DevelopmentTable(
                columns.read(matrixDigest), file: columns.path(of: matrixDigest))
            let scored = try ScoreTable(
                columns.read(scoresDigest), file: columns.path(of: scoresDigest)
            ).scored
            let facts = try NewestFacts(columns.read(newest), file: columns.path(of: newest))
            let behind = try members.map {
                try MembersTable(columns.read($0), file: columns.path(of: $0)).members
            }
            let naming = Naming(specification, scored, members: behind, spine: inputs.spine)
            let listed = naming.listed
            let list = try CandidateList(
                id: id, model: specification.name, asOf: asOf, purpose: specification.purpose,
                rows: reader.candidates(
                    naming, scored: scored, matrix: rows.matrix, equation: model.equation,
                    specification: specification, facts: facts, spine: inputs.spine))
            var faults = FaultList()
            let isExploratory =
                specification.fit.map { FitSpecification.parse($0, faults: &faults).exploratory }
                ?? false
            let evidence = Evidence(
                asOf: asOf, purpose: specification.purpose, recipients: entry.recipients.sorted(),
                model: Evidence.Model(
                    name: specification.name, title: specification.title,
                    version: specification.version,
                    kind: specification.fit != nil
                        ? "fitted"
                        : specification.recalibration == nil
                            ? "published equation" : "published equation, recalibrated here",
                    specification: specification.digest.hex, equation: model.digest.hex),
                unit: specification.unit.rawValue,
                cohort: reader.cohort(naming, scored), sources: inputs.sources,
                exclusions: exclusions.counts, groups: reader.shares(listed, rows.groups),
                change: try reader.change(
                    list, previous: desk.lastList(of: specification.name, besides: id)),
                linkage: try reader.linkageReport(),
                intercept: model.equation.intercept,
                equation: reader.terms(specification, model.equation),
                evaluation: evaluation,
                caveats: Evidence.caveats(
                    expected: listed.reduce(0) { $0 + scored.probability[$1] }, of: listed.count,
                    specification.unit, isExploratory: isExploratory))
            let evidenceBytes = try CanonicalForm.bytes(evidence)
            let proposal = try ListProposal(
                list: list, evidence: ContentDigest.sha256(evidenceBytes), policy: desk.policy,
                model: model.digest, exclusions: exclusions.digest,
                recipients: entry.recipients,
                margins: specification.acceptance == nil
                    ? .notSet : evaluation?.acceptance.map { .judged($0.verdict) } ?? .notJudged)
            try desk.policy.checkInForce(at: Timestamp.now(work.context.now()))
            try reader.checkCanBeOpened(
                list, policy: desk.policy, on: Day(inLondon: work.context.now()))

            // Before anything is written: without its log a list is not proposed.
            let recorded = try desk.log(work.context.fileSystem).view().leaves(ofList: id)

            let folder = reader.below("\(reader.configuration.lists)/\(id)")
            try work.write(list.bytes, file: "\(folder)/\(CandidateList.fileName)", as: "list")
            try work.write(evidenceBytes, file: "\(folder)/evidence.json", as: "evidence")
            try work.write(proposal.bytes, file: "\(folder)/statement.json", as: "statement")
            try work.write(
                Array(ReviewPage.html(list, evidence: evidence, proposal: proposal).utf8),
                file: "\(folder)/review.html", as: "page")

            // A newer list takes the place of one that still waits.
            for waiting in try work.context.database.lists(state: .waiting)
            where waiting.model == specification.name && waiting.id != id {
                work.leaves.append(
                    LogLeaf.Entry(kind: "list.withdrawn", list: waiting.id, actor: "stile"))
                work.commit.listStates.append(
                    ListStateChange(list: waiting.id, from: .waiting, to: .void))
            }
            if !recorded.contains(where: { $0.entry.kind == proposal.logEntry.kind }) {
                work.leaves.append(proposal.logEntry)
            }
            if try work.context.database.list(id) == nil {
                var digests: [String: ContentDigest] = [
                    "matrix": matrixDigest, "scores": scoresDigest,
                ]
                for subject in proposal.subjects { digests[subject.name] = subject.digest }
                work.commit.lists.append(
                    ListRecord(
                        id: id, model: specification.name, asOf: work.context.today,
                        created: work.context.now(), digests: digests, run: work.context.id))
            }
            work.rows(in: scored.rows.count, out: list.rows.count)
        }
        if outputs != nil, try context.database.list(id)?.state == .waiting {
            notes.append(
                "  list \(id) waits for sign-off: \(configuration.lists)/\(id)/review.html")
        }
    }

    /// The id, or where a list of that id was withdrawn, the first free one after it: the same
    /// inputs may come back, such as a policy that was changed and changed back.
    private func freshID(_ id: String) throws -> String {
        var candidate = id
        var number = 1
        while try context.database.list(candidate)?.state == .void {
            number += 1
            candidate = "\(id)-\(number)"
        }
        return candidate
    }

    /// Refuses to put an older list in the place of a newer one.
    private func checkNewest(_ specification: ModelSpecification) throws {
        guard
            let newer = try context.database.lists().first(where: {
                $0.model == specification.name && $0.asOf > context.today && $0.state != .void
            })
        else { return }
        throw StileError(
            .policy,
            "The list \(newer.id) is of \(configuration.clock.text(newer.asOf)), newer than this night.",
            at: specification.place,
            remedy:
                "Run the night as of that day or later; an older list takes no newer one's place.")
    }

    /// The report of the newest linkage; `nil` where nothing was linked by this program.
    private func linkageReport() throws -> LinkageReport? {
        let outputs = try context.database.result(stage: "link")?.outputs ?? []
        guard let report = outputs.first(where: { $0.role == "report" }) else { return nil }
        let path = context.path(of: report.name)
        let bytes = try made(path, report.digest, "The report of the linkage")
        do {
            return try JSONDecoder().decode(LinkageReport.self, from: Data(bytes))
        } catch {
            throw StileError(
                .integrity, "The report of the linkage cannot be read.", at: .init(file: path),
                remedy: "Use the release of Stile that wrote it.")
        }
    }

    /// Refuses a list that its signers could not open, however willing: records stay sealed to
    /// the people who held the roles on the day of their batch.
    private func checkCanBeOpened(_ list: CandidateList, policy: Policy, on day: Day) throws {
        var batches: [String: [String: [String]]] = [:]
        for name in Set(list.records.map(\.batch)) {
            guard let digest = try context.database.held(SealedIndex.prefix + name) else {
                continue
            }
            batches[name] = try SealedIndex(
                context.columns.read(digest), file: context.columns.path(of: digest)
            ).holders
        }
        for role in Set(batches.values.flatMap(\.keys)).union(policy.terms.roles).sorted() {
            var able = Set(policy.terms.holders(of: role, on: day).map(\.person))
            for (name, holders) in batches.sorted(by: { $0.key < $1.key }) {
                guard let sealedTo = holders[role] else { continue }
                able.formIntersection(sealedTo)
                guard able.count >= policy.terms.quorum[role] ?? 1 else {
                    throw StileError(
                        .policy,
                        "Nobody who holds “\(role)” today could open batch \(name), in which people of the list are sealed.",
                        remedy:
                            "Let stile keys rotate seal everything anew to the holders of today, or name a former holder in the policy again."
                    )
                }
            }
        }
    }

    private func cohort(_ naming: Naming, _ scored: ScoredMatrix) -> Evidence.Cohort {
        let listed = naming.listed
        let cut = listed.last.map { scored.linearPredictor[$0] }
        return Evidence.Cohort(
            rows: scored.rows.count, units: Set(scored.rows.map(\.about)).count,
            listed: listed.count, nobodyToRefer: naming.withoutReferral,
            tiedAtTheCut: scored.linearPredictor.count { $0 == cut },
            lowestProbabilityListed: listed.last.map { scored.probability[$0] } ?? 0,
            highestProbabilityListed: listed.first.map { scored.probability[$0] } ?? 0)
    }

    private func shares(_ listed: [Int], _ groups: [ScoredTable.Group]) -> [Evidence.GroupShare] {
        groups.flatMap { group in
            group.levels.enumerated().map { code, level in
                Evidence.GroupShare(
                    group: group.name, level: level,
                    cohort: Evidence.shown(group.codes.count { $0 == UInt32(code) }),
                    listed: Evidence.shown(listed.count { group.codes[$0] == UInt32(code) }))
            }
        }
    }

    private func terms(_ specification: ModelSpecification, _ equation: ScoringEquation)
        -> [Evidence.Term]
    {
        let columns = Dictionary(
            specification.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return equation.terms.map { term in
            Evidence.Term(
                name: term.name,
                title: columns[term.name].map(ValueWords.title) ?? term.name,
                source: columns[term.name]?.table ?? "",
                aboutSomeoneElse: columns[term.name]?.isThirdParty ?? false,
                coefficient: term.coefficient, reference: term.mean)
        }
    }

    private func change(_ list: CandidateList, previous: CandidateList?) -> Evidence.Change? {
        guard let previous else { return nil }
        let now = Set(list.rows.map(\.about))
        let before = Set(previous.rows.map(\.about))
        return Evidence.Change(
            previousList: previous.id, stayed: now.intersection(before).count,
            joined: now.subtracting(before).count, left: before.subtracting(now).count)
    }
}

extension Timestamp {
    /// The moment of a date, to the second.
    static func now(_ date: Date) -> Timestamp {
        Timestamp(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
    }
}
