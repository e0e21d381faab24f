/// A key with a token set, open for asking many pairs of rows whether they share it: the tokens are read
/// where they lie.
struct SharedSets {
    /// What is opened.
    struct Source {
        let place: Int
        let sets: FieldStore.SortedSets
        let tooLarge: Set<UInt64>

        /// - Parameters:
        ///   - place: Where the key's fingerprint lies among those of a row.
        ///   - sets: The tokens of all rows.
        ///   - tooLarge: The hashes of token and fingerprint whose block is too large.
        init(place: Int, _ sets: FieldStore.SortedSets, _ tooLarge: Set<UInt64>) {
            self.place = place
            self.sets = sets
            self.tooLarge = tooLarge
        }
    }

    private let place: Int
    private let offsets: UnsafeBufferPointer<Int>
    private let tokens: UnsafeBufferPointer<UInt64>
    private let tooLarge: Set<UInt64>
    private let isAnyTooLarge: Bool

    /// Hands over the sets, valid while `body` runs.
    static func open<Result>(_ sources: [Source], _ body: ([SharedSets]) -> Result) -> Result {
        func open(_ rest: ArraySlice<Source>, _ opened: [SharedSets]) -> Result {
            guard let source = rest.first else { return body(opened) }
            return source.sets.withUnsafeBuffers { offsets, tokens in
                let sets = SharedSets(
                    place: source.place, offsets: offsets, tokens: tokens,
                    tooLarge: source.tooLarge, isAnyTooLarge: !source.tooLarge.isEmpty)
                return open(rest.dropFirst(), opened + [sets])
            }
        }
        return open(sources[...], [])
    }

    /// Whether two rows are in one block of the key.
    ///
    /// - Parameters:
    ///   - one: All that is held of the first row's keys.
    ///   - other: The same of the second row.
    ///   - first: The first row.
    ///   - second: The second row.
    @inline(__always)
    func share(
        _ one: UnsafePointer<UInt32>, _ other: UnsafePointer<UInt32>, _ first: Int, _ second: Int
    ) -> Bool {
        one[place] != 0 && one[place] == other[place] && firstShared(one, first, second) != 0
    }

    /// The smallest token that two rows with one fingerprint share in a block that is looked at; 0
    /// where there is none.
    @inline(__always)
    func firstShared(_ one: UnsafePointer<UInt32>, _ first: Int, _ second: Int) -> UInt64 {
        FieldStore.SortedSets.firstShared(
            UnsafeBufferPointer(rebasing: tokens[offsets[first]..<offsets[first + 1]]),
            UnsafeBufferPointer(rebasing: tokens[offsets[second]..<offsets[second + 1]])
        ) { token in
            !isAnyTooLarge
                || !tooLarge.contains(BlockingColumns.joined(token, UInt64(one[place])))
        }
    }
}
