/// Many pairs at a time, brought near each other so that memory is seldom waited for.
extension PairComparison {
    /// About how many pairs are compared in one go.
    private static let piece = 1 << 13

    /// Fills in the patterns of candidate pairs; their order within a part may change.
    func fill(_ parts: inout [CandidatePairs.Held], threads: Int) {
        let dealt = deal(&parts, threads: threads)
        guard let batches else { return compare(&parts, threads: threads) }
        let found = dealt.compactMap { $0 }
        let (starts, counts) = (found.map(\.starts), batches.pairs(found))
        let pairs = parts.map(\.pairs)
        // Where filters lie: one array for all batches, however many.
        var places = filters.first?.places ?? []
        // All processors work on one batch: as much memory as for a batch each, and half as many
        // times the pages of the filters' files are looked through.
        for batch in batches.batches(found, counts) {
            guard counts[batch.buckets].contains(where: { $0 > 0 }) else { continue }
            let pieces = Self.pieces(batch.buckets, counts)
            let patterns: [[UInt64]]
            if batch.salts.isEmpty {
                patterns = self.patterns(pairs, starts, pieces, threads: threads)
            } else {
                let wanted = wanted(
                    pairs,
                    starts.map { $0[batch.buckets.lowerBound]..<$0[batch.buckets.upperBound] })
                patterns = holding(wanted, saltedBy: batch.salts, &places, threads: threads)
                    .patterns(pairs, starts, pieces, threads: threads)
                restore(wanted, &places)
            }
            put(patterns, starts, pieces, &parts)
            letGo()
        }
    }

    /// Buckets that are worked on by one processor: what they need is in its cache.
    private static func pieces(_ buckets: Range<Int>, _ pairs: [Int]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var (first, count) = (buckets.lowerBound, 0)
        for bucket in buckets {
            count += pairs[bucket]
            guard count >= piece || bucket + 1 == buckets.upperBound else { continue }
            if count > 0 { pieces.append(first..<(bucket + 1)) }
            (first, count) = (bucket + 1, 0)
        }
        return pieces
    }

    /// Puts the pairs of each part in the order in which they are compared.
    private func deal(
        _ parts: inout [CandidatePairs.Held], threads: Int
    ) -> [FilterBatches.Dealt?] {
        let count = parts.count
        return parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            return CandidatePairs.concurrently(count, threads: threads) { index in
                parts[index].patterns = Array(repeating: 0, count: parts[index].pairs.count)
                if let batches { return batches.deal(&parts[index]) }
                if parts[index].numbers.isEmpty { RadixSort.sortByHighWord(&parts[index].pairs) }
                return nil
            }
        }
    }

    /// The places of some pairs, in ascending order.
    private func wanted(_ pairs: [[UInt64]], _ ranges: [Range<Int>]) -> [UInt32] {
        var isWanted = [UInt64](repeating: 0, count: order.rows.count / 64 + 1)
        isWanted.withUnsafeMutableBufferPointer { isWanted in
            for (pairs, range) in zip(pairs, ranges) {
                for pair in pairs[range] {
                    isWanted[Int(pair >> 38)] |= 1 << (pair >> 32 & 63)
                    isWanted[Int(pair & 0xffff_ffff) >> 6] |= 1 << (pair & 63)
                }
            }
        }
        var places: [UInt32] = []
        for (index, word) in isWanted.enumerated() {
            var word = word
            while word != 0 {
                places.append(UInt32(index * 64 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
        return places
    }

    /// The patterns of the pairs of buckets, those of all parts together.
    private func patterns(
        _ pairs: [[UInt64]], _ starts: [[Int]], _ pieces: [Range<Int>], threads: Int
    ) -> [[UInt64]] {
        CandidatePairs.concurrently(pieces.count, threads: threads) { piece in
            var together: [UInt64] = []
            for (pairs, starts) in zip(pairs, starts) {
                together +=
                    pairs[starts[pieces[piece].lowerBound]..<starts[pieces[piece].upperBound]]
            }
            return patterns(placed: together[...])
        }
    }

    /// Puts the patterns of buckets where their pairs are.
    private func put(
        _ patterns: [[UInt64]], _ starts: [[Int]], _ pieces: [Range<Int>],
        _ parts: inout [CandidatePairs.Held]
    ) {
        for (piece, patterns) in zip(pieces, patterns) {
            var next = 0
            for part in parts.indices {
                let range = starts[part][piece.lowerBound]..<starts[part][piece.upperBound]
                if range.isEmpty { continue }
                parts[part].patterns.replaceSubrange(
                    range, with: patterns[next..<(next + range.count)])
                next += range.count
            }
        }
    }

    /// Compares the pairs of each part as they lie.
    private func compare(_ parts: inout [CandidatePairs.Held], threads: Int) {
        var pieces: [(part: Int, range: Range<Int>)] = []
        for (part, held) in parts.enumerated() {
            for start in stride(from: 0, to: held.pairs.count, by: Self.piece) {
                pieces.append((part, start..<min(start + Self.piece, held.pairs.count)))
            }
        }
        let work = pieces
        let pairs = parts.map(\.pairs)
        let found = CandidatePairs.concurrently(work.count, threads: threads) { piece in
            patterns(placed: pairs[work[piece].part][work[piece].range])
        }
        for (piece, patterns) in zip(work, found) {
            parts[piece.part].patterns.replaceSubrange(piece.range, with: patterns)
        }
    }

    /// The patterns of pairs of places, the left one in the upper half.
    private func patterns(placed pairs: ArraySlice<UInt64>) -> [UInt64] {
        var patterns = [UInt64](repeating: 0, count: pairs.count)
        patterns.withUnsafeMutableBufferPointer { compare(placed: pairs, into: $0) }
        return patterns
    }

    /// Writes the patterns of pairs of places, the left one in the upper half.
    private func compare(
        placed pairs: ArraySlice<UInt64>, into patterns: UnsafeMutableBufferPointer<UInt64>
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * pairs.count + 1) { places in
            places.initialize(repeating: 0)
            for (index, pair) in pairs.enumerated() {
                places[index] = UInt32(truncatingIfNeeded: pair >> 32)
                places[pairs.count + index] = UInt32(truncatingIfNeeded: pair)
            }
            compare(
                places: UnsafeBufferPointer(rebasing: places[..<pairs.count]),
                UnsafeBufferPointer(rebasing: places[pairs.count..<(2 * pairs.count)]),
                into: patterns)
        }
    }

    /// The agreement patterns of any number of pairs of rows.
    func patterns(_ left: [UInt32], _ right: [UInt32], threads: Int) -> [UInt64] {
        var byPlace = left.enumerated().map { index, row in
            UInt64(order.places[Int(row)]) << 32 | UInt64(index)
        }
        RadixSort.sortByHighWord(&byPlace)
        let numbers = byPlace.map { UInt32(truncatingIfNeeded: $0) }
        let pairs = byPlace.map { entry in
            entry & ~0xffff_ffff | UInt64(order.places[Int(right[Int(entry & 0xffff_ffff)])])
        }
        let each = max(Self.piece, pairs.count / (4 * max(threads, 1)) + 1)
        var parts = stride(from: 0, to: pairs.count, by: each).map { first in
            let range = first..<min(first + each, pairs.count)
            return CandidatePairs.Held(
                key: 0, pairs: Array(pairs[range]), numbers: Array(numbers[range]))
        }
        fill(&parts, threads: threads)
        var patterns = [UInt64](repeating: 0, count: left.count)
        for part in parts {
            for (number, pattern) in zip(part.numbers, part.patterns) {
                patterns[Int(number)] = pattern
            }
        }
        return patterns
    }
}
