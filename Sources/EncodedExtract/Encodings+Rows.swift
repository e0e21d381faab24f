extension Encodings {
    /// Some of the rows, in the order in which they are named.
    ///
    /// - Parameter kept: Places of rows, each from 0 to below ``count``; one that is named twice
    ///   is there twice.
    /// - Returns: Encodings of the same source, keys and fields with a row for each of `kept`.
    public func rows(_ kept: some Collection<Int>) -> Encodings {
        var part = Encodings(
            source: source, keyEpoch: keyEpoch, specification: specification,
            subject: kept.map { subject[$0] }, record: kept.map { record[$0] },
            operation: kept.map { operation[$0] }, happened: kept.map { happened[$0] },
            known: kept.map { known[$0] })
        part.fields = fields.map { field in
            var field = field
            field.values = field.values.rows(kept)
            return field
        }
        return part
    }
}

extension Encodings.Values {
    /// The values of some rows, in the order in which they are named.
    fileprivate func rows(_ kept: some Collection<Int>) -> Encodings.Values {
        switch self {
        case .token(let tokens):
            return tokens.withUnsafeBufferPointer { tokens in .token(kept.map { tokens[$0] }) }
        case .filter(let bits, let words):
            let width = bits / 64
            return words.withUnsafeBufferPointer { words in
                var taken: [UInt64] = []
                taken.reserveCapacity(kept.count * width)
                for row in kept { taken += words[(row * width)..<((row + 1) * width)] }
                return .filter(bits: bits, words: taken)
            }
        case .tokenSet(let offsets, let tokens):
            return tokens.withUnsafeBufferPointer { tokens in
                var ends = [0]
                ends.reserveCapacity(kept.count + 1)
                var taken: [UInt64] = []
                for row in kept {
                    taken += tokens[offsets[row]..<offsets[row + 1]]
                    ends.append(taken.count)
                }
                return .tokenSet(offsets: ends, tokens: taken)
            }
        }
    }
}
