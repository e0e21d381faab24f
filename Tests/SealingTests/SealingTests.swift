import Attestation
import ColumnFiles
import Crypto
import Foundation
import Hashing
import PipelineModel
import TestSupport
import Testing

@testable import Sealing

@Suite struct SealingTests {
    let policy = ContentDigest.sha256("policy")
    let anna: HolderKey
    let ben: HolderKey
    let carl: HolderKey
    let holders: RoleHolders

    init() throws {
        anna = try HolderKey.generate(person: "p-1", throwaway: true)
        ben = try HolderKey.generate(person: "p-2", throwaway: true)
        carl = try HolderKey.generate(person: "p-3", throwaway: true)
        holders = try RoleHolders([
            "ig": [.init(person: "p-1", sealingKey: anna.sealingKey)],
            "lived": [
                .init(person: "p-2", sealingKey: ben.sealingKey),
                .init(person: "p-3", sealingKey: carl.sealingKey),
            ],
        ])
    }

    func sealer(_ batch: String = "gp.patients.000001") throws -> BatchSealer {
        try BatchSealer(batch: batch, policyDigest: policy, roles: holders, keyEpoch: 1)
    }

    let record = RecordPseudonym(high: 1, low: 2)
    let subject = SubjectPseudonym(high: 3, low: 4)

    func batch(_ name: String = "gp.patients.000001") throws -> SealedBatch {
        let sealer = try sealer(name)
        let rows = try (0..<5).map {
            try sealer.seal(
                Identity(fields: ["surname": "CANARY\($0)"]).bytes,
                record: RecordPseudonym(high: 1, low: UInt64(5 - $0)), subject: subject)
        }
        return try SealedBatch(sealer.table(rows), file: "sealed")
    }

    @Test func tableRoundTripsThroughAColumnFileAndHidesNames() throws {
        let sealer = try sealer()
        let row = try sealer.seal(
            Identity(fields: ["surname": "CANARY"]).bytes, record: record, subject: subject)
        let bytes = try ColumnFileWriter.bytes(of: sealer.table([row]))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("CANARY"))
        let table = try ColumnFileReader.table(Data(bytes), file: "f")
        let batch = try SealedBatch(table, file: "f")
        #expect(batch.roles == ["ig", "lived"])
        #expect(batch.holders(of: "lived") == ["p-2", "p-3"])
        #expect(batch.rows(record: record, subject: subject) == [row])
        #expect(batch.rows(record: record, subject: .none).isEmpty)
    }

    @Test func everyRowOfABatchIsFound() throws {
        let batch = try batch()
        for low in UInt64(1)...5 {
            let found = batch.rows(record: RecordPseudonym(high: 1, low: low), subject: subject)
            #expect(found.count == 1)
        }
        #expect(batch.rows(record: RecordPseudonym(high: 1, low: 9), subject: subject).isEmpty)
    }

    @Test func lengthSaysNothingOfAShortName() throws {
        let sealer = try sealer()
        let sizes = try [0, 1, 100, 254].map {
            try sealer.seal(
                [UInt8](repeating: 65, count: $0), record: record, subject: subject
            ).ciphertext.count
        }
        #expect(Set(sizes) == [256 + 16])
        for count in [0, 1, 253, 254, 255, 510, 511] {
            let bytes = [UInt8](repeating: 7, count: count)
            // What was there before does not shine through.
            var padded = [UInt8](repeating: 9, count: 1000)
            try IdentityPadding.pad(bytes, into: &padded)
            #expect(padded.count == IdentityPadding.size(of: count))
            #expect(IdentityPadding.unpadded(padded) == bytes)
        }
        #expect(throws: StileError.self) {
            try sealer.seal(
                [UInt8](repeating: 0, count: 20_000), record: record, subject: subject)
        }
    }

    /// The key schedule of docs/Architecture.md, written out in one-shot HKDF.
    @Test func keyIsTheExclusiveOrOfHKDFOverTheRoles() throws {
        let random = Randomness { [UInt8](repeating: 9, count: $0) }
        let sealer = try BatchSealer(
            batch: "b", policyDigest: policy, roles: holders, keyEpoch: 1, randomness: random)
        let row = try sealer.seal(Array("{}".utf8), record: record, subject: subject)
        var key = [UInt8](repeating: 0, count: 32)
        for role in ["ig", "lived"] {
            let salt =
                [0, 0, 0, 1] + Array("b".utf8) + policy.bytes + [0, 0, 0, UInt8(role.count)]
                + Array(role.utf8)
            let share = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: [UInt8](repeating: 9, count: 32)), salt: salt,
                info: Array("stile/record/v1".utf8) + record.bytes, outputByteCount: 32)
            for (index, byte) in share.withUnsafeBytes(Array.init).enumerated() {
                key[index] ^= byte
            }
        }
        let box = try ChaChaPoly.SealedBox(
            combined: row.nonce + row.ciphertext)
        let opened = try ChaChaPoly.open(
            box, using: SymmetricKey(data: key),
            authenticating: sealer.context.authenticated(record: record, subject: subject))
        #expect(IdentityPadding.unpadded(Array(opened)) == Array("{}".utf8))
    }

    @Test func aSecretOpensForItsHolderRoleBatchAndPolicyOnly() throws {
        let batch = try batch()
        let wrap = try #require(batch.wraps.first { $0.person == "p-2" })
        _ = try wrap.unwrapped(with: ben, context: batch.context)
        #expect(throws: StileError.self) { try wrap.unwrapped(with: carl, context: batch.context) }
        var other = wrap
        other.role = "ig"
        #expect(throws: StileError.self) { try other.unwrapped(with: ben, context: batch.context) }
        for context in [
            SealingContext(batch: "gp.patients.000002", policy: policy),
            SealingContext(batch: batch.context.batch, policy: .sha256("looser")),
        ] {
            #expect(throws: StileError.self) { try wrap.unwrapped(with: ben, context: context) }
        }
    }

    @Test func holdersOfARoleDeriveTheSameShareAndRolesDiffer() throws {
        let batch = try batch()
        let shares = try batch.wraps.map { wrap in
            let key = try #require([anna, ben, carl].first { $0.person == wrap.person })
            return try wrap.unwrapped(with: key, context: batch.context).share(of: record).bytes
        }
        #expect(shares[0] != shares[1])
        #expect(shares[1] == shares[2])
        #expect(shares.allSatisfy { $0.count == 32 })
    }

    @Test func aBundleHoldsTheListedRecordsOnly() throws {
        let batch = try batch()
        let release = Curve25519.KeyAgreement.PrivateKey()
        func bundle(_ key: HolderKey, _ role: String, _ lows: [UInt64]) throws -> ShareBundle {
            try ShareBundle.make(
                binding: .init(list: .sha256("l"), evidence: .sha256("e"), role: role),
                records: lows.map {
                    .init(
                        batch: batch.context.batch, record: RecordPseudonym(high: 1, low: $0))
                }, batches: [batch], key: key,
                releaseKey: Array(release.publicKey.rawRepresentation))
        }
        let bundle1 = try bundle(anna, "ig", [1, 2, 2])
        #expect(bundle1.ciphertext.count == 2 * ShareBundle.entrySize + 16)
        #expect(try ShareBundle.read(bundle1.bytes, file: "s") == bundle1)
        #expect(try bundle(anna, "ig", []).ciphertext.count == 16)
        let error = #expect(throws: StileError.self) { try bundle(ben, "ig", [1]) }
        #expect(error?.code == .policy)
        #expect(error?.message.contains("not sealed to “p-2” in the role “ig”") == true)
        var text = String(decoding: bundle1.bytes, as: UTF8.self)
        text = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":1,\"x\":1")
        #expect(throws: StileError.self) { try ShareBundle.read(Array(text.utf8), file: "s") }
    }

    @Test func refusesRolesWithoutHoldersAndSharedKeys() {
        #expect(throws: StileError.self) { try RoleHolders([:]) }
        #expect(throws: StileError.self) { try RoleHolders(["ig": []]) }
        let key = anna.sealingKey
        #expect(throws: StileError.self) {
            try RoleHolders([
                "ig": [.init(person: "p-1", sealingKey: key)],
                "lived": [.init(person: "p-2", sealingKey: key)],
            ])
        }
        #expect(throws: StileError.self) {
            try RoleHolders(["ig": [.init(person: "p-1", sealingKey: [1, 2])]])
        }
    }

    @Test func refusesADamagedTable() throws {
        let sealer = try sealer()
        let good = sealer.table([
            try sealer.seal([1], record: record, subject: subject)
        ])
        for change in ["policy", "roles", "wraps", "batch", "key_epoch"] {
            var table = good
            table.attributes[change] = change == "roles" ? "ig" : nil
            #expect(throws: StileError.self) { try SealedBatch(table, file: "f") }
        }
        var newer = good
        newer.version = 2
        #expect(throws: StileError.self) { try SealedBatch(newer, file: "f") }
    }

    @Test func keyFilesRoundTripAndSecretsAreNotPrinted() throws {
        let folder = TemporaryFolder("keys")
        let path = folder.path + "/p-1.key"
        try PrivateFile.create(anna.bytes, at: path)
        let read = try HolderKey.read(fileAt: path)
        #expect(read.publicPart == anna.publicPart)
        #expect(read.throwaway)
        #expect(try PublicHolder.read(anna.publicPart.bytes, file: "p") == anna.publicPart)
        let secret = Hex.encode(anna.sealingSecret)
        for text in ["\(anna)", String(reflecting: anna), "\(anna.signing)"] {
            #expect(!text.contains(secret))
            #expect(!text.contains(Hex.encode(anna.signing.seed)))
        }
        var dumped = ""
        dump(anna, to: &dumped)
        #expect(!dumped.contains(secret))
        #expect(!"\(Identity(fields: ["surname": "CANARY"]))".contains("CANARY"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: StileError.self) { try HolderKey.read(fileAt: path) }
        #expect(throws: StileError.self) {
            try HolderKey.generate(person: "Jane Doe", throwaway: true)
        }
    }

    /// The digest was written down before the shares' key derivation was made faster.
    @Test func sealedRowsStayAsTheyAre() throws {
        let random = Randomness { count in (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0) } }
        let sealer = try BatchSealer(
            batch: "gp.patients.000001", policyDigest: policy, roles: holders, keyEpoch: 1,
            randomness: random)
        var print = Fingerprint("test")
        for size in [0, 1, 253, 254, 255, 700, IdentityPadding.limit] {
            let row = try sealer.seal(
                [UInt8](repeating: UInt8(size & 0x7f), count: size),
                record: RecordPseudonym(high: 5, low: UInt64(size)), subject: subject)
            print.add("nonce", row.nonce)
            print.add("ciphertext", row.ciphertext)
        }
        #expect(
            print.digest.hex == "238ed4cffc7773f014cfb7502969a957ac6fcf1ac5d2d8d700b68ed7357e8b9d")
    }
}
