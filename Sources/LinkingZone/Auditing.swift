import Hashing
import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import NightRun
import PipelineModel
import Scoring
import Storage

extension LinkingZone {
    /// Verifies the log, the run records and retained outputs against its leaves, each list's
    /// files and signatures, and with `list` makes that list's scores again from its retained
    /// matrix and equation.
    ///
    /// - Throws: `StileError` with code `integrity` at the first thing that is not as it was.
    public static func audit(configuration path: String, list only: String?) throws -> [String] {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let database = try database(configuration)
        let view = try desk.view()
        var findings = [
            "log: \(view.checkpoint.size) leaves, root \(view.checkpoint.root.hex), signed by the policy's log key"
        ]
        findings += try StepAudit(
            view, kinds: steps, database: database,
            columns: ColumnStore(existing: "\(configuration.state)/columns"),
            folder: folder(of: configuration)
        ).check()
        findings += try overrides(view, database, configuration)
        let lists = try database.lists().filter { only == nil || $0.id == only }
        if let only, lists.isEmpty {
            throw StileError(
                .input, "There is no list “\(only)”.", at: .init(file: path),
                remedy: "stile audit without --list names them.")
        }
        for record in lists.sorted(by: { $0.id < $1.id }) {
            let (list, _, proposal) = try desk.proposed(record.id, past: true)
            for (name, digest) in record.digests where proposal[name] != nil {
                guard proposal[name] == digest else {
                    throw StileError(
                        .integrity,
                        "The database and the statement of \(record.id) disagree on \(name).",
                        at: .init(file: desk.folder(of: record.id)),
                        remedy: "Find out which was changed; release nothing until it is known.")
                }
            }
            let leaf = view.leaves(ofList: record.id).first {
                $0.entry.kind == proposal.logEntry.kind
            }
            guard let leaf, leaf.entry.subjects.count == proposal.subjects.count,
                proposal.subjects.allSatisfy({ leaf.entry[$0.name] == $0.digest })
            else {
                throw StileError(
                    .integrity, "The list \(record.id) is not in the log as it was proposed.",
                    at: .init(file: desk.logFolder),
                    remedy: "Restore the log; no log, no list.")
            }
            let signed = try database.signOffs(list: record.id)
            let logged = Set(
                view.leaves(ofList: record.id).compactMap { $0.entry["envelope"] })
            if let lost = signed.first(where: { !logged.contains($0.envelope) }) {
                throw StileError(
                    .integrity,
                    "A sign-off of “\(lost.person)” on \(record.id) is in the database and not in the log.",
                    at: .init(file: desk.logFolder),
                    remedy: "Restore the newer copy of the log; release nothing until it agrees.")
            }
            let released = try desk.released(record.id, proposal)
            findings.append(
                "list \(record.id): \(record.state.rawValue), \(list.summary), \(signed.count) sign-offs"
                    + (released.map { ", released \($0.released): \($0.rows) rows" } ?? "")
                    + (try ListsOfChangedPeople.line(of: record, in: database).map { ", \($0)" }
                        ?? ""))
            if only != nil { findings += try replay(record, list, configuration) }
        }
        return findings
    }

    /// Makes the scores of a list again and compares them with what was signed.
    private static func replay(
        _ record: ListRecord, _ list: CandidateList, _ configuration: LinkingConfiguration
    ) throws -> [String] {
        func differs(_ what: String) -> StileError {
            StileError(
                .integrity, "The list \(record.id) cannot be made again: \(what).",
                remedy: "Restore what is missing; until then the list is not proved.")
        }
        guard let matrixDigest = record.digests["matrix"],
            let scoresDigest = record.digests["scores"], let modelDigest = record.digests["model"]
        else { throw differs("its record names no matrix, scores or model") }
        let store = try ColumnStore(directory: "\(configuration.state)/columns")
        let path = EquationFile.path(configuration, record.model, modelDigest)
        guard let data = FileManager.default.contents(atPath: path),
            ContentDigest.sha256(Array(data)) == modelDigest
        else { throw differs("its equation is not there any more") }
        let equation = try EquationFile.read(Array(data), path: path).equation
        let rows = try DevelopmentTable(
            store.read(matrixDigest), file: store.path(of: matrixDigest))
        let scored = try Scorer(model: equation).score(rows.matrix)
        let stored = try ScoreTable(store.read(scoresDigest), file: store.path(of: scoresDigest))
            .scored
        guard scored.linearPredictor == stored.linearPredictor, scored.rank == stored.rank else {
            throw differs("the linear predictors or the ranks are not the stored ones")
        }
        var predictor: [UnitPseudonym: String] = [:]
        for row in scored.rowsByRank.reversed() {
            predictor[scored.rows[row].about] = scored.linearPredictor[row].description
        }
        for candidate in list.rows where predictor[candidate.about] != candidate.linearPredictor {
            throw differs("the linear predictor at rank \(candidate.rank) is another")
        }
        return [
            "  made again from its matrix and equation: \(scored.rows.count) scores, every listed linear predictor to the last bit"
        ]
    }
}
