import CBitKernels
import EncodedExtract
import Hashing
import PipelineModel

/// The fingerprints of the blocking keys of everything that is held, so that a night asks which rows
/// share a key with a new one without working all keys out again.
///
/// Four bytes for each row and key, in the pieces and rows of the encodings; a row that closes a
/// version has them too. They are made from the encodings alone and can be made again at any time, so
/// that a state without them, or with those of other keys, is as good as any. Only keys of tokens are
/// kept: what a band of a filter is depends on all filters, and large registers have no such keys.
public struct HeldKeys: Sendable, Equatable {
    /// Names the keys, in their order.
    let digest: ContentDigest
    /// The fingerprints of each piece, in the order of the pieces.
    let pieces: [Piece]

    /// The fingerprints of one piece.
    struct Piece: Sendable, Equatable {
        /// For each key those of all rows, of 32 bits, the lowest byte first.
        var columns: [ColumnBytes]

        /// Hands over the fingerprints of a key.
        func withPrints<Result>(
            _ key: Int, _ body: (UnsafeBufferPointer<UInt32>) -> Result
        ) -> Result {
            // Every machine that Swift supports has the lowest byte first.
            columns[key].withUnsafeBytes { $0.withMemoryRebound(to: UInt32.self, body) }
        }

        /// Lets go of the pages of mapped columns.
        func letGo() { for column in columns { column.letGo() } }
    }

    /// Hands over the fingerprints of at most ``KeyPrints/block`` rows, as ``KeyPrints`` does.
    ///
    /// - Parameters:
    ///   - places: Where the rows lie.
    ///   - body: Takes the fingerprints.
    func withPrints(
        at places: UnsafeBufferPointer<FieldStore.Origin>, _ body: (UnsafePointer<UInt32>) -> Void
    ) {
        let (block, keys) = (KeyPrints.block, pieces.first?.columns.count ?? 0)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: keys * block + 1) { words in
            for (piece, kept) in pieces.enumerated() {
                for key in 0..<keys {
                    kept.withPrints(key) { prints in
                        for (number, place) in places.enumerated() where place.source == piece {
                            words.initializeElement(
                                at: key * block + number, to: prints[Int(place.row)])
                        }
                    }
                }
            }
            // There is room for one more than there are values, so never for none.
            body(UnsafePointer(words.baseAddress.unsafelyUnwrapped))
        }
    }

    /// Names keys, in their order; `nil` where there is none, or one that is not of tokens alone.
    static func digest(_ keys: [[String]]) -> ContentDigest? {
        var fingerprint = Fingerprint("stile/held-keys/v1")
        for key in keys {
            fingerprint.add("key", String(key.count))
            for column in key {
                guard case .token = BlockingColumns.Kind(column) else { return nil }
                fingerprint.add("column", column)
            }
        }
        return keys.isEmpty ? nil : fingerprint.digest
    }

    /// The same for the keys of some parameters of which there are all columns.
    static func of(
        _ held: HeldEncodings, _ store: FieldStore, _ parameters: LinkageParameters?,
        before: HeldKeys?
    ) -> (keys: HeldKeys, isUnchanged: [Bool])? {
        let columns = BlockingColumns(store)
        return of(
            held, keys: (parameters?.keys ?? []).filter { $0.allSatisfy(columns.has) },
            before: before, threads: Linker.threads)
    }

    /// The fingerprints of what is held after a delta, and for each piece whether its are those of
    /// before; `nil` where keys are not of tokens alone.
    ///
    /// - Parameters:
    ///   - keys: The keys, of columns that there are.
    ///   - held: The encodings.
    ///   - before: What the state before has kept.
    ///   - threads: How many processors to use.
    static func of(
        _ held: HeldEncodings, keys: [[String]], before: HeldKeys?, threads: Int
    ) -> (keys: HeldKeys, isUnchanged: [Bool])? {
        guard let digest = digest(keys) else { return nil }
        let kept = before?.digest == digest ? before?.pieces ?? [] : []
        var isUnchanged: [Bool] = []
        let pieces = zip(held.pieces, held.former).map { piece, former in
            if let former, kept.indices.contains(former), kept[former].isOf(piece, keys) {
                isUnchanged.append(true)
                return kept[former]
            }
            isUnchanged.append(false)
            return Piece(of: piece, keys, threads: threads)
        }
        return (HeldKeys(digest: digest, pieces: pieces), isUnchanged)
    }
}

extension HeldKeys.Piece {
    /// The fingerprints of the rows of a piece of the encodings.
    init(of piece: Encodings, _ keys: [[String]], threads: Int) {
        let block = KeyPrints.block
        columns = CandidatePairs.concurrently(keys.count, threads: threads) { position in
            let tokens = Self.tokens(piece, keys[position])
            let size = MemoryLayout<UInt32>.size
            return ColumnBytes(
                [UInt8](unsafeUninitializedCapacity: piece.count * size) { buffer, count in
                    count = piece.count * size
                    guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
                    start.withMemoryRebound(to: UInt32.self, capacity: piece.count) { prints in
                        tokens.withPointers { pointers in
                            for first in stride(from: 0, to: piece.count, by: block) {
                                Self.write(
                                    position, pointers, tokens.count,
                                    first..<min(first + block, piece.count), to: prints + first)
                            }
                        }
                    }
                })
        }
        for field in piece.fields { if case .token(let tokens) = field.values { tokens.letGo() } }
    }

    /// Whether these are the fingerprints of a piece, as some of its rows tell: those of another
    /// piece, or of other encodings, are not believed.
    fileprivate func isOf(_ piece: Encodings, _ keys: [[String]]) -> Bool {
        guard columns.count == keys.count,
            columns.allSatisfy({ $0.count == piece.count * MemoryLayout<UInt32>.size })
        else { return false }
        let some = min(Self.looked, piece.count)
        return keys.indices.allSatisfy { position in
            let tokens = Self.tokens(piece, keys[position])
            return tokens.withPointers { pointers in
                withPrints(position) { prints in
                    (0..<some).allSatisfy { number in
                        let row = number * piece.count / some
                        var print: UInt32 = 0
                        Self.write(position, pointers, tokens.count, row..<(row + 1), to: &print)
                        return print == prints[row]
                    }
                }
            }
        }
    }

    /// The rows whose fingerprints are made again before kept ones are believed.
    private static let looked = 64

    private static func tokens(_ piece: Encodings, _ key: [String]) -> [WordColumn] {
        key.map { name in
            if case .token(let tokens)? = piece[name] { tokens } else { [] }
        }
    }

    /// Writes the fingerprints of some rows; a piece without one of the columns has none.
    private static func write(
        _ position: Int, _ columns: UnsafePointer<UnsafePointer<UInt64>?>, _ count: Int,
        _ rows: Range<Int>, to prints: UnsafeMutablePointer<UInt32>
    ) {
        let there = (0..<count).compactMap { columns[$0].map { $0 + rows.lowerBound } }
        guard there.count == count else {
            return prints.initialize(repeating: 0, count: rows.count)
        }
        KeyPrints.write(position, of: there, rows.count, to: prints)
    }
}
