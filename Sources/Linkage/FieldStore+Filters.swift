import CBitKernels
import EncodedExtract

extension FieldStore {
    /// The filters of one field of all rows.
    ///
    /// They stay where the encodings hold them, which may be a mapped file.
    struct Filters {
        let wordsPerRow: Int
        /// The token field that salts the filters: two are comparable only where its tokens are
        /// equal; `nil` where nothing salts them.
        var salt: String?
        /// The tokens of ``salt``; `nil` where nothing salts them.
        var salts: Tokens?
        /// By source; empty where the source has no such field.
        private let columns: [WordColumn]
        let places: [Origin]
        /// What tells from hardened filters how alike they were; `nil` where they are as drawn.
        private let drawn: DrawnSimilarity?

        /// - Parameters:
        ///   - columns: By source; empty where the source has no such field.
        ///   - places: Where each row lies.
        ///   - wordsPerRow: The width of a filter.
        ///   - drawn: What tells from hardened filters how alike they were.
        init(
            columns: [WordColumn], places: [Origin], wordsPerRow: Int, drawn: DrawnSimilarity? = nil
        ) {
            self.columns = columns
            self.places = places
            self.wordsPerRow = wordsPerRow
            self.drawn = drawn
        }

        /// The filters in an order of their own, for comparing alone.
        ///
        /// - Parameter places: Where each filter lies.
        func placed(_ places: [Origin]) -> PlacedFilters {
            PlacedFilters(columns: columns, places: places, wordsPerRow: wordsPerRow, drawn: drawn)
        }

        /// Lets go of the pages of mapped columns.
        func letGo() { for column in columns { column.letGo() } }

        /// Whether each row has a filter: one without a set bit is missing.
        var presence: [Bool] {
            withWords { words in
                places.indices.map { row in
                    words(row).map { filter in
                        (0..<wordsPerRow).contains { filter[$0] != 0 }
                    } ?? false
                }
            }
        }

        /// Hands over the words of filters by row; `nil` where the row's source has none.
        func withWords<Result>(
            _ body: ((Int) -> UnsafePointer<UInt64>?) -> Result
        ) -> Result {
            columns.withPointers { pointers in
                body { row in
                    pointers[Int(places[row].source)].map {
                        $0 + Int(places[row].row) * wordsPerRow
                    }
                }
            }
        }

        /// Whether one row has a filter.
        func isPresent(_ row: Int) -> Bool {
            withWords { words in
                words(row).map { filter in (0..<wordsPerRow).contains { filter[$0] != 0 } } ?? false
            }
        }

        /// The number of set bits of each filter.
        var populations: [UInt32] {
            withWords { words in
                places.indices.map { row in
                    words(row).map { stile_popcount($0, wordsPerRow) } ?? 0
                }
            }
        }

        /// A hash of each filter; 0 where it is empty.
        var hashes: [UInt64] {
            withWords { words in
                places.indices.map { row in
                    guard let filter = words(row) else { return 0 }
                    let isThere = (0..<wordsPerRow).contains { filter[$0] != 0 }
                    return isThere
                        ? (0..<wordsPerRow).reduce(1) {
                            BlockingColumns.joined($0, filter[$1] &+ 0x9e37_79b9)
                        } : 0
                }
            }
        }

        /// Hands over what a row's salt is: 1 for all rows where nothing salts them.
        func withComparableSalt<Result>(_ body: ((Int) -> UInt64) -> Result) -> Result {
            guard let salts else { return body { _ in 1 } }
            return body { salts[$0] }
        }
    }
}

extension [WordColumn] {
    /// Hands over where the words of each column begin; `nil` for one without words.
    ///
    /// - Parameters:
    ///   - skipped: How many words of the last column come before what is handed over.
    ///   - body: Takes the beginnings.
    func withPointers<Result>(
        skipping skipped: Int = 0, _ body: (UnsafePointer<UnsafePointer<UInt64>?>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<UInt64>?.self, capacity: count + 1
        ) { pointers in
            pointers.initialize(repeating: nil)
            func hold(_ index: Int) -> Result {
                guard index < count else {
                    // There is room for one more than there are columns, so never for none.
                    return body(UnsafePointer(pointers.baseAddress.unsafelyUnwrapped))
                }
                return self[index].withUnsafeBufferPointer {
                    if let first = $0.baseAddress, !$0.isEmpty {
                        pointers[index] = index + 1 == count ? first + skipped : first
                    }
                    return hold(index + 1)
                }
            }
            return hold(0)
        }
    }
}
