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
    static func fingerprints(
        _ choices: [[(String, Int)]], _ columns: BlockingColumns, _ store: FieldStore,
        threads: Int
    ) -> [UInt32] {
        let (width, rows) = (head + choices.count, store.rowCount)
        // Most columns are in several keys: each is read once.
        var inputs: [(name: String, band: Int)] = []
        let keys = choices.map { choice in
            choice.map { name, band in
                if let known = inputs.firstIndex(where: { $0 == (name, band) }) { return known }
                inputs.append((name, band))
                return inputs.count - 1
            }
        }
        let needed = inputs
        defer { store.letGo() }
        return [UInt32](unsafeUninitializedCapacity: rows * width) { buffer, count in
            stile_prefer_large_pages(buffer.baseAddress, rows * width * 4)
            buffer.initialize(repeating: 0)
            nonisolated(unsafe) let records = buffer
            // A few rows at a time stay in the cache while all their keys are worked out.
            let block = 1_024
            _ = concurrently((rows + block - 1) / block, threads: threads) { index in
                let range = (index * block)..<min((index + 1) * block, rows)
                for row in range {
                    let subject = store.rowSubject[row]
                    records[row * width] = UInt32(bitPattern: subject)
                    records[row * width + 1] =
                        UInt32(bitPattern: store.subjectSource[Int(subject)]) << 1
                        | (store.isNew[row] ? 1 : 0)
                }
                withUnsafeTemporaryAllocation(of: UInt64.self, capacity: needed.count * block + 1) {
                    values in
                    values.initialize(repeating: 0)
                    guard let start = values.baseAddress else { return }
                    for (number, input) in needed.enumerated() {
                        columns.read(
                            input.name, variant: input.band, rows: range,
                            to: start + number * block)
                    }
                    for (position, key) in keys.enumerated() {
                        for (place, row) in range.enumerated() {
                            var hash = UInt64(position) + 1
                            for input in key {
                                hash = BlockingColumns.joined(hash, values[input * block + place])
                            }
                            guard hash != 0 else { continue }
                            records[row * width + head + position] =
                                max(1, UInt32(truncatingIfNeeded: hash >> 32))
                        }
                    }
                }
            }
            count = rows * width
        }
    }
}
