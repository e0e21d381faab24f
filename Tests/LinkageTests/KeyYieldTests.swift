import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("What keys find of likely matches")
struct KeyYieldTests {
    @Test(
        "Each key's share is that of all pairs asked one by one, blocks that are too large aside",
        arguments: [1_000, 2])
    func yields(largestBlock: Int) throws {
        let (first, second) = SyntheticEncodings.county(250)
        let delta = [
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ]
        // Few keys, so that some pairs are found by one alone.
        var specification = LinkageSpecification()
        specification.pinned = try LinkerTests.link(delta).state.parameters
        specification.pinned?.keys = [["block.home"], ["block.given_birth"], ["date_of_birth"]]
        specification.largestBlock = largestBlock
        let outcome = try Linker.link(
            state: LinkState(), delta: delta, specification: specification,
            mint: try #require(LinkerTests.mint), detail: true)
        let detail = try #require(outcome.report.detail)
        let yields = try #require(detail.keyYields)
        #expect((largestBlock == 2) == !outcome.report.skippedBlocks.isEmpty)

        let state = outcome.state
        let store = try FieldStore(state.held, firstNew: state.held.map { _ in 0 })
        let candidates = CandidatePairs(
            store, keys: try #require(state.parameters).keys, largestBlock: largestBlock,
            mayRepeat: [false, false], threads: 1)
        let likely = state.pairs.filter { !$0.conflict && $0.weight >= detail.linkThreshold }
        #expect(likely.count > 100 && yields.count == candidates.keys.count)
        let masks = try likely.map { pair in
            let (left, right) = try (
                #require(store.index(of: pair.left)), #require(store.index(of: pair.right))
            )
            return store.rows(of: left).reduce(UInt64(0)) { mask, one in
                store.rows(of: right).reduce(mask) { $0 | candidates.sharedKeys(one, $1) }
            }
        }
        // Every one of them was found by some key.
        #expect(!masks.contains(0))
        for (number, yield) in yields.enumerated() {
            let bit = UInt64(1) << UInt64(number)
            #expect(yield.field == candidates.keys[number].joined(separator: " + "))
            #expect(yield.found == Proportion(masks.count { $0 & bit != 0 }, of: likely.count))
            #expect(yield.alone == Proportion(masks.count { $0 == bit }, of: likely.count))
        }
        #expect(yields.contains { $0.found.count > 50 } && yields.contains { $0.alone.count > 0 })
    }

    @Test("A delta, of which only the blocks of new rows are known, tells none")
    func delta() throws {
        let (first, second) = SyntheticEncodings.county(150)
        let state = try LinkerTests.link([
            SyntheticEncodings.encode("a", first),
            SyntheticEncodings.encode("b", Array(second.dropLast(5))),
        ]).state
        let outcome = try Linker.link(
            state: state, delta: [SyntheticEncodings.encode("b", Array(second.suffix(5)))],
            specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        #expect(outcome.report.detail != nil && outcome.report.detail?.keyYields == nil)
    }
}
