import CBitKernels

/// Sorts words by their upper half, the order of equals kept.
///
/// One pass deals the words out by their first eleven bits that differ, so that what is left to do
/// for each bucket stays in the cache: a few times as fast as passes over all words, and much faster
/// than a comparison sort.
enum RadixSort {
    private static let digits = 11
    /// Buckets up to this size are dealt out once more and then put in order word by word.
    private static let small = 4_096
    /// From so many words on, large pages are asked for.
    private static let large = 1 << 18

    static func sortByHighWord(_ words: inout [UInt64]) {
        let count = words.count
        let high = words.reduce(0, |) >> 32
        words.withUnsafeMutableBufferPointer { words in
            guard count > 256, high != 0 else { return insertion(words) }
            // What follows the first digit, from the lowest bit of the upper half on.
            let rest = max(0, UInt64.bitWidth - high.leadingZeroBitCount - digits)
            let spare = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
            defer { spare.deallocate() }
            // The first digit puts words anywhere in it.
            if count >= large { stile_prefer_large_pages(spare.baseAddress, count * 8) }
            var ends = [Int](repeating: 0, count: 1 << digits)
            deal(UnsafeBufferPointer(words), to: spare, shift: 32 + rest, bits: digits, &ends)
            var counts = [Int](repeating: 0, count: 1 << digits)
            var first = 0
            for end in ends {
                let from = UnsafeMutableBufferPointer(rebasing: spare[first..<end])
                let to = UnsafeMutableBufferPointer(rebasing: words[first..<end])
                first = end
                if from.count > small {
                    sort(from, to, bits: rest, &counts)
                    continue
                }
                let bits = from.count > 24 ? min(rest, digits, log2(from.count)) : 0
                if bits > 0 {
                    deal(
                        UnsafeBufferPointer(from), to: to, shift: 32 + rest - bits, bits: bits,
                        &counts)
                } else {
                    _ = to.update(from: from)
                }
                insertion(to)
            }
        }
    }

    private static func log2(_ count: Int) -> Int {
        Int.bitWidth - count.leadingZeroBitCount - 1
    }

    /// Deals words out by some bits; `ends` says where the words of each value end.
    private static func deal(
        _ from: UnsafeBufferPointer<UInt64>, to: UnsafeMutableBufferPointer<UInt64>, shift: Int,
        bits: Int, _ ends: inout [Int]
    ) {
        let (shift, mask) = (UInt64(shift), UInt64(1) << UInt64(bits) - 1)
        ends.withUnsafeMutableBufferPointer { ends in
            let ends = UnsafeMutableBufferPointer(rebasing: ends[...Int(mask)])
            ends.update(repeating: 0)
            for word in from { ends[Int(word >> shift & mask)] += 1 }
            var start = 0
            for digit in ends.indices {
                let size = ends[digit]
                ends[digit] = start
                start += size
            }
            for word in from {
                let digit = Int(word >> shift & mask)
                to[ends[digit]] = word
                ends[digit] += 1
            }
        }
    }

    /// Sorts a bucket by the lowest bits of the upper half, the lowest first.
    private static func sort(
        _ from: UnsafeMutableBufferPointer<UInt64>, _ to: UnsafeMutableBufferPointer<UInt64>,
        bits: Int, _ counts: inout [Int]
    ) {
        var (source, target) = (from, to)
        for first in stride(from: 0, to: bits, by: digits) {
            deal(
                UnsafeBufferPointer(source), to: target, shift: 32 + first,
                bits: min(digits, bits - first), &counts)
            (source, target) = (target, source)
        }
        if source.baseAddress != to.baseAddress { _ = to.update(from: source) }
    }

    private static func insertion(_ words: UnsafeMutableBufferPointer<UInt64>) {
        for end in words.indices.dropFirst() {
            let word = words[end]
            var place = end
            while place > 0, words[place - 1] >> 32 > word >> 32 {
                words[place] = words[place - 1]
                place -= 1
            }
            words[place] = word
        }
    }
}
