import CBitKernels

extension PairComparison {
    /// Where the filters of one batch after another are brought together.
    struct FilterRoom {
        /// Where the filters of every place lie: those that were brought together, in memory.
        fileprivate var places: [FieldStore.Origin]
        /// The filters, those of one field after those of another; mostly with some room to spare.
        fileprivate var words: [UInt64] = []
        /// The place of each row in the order in which the encodings hold them, ``RowOrder/none`` of
        /// a row that has none.
        fileprivate let held: [UInt32]
    }

    /// Room for the filters of several batches.
    func room() -> FilterRoom {
        let origins = filters.first?.places ?? []
        var held: [UInt32] = []
        for (place, origin) in origins.enumerated() {
            let row = number(origin)
            if row >= held.count {
                let grown = max(row + 1, 2 * held.count)
                held += repeatElement(RowOrder.none, count: grown - held.count)
            }
            held[row] = UInt32(place)
        }
        return FilterRoom(places: origins, held: held)
    }

    /// The number of a row among those of all pieces.
    private func number(_ origin: FieldStore.Origin) -> Int {
        firstOfPiece[Int(origin.source)] + Int(origin.row)
    }

    /// The same with the filters of some places side by side in memory.
    ///
    /// They are read once, in the order in which they lie, and what was read of mapped files is let
    /// go again.
    ///
    /// - Parameters:
    ///   - wanted: The places; the filters of others are still looked at where they lie.
    ///   - threads: How many processors to use.
    func holding(_ wanted: [UInt32], threads: Int) -> PairComparison {
        var room = FilterRoom(places: filters.first?.places ?? [], held: [])
        return holding(wanted, entries(wanted), Array(filters.indices), &room, threads: threads)
    }

    /// The same for the pairs of a batch, which look at no filters of other places.
    ///
    /// - Parameters:
    ///   - wanted: The places of all rows of the pairs.
    ///   - columns: The columns of the records that salt the filters which are brought together, beside
    ///     those that nothing salts; other filters are still looked at where they lie.
    ///   - room: Where filters are brought together, in place of those of the batch before.
    ///   - threads: How many processors to use.
    func holding(
        _ wanted: PlaceSet, saltedBy columns: [Int], _ room: inout FilterRoom, threads: Int
    ) -> PairComparison {
        let places = wanted.places
        // Few are put in order sooner than all are looked through.
        let entries =
            places.count > room.held.count / 32
            ? wanted.entries(room.held, threads: threads) : self.entries(places)
        let chosen = filters.indices.filter { salts[$0].map(columns.contains) ?? true }
        return holding(places, entries, chosen, &room, threads: threads)
    }

    /// Where the filters of places lie, in ascending order: the number of a row in the upper half, and
    /// which of the places it has in the lower.
    private func entries(_ places: [UInt32]) -> [UInt64] {
        guard let origins = filters.first?.places else { return [] }
        var entries = places.enumerated().map { slot, place in
            UInt64(number(origins[Int(place)])) << 32 | UInt64(slot)
        }
        RadixSort.sortByHighWord(&entries)
        return entries
    }

    /// The most filters of one field that are read before the pages of mapped files are let go, for
    /// which all processors wait.
    private static let readAhead = 1 << 13
    /// Into about how many parts fewer filters are cut, which lie on as many pages as many.
    private static let parts = 16

    private func holding(
        _ wanted: [UInt32], _ entries: [UInt64], _ chosen: [Int], _ room: inout FilterRoom,
        threads: Int
    ) -> PairComparison {
        var starts: [Int] = []
        var needed = 0
        for number in chosen {
            starts.append(needed)
            needed += filters[number].wordsPerRow * wanted.count
        }
        if room.words.count < needed {
            room.words = []
            // Batches are about as large as each other: with room for the next one.
            let count = needed + needed / 16
            room.words = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialised in
                stile_prefer_large_pages(buffer.baseAddress, count * MemoryLayout<UInt64>.size)
                initialised = count
            }
        }
        let (filters, first, begin) = (filters, firstOfPiece, starts)
        room.words.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let words = buffer
            let each = min(entries.count / Self.parts + 1, Self.readAhead)
            let parts = (entries.count + each - 1) / each
            _ = CandidatePairs.concurrently(parts, threads: threads) { part in
                guard let words = words.baseAddress else { return }
                let range = (part * each)..<min((part + 1) * each, entries.count)
                for (number, start) in zip(chosen, begin) {
                    filters[number].read(entries[range], first, to: words + start)
                }
            }
        }
        for number in chosen { filters[number].letGo() }
        for (slot, place) in wanted.enumerated() {
            room.places[Int(place)] = FieldStore.Origin(
                source: Int32(first.count), row: Int32(slot))
        }
        var result = self
        // Pairs of this one are compared as they come: its filters lie where no batch looks.
        result.isHeld = true
        for (number, start) in zip(chosen, starts) {
            result.filters[number] = filters[number].adding(
                room.words, after: start, places: room.places)
        }
        return result
    }
}

extension PairComparison {
    /// Lets go of the pages of mapped filters and sets that have been looked at.
    func letGo() {
        for filters in filters { filters.letGo() }
        for case .sets(let sets, _, _) in plans.flatMap(\.steps) { sets.letGo() }
    }
}
