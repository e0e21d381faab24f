import PipelineModel
import Testing

@testable import Pseudonymise

/// Filters of rows that share a salt are drawn together, those of others one by one.
@Suite("Filters of shared salts")
struct SharedSaltTests {
    @Test(
        "A row's filter is the same in company and alone",
        arguments: [
            "{}", "{fold: true}", "{diffusion: 3, flip: 0.05}",
            "{fold: true, diffusion: 2, flip: 0.02}",
        ])
    func sameAlone(hardening: String) throws {
        let specification = try Fixtures.specification(
            """
            hardening: \(hardening)
            fields:
              surname: {kind: name, salt: date_of_birth.year}
              date_of_birth: {kind: date_of_birth}
            """)
        let filter = BigramFilter(
            hasher: try KeySchedule(Fixtures.keyring()).filterHasher("surname", salt: "year"),
            specification: specification, salt: "year")
        var generator = SeededGenerator(seed: 4, label: "shared salts")
        let names = ["smith", "o neill", "иванов", "li", "jones smith", "", "patel 3", "żak"]
        let rows = 300
        var texts = NormalColumn(emptyRows: 0)
        var tokens: [UInt64] = []
        var subjects: [(UInt64, UInt64)] = []
        for row in 0..<rows {
            texts.append(words: [Array(names[generator.below(names.count)].utf8)])
            // Four salts, and none in a fifth of the rows.
            tokens.append([0, 11, 12, 13, 14][generator.below(5)])
            subjects.append((5, UInt64(row)))
        }
        let salts = Salts(tokens)
        #expect(salts.values.count * BigramFilter.rowsThatShare <= rows)
        let together = filter.words(texts, salts: salts, subjects: subjects)
        let width = specification.filterBits / 64
        var filled = 0
        for row in 0..<rows {
            var single = NormalColumn(emptyRows: 0)
            texts.withRow(row) { single.append(words: [$0]) }
            let alone = filter.words(
                single, salts: Salts([tokens[row]]), subjects: [subjects[row]])
            #expect(Array(together[(row * width)..<((row + 1) * width)]) == alone)
            if alone.contains(where: { $0 != 0 }) { filled += 1 }
        }
        #expect(filled > rows / 2)
    }

    @Test("Rows by salt: each row that has one, once, those of one salt together")
    func order() {
        let tokens: [UInt64] = [7, 0, 3, 7, 9, 3, 0, 7]
        let (rows, groups) = Salts(tokens).rowsBySalt
        #expect(rows == [0, 3, 7, 2, 5, 4])
        #expect(groups == [0..<3, 3..<5, 5..<6])
        #expect(Salts([0, 0]).rowsBySalt.rows == [])
        #expect(Salts.unsalted.rowsBySalt.rows == [])
    }
}
