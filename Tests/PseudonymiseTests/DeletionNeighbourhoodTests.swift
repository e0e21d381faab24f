import EncodedExtract
import PipelineModel
import Testing

@testable import Pseudonymise

@Suite("Deletion neighbourhood")
struct DeletionNeighbourhoodTests {
    /// Plain dynamic programming, row by row.
    private func levenshtein(_ left: [Character], _ right: [Character]) -> Int {
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                current.append(
                    min(
                        previous[column] + (character == other ? 0 : 1), previous[column + 1] + 1,
                        current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }

    private func sets(_ field: String, _ values: [String]) throws -> [Set<UInt64>] {
        let encoded = try Fixtures.encode(
            field, values, with: Fixtures.pseudonymiser()
        ).encodings
        guard case .tokenSet(let offsets, let tokens)? = encoded["\(field).near"] else { return [] }
        for (start, end) in zip(offsets, offsets.dropFirst()) where end > start + 1 {
            #expect(zip(tokens[start..<end], tokens[(start + 1)..<end]).allSatisfy { $0 < $1 })
        }
        return zip(offsets, offsets.dropFirst()).map { Set(tokens[$0..<$1]) }
    }

    @Test("Two texts share a token exactly where their edit distance is at most 1")
    func equalsLevenshtein() throws {
        var generator = SeededGenerator(seed: 11, label: "near")
        // A small alphabet and lengths that differ little, so that near pairs are common; the
        // two-byte letter shows that characters count, not bytes.
        let alphabet = Array("ab1щ")
        var texts = [String]()
        for _ in 0..<150 {
            texts.append(
                String((0..<(1 + generator.below(5))).map { _ in alphabet[generator.below(4)] }))
        }
        let found = try sets("street", texts)
        var near = 0
        for left in texts.indices {
            for right in texts.indices where right > left {
                let expected = levenshtein(Array(texts[left]), Array(texts[right])) <= 1
                near += expected ? 1 : 0
                #expect(!found[left].isDisjoint(with: found[right]) == expected)
            }
        }
        #expect(near > 500)
    }

    @Test("Postcodes: the space does not count")
    func postcodes() throws {
        let found = try sets(
            "postcode", ["LE1 4AB", "LE11 4AB", "LE1 4AD", "LE2 4AD", "LE1 4BA"])
        #expect(!found[0].isDisjoint(with: found[1]))
        #expect(!found[0].isDisjoint(with: found[2]))
        #expect(found[0].isDisjoint(with: found[3]))
        #expect(found[0].isDisjoint(with: found[4]))
    }
}
