import EthicsGate
import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import Intake
import NightRun
import PipelineModel
import Pseudonymise
import Sealing
import Storage

extension SourceNight {
    /// Encodes one checked delivery: three column files, their manifest, and the rows held
    /// afterwards, in one transaction; then the raw file leaves the drop folder.
    mutating func encode(
        _ delivery: Intake.Delivery, _ extract: CheckedExtract, digest: ContentDigest,
        of source: SourceContract.Source, path: String
    ) throws {
        let accepted = try context.database.deliveries(
            source: source.name, extract: delivery.extract, state: .accepted)
        let batch = Self.batchName(delivery.extract, accepted.count + 1)
        let stage = Stage(
            "pseudonymise", scope: delivery.extract,
            inputs: [
                Artefact("extract", name: delivery.file, kind: .value, digest: digest),
                Artefact("policy", kind: .value, digest: setting.policy.digest),
                Artefact("encoding", kind: .value, digest: setting.encoding.digest),
            ],
            settings: ["batch": batch, "key_epoch": String(pseudonymiser.keyEpoch)])
        let night = self
        var said: [String] = []
        try self.night.perform(stage) { work in
            let (delta, held) = try night.heldRows(delivery.extract).delta(of: extract)
            said = Self.repetitions(delivery.extract, delta.counts)
            try work.step(0.3)
            let encoded = try night.pseudonymiser.encode(
                delta, held: try night.heldIdentities(delivery.extract),
                trustedKey: source.trustedKeyName, sealsIdentities: source.sealIdentities)
            let counts =
                encoded.counts.counts + night.setting.encoding.sharedIdentifiers(in: extract)
            try work.step(0.6)
            try night.hand(
                over: batch, encoded: encoded, delta: delta, of: source,
                previous: accepted.last?.batch ?? "", rekey: false, in: &work)

            let rows = try work.write(held.table, as: "held rows", name: delivery.extract)
            try work.hold("rows.\(delivery.extract)", rows)
            let identities = try work.write(
                encoded.held.table, as: "held identities", name: delivery.extract)
            try work.hold("identities.\(delivery.extract)", identities)
            work.commit.deliveries.append(
                DeliveryCommit(
                    Storage.Delivery(
                        source: source.name, extract: delivery.extract, file: delivery.file,
                        digest: digest, delivered: delta.delivered,
                        acceptedRows: delta.counts.rowsIn - delta.counts.refused,
                        refusedRows: delta.counts.refused, batch: batch, run: work.context.id),
                    quarantine: delta.quarantine.map(\.stored),
                    identifiers: counts.map {
                        IdentifierCount(field: $0.field, rule: $0.rule, count: $0.count)
                    }))
            work.move(
                path, to: night.archivePath(source.name, batch, delivery.file))
            work.rows(
                in: delta.counts.rowsIn, out: delta.count, refused: delta.counts.refused)
            var rules: [String: Int] = [:]
            for row in delta.quarantine {
                rules["\(row.column): \(row.rule.rawValue)", default: 0] += 1
            }
            for (rule, count) in rules.sorted(by: { $0.key < $1.key }) {
                work.count(.refused, "\(delivery.extract) \(rule)", count)
            }
            work.count(.other, "facts corrected", delta.counts.corrected)
            work.count(.other, "rows repeated in the file", delta.counts.repeated)
            work.count(.other, "retractions withheld", delta.counts.retractionsWithheld)
            for count in counts {
                work.count(.other, "\(count.field): \(count.rule)", count.count)
            }
        }
        notes += said
    }

    /// Fewer rows that repeat another are nothing to see to.
    private static let leastRepeated = 100

    /// Says where a tenth of a file or more is rows that it holds already.
    private static func repetitions(_ extract: String, _ counts: DeliveryCounts) -> [String] {
        guard counts.repeated >= leastRepeated, counts.repeated * 10 >= counts.rowsIn else {
            return []
        }
        return [
            "  \(extract): \(counts.repeated) of \(counts.rowsIn) rows repeat another row of the file and count once; ask the source why"
        ]
    }

    /// Writes the three files of a batch and its manifest, which takes its place only once
    /// the transaction stands.
    func hand(
        over batch: String, encoded: EncodedDelta, delta: ExtractDelta,
        of source: SourceContract.Source, previous: String, rekey: Bool, in work: inout StageWork
    ) throws {
        let folder = "\(setting.folders.exchange)/\(source.name)/\(batch)"
        for level in ["\(setting.folders.exchange)/\(source.name)", folder] {
            try SourceSetting.makeExchangeFolder(level, like: setting.folders.exchange)
        }
        let store = try ColumnStore(directory: folder, fileSystem: context.fileSystem)
        let sealer = try BatchSealer(
            batch: batch, policyDigest: setting.policy.digest,
            // Holders are in post on the day on which they are sealed to.
            roles: setting.roles(on: Day(inLondon: context.now())),
            keyEpoch: pseudonymiser.keyEpoch)
        let sealed = try sealer.table(
            sealing: encoded.identities.map {
                UnsealedRow($0.bytes, record: $0.record, subject: $0.subject)
            })
        let encodings = try store.write(encoded.encodings.table)
        let payload = try store.write(encoded.payload.table)
        let sealedFile = try store.write(sealed)
        // A run that was killed may have left files that were sealed with other secrets.
        try store.sweep(keeping: [encodings, payload, sealedFile])
        let extract = source.extracts.first { $0.name == delta.name }
        let manifest = BatchManifest(
            batch: batch, source: source.name, name: delta.name,
            keyEpoch: pseudonymiser.keyEpoch, delivered: delta.delivered.number,
            previous: previous, encodings: encodings.hex, payload: payload.hex,
            sealed: sealedFile.hex, policy: setting.policy.digest.hex,
            encodingRows: encoded.encodings.count, payloadRows: encoded.payload.count,
            sealedRows: encoded.identities.count, rekey: rekey,
            terms: BatchManifest.Terms(
                clock: setting.contract.clock.rawValue, purpose: source.purpose,
                legalBasis: source.legalBasis.text,
                legalBasisExpires: source.legalBasis.expires.number,
                maximumAgeDays: source.maximumAgeDays, register: source.register.rawValue,
                trustedKey: source.trustedKeyName,
                outcomeColumns: (extract?.payload ?? []).filter(\.isOutcome).map(\.name)))
        let bytes = try manifest.bytes()
        let ready = "\(folder)/\(BatchManifest.fileName).ready"
        try context.fileSystem.writeDurably(bytes, to: ready, permissions: 0o640)
        work.move(ready, to: "\(folder)/\(BatchManifest.fileName)")
        for (role, digest) in [
            ("encodings", encodings), ("payload", payload), ("sealed", sealedFile),
            ("manifest", ContentDigest.sha256(bytes)),
        ] {
            work.produce(Artefact(role, name: batch, kind: .value, digest: digest))
        }
    }

    static func batchName(_ extract: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(extract).\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }
}

extension SourceContract.Source {
    /// The name of the trusted key; empty where the source is linked by encodings.
    var trustedKeyName: String {
        if case .trustedKey(let column) = link { column } else { "" }
    }
}
