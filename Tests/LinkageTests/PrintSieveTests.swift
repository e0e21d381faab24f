import Testing

@testable import Linkage

@Suite("Fingerprints that are ruled out")
struct PrintSieveTests {
    @Test("What was inserted is never ruled out, and most else is")
    func holds() {
        let inserted = (0..<UInt64(2_000)).map {
            UInt32(truncatingIfNeeded: BlockingColumns.mixed($0))
        }
        var sieve = PrintSieve()
        #expect(!inserted.contains(where: sieve.mayHold))
        for print in inserted { sieve.insert(print) }
        #expect(inserted.allSatisfy(sieve.mayHold))
        let others = (UInt64(2_000)..<22_000).map {
            UInt32(truncatingIfNeeded: BlockingColumns.mixed($0))
        }
        // 2,000 of 2^18 places are taken: fewer than 1 in 100.
        #expect(others.count(where: sieve.mayHold) < 400)
    }
}
