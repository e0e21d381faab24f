import EncodedExtract
import Features
import NightRun
import PipelineModel
import Storage

extension LinkingNight {
    /// What a model may use tonight: the facts of its tables, with their digests.
    struct ModelInputs {
        var tables: [FactTable]
        var artefacts: [Artefact]
        var spine: Spine
        var sources: [SourceState]
    }

    /// How a source stands tonight, for the evidence.
    struct SourceState: Encodable {
        var extract: String
        var lastDelivered: String
        var purpose: String
        var legalBasis: String
        var legalBasisExpires: String
    }

    /// Checks that every source of the model has arrived, is fresh enough, and may be used for
    /// its purpose tonight; then reads its facts.
    ///
    /// - Throws: `StileError`: `input` where a source is missing or too old, `policy` where
    ///   its purpose or legal basis does not cover the model.
    func inputs(of specification: ModelSpecification) throws -> ModelInputs {
        let terms = try terms()
        var faults: [StileError] = []
        var sources: [SourceState] = []
        for extract in specification.tables {
            let source = String(extract.prefix { $0 != "." })
            guard let term = terms[extract],
                let last = try context.database.lastAccepted(source: source, extract: extract)
            else {
                faults.append(
                    StileError(
                        .input,
                        "The model “\(specification.name)” needs \(extract), of which nothing has arrived.",
                        at: specification.place,
                        remedy: "Deliver it; a model whose source is missing is not scored."))
                continue
            }
            if let fault = try lateness(of: source, term, at: specification.place) {
                faults.append(fault)
            }
            if Day(term.legalBasisExpires) < context.civilDay {
                faults.append(
                    StileError(
                        .policy,
                        "The legal basis of \(source) expired on \(Day(term.legalBasisExpires).iso).",
                        at: specification.place,
                        remedy:
                            "Renew it in the source's contract, or take the source out of the model."
                    ))
            }
            if term.purpose != specification.purpose {
                faults.append(
                    StileError(
                        .policy,
                        "The source \(source) may be used for “\(term.purpose)”, not for “\(specification.purpose)”.",
                        at: specification.place,
                        remedy:
                            "Agree the purpose with the controller of the source, or take it out."))
            }
            sources.append(
                SourceState(
                    extract: extract, lastDelivered: configuration.clock.text(last.day),
                    purpose: term.purpose, legalBasis: term.legalBasis,
                    legalBasisExpires: Day(term.legalBasisExpires).iso))
        }
        if let error = StileError.all(faults) { throw error }
        guard let (spine, digests) = try spine() else {
            throw StileError(
                .input, "Nobody has been linked yet.", at: specification.place,
                remedy: "Run the source zone, then stile link.")
        }
        var tables: [FactTable] = []
        var artefacts = digests
        for extract in specification.tables {
            guard let table = try facts(extract),
                let digest = try context.database.held("facts.\(extract)")
            else { continue }
            tables.append(table)
            artefacts.append(Artefact("facts", name: extract, digest: digest))
        }
        try specification.check(
            against: tables.map {
                TableSchema($0, outcomeColumns: Set(terms[$0.name]?.outcomeColumns ?? []))
            }, clock: configuration.clock)
        return ModelInputs(tables: tables, artefacts: artefacts, spine: spine, sources: sources)
    }

    /// What is wrong where a source was last heard from too long ago; it is as fresh as its
    /// newest delivery of any extract.
    private func lateness(
        of source: String, _ term: BatchManifest.Terms, at place: StileError.Place
    ) throws -> StileError? {
        let newest = try context.database.deliveries(source: source, state: .accepted)
            .map(\.day).max()
        guard let newest, context.today - newest > term.maximumAgeDays else { return nil }
        return StileError(
            .input,
            "The source \(source) was last heard from on \(configuration.clock.text(newest)), more than its \(term.maximumAgeDays) days ago.",
            at: place, remedy: "Find out why it is late; the model is scored when it arrives.")
    }
}
