import PipelineModel
import Testing

@testable import Synth

@Suite struct GzipTests {
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    @Test func checksumHasItsPublishedCheckValue() {
        #expect(Gzip.checksum(Array("123456789".utf8)) == 0xcbf4_3926)
    }

    @Test func whatIsPackedUnpacksAgain() {
        var random = SeededGenerator(seed: 5, label: "gzip")
        var cases: [[UInt8]] = [[], [65], Array("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8)]
        cases.append([UInt8](repeating: 7, count: 3000))
        for size in [10, 1000, 70_000] {
            cases.append((0..<size).map { _ in UInt8(random.below(256)) })
            cases.append((0..<size).map { _ in UInt8(97 + random.below(3)) })
        }
        for bytes in cases {
            let packed = Gzip.compress(bytes)
            #expect(Inflate.gunzip(packed) == bytes)
            #expect(packed.starts(with: [0x1f, 0x8b, 8]))
        }
    }
}
