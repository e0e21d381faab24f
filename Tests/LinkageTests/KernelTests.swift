import CBitKernels
import PipelineModel
import Testing

@testable import Linkage

@Suite("Kernels that work on the pairs of a block")
struct KernelTests {
    @Test(
        "Pairs are chosen that are open, not known and under one of some bits",
        arguments: [0, 1, 7, 8, 9, 63, 64, 65, 130, 256])
    func choosing(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count), label: "chosen")
        for oneIn in [1, 2, 40] {
            let digits = (0..<count).map { _ in UInt8(generator.below(oneIn) == 0 ? 5 : 3) }
            let masks = (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
            let known = (0..<count).map { _ in generator.below(3) == 0 }
            let bits: UInt32 = 0b101 << 9
            for isKnown in [false, true] {
                // One more than there is room for is not touched.
                var chosen = [UInt32](repeating: .max, count: count + 1)
                let found = stile_choose(
                    digits, 5, isKnown ? known : nil, masks, bits, &chosen, count)
                let expected = (0..<count).filter {
                    digits[$0] == 5 && masks[$0] & bits != 0 && !(isKnown && known[$0])
                }
                #expect(chosen[..<found].map { Int($0) } == expected)
                #expect(chosen[count] == .max)
            }
        }
    }
}
