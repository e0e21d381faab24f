public import Attack
import EncodedExtract
import Foundation
import Intake
import NightRun
public import PipelineModel
import Pseudonymise
import Storage

/// What `stile attack` found.
public struct AttackOutcome: Sendable {
    /// In the order of the attacks, then of the fields.
    public var findings: [AttackFinding]
    /// The versions of identities that were attacked.
    public var records: Int
    /// Those whose names no archived extract tells any more; attacks on them are not counted.
    public var withoutTruth: Int
    /// The hardening of the encodings, as the configuration states it.
    public var hardening: String
    /// The epoch of their keys.
    public var keyEpoch: Int
    /// Their specification.
    public var specification: ContentDigest
    /// The day in London on which they were attacked.
    public var day: Day
}

extension SourceZone {
    /// Runs the known attacks against the encodings that were handed over.
    ///
    /// The encodings are those of the exchange folder under the current keys; the truth comes from
    /// the archived extracts, which only this zone has. Nothing is written, and no name is handed
    /// out.
    ///
    /// - Parameter path: The path of the zone's `stile.yaml`.
    /// - Throws: `StileError` with code `input` where no encodings have been handed over.
    public static func attack(configuration path: String) throws -> AttackOutcome {
        let setting = try SourceSetting(configuration: path)
        let none = StileError(
            .input, "No encodings of the current keys have been handed over.",
            at: .init(file: setting.folders.exchange),
            remedy: "Run a night of the source zone first.")
        guard setting.hasRun else { throw none }
        let lock = try RunLock(path: "\(setting.folders.state)/run.lock", now: Date())
        defer { lock.release() }
        let pseudonymiser = try Pseudonymiser(
            specification: setting.encoding, keyring: setting.keyring)
        let database = try setting.database()
        guard let encodings = try setting.handedOver(epoch: pseudonymiser.keyEpoch) else {
            throw none
        }
        let truth = try setting.archivedIdentities(database, pseudonymiser)
        let fields = setting.encoding.fields.map(\.name) + [AttackedRecords.trusted]
        var identities: [String: [String?]] = [:]
        for field in fields {
            identities[field] = zip(encodings.record, encodings.subject).map {
                (truth.byRecord[$0] ?? truth.bySubject[$1])?[field]
            }
        }
        let today = try Day(inLondon: Date())
        // An attacker without the key encodes under one of their own.
        var generator = SystemRandomNumberGenerator()
        let foreign = try Pseudonymiser(
            specification: setting.encoding,
            keyring: .create(
                project: setting.contract.project, created: today,
                using: &generator))
        let records = AttackedRecords(
            encodings, specification: setting.encoding, identities: identities)
        return AttackOutcome(
            findings: AttackSuite(records).run(key: pseudonymiser, foreign: foreign),
            records: encodings.count,
            withoutTruth: zip(encodings.record, encodings.subject).count {
                truth.byRecord[$0] == nil && truth.bySubject[$1] == nil
            },
            hardening: setting.encoding.hardeningText, keyEpoch: pseudonymiser.keyEpoch,
            specification: setting.encoding.digest, day: today)
    }
}

extension SourceSetting {
    /// What the archive says of identities: by record, and of each subject the newest.
    struct Identities {
        var byRecord: [RecordPseudonym: [String: String]] = [:]
        var bySubject: [SubjectPseudonym: [String: String]] = [:]
    }

    /// Every version of an identity that stands in the exchange folder under the keys of `epoch`;
    /// `nil` where there is none.
    func handedOver(epoch: Int) throws -> Encodings? {
        var all: Encodings?
        for batch in try ExchangeFolder(folders.exchange).batches()
        where batch.manifest.keyEpoch == epoch {
            let encodings = try Encodings(
                batch.table(batch.manifest.encodings), file: batch.path)
            guard encodings.specification == encoding.digest else { continue }
            if all == nil { all = encodings } else { all?.append(encodings) }
        }
        return all?.open
    }

    /// The identities of the archived extracts.
    func archivedIdentities(
        _ database: ZoneDatabase, _ pseudonymiser: Pseudonymiser
    ) throws -> Identities {
        var identities = Identities()
        for source in contract.sources {
            for extract in source.extracts where !extract.identity.isEmpty {
                let checker = ExtractCheck(
                    contract: extract, clock: contract.clock,
                    digest: pseudonymiser.pseudonyms.closure)
                var held = HeldRows(name: extract.name, keyEpoch: keyring.pseudonyms.count)
                for delivery in try database.deliveries(
                    source: source.name, extract: extract.name, state: .accepted)
                where !delivery.file.hasPrefix(SourceNight.rekeyPrefix) {
                    let path = archivePath(source.name, delivery.batch ?? "", delivery.file)
                    guard FileManager.default.fileExists(atPath: path) else { continue }
                    let (delta, next) = try held.delta(
                        of: checker.check(
                            Intake.Delivery(
                                extract: extract.name, file: delivery.file, day: delivery.day),
                            path: path, heldRows: held.openCount))
                    held = next
                    for row in 0..<delta.count where delta.operation[row] == .open {
                        var identity: [String: String] = [:]
                        for column in delta.identity { identity[column.name] = column.values[row] }
                        if !delta.trusted.isEmpty, let key = delta.trusted[row] {
                            identity[AttackedRecords.trusted] = String(decoding: key, as: UTF8.self)
                        }
                        identities.byRecord[delta.record[row]] = identity
                        identities.bySubject[delta.subject[row]] = identity
                    }
                }
            }
        }
        return identities
    }
}

extension Encodings {
    /// The versions that stand: opened, and not closed since.
    fileprivate var open: Encodings {
        struct Key: Hashable {
            var subject: SubjectPseudonym
            var record: RecordPseudonym
        }
        var standing: [Key: Int] = [:]
        for row in 0..<count {
            let key = Key(subject: subject[row], record: record[row])
            standing[key] = operation[row] == .open ? row : nil
        }
        return rows(standing.values.sorted())
    }
}
