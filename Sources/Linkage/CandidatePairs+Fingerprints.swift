import CBitKernels

/// What decides whether two rows share a key.
extension CandidatePairs {
    /// The variants of a key: for each of its columns, the band that is looked at.
    static func choices(_ columns: [String]) -> [[(String, Int)]] {
        let filters = columns.filter { $0.hasSuffix("~") }
        let bands = BlockingColumns.bands
        func fill(_ chosen: [String: Int]) -> [(String, Int)] {
            columns.map { ($0, chosen[$0] ?? 0) }
        }
        switch filters.count {
        case 0: return [fill([:])]
        case 1: return (0..<bands).map { fill([filters[0]: $0]) }
        default:
            return (0..<(2 * bands)).map {
                fill([filters[0]: $0 / 2, filters[1]: ($0 / 2 + $0 % 2) % bands])
            }
        }
    }

    /// What decides about a pair of rows, row by row: ``head`` words and a fingerprint a variant.
    ///
    /// - Parameters:
    ///   - prints: The variants of keys.
    ///   - kept: Their fingerprints, where they have been kept.
    ///   - store: All rows.
    ///   - some: The rows that are looked at, in ascending order; all where `nil`.
    ///   - threads: How many processors to use.
    static func fingerprints(
        _ prints: KeyPrints, _ kept: HeldKeys? = nil, _ store: FieldStore, of some: [UInt32]?,
        threads: Int
    ) -> [UInt32] {
        let (width, count) = (head + prints.count, some?.count ?? store.rowCount)
        /// In the order in which they are read, and the number of each.
        let (rows, numbers) = order(store, of: some)
        defer { store.letGo() }
        return [UInt32](unsafeUninitializedCapacity: count * width) { buffer, initialised in
            stile_prefer_large_pages(buffer.baseAddress, count * width * 4)
            nonisolated(unsafe) let records = buffer
            let block = KeyPrints.block
            _ = concurrently((count + block - 1) / block, threads: threads) { index in
                guard let start = records.baseAddress else { return }
                defer { store.letGo(after: index, of: count) }
                let range = (index * block)..<min((index + 1) * block, count)
                let chosen = rows[range].lazy.map { Int($0) }
                func write(_ words: UnsafePointer<UInt32>) {
                    for (place, row) in chosen.enumerated() {
                        let number = numbers.map { Int($0[range.lowerBound + place]) } ?? row
                        let record = start + number * width
                        let subject = store.rowSubject[row]
                        record.initialize(to: UInt32(bitPattern: subject))
                        (record + 1).initialize(
                            to: UInt32(bitPattern: store.subjectSource[Int(subject)]) << 1
                                | (store.isNew[row] ? 1 : 0))
                        for position in 0..<prints.count {
                            (record + head + position).initialize(
                                to: words[position * block + place])
                        }
                    }
                }
                if let kept {
                    store.withPlaces(of: chosen) { kept.withPrints(at: $0, write) }
                } else {
                    prints.withPrints(of: chosen, write)
                }
            }
            initialised = count * width
        }
    }

    /// Rows in the order in which the encodings hold them, and the number of each among those that
    /// are looked at; `nil` where rows are their own numbers.
    private static func order(
        _ store: FieldStore, of some: [UInt32]?
    ) -> (rows: [UInt32], numbers: [UInt32]?) {
        guard let some else { return (store.rowsAsHeld, nil) }
        let numbers = store.numbersAsHeld(some)
        return (numbers.map { some[Int($0)] }, numbers)
    }
}
