import Testing

@testable import Linkage

@Suite("Values that pieces of work share")
struct SparesTests {
    @Test("Nobody has a value that another has, and what it remembers stays")
    func counted() {
        let spares = Spares { [Int]() }
        let found = CandidatePairs.concurrently(2_000, threads: 4) { number in
            spares.with { seen in
                seen.append(number)
                return seen.count
            }
        }
        // Every value has counted its own pieces, one after the other.
        let values = found.count { $0 == 1 }
        #expect((1...4).contains(values))
        var rest = found.sorted()
        for _ in 0..<values { rest.removeFirst() }
        #expect(rest.allSatisfy { $0 > 1 } && found.count == 2_000)
        #expect(spares.with { $0.count } == found.max() ?? 0 || values > 1)
    }
}
