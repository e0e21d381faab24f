import EncodedExtract
import PipelineModel

/// Where people lived, from the token of the UPRN of every version of their identities.
enum Residences {
    struct Outcome {
        var residences: [Spine.Residence] = []
        /// By source, closes that found no open version of their record.
        var unmatchedCloses: [Int] = []
    }

    /// - Parameters:
    ///   - held: What is held of all sources, in pieces.
    ///   - homes: The household of a token.
    ///   - person: The person of a subject.
    static func read(
        _ held: [Encodings], homes: Homes, person: (SubjectPseudonym) -> PersonPseudonym?
    ) -> Outcome {
        var outcome = Outcome()
        var households: [UInt64: HouseholdPseudonym] = [:]
        for name in held.sourceNames {
            guard let source = held.joined(name, fields: ["uprn"]) else { continue }
            let (knownTo, unmatched) = knownTo(source)
            outcome.unmatchedCloses.append(unmatched)
            guard case .token(let tokens)? = source["uprn"] else { continue }
            for row in 0..<source.count
            where source.operation[row] == .open && tokens[row] != 0 {
                guard let person = person(source.subject[row]) else { continue }
                let household = households[tokens[row]] ?? homes[tokens[row]]
                households[tokens[row]] = household
                outcome.residences.append(
                    Spine.Residence(
                        person: person, household: household, from: source.happened[row],
                        knownFrom: source.known[row], knownTo: knownTo[row]))
            }
        }
        outcome.residences.sort {
            ($0.person, $0.from, $0.knownFrom, $0.knownTo, $0.household)
                < ($1.person, $1.from, $1.knownFrom, $1.knownTo, $1.household)
        }
        return outcome
    }

    /// The day on which each open version was closed: a close ends the oldest version of
    /// its record that still stands, so that the order of a correction's two rows does
    /// not matter.
    static func knownTo(_ source: Encodings) -> ([Day], unmatched: Int) {
        var result = [Day](repeating: .open, count: source.count)
        var unmatched = 0
        // Most records are never closed.
        var closing: Set<RecordPseudonym> = []
        for row in 0..<source.count where source.operation[row] == .close {
            closing.insert(source.record[row])
        }
        guard !closing.isEmpty else { return (result, 0) }
        let order = (0..<source.count).filter { closing.contains(source.record[$0]) }.sorted {
            (source.record[$0], source.known[$0], $0) < (source.record[$1], source.known[$1], $1)
        }
        var standing: [Int] = []
        var record: RecordPseudonym?
        for row in order {
            if source.record[row] != record {
                standing = []
                record = source.record[row]
            }
            switch source.operation[row] {
            case .open: standing.append(row)
            case .close where standing.isEmpty: unmatched += 1
            case .close: result[standing.removeFirst()] = source.known[row]
            }
        }
        return (result, unmatched)
    }
}
