import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import NightRun
import PipelineModel
import Sealing
import Storage

extension LinkingNight {
    /// Takes in every batch that has not been taken in yet, in order of delivery.
    ///
    /// - Throws: `StileError` with code `integrity` where a batch is missing, was changed
    ///   after it was received, or is not what its manifest says.
    mutating func receive() throws {
        let known = Dictionary(
            try context.database.deliveries(state: .accepted).map { ($0.batch ?? "", $0.sha256) },
            uniquingKeysWith: { first, _ in first })
        let batches = try ExchangeFolder(configuration.exchange).batches()
        try checkNoneIsGone(Set(known.keys), of: batches)
        for batch in batches {
            if let digest = known[batch.manifest.batch] {
                guard digest == batch.digest.hex else {
                    throw StileError(
                        .integrity, "The batch was changed after it had been received.",
                        at: .init(file: batch.path),
                        remedy: "Restore the exchange folder from the backup.")
                }
                continue
            }
            // The clock of the night bounds what it may know of.
            guard Day(batch.manifest.delivered) <= context.today else { continue }
            try receive(batch)
        }
    }

    /// A list opens its people from the sealed identities of batches received long ago, so one
    /// that is gone is found the night after and not at a release.
    private func checkNoneIsGone(_ known: Set<String>, of batches: [ReceivedBatch]) throws {
        let gone = known.subtracting(batches.map(\.manifest.batch)).sorted()
        guard let first = gone.first else { return }
        let source = first.prefix { $0 != "." }
        throw StileError(
            .integrity,
            gone.count == 1
                ? "A batch that had been received is gone."
                : "\(gone.count) batches that had been received are gone, this one first.",
            at: .init(
                file: "\(configuration.exchange)/\(source)/\(first)/\(BatchManifest.fileName)"),
            remedy: "Restore the exchange folder from the backup.")
    }

    private mutating func receive(_ batch: ReceivedBatch) throws {
        let manifest = batch.manifest
        let path = batch.path
        let last = try context.database.lastAccepted(
            source: manifest.source, extract: manifest.name)
        guard manifest.previous == (last?.batch ?? "") else {
            throw StileError(
                .integrity,
                "The batch follows “\(manifest.previous)”, but the last one received of \(manifest.name) is “\(last?.batch ?? "none")”.",
                at: .init(file: path),
                remedy: "Bring the batches in between; they are received in order.")
        }
        guard manifest.terms.clock == configuration.clock.rawValue else {
            throw StileError(
                .configuration,
                "The batch counts days on a \(manifest.terms.clock) clock, the linking zone on a \(configuration.clock.rawValue) one.",
                at: .init(file: path), remedy: "Give both zones the same “clock”.")
        }
        let stage = Stage(
            // One result for each extract: the facts before it are then no longer wanted.
            "receive", scope: manifest.name,
            inputs: [
                Artefact("manifest", name: manifest.batch, kind: .value, digest: batch.digest)
            ])
        try night.perform(stage) { work in
            let payload = try Payload(
                batch.table(manifest.payload), file: "\(batch.folder)/\(manifest.payload)")
            let encodings = try Encodings(
                batch.table(manifest.encodings), file: "\(batch.folder)/\(manifest.encodings)")
            guard payload.name == manifest.name, payload.source == manifest.source,
                encodings.source == manifest.source, payload.count == manifest.payloadRows,
                encodings.count == manifest.encodingRows,
                encodings.keyEpoch == manifest.keyEpoch, payload.keyEpoch == manifest.keyEpoch
            else {
                throw StileError(
                    .integrity, "The files of the batch are not those that its manifest describes.",
                    at: .init(file: path),
                    remedy: "Remove the batch and let the source zone write it again.")
            }
            try work.step(0.3)
            let name = "facts.\(manifest.name)"
            let held = try work.context.database.held(name).map {
                try FactTable(
                    work.context.columns.read($0), file: work.context.columns.path(of: $0))
            }
            var facts = held ?? FactTable(name: manifest.name)
            // A change of keys brings encodings alone: the facts stay as they are.
            if !manifest.rekey {
                facts = try FactLedger.applying(payload, to: facts)
                let digest = try work.write(facts.table, as: "facts", name: manifest.name)
                try work.hold(name, digest)
            }
            if encodings.count > 0 {
                let digest = try work.write(
                    encodings.table, as: "encodings", name: manifest.batch)
                try work.hold(Self.pendingPrefix + manifest.batch, digest)
            }
            let table = try batch.table(manifest.sealed)
            let sealed = try SealedBatch(table, file: "\(batch.folder)/\(manifest.sealed)")
            guard sealed.rowCount == manifest.sealedRows,
                sealed.context.batch == manifest.batch,
                sealed.context.policy.hex == manifest.policy
            else {
                throw StileError(
                    .integrity, "The sealed identities are not those that the manifest describes.",
                    at: .init(file: path),
                    remedy: "Remove the batch and let the source zone write it again.")
            }
            if let index = SealedIndex(table, of: sealed) {
                let digest = try work.write(index.table, as: "sealed index", name: manifest.batch)
                try work.hold(SealedIndex.prefix + manifest.batch, digest)
            }
            work.commit.meta["terms.\(manifest.name)"] = try manifest.terms.text
            work.commit.meta[Self.keysPrefix + manifest.batch] = BatchOrder.keys(manifest)
            work.commit.deliveries.append(
                DeliveryCommit(
                    Delivery(
                        source: manifest.source, extract: manifest.name, file: manifest.batch,
                        digest: batch.digest, delivered: Day(manifest.delivered),
                        acceptedRows: payload.count, refusedRows: 0, batch: manifest.batch,
                        run: work.context.id)))
            work.rows(in: payload.count + encodings.count, out: facts.count)
        }
    }

    /// Encodings received but not linked yet are held under this prefix and their batch.
    static let pendingPrefix = "pending."

    /// The keys of each batch received are kept under this prefix and its name.
    static let keysPrefix = "keys."
}

extension BatchManifest.Terms {
    /// The terms as the database keeps them.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Reads what ``text`` wrote.
    init(text: String) throws {
        guard
            let terms = try? JSONDecoder().decode(
                BatchManifest.Terms.self, from: Data(text.utf8))
        else {
            throw StileError(
                .integrity, "The database does not hold the terms of an extract as they were kept.",
                remedy: "Restore the database from the backup.")
        }
        self = terms
    }
}
