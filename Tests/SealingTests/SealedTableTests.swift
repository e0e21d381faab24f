import Crypto
import Hashing
import PipelineModel
import Synchronization
import Testing

@testable import Sealing

@Suite("Sealing a whole table")
struct SealedTableTests {
    /// Bytes that never repeat, the same for the same number of bytes given before.
    private final class Stream: Sendable {
        private let given = Mutex(0)

        var randomness: Randomness {
            Randomness { count in
                let start = self.given.withLock { given in
                    defer { given += count }
                    return given
                }
                return (start..<(start + count)).map { place in
                    UInt8(truncatingIfNeeded: place >> (place & 1) * 8 ^ place * 151)
                }
            }
        }
    }

    private let anna: HolderKey
    private let ben: HolderKey
    private let roles: RoleHolders

    init() throws {
        anna = try HolderKey.generate(person: "p-1", throwaway: true)
        ben = try HolderKey.generate(person: "p-2", throwaway: true)
        roles = try RoleHolders([
            "ig": [.init(person: "p-1", sealingKey: anna.sealingKey)],
            "lived": [.init(person: "p-2", sealingKey: ben.sealingKey)],
        ])
    }

    private func sealer(_ randomness: Randomness) throws -> BatchSealer {
        try BatchSealer(
            batch: "gp.patients.000001", policyDigest: .sha256("policy"), roles: roles,
            keyEpoch: 1, randomness: randomness)
    }

    /// Identities of any length, so that a short one follows a long one.
    private func rows(_ count: Int) -> [UnsealedRow] {
        var generator = SeededGenerator(seed: 3, label: "sealed rows")
        return (0..<count).map { row in
            UnsealedRow(
                (0..<generator.below(600)).map { _ in UInt8(generator.below(256)) },
                record: RecordPseudonym(high: UInt64(row), low: 7),
                subject: SubjectPseudonym(high: 9, low: UInt64(row)))
        }
    }

    @Test("It is what sealing row by row gives, byte for byte", arguments: [0, 1, 21, 22, 100])
    func sameAsRowByRow(count: Int) throws {
        let rows = rows(count)
        let together = try sealer(Stream().randomness).table(sealing: rows)
        let single = try sealer(Stream().randomness)
        let sealed = try rows.map {
            try single.seal($0.identity, record: $0.record, subject: $0.subject)
        }
        #expect(together.columns == single.table(sealed).columns)
    }

    @Test("What it seals opens with the shares of the holders, and with nothing less")
    func opens() throws {
        let rows = rows(50)
        let table = try sealer(.system).table(sealing: rows)
        let batch = try SealedBatch(table, file: "sealed")
        let secrets = try [(anna, "ig"), (ben, "lived")].map { key, role in
            let wrap = try #require(batch.wraps.first { $0.role == role })
            return try wrap.unwrapped(with: key, context: batch.context)
        }
        for row in rows {
            var key = [UInt8](repeating: 0, count: 32)
            let shares = secrets.map { $0.share(of: row.record).bytes }
            for share in shares { for place in 0..<32 { key[place] ^= share[place] } }
            let sealed = try #require(
                batch.rows(record: row.record, subject: row.subject).first)
            let box = try ChaChaPoly.SealedBox(combined: sealed.nonce + sealed.ciphertext)
            let authenticated = batch.context.authenticated(
                record: row.record, subject: row.subject)
            let opened = try ChaChaPoly.open(
                box, using: SymmetricKey(data: key), authenticating: authenticated)
            #expect(IdentityPadding.unpadded(Array(opened)) == row.identity)
            #expect(throws: (any Error).self) {
                try ChaChaPoly.open(
                    box, using: SymmetricKey(data: shares[0]), authenticating: authenticated)
            }
        }
    }

    @Test("No nonce comes twice, in one call or in several")
    func nonces() throws {
        let sealer = try sealer(.system)
        var nonces: Set<[UInt8]> = []
        for _ in 0..<3 {
            guard case .fixedBytes(12, let bytes)? = try sealer.table(sealing: rows(400))["nonce"]
            else {
                Issue.record("there is no column of nonces")
                return
            }
            for row in 0..<400 { nonces.insert(Array(bytes[(12 * row)..<(12 * row + 12)])) }
        }
        nonces.insert(
            try sealer.seal([1], record: .none, subject: .none).nonce)
        #expect(nonces.count == 1201)
    }

    @Test(
        "The machine's generator gives as many bytes as asked for, and others each time",
        arguments: [0, 1, 12, 32, 255, 256, 257, 1000])
    func randomness(count: Int) {
        let (first, second) = (Randomness.system.bytes(count), Randomness.system.bytes(count))
        #expect(first.count == count && second.count == count)
        if count >= 12 {
            #expect(first != second)
            // The last piece is filled too: 12 zeros come once in 2⁹⁶.
            #expect(first.suffix(12).contains { $0 != 0 })
        }
    }

    @Test("An identity that is too long is refused, and nothing of it is said")
    func tooLong() throws {
        let row = UnsealedRow(
            [UInt8](repeating: 65, count: IdentityPadding.limit + 1), record: .none,
            subject: .none)
        let error = #expect(throws: StileError.self) {
            try sealer(.system).table(sealing: [row])
        }
        #expect(error?.code == .input)
        #expect(!"\(row)".contains("65") && !String(reflecting: row).contains("65"))
    }

    /// docs/Architecture.md, written out.
    @Test("What is bound is laid out as it is documented, also by memory that is used again")
    func layout() {
        let context = SealingContext(batch: "b", policy: .sha256("policy"))
        var layout = RecordLayout(context)
        for number in UInt64(1)...3 {
            let record = RecordPseudonym(high: number, low: ~number)
            let subject = SubjectPseudonym(high: 10 * number, low: number)
            let block = Array("stile/record/v1".utf8) + record.bytes + [1]
            #expect(layout.shareBlock(of: record) { Array($0) } == block)
            let authenticated =
                Array("stile/identity/v1".utf8) + [0, 0, 0, 1] + Array("b".utf8)
                + context.policy.bytes + record.bytes + subject.bytes
            #expect(
                layout.authenticated(record: record, subject: subject) { Array($0) }
                    == authenticated)
            #expect(context.authenticated(record: record, subject: subject) == authenticated)
        }
    }
}
