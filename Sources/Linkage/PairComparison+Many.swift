/// Many pairs at a time, brought near each other so that memory is seldom waited for.
extension PairComparison {
    /// About how many pairs are compared in one go.
    private static let piece = 1 << 13

    /// Fills in the patterns of candidate pairs; their order within a part may change.
    func fill(_ parts: inout [CandidatePairs.Held], threads: Int) {
        let dealt = deal(&parts, threads: threads)
        guard let batches else { return compare(&parts, threads: threads) }
        let found = dealt.compactMap { $0 }
        let (starts, pairs) = (found.map(\.starts), batches.pairs(found))
        var places = filters.first?.places ?? []
        for batch in batches.batches(found, pairs) {
            // Buckets that are worked on by one processor: what they need is in its cache.
            var pieces: [Range<Int>] = []
            var (first, count) = (batch.buckets.lowerBound, 0)
            for bucket in batch.buckets {
                count += pairs[bucket]
                guard count >= Self.piece || bucket + 1 == batch.buckets.upperBound else {
                    continue
                }
                if count > 0 { pieces.append(first..<(bucket + 1)) }
                (first, count) = (bucket + 1, 0)
            }
            guard !pieces.isEmpty else { continue }
            guard !batch.salts.isEmpty else {
                compare(&parts, starts, pieces, threads: threads)
                continue
            }
            let wanted = wanted(
                parts, starts.map { $0[batch.buckets.lowerBound]..<$0[batch.buckets.upperBound] })
            holding(wanted, saltedBy: batch.salts, &places, threads: threads)
                .compare(&parts, starts, pieces, threads: threads)
            restore(wanted, &places)
        }
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
    private func wanted(_ parts: [CandidatePairs.Held], _ ranges: [Range<Int>]) -> [UInt32] {
        var isWanted = [Bool](repeating: false, count: order.rows.count)
        isWanted.withUnsafeMutableBufferPointer { isWanted in
            for (part, range) in zip(parts, ranges) {
                for pair in part.pairs[range] {
                    isWanted[Int(pair >> 32)] = true
                    isWanted[Int(pair & 0xffff_ffff)] = true
                }
            }
        }
        return isWanted.enumerated().compactMap { $1 ? UInt32($0) : nil }
    }

    /// Compares the pairs of buckets, those of all parts together.
    private func compare(
        _ parts: inout [CandidatePairs.Held], _ starts: [[Int]], _ pieces: [Range<Int>],
        threads: Int
    ) {
        @Sendable func ranges(_ piece: Int) -> [Range<Int>] {
            starts.map { $0[pieces[piece].lowerBound]..<$0[pieces[piece].upperBound] }
        }
        let pairs = parts.map(\.pairs)
        let found = CandidatePairs.concurrently(pieces.count, threads: threads) { piece in
            var together: [UInt64] = []
            for (pairs, range) in zip(pairs, ranges(piece)) { together += pairs[range] }
            return patterns(placed: together[...])
        }
        for (piece, patterns) in found.enumerated() {
            var next = 0
            for (part, range) in ranges(piece).enumerated() where !range.isEmpty {
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
        var parts = [CandidatePairs.Held(key: 0, pairs: pairs, numbers: numbers)]
        fill(&parts, threads: threads)
        var patterns = [UInt64](repeating: 0, count: left.count)
        for (number, pattern) in zip(parts[0].numbers, parts[0].patterns) {
            patterns[Int(number)] = pattern
        }
        return patterns
    }
}
