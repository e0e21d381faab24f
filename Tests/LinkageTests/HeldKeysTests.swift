import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Kept fingerprints of keys")
struct HeldKeysTests {
    private static let mint = try? Minter(seed: [UInt8](repeating: 3, count: 32))

    private func link(
        _ state: LinkState, _ delta: [Encodings], largestBlock: Int = 1_000
    ) throws -> LinkOutcome {
        var specification = LinkageSpecification()
        // The blocking fields alone, which are tokens, as of a large register.
        specification.candidatesPerRecord = 0
        specification.largestBlock = largestBlock
        return try Linker.link(
            state: state, delta: delta, specification: specification, mint: #require(Self.mint))
    }

    /// A first night, and a delta with new people and with new versions of old ones.
    private func nights(_ seed: UInt64) -> (first: [Encodings], delta: [Encodings]) {
        var (first, second) = SyntheticEncodings.county(400, seed: seed)
        var more = Array(second.suffix(15))
        second.removeLast(15)
        var moved = Array(second.prefix(9))
        for index in moved.indices { moved[index].home = "away\(index % 2)" }
        // One that ends a version is no row, and one that says nothing new neither.
        var ended = second[20]
        ended.operation = .close
        more += moved + [ended, second[30]]
        // An address that many share.
        for index in first.indices where index % 3 == 0 { first[index].home = "home" }
        for index in more.indices where index % 3 == 0 { more[index].home = "home" }
        return (
            [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)],
            [SyntheticEncodings.encode("b", more)]
        )
    }

    private func isSame(_ one: LinkOutcome, _ other: LinkOutcome) -> Bool {
        one.state == other.state && one.report == other.report && one.spine == other.spine
            && one.merges == other.merges && one.splits == other.splits
    }

    @Test(
        "A delta is the same with them, without them, and with those of other keys or rows",
        arguments: 0..<4, [5, 1_000])
    func delta(seed: UInt64, largestBlock: Int) throws {
        let (first, delta) = nights(seed)
        let before = try link(LinkState(), first, largestBlock: largestBlock).state
        let kept = try #require(before.keys)
        #expect(kept.pieces.map { $0.columns[0].count / 4 } == before.held.map(\.count))
        let outcome = try link(before, delta, largestBlock: largestBlock)
        #expect(!outcome.report.trained && outcome.report.candidatePairs.contains { $0.pairs > 0 })
        #expect(outcome.report.skippedBlocks.isEmpty == (largestBlock == 1_000))
        #expect(outcome.unchangedKeys.map(\.description).sorted() == ["a.0", "b.0"])
        // A state from before they were kept.
        var old = before
        old.keys = nil
        let made = try link(old, delta, largestBlock: largestBlock)
        #expect(isSame(made, outcome) && made.unchangedKeys.isEmpty)
        // Those of other keys, of the other piece, of fewer keys and of other encodings.
        let wrong = [
            HeldKeys(digest: ContentDigest.sha256("other"), pieces: kept.pieces),
            HeldKeys(digest: kept.digest, pieces: kept.pieces.reversed()),
            HeldKeys(
                digest: kept.digest,
                pieces: kept.pieces.map { HeldKeys.Piece(columns: $0.columns.dropLast()) }),
            HeldKeys(
                digest: kept.digest,
                pieces: kept.pieces.map { piece in
                    HeldKeys.Piece(
                        columns: piece.columns.map { ColumnBytes($0.map { $0 &+ 1 }) })
                }),
        ]
        for keys in wrong {
            var damaged = before
            damaged.keys = keys
            let outcome = try link(damaged, delta, largestBlock: largestBlock)
            #expect(isSame(outcome, made) && outcome.unchangedKeys.isEmpty)
        }
    }

    @Test("Rows beside new ones are those with which a new one shares a block", arguments: 0..<6)
    func rows(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, label: "keys")
        let (count, largest) = (600, 25)
        let keys = [["rare"], ["place", "common"], ["common"], ["some"]]
        let pieces = ["a", "a", "b", "c"].enumerated().map { number, source in
            func tokens(_ values: Int) -> Encodings.Values {
                .token(WordColumn((0..<count).map { _ in UInt64(generator.below(values)) }))
            }
            return Encodings(
                source: source, keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: (0..<count).map {
                    SyntheticEncodings.subject(source, UInt64(($0 * 7 + number) % 500))
                },
                record: (0..<count).map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: (0..<count).map { $0 % 13 == 5 ? .close : .open },
                happened: Array(repeating: Day(1), count: count),
                known: Array(repeating: Day(1), count: count),
                // One source lacks a field.
                fields: [
                    .init("common", tokens(9)), .init("place", tokens(70)),
                    .init("rare", tokens(300)),
                ] + (source == "c" ? [] : [.init("some", tokens(150))]))
        }
        let firstNew = [count, count - 30, count, count - 20]
        let store = try FieldStore(pieces, firstNew: firstNew)
        let held = try HeldEncodings([], delta: pieces, rekey: false)
        // As they lie in the store, not joined.
        #expect(held.pieces.count == 3)
        let made = try #require(HeldKeys.digest(keys))
        let kept = HeldKeys(
            digest: made, pieces: pieces.map { HeldKeys.Piece(of: $0, keys, threads: 2) })
        let mayRepeat = [true, false, false]
        let beside = try #require(
            RowsBesideNew(kept, store, largestBlock: largest, mayRepeat: mayRepeat, threads: 2))
        /// The block of a row for a key; `nil` where a part is missing.
        func block(_ row: Int, _ key: [String]) -> [UInt64]? {
            let values = key.map { store.tokens[$0]?[row] ?? 0 }
            return values.contains(0) ? nil : values
        }
        var expected = Set(store.isNew.indices.filter { store.isNew[$0] }.map { UInt32($0) })
        for (number, key) in keys.enumerated() {
            var blocks: [[UInt64]: [Int]] = [:]
            for row in 0..<store.rowCount {
                if let block = block(row, key) { blocks[block, default: []].append(row) }
            }
            let withNew = blocks.values.filter { $0.contains { store.isNew[$0] } }
            #expect(
                beside.large?[number].values.sorted()
                    == withNew.map(\.count).filter { $0 > largest }.sorted())
            for rows in withNew where rows.count <= largest {
                for row in rows
                where rows.contains(where: {
                    store.isNew[$0]
                        && (store.source(of: $0) != store.source(of: row)
                            || mayRepeat[store.source(of: row)])
                }) {
                    expected.insert(UInt32(row))
                }
            }
        }
        #expect(beside.rows == expected.sorted())
        #expect(expected.count > 60 && expected.count < store.rowCount)
        #expect(beside.large?.contains { !$0.isEmpty } == true)
    }

    @Test("Only keys of tokens are kept")
    func tokensAlone() throws {
        #expect(HeldKeys.digest([["a"], ["b", "c"]]) != nil)
        #expect(HeldKeys.digest([["a"], ["b", "c"]]) != HeldKeys.digest([["a", "b"], ["c"]]))
        for keys in [[], [["a"], ["b*"]], [["a~", "b"]]] { #expect(HeldKeys.digest(keys) == nil) }
        // Keys of a small register are also of filters.
        let (first, second) = SyntheticEncodings.county(300)
        let state = try Linker.link(
            state: LinkState(),
            delta: [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)],
            specification: LinkageSpecification(), mint: #require(Self.mint)
        ).state
        let keys = try #require(state.parameters?.keys)
        #expect(keys.joined().contains { $0.hasSuffix("~") } && state.keys == nil)
    }

    @Test("They are tables of the state; one that is not whole is refused")
    func tables() throws {
        let (first, delta) = nights(7)
        let outcome = try link(link(LinkState(), first).state, delta)
        let tables = outcome.state.tables
        let bytes = try tables.map { Data(try ColumnFileWriter.bytes(of: $0)) }
        let read = try bytes.map { try ColumnFileReader.table($0, file: "state") }
        #expect(try LinkState(tables: read.reversed(), file: "state") == outcome.state)
        // Only what is new is written.
        func names(_ tables: [ColumnTable]) throws -> [String] {
            try tables.filter { $0.schema == HeldKeys.schema }
                .map { try PieceName($0, file: "state").description }.sorted()
        }
        #expect(try names(tables) == ["a.0", "b.0", "b.1"])
        #expect(
            try names(
                outcome.state.tables(
                    without: outcome.unchangedPieces, keysOf: outcome.unchangedKeys)) == ["b.1"])
        // Without one of them, and with those of another release, they are made again.
        let without = tables.filter { $0.schema != HeldKeys.schema }
        let others = tables.filter { $0.schema == HeldKeys.schema }
        #expect(try LinkState(tables: without + others.dropLast(), file: "state").keys == nil)
        func changed(_ change: (ColumnTable) -> ColumnTable) throws -> LinkState {
            try LinkState(tables: without + [change(others[0])] + others.dropFirst(), file: "state")
        }
        func table(
            _ table: ColumnTable, version: Int = HeldKeys.schemaVersion, _ columns: [Column]
        ) -> ColumnTable {
            ColumnTable(
                schema: table.schema, version: version, attributes: table.attributes,
                columns: columns)
        }
        #expect(try changed { table($0, version: 2, $0.columns) }.keys == nil)
        let broken: [([Column]) -> [Column]] = [
            { Array($0.dropLast()) }, { [Column("other", $0[0].values)] + $0.dropFirst() },
            { $0.map { Column($0.name, .fixedBytes(width: 4, bytes: [1, 2, 3, 4])) } },
        ]
        for change in broken {
            #expect {
                _ = try changed { table($0, change($0.columns)) }
            } throws: {
                ($0 as? StileError)?.code == .integrity
                    && "\($0)".contains("the keys of a piece are not those of its rows")
            }
        }
    }
}
