import EncodedExtract
import PipelineModel

/// The encodings of all sources after a delta, and which rows of them are new.
struct HeldEncodings {
    private(set) var sources: [Encodings]
    private(set) var firstNew: [Int] = []
    /// The latest day that the delta knows of.
    private(set) var latest = Day.missing

    /// Adds `delta` to what is held, or, with `rekey`, replaces it.
    ///
    /// - Throws: `StileError` with code `integrity` where key epochs or encoding
    ///   specifications would mix.
    init(_ held: [Encodings], delta: [Encodings], rekey: Bool) throws {
        sources = rekey ? [] : held
        if rekey {
            let missing = held.map(\.source).filter { name in
                !delta.contains { $0.source == name }
            }
            guard missing.isEmpty else {
                throw StileError(
                    .integrity,
                    "The change of keys lacks the source\(missing.count == 1 ? "" : "s") \(missing.map { "“\($0)”" }.joined(separator: ", ")).",
                    remedy: "Encode every source with the new keys, then link them together.")
            }
        }
        let before = Dictionary(
            uniqueKeysWithValues: sources.map { ($0.source, $0.count) })
        for batch in delta {
            try Self.check(batch)
            if let index = sources.firstIndex(where: { $0.source == batch.source }) {
                try Self.match(sources[index], batch)
                _ = try FieldStore.kinds([sources[index], batch])
                sources[index].append(batch)
            } else {
                sources.append(batch)
            }
            latest = max(latest, batch.known.max() ?? .missing)
        }
        sources.sort { $0.source < $1.source }
        if let first = sources.first {
            for other in sources.dropFirst() { try Self.match(first, other) }
        }
        firstNew = sources.map { before[$0.source] ?? 0 }
    }

    private static func match(_ held: Encodings, _ new: Encodings) throws {
        guard held.keyEpoch == new.keyEpoch else {
            throw StileError(
                .integrity,
                "The source “\(new.source)” is encoded with keys of epoch \(new.keyEpoch), but “\(held.source)” is held with keys of epoch \(held.keyEpoch).",
                remedy: "Encode all sources with the same keys and link them as a change of keys.")
        }
        guard held.specification == new.specification else {
            throw StileError(
                .integrity,
                "The source “\(new.source)” is encoded by another specification (\(new.specification.short)) than “\(held.source)” (\(held.specification.short)).",
                remedy:
                    "Encode all sources by the same specification and link them as a change of keys."
            )
        }
    }

    /// Every column of a batch must have a value for every row.
    private static func check(_ batch: Encodings) throws {
        let counts =
            [batch.record.count, batch.operation.count, batch.happened.count, batch.known.count]
            + batch.fields.map(\.values.count)
        guard counts.allSatisfy({ $0 == batch.count }) else {
            throw StileError(
                .integrity,
                "The columns of the encodings of “\(batch.source)” differ in length.",
                remedy: "Remove the batch and let the source zone write it again.")
        }
        for field in batch.fields {
            guard case .tokenSet(let offsets, let tokens) = field.values else { continue }
            guard offsets.first == 0, offsets.last == tokens.count,
                zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
            else {
                throw StileError(
                    .integrity,
                    "The field “\(field.name)” of the encodings of “\(batch.source)” is damaged.",
                    remedy: "Remove the batch and let the source zone write it again.")
            }
        }
    }
}
