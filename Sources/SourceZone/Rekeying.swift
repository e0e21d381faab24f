import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import Intake
import NightRun
import PipelineModel
import Pseudonymise
import Storage

extension SourceNight {
    /// Encodes everything anew where the keyring has a newer epoch than the batches handed over.
    ///
    /// The raw extracts of the archive are taken through the same stages again, from the first
    /// delivery on; the encodings of all of them make one batch for each extract, without
    /// payload, which the linking zone has already, and with the identities sealed anew to
    /// those who hold the roles today.
    ///
    /// - Throws: `StileError` with code `input` where an archived extract is gone.
    mutating func rekeyWhereKeysChanged() throws {
        let epoch = pseudonymiser.keyEpoch
        let last = try context.database.meta("key_epoch").flatMap { Int($0) }
        guard let last, last != epoch else {
            if last == nil { try context.database.setMeta("key_epoch", String(epoch)) }
            return
        }
        for source in setting.contract.sources {
            for extract in source.extracts {
                try rekey(extract, of: source, epoch: epoch)
            }
        }
        try context.database.setMeta("key_epoch", String(epoch))
    }

    private mutating func rekey(
        _ extract: ExtractContract, of source: SourceContract.Source, epoch: Int
    ) throws {
        let accepted = try context.database.deliveries(
            source: source.name, extract: extract.name, state: .accepted)
        // Batches of the new epoch are there already where a run was killed half way.
        guard let newest = accepted.last, newest.file != Self.rekeyFile(epoch) else { return }
        let batch = Self.batchName(extract.name, accepted.count + 1)
        let stage = Stage(
            "rekey", scope: extract.name,
            inputs: [Artefact("encoding", kind: .value, digest: setting.encoding.digest)],
            settings: ["batch": batch, "key_epoch": String(epoch)])
        let night = self
        try self.night.perform(stage) { work in
            var held = HeldRows(
                name: extract.name, keyEpoch: night.setting.keyring.pseudonyms.count)
            var versions = IdentityVersionsHeld()
            var all: EncodedDelta?
            let checker = ExtractCheck(
                contract: extract, clock: night.setting.contract.clock,
                digest: night.pseudonymiser.pseudonyms.closure)
            for delivery in accepted where !delivery.file.hasPrefix(Self.rekeyPrefix) {
                let path = night.archivePath(source.name, delivery.batch ?? "", delivery.file)
                guard FileManager.default.fileExists(atPath: path) else {
                    throw StileError(
                        .input,
                        "An archived extract is gone, so \(extract.name) cannot be encoded anew.",
                        at: .init(file: path),
                        remedy:
                            "Restore it, or ask the source for a full delivery under a new project."
                    )
                }
                let checked = try checker.check(
                    Intake.Delivery(extract: extract.name, file: delivery.file, day: delivery.day),
                    path: path, heldRows: held.openCount)
                let (delta, next) = try held.delta(of: checked)
                held = next
                let encoded = try night.pseudonymiser.encode(
                    delta, held: versions, trustedKey: source.trustedKeyName,
                    sealsIdentities: source.sealIdentities)
                versions = encoded.held
                if all == nil {
                    all = encoded
                } else {
                    all?.encodings.append(encoded.encodings)
                    all?.identities += encoded.identities
                }
                work.rows(in: delta.counts.rowsIn)
                try work.step()
            }
            guard var encoded = all else { return }
            encoded.payload = Payload(
                source: source.name, name: extract.name, keyEpoch: epoch)
            // Nothing was delivered: the day stays that of the newest file.
            let delta = ExtractDelta(
                source: source.name, name: extract.name, delivered: newest.day)
            try night.hand(
                over: batch, encoded: encoded, delta: delta, of: source,
                previous: newest.batch ?? "", rekey: true, in: &work)
            let identities = try work.write(
                versions.table, as: "held identities", name: extract.name)
            try work.hold("identities.\(extract.name)", identities)
            work.commit.deliveries.append(
                DeliveryCommit(
                    Storage.Delivery(
                        source: source.name, extract: extract.name, file: Self.rekeyFile(epoch),
                        digest: Self.rekeyDigest(night.setting.encoding.digest, epoch),
                        delivered: newest.day,
                        acceptedRows: 0, refusedRows: 0, batch: batch, run: work.context.id)))
            work.rows(out: encoded.encodings.count)
        }
    }

    /// What stands in place of the digest of a file; another for each epoch.
    private static func rekeyDigest(_ encoding: ContentDigest, _ epoch: Int) -> ContentDigest {
        var print = Fingerprint("stile/rekey/v1")
        print.add("encoding", encoding)
        print.add("epoch", String(epoch))
        return print.digest
    }

    static let rekeyPrefix = "(new keys, epoch "

    /// What stands in place of a file in the record of a batch that only changes keys.
    static func rekeyFile(_ epoch: Int) -> String { "\(rekeyPrefix)\(epoch))" }
}
