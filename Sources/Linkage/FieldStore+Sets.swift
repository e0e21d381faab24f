import CBitKernels
import EncodedExtract

extension FieldStore {
    /// The token sets of one field of all rows, where the encodings hold them.
    struct TokenSets: Sendable {
        /// By piece; empty where the piece has no such field.
        private let columns: [WordColumn]
        /// For each piece, where the tokens of its rows begin, and the end of the last.
        private let starts: [[Int]]
        private let places: [Origin]

        /// - Parameters:
        ///   - values: By piece; `nil` where the piece has no such field.
        ///   - places: Where each row lies.
        init(_ values: [Encodings.Values?], places: [Origin]) {
            self.places = places
            columns = values.map { values in
                if case .tokenSet(_, let tokens)? = values { tokens } else { [] }
            }
            starts = values.map { values in
                if case .tokenSet(let offsets, _)? = values { offsets } else { [] }
            }
        }

        /// How many tokens a row has.
        func count(_ row: Int) -> Int { range(row).count }

        private func range(_ row: Int) -> Range<Int> { range(places[row]) }

        private func range(_ place: Origin) -> Range<Int> {
            let starts = starts[Int(place.source)]
            guard !starts.isEmpty else { return 0..<0 }
            return starts[Int(place.row)]..<starts[Int(place.row) + 1]
        }

        /// The tokens of all rows, row by row.
        var tokens: [UInt64] {
            var tokens: [UInt64] = []
            forEach(places.indices) { tokens += $1 }
            return tokens
        }

        /// Hands over rows with their tokens, in no order of their own.
        func forEach(_ rows: some Sequence<Int>, _ body: (Int, UnsafeBufferPointer<UInt64>) -> Void)
        {
            columns.withPointers { pointers in
                for row in rows {
                    let range = range(row)
                    let first = pointers[Int(places[row].source)].map { $0 + range.lowerBound }
                    body(row, UnsafeBufferPointer(start: first, count: range.count))
                }
            }
        }

        /// Writes one bit for each token of a row: rows whose signatures are disjoint share none.
        ///
        /// - Parameters:
        ///   - places: Where the rows lie.
        ///   - target: Where the first signature goes; the others follow it.
        func readSignatures(
            at places: UnsafeBufferPointer<Origin>, to target: UnsafeMutablePointer<UInt64>
        ) {
            columns.withPointers { pointers in
                for (number, place) in places.enumerated() {
                    let range = range(place)
                    let first = pointers[Int(place.source)].map { $0 + range.lowerBound }
                    let tokens = UnsafeBufferPointer(start: first, count: range.count)
                    (target + number).initialize(to: tokens.reduce(0) { $0 | 1 << ($1 >> 58) })
                }
            }
        }

        /// Whether two rows share a token.
        func share(_ left: Int, _ right: Int) -> Bool {
            columns.withPointers { pointers in
                let (ofLeft, ofRight) = (range(left), range(right))
                guard let left = pointers[Int(places[left].source)],
                    let right = pointers[Int(places[right].source)]
                else { return false }
                let more = UnsafeBufferPointer(
                    start: right + ofRight.lowerBound, count: ofRight.count)
                let some = UnsafeBufferPointer(start: left + ofLeft.lowerBound, count: ofLeft.count)
                guard some.count * more.count > 1 << 12 else {
                    return some.contains(where: more.contains)
                }
                return !Set(some).isDisjoint(with: more)
            }
        }

        /// Lets go of the pages of mapped columns.
        func letGo() { for column in columns { column.letGo() } }

        /// The tokens in memory, those of each row in ascending order.
        var sorted: SortedSets {
            defer { letGo() }
            var sets = SortedSets()
            sets.offsets.reserveCapacity(places.count + 1)
            forEach(places.indices) { _, tokens in
                sets.tokens += tokens.count > 1 ? tokens.sorted() : Array(tokens)
                sets.offsets.append(sets.tokens.count)
            }
            return sets
        }
    }

    /// Token sets of which the first token that two rows share can be told.
    struct SortedSets: Sendable {
        /// Row `i` has `tokens[offsets[i]..<offsets[i + 1]]`.
        fileprivate(set) var offsets: [Int] = [0]
        fileprivate(set) var tokens: [UInt64] = []

        /// Hands over where the tokens of each row begin, and all tokens.
        func withUnsafeBuffers<Result>(
            _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<UInt64>) -> Result
        ) -> Result {
            offsets.withUnsafeBufferPointer { offsets in
                tokens.withUnsafeBufferPointer { body(offsets, $0) }
            }
        }

        /// The tokens of one row, in ascending order.
        func tokens(of row: Int) -> ArraySlice<UInt64> { tokens[offsets[row]..<offsets[row + 1]] }

        /// The smallest token that two rows share and that counts; 0 where there is none.
        func firstShared(_ left: Int, _ right: Int, counts: (UInt64) -> Bool) -> UInt64 {
            Self.firstShared(tokens(of: left), tokens(of: right), counts: counts)
        }

        /// The first of two ascending runs of tokens that both have and that counts; 0 where there is none.
        @inline(__always)
        static func firstShared<Tokens: RandomAccessCollection<UInt64>>(
            _ one: Tokens, _ other: Tokens, counts: (UInt64) -> Bool
        ) -> UInt64 {
            var (i, j) = (one.startIndex, other.startIndex)
            while i < one.endIndex, j < other.endIndex {
                let (left, right) = (one[i], other[j])
                if left == right, counts(left) { return left }
                if left <= right { one.formIndex(after: &i) } else { other.formIndex(after: &j) }
            }
            return 0
        }
    }
}
