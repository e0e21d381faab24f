import EthicsGate
import Features
import PipelineModel
import Scoring

/// Which rows a list takes, and whom each of them names.
struct Naming {
    /// The rows that the list takes, best rank first, each person, household or setting once.
    private(set) var listed: [Int] = []
    /// Households ranked high enough in which nobody may be named.
    private(set) var withoutReferral = 0
    private var subjects: [Int: [Candidate.Subject]] = [:]

    /// - Parameter members: Who stands behind the rows of households and settings.
    init(
        _ specification: ModelSpecification, _ scored: ScoredMatrix, members: RowMembers?,
        spine: Spine
    ) {
        var persons: [Int: [PersonPseudonym]] = [:]
        var referred: [Int: [PersonPseudonym]] = [:]
        if let members {
            for (row, (person, isReferred)) in zip(
                members.row, zip(members.person, members.isReferred))
            {
                persons[row, default: []].append(person)
                if isReferred { referred[row, default: []].append(person) }
            }
        }
        var seen: Set<UnitPseudonym> = []
        for row in scored.rowsByRank {
            guard listed.count < specification.list.size else { break }
            if let least = specification.list.minimumProbability, scored.probability[row] < least {
                break
            }
            let key = scored.rows[row]
            guard seen.insert(key.about).inserted else { continue }
            switch specification.unit {
            case .person, .spell: subjects[row] = [.person(key.person)]
            case .household:
                guard let named = referred[row] else {
                    withoutReferral += 1
                    continue
                }
                let home = Candidate.Home(pseudonym: key.unit.cast(), subjects: [])
                subjects[row] = named.map { .member($0, of: home) }
            case .setting:
                guard let code = members?.setting[row] else { continue }
                subjects[row] = [.setting(.init(unit: key.unit, code: code))]
            }
            listed.append(row)
        }
        if specification.unit == .household { addSubjects(of: persons, spine) }
    }

    /// Whom a row names, in ascending order; of a setting the setting itself.
    func subjects(of row: Int) -> [Candidate.Subject] { subjects[row] ?? [] }

    /// Everyone who would be named.
    var persons: Set<PersonPseudonym> {
        var found: Set<PersonPseudonym> = []
        for subject in subjects.values.joined() {
            switch subject {
            case .person(let person), .member(let person, _): found.insert(person)
            case .setting: break
            }
        }
        return found
    }

    /// What the sources call everyone whose facts made a listed household's score.
    private mutating func addSubjects(of persons: [Int: [PersonPseudonym]], _ spine: Spine) {
        var row: [PersonPseudonym: Int] = [:]
        for listed in listed { for person in persons[listed] ?? [] { row[person] = listed } }
        var found: [Int: [SubjectPseudonym]] = [:]
        for (subject, person) in zip(spine.subject, spine.person) {
            if let row = row[person] { found[row, default: []].append(subject) }
        }
        for listed in listed {
            let all = (found[listed] ?? []).sorted()
            subjects[listed] = subjects(of: listed).map { subject in
                guard case .member(let person, let home) = subject else { return subject }
                return .member(person, of: .init(pseudonym: home.pseudonym, subjects: all))
            }
        }
    }
}
