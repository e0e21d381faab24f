import PipelineModel
import Testing

@testable import Pseudonymise

/// A column is filled and read as one.
@Suite("Columns of normal forms")
struct NormalColumnTests {
    @Test("Names in a column: the normal forms and rules of each alone, and where each first came")
    func names() {
        var generator = SeededGenerator(seed: 3, label: "names again")
        let names: [String?] = [
            "Ann-Marie", "ANN MARIE", "ann marie", "", nil, "not known", "Twin 1", "O'Brien",
            "obrien",
            "Zoë", "Zoe\u{308}", "zoe", "李", "123", "a name of more than fifteen bytes",
            "van der Berg",
        ]
        let values = (0..<400).map { _ in names[generator.below(names.count)] }
        let rows = (0..<400).filter { _ in generator.chance(0.7) }
        var together = NormalColumn(emptyRows: 3)
        var tally = RuleTally()
        together.append(values, rows: rows, kind: .name, tally: &tally)
        var forms: [[UInt8]] = [[], [], []]
        var rules: [String: Int] = [:]
        for row in rows {
            var alone = NormalColumn(emptyRows: 0)
            var own = RuleTally()
            alone.append([values[row]], rows: [0], kind: .name, tally: &own)
            forms.append(alone.bytes)
            for count in own.counts(field: "") { rules[count.rule, default: 0] += count.count }
        }
        #expect(together.count == forms.count)
        #expect(forms.indices.map { together.withRow($0) { Array($0) } } == forms)
        #expect(
            tally.counts(field: "").map { "\($0.rule) \($0.count)" }
                == rules.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        #expect(rules.count == 3)
        let first = forms.indices.map { row in
            forms[row].isEmpty ? row : forms.firstIndex(of: forms[row]) ?? -1
        }
        let found = together.firstRows()
        for row in forms.indices where !forms[row].isEmpty { #expect(found[row] == first[row]) }
    }
}
