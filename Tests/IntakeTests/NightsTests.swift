import Intake
import PipelineModel
import Testing

/// Thirty nights of snapshots: what the deltas add up to, asked as known on any
/// night, is what that night's file says when it is read from nothing.
@Suite struct NightsTests {
    /// A row of the source, as the test's own model keeps it.
    struct Row {
        var surname: String
        var sex: String
        var decile: Int
        var happened: Day

        func text(_ key: Int) -> String {
            "\(key),Ann,\(surname),1980-05-17,\(sex),\(decile),\(happened.iso)\n"
        }
    }

    /// Facts with both times, and what each says, in one text.
    struct Facts {
        var table = FactTable(name: "gp.patients")
        var says: [String] = []

        mutating func apply(_ delta: ExtractDelta) throws {
            for row in 0..<delta.count {
                switch delta.operation[row] {
                case .open:
                    table.record.append(delta.record[row])
                    table.subject.append(delta.subject[row])
                    table.happened.append(delta.happened[row])
                    table.knownFrom.append(delta.known[row])
                    table.knownTo.append(.open)
                    says.append(NightsTests.content(of: delta, row))
                case .close:
                    let open = try #require(
                        table.record.indices.last {
                            table.record[$0] == delta.record[row] && table.knownTo[$0] == .open
                        })
                    #expect(table.subject[open] == delta.subject[row])
                    #expect(table.happened[open] == delta.happened[row])
                    table.knownTo[open] = delta.known[row]
                }
            }
        }

        /// What was known strictly before `asOf`.
        func known(before asOf: Day) -> [String] {
            (0..<table.count).filter { table.isKnown($0, strictlyBefore: asOf) }
                .map { says[$0] }.sorted()
        }
    }

    static func content(of delta: ExtractDelta, _ row: Int) -> String {
        var parts = [
            delta.record[row].hex, delta.subject[row].hex, String(delta.happened[row].number),
        ]
        for column in delta.identity { parts.append(column.values[row] ?? "-") }
        for column in delta.payload {
            switch column.values {
            case .number(let values): parts.append(values[row].description)
            case .day(let days): parts.append(String(days[row].number))
            case .code(let vocabulary, let codes):
                parts.append(
                    codes[row] == ColumnValues.missingCode ? "-" : vocabulary[Int(codes[row])])
            default: parts.append("?")
            }
        }
        return parts.joined(separator: "|")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func everyNightIsWhatARebuildGives(seed: UInt64) throws {
        let extract = try patients([("largest_change: 0.5", "largest_change: 9")])
        var generator = SeededGenerator(seed: seed, label: "nights")
        var source: [Int: Row] = [:]
        var nextKey = 1
        var held = nothingHeld(extract)
        var facts = Facts()
        var asKnown: [(Day, [String])] = []
        var corrections = 0
        var retractions = 0
        for night in 0..<30 {
            let day = someDay + night
            for _ in 0..<(night == 0 ? 40 : generator.below(8)) {
                // A late fact: it happened long before anybody was told.
                source[nextKey] = Row(
                    surname: ["Lee", "Roe", "Poe"][generator.below(3)],
                    sex: ["F", "M", ""][generator.below(3)], decile: 1 + generator.below(10),
                    happened: day - generator.below(400))
                nextKey += 1
            }
            for key in source.keys.sorted() {
                if generator.chance(0.03) {
                    source[key] = nil
                } else if generator.chance(0.05) {
                    source[key]?.decile = 1 + generator.below(10)
                } else if generator.chance(0.02) {
                    source[key]?.happened = day - generator.below(400)
                }
            }
            if night > 3, generator.chance(0.3) {
                // Something deleted long ago comes back.
                source[1 + generator.below(nextKey - 1)] = Row(
                    surname: "Doe", sex: "X", decile: 5, happened: day - 9)
            }
            let keys = source.keys.sorted().shuffled(using: &generator)
            let text = patientsHeader + keys.compactMap { source[$0]?.text($0) }.joined()
            let checked = try check(text, extract, day: day, held: held.openCount)
            let result = try held.delta(of: checked)
            held = result.held
            try facts.apply(result.delta)
            corrections += result.delta.counts.corrected
            retractions += result.delta.counts.closed - result.delta.counts.corrected

            var rebuilt = Facts()
            try rebuilt.apply(try nothingHeld(extract).delta(of: checked).delta)
            asKnown.append((day + 1, rebuilt.known(before: day + 1)))
            #expect(held.openCount == source.count)
        }
        for (asOf, expected) in asKnown { #expect(facts.known(before: asOf) == expected) }
        #expect(corrections > 20 && retractions > 10)
    }
}
