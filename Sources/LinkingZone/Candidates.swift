import ColumnFiles
import EthicsGate
import Features
import NightRun
import PipelineModel
import Scoring
import Storage

extension LinkingNight {
    /// A row of the list for each person whom it names, or for each setting.
    func candidates(
        _ naming: Naming, scored: ScoredMatrix, matrix: DesignMatrix, equation: ScoringEquation,
        specification: ModelSpecification, facts: NewestFacts, spine: Spine
    ) throws -> [Candidate] {
        let scorer = try Scorer(model: equation)
        let columns = Dictionary(
            specification.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let words = ValueWords(specification, equation: equation)
        let records = try sealedRecords(of: naming.persons, spine: spine)
        // A setting's reasons say nothing of a single fact.
        let hasDays = specification.unit != .setting
        return try naming.listed.enumerated().flatMap { position, row in
            let reasons = try scorer.reasons(row, in: matrix).map { reason in
                let column = columns[reason.term]
                let newest = facts.day(column?.feature ?? reason.term, row: row)
                return Candidate.Reason(
                    feature: reason.term,
                    words: column.map {
                        words.words($0, value: reason.value, hasFact: newest != nil)
                    } ?? reason.term,
                    contribution: reason.contribution.description,
                    source: column?.source ?? "",
                    newestFact: newest.flatMap { hasDays ? configuration.clock.text($0) : nil }
                        ?? "",
                    thirdParty: column?.isThirdParty ?? false)
            }
            return naming.subjects(of: row).map { subject in
                var candidate = Candidate(
                    subject: subject, rank: position + 1,
                    linearPredictor: scored.linearPredictor[row].description,
                    probability: scored.probability[row].description, reasons: reasons,
                    records: [])
                candidate.records = candidate.person.flatMap { records[$0] } ?? []
                return candidate
            }
        }
    }

    /// The newest sealed record of each subject of these people, newest batch first.
    private func sealedRecords(of persons: Set<PersonPseudonym>, spine: Spine) throws
        -> [PersonPseudonym: [Candidate.SealedRecord]]
    {
        var person: [SubjectPseudonym: PersonPseudonym] = [:]
        for (subject, who) in zip(spine.subject, spine.person) where persons.contains(who) {
            person[subject] = who
        }
        var newest: [SubjectPseudonym: Candidate.SealedRecord] = [:]
        // In the order of the batches' names, which ascend within an extract.
        for (_, digest) in try context.database.held(prefix: SealedIndex.prefix)
            .sorted(by: { $0.key < $1.key })
        {
            let index = try SealedIndex(
                context.columns.read(digest), file: context.columns.path(of: digest))
            for (subject, record) in zip(index.subject, index.record)
            where person[subject] != nil {
                newest[subject] = Candidate.SealedRecord(
                    batch: index.batch, record: record, subject: subject)
            }
        }
        var found: [PersonPseudonym: [Candidate.SealedRecord]] = [:]
        for (subject, record) in newest {
            if let who = person[subject] { found[who, default: []].append(record) }
        }
        return found.mapValues { records in
            records.sorted { ($1.batch, $1.subject) < ($0.batch, $0.subject) }
        }
    }
}
