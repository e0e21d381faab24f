/// Many pairs at a time, brought near each other so that memory is seldom waited for.
extension PairComparison {
    /// About how many pairs are compared in one go.
    private static let piece = 1 << 13
    /// After how many pieces the pages of mapped files that were looked at are let go.
    private static let readBetween = 32

    /// Fills in the patterns of candidate pairs; their order within a part may change.
    func fill(_ parts: inout [CandidatePairs.Held], threads: Int) {
        let counts = parts.map(\.pairs.count)
        let room = CandidatePairs.concurrently(counts.count, threads: threads) {
            [UInt64](repeating: 0, count: counts[$0])
        }
        for (part, room) in zip(parts.indices, room) { parts[part].patterns = room }
        compare(&parts, threads: threads) { _, patterns in
            patterns
        } _: { pieces, patterns, parts in
            Self.put(patterns, pieces, &parts, threads: threads)
        }
    }

    /// What `work` makes of all candidate pairs and their patterns, which are not kept; the order of
    /// the pairs within a part may change.
    func map<Result: Sendable>(
        _ parts: inout [CandidatePairs.Held], threads: Int,
        _ work: @Sendable (_ pairs: [UInt64], _ patterns: [UInt64]) -> Result
    ) -> [Result] {
        var results: [Result] = []
        compare(&parts, threads: threads, work) { _, found, _ in results += found }
        return results
    }

    /// Some pairs that are compared in one go: a range of each part, none of most.
    private struct Piece: Sendable {
        var ranges: [(part: Int, range: Range<Int>)]
    }

    /// Compares all candidate pairs.
    ///
    /// - Parameters:
    ///   - parts: The pairs, which are put in the order in which they are compared.
    ///   - threads: How many processors to use.
    ///   - work: Takes the pairs of a piece and their patterns.
    ///   - take: Takes what was made of some pieces.
    private func compare<Result: Sendable>(
        _ parts: inout [CandidatePairs.Held], threads: Int,
        _ work: @Sendable (_ pairs: [UInt64], _ patterns: [UInt64]) -> Result,
        _ take: ([Piece], [Result], inout [CandidatePairs.Held]) -> Void
    ) {
        let dealt = deal(&parts, threads: threads)
        let pairs = parts.map(\.pairs)
        func made(_ pieces: [Piece], by comparison: PairComparison) -> [Result] {
            CandidatePairs.concurrently(pieces.count, threads: threads) { piece in
                // What is looked at where it lies, such as token sets, would grow with the batch.
                defer { if piece % Self.readBetween == 0 { comparison.letGo() } }
                var together: [UInt64] = []
                for (part, range) in pieces[piece].ranges { together += pairs[part][range] }
                return work(together, comparison.patterns(placed: together))
            }
        }
        guard let batches else {
            let pieces = Self.pieces(pairs.map(\.count))
            return take(pieces, made(pieces, by: self), &parts)
        }
        let found = dealt.compactMap { $0 }
        let (starts, counts) = (found.map(\.starts), batches.pairs(found))
        var room = room()
        // All processors work on one batch: as much memory as for a batch each, and half as many
        // times the pages of the filters' files are looked through.
        for batch in batches.batches(found, counts) {
            guard counts[batch.buckets].contains(where: { $0 > 0 }) else { continue }
            let pieces = Self.pieces(batch.buckets, counts, starts)
            guard batch.needsFilters else {
                take(pieces, made(pieces, by: self), &parts)
                letGo()
                continue
            }
            let wanted = PlaceSet(
                order.rows.count, of: pairs,
                starts.map {
                    Int($0[batch.buckets.lowerBound])..<Int($0[batch.buckets.upperBound])
                }, threads: threads)
            let near = holding(wanted, saltedBy: batch.salts, &room, threads: threads)
            take(pieces, made(pieces, by: near), &parts)
            letGo()
        }
    }

    /// The pairs of each part as they lie.
    private static func pieces(_ counts: [Int]) -> [Piece] {
        counts.enumerated().flatMap { part, count in
            stride(from: 0, to: count, by: piece).map {
                Piece(ranges: [(part, $0..<min($0 + piece, count))])
            }
        }
    }

    /// Buckets that are worked on by one processor: what they need is in its cache.
    private static func pieces(
        _ buckets: Range<Int>, _ pairs: [Int], _ starts: [[UInt32]]
    ) -> [Piece] {
        var pieces: [Piece] = []
        var (first, count) = (buckets.lowerBound, 0)
        for bucket in buckets {
            count += pairs[bucket]
            guard count >= piece || bucket + 1 == buckets.upperBound else { continue }
            if count > 0 {
                pieces.append(
                    Piece(
                        ranges: starts.enumerated().compactMap { part, starts in
                            let range = Int(starts[first])..<Int(starts[bucket + 1])
                            return range.isEmpty ? nil : (part, range)
                        }))
            }
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
                if let batches { return batches.deal(&parts[index]) }
                if parts[index].numbers.isEmpty { RadixSort.sortByHighWord(&parts[index].pairs) }
                return nil
            }
        }
    }

    /// Puts the patterns of pieces where their pairs are.
    private static func put(
        _ patterns: [[UInt64]], _ pieces: [Piece], _ parts: inout [CandidatePairs.Held],
        threads: Int
    ) {
        // For each part, the pieces that have pairs of it, and where among theirs these begin.
        var places: [[(piece: Int, first: Int, range: Range<Int>)]] = parts.map { _ in [] }
        for (number, piece) in pieces.enumerated() {
            var first = 0
            for (part, range) in piece.ranges {
                places[part].append((number, first, range))
                first += range.count
            }
        }
        let (count, wanted) = (parts.count, places)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            _ = CandidatePairs.concurrently(count, threads: threads) { part in
                for (piece, first, range) in wanted[part] {
                    parts[part].patterns.replaceSubrange(
                        range, with: patterns[piece][first..<(first + range.count)])
                }
            }
        }
    }

    /// The patterns of pairs of places, the left one in the upper half.
    private func patterns(placed pairs: [UInt64]) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: pairs.count) { patterns, count in
            compare(
                placed: pairs, into: UnsafeMutableBufferPointer(rebasing: patterns[..<pairs.count]))
            count = pairs.count
        }
    }

    /// Writes the patterns of pairs of places, the left one in the upper half.
    private func compare(
        placed pairs: [UInt64], into patterns: UnsafeMutableBufferPointer<UInt64>
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
