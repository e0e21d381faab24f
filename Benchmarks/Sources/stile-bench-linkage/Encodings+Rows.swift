import EncodedExtract

extension Encodings {
    /// Some of the rows, in the order in which they are named.
    func rows(_ kept: some Collection<Int>) -> Encodings {
        var part = Encodings(
            source: source, keyEpoch: keyEpoch, specification: specification,
            subject: kept.map { subject[$0] }, record: kept.map { record[$0] },
            operation: kept.map { operation[$0] }, happened: kept.map { happened[$0] },
            known: kept.map { known[$0] })
        part.fields = fields.map { field in
            var field = field
            switch field.values {
            case .token(let tokens): field.values = .token(WordColumn(kept.map { tokens[$0] }))
            case .filter(let bits, let words):
                let width = bits / 64
                var taken: [UInt64] = []
                taken.reserveCapacity(kept.count * width)
                for row in kept { taken += words[(row * width)..<((row + 1) * width)] }
                field.values = .filter(bits: bits, words: WordColumn(taken))
            case .tokenSet(let offsets, let tokens):
                var ends = [0]
                var taken: [UInt64] = []
                for row in kept {
                    taken += tokens[offsets[row]..<offsets[row + 1]]
                    ends.append(taken.count)
                }
                field.values = .tokenSet(offsets: ends, tokens: WordColumn(taken))
            }
            return field
        }
        return part
    }
}
