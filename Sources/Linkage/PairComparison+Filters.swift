import CBitKernels

extension PairComparison {
    /// The same with the filters of some places side by side in memory.
    ///
    /// They are read once, in the order in which they lie, and what was read of mapped files is let
    /// go again.
    ///
    /// - Parameters:
    ///   - wanted: The places; the filters of others are still looked at where they lie.
    ///   - columns: The columns of the records that salt the filters which are brought together;
    ///     all filters where `nil`.
    ///   - places: Where the filters of every place lie; those that are wanted are found in memory
    ///     from now on, until ``restore(_:_:)``.
    ///   - threads: How many processors to use.
    func holding(
        _ wanted: [UInt32], saltedBy columns: [Int]? = nil, _ places: inout [FieldStore.Origin],
        threads: Int
    ) -> PairComparison {
        var entries = wanted.enumerated().map { slot, place -> UInt64 in
            let origin = places[Int(place)]
            return UInt64(firstOfPiece[Int(origin.source)] + Int(origin.row)) << 32 | UInt64(slot)
        }
        RadixSort.sortByHighWord(&entries)
        let chosen = filters.indices.filter { number in
            columns.map { columns in salts[number].map(columns.contains) ?? false } ?? true
        }
        let held = chosen.map { number in
            filters[number].words(at: entries, firstOfPiece: firstOfPiece, threads: threads)
        }
        for (slot, place) in wanted.enumerated() {
            places[Int(place)] = FieldStore.Origin(
                source: Int32(firstOfPiece.count), row: Int32(slot))
        }
        var result = self
        // Pairs of this one are compared as they come: its filters lie where no batch looks.
        result.batches = nil
        for (index, words) in zip(chosen, held) {
            result.filters[index] = filters[index].adding(words, places: places)
        }
        return result
    }

    /// Has the filters of places looked at again where they lie.
    func restore(_ wanted: [UInt32], _ places: inout [FieldStore.Origin]) {
        guard let origins = filters.first?.places else { return }
        for place in wanted { places[Int(place)] = origins[Int(place)] }
    }
}

extension PairComparison {
    /// Lets go of the pages of mapped filters and sets that have been looked at.
    func letGo() {
        for filters in filters { filters.letGo() }
        for case .sets(let sets, _, _) in plans.flatMap(\.steps) { sets.letGo() }
    }
}
