import EncodedExtract
import PipelineModel

/// The encodings of all sources after a delta, in pieces, and which rows of them are new.
struct HeldEncodings {
    private(set) var pieces: [Encodings] = []
    /// The first row of each piece that is new.
    private(set) var firstNew: [Int] = []
    /// For each piece that is as it was held before, its number among the pieces then; else `nil`.
    private(set) var former: [Int?] = []
    /// The latest day that the delta knows of.
    private(set) var latest = Day.missing

    /// Adds `delta` to what is held, or, with `rekey`, replaces it.
    ///
    /// - Throws: `StileError` with code `integrity` where key epochs or encoding
    ///   specifications would mix.
    init(_ held: [Encodings], delta: [Encodings], rekey: Bool) throws {
        let before = rekey ? [] : held
        if rekey {
            let missing = held.sourceNames.filter { name in
                !delta.contains { $0.source == name }
            }
            guard missing.isEmpty else {
                throw StileError(
                    .integrity,
                    "The change of keys lacks the source\(missing.count == 1 ? "" : "s") \(missing.map { "“\($0)”" }.joined(separator: ", ")).",
                    remedy: "Encode every source with the new keys, then link them together.")
            }
        }
        for batch in delta {
            try Self.check(batch)
            let earlier = (before + delta).first { $0.source == batch.source }
            if let earlier {
                try Self.match(earlier, batch)
                _ = try FieldStore.kinds([earlier, batch])
            }
            latest = max(latest, batch.known.max() ?? .missing)
        }
        for source in Set((before + delta).map(\.source)).sorted() {
            var mine = before.filter { $0.source == source }
            var new = mine.map(\.count)
            var untouched = mine.count
            for batch in delta where batch.source == source {
                mine.append(batch)
                new.append(0)
                while let last = mine.last, mine.count > 1,
                    last.count * 2 >= mine[mine.count - 2].count
                {
                    mine.removeLast()
                    let firstNew = new.removeLast()
                    let end = mine.count - 1
                    // Where the piece before has new rows, all that follows is new.
                    if new[end] == mine[end].count { new[end] += firstNew }
                    mine[end].append(last)
                    untouched = min(untouched, end)
                }
            }
            pieces += mine
            firstNew += new
            let earlier = before.indices.filter { before[$0].source == source }
            former += mine.indices.map { $0 < untouched ? earlier[$0] : nil }
        }
        if let first = pieces.first {
            for other in pieces.dropFirst() { try Self.match(first, other) }
        }
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
