import Attestation
import ColumnFiles
import EncodedExtract
import EthicsGate
import Foundation
import Hashing
import Intake
import NightRun
import PipelineModel
import Pseudonymise
import Sealing
import Storage

/// One run of the source zone: for each source, the deliveries of each day are checked
/// together and then encoded one by one.
struct SourceNight {
    let setting: SourceSetting
    let context: RunContext
    var night: Night
    let pseudonymiser: Pseudonymiser
    var notes: [String] = []

    init(_ setting: SourceSetting, context: RunContext) throws {
        self.setting = setting
        self.context = context
        pseudonymiser = try Pseudonymiser(
            specification: setting.encoding, keyring: setting.keyring)
        night = try Night(context)
        try night.sweepPartialFiles(in: [
            setting.folders.state, setting.folders.pages,
            AbsolutePath.folder(of: setting.logKey),
        ])
    }

    /// Does the night; a source that is stopped does not stop the others.
    mutating func run() throws -> NightOutcome {
        var stopped: StileError?
        do {
            let log = try setting.log(context.database, context.fileSystem)
            _ = try log.view()
            night.steps = StepLog(log, kinds: SourceZone.steps)
            try context.checkPolicy(
                setting.policy.digest, epoch: setting.policy.terms.epoch,
                file: setting.folders.policy)
            try rekeyWhereKeysChanged()
            for source in setting.contract.sources {
                do {
                    try work(on: source)
                } catch let error as StileError where error.code == .input {
                    noteOnce(error)
                    stopped = stopped ?? error
                }
            }
            try removeExpired()
        } catch let error as StileError {
            noteOnce(error)
            stopped = error
        }
        do {
            try night.end()
        } catch let error as StileError {
            stopped = stopped ?? error
        }
        let record = night.record
        let page = "\(setting.folders.pages)/\(record.id).html"
        try context.fileSystem.writeDurably(
            Array(RunPage.html(for: record, clock: setting.contract.clock).utf8), to: page,
            permissions: 0o640)
        return NightOutcome(record: record, page: page, notes: notes, error: stopped)
    }

    /// A fault inside a stage is in the record already.
    private mutating func noteOnce(_ error: StileError) {
        guard !night.record.faults.contains(where: { $0.message == error.message }) else { return }
        night.note(error, stage: nil)
    }

    // MARK: A source

    private mutating func work(on source: SourceContract.Source) throws {
        let folder = "\(setting.folders.drop)/\(source.name)"
        let discovery = try discover(source)
        if let error = StileError.all(discovery.faults) { throw error }
        for name in discovery.unmatched {
            notes.append("  \(source.name): a file that no extract awaits stays in the drop folder")
            context.log(.warning, "\(source.name)/\(name): no extract awaits this file.")
        }
        for repeated in discovery.repeated { try settle(repeated, of: source, in: folder) }

        var index = 0
        while index < discovery.deliveries.count {
            let day = discovery.deliveries[index].day
            var checked: [(Intake.Delivery, CheckedExtract, ContentDigest)] = []
            while index < discovery.deliveries.count, discovery.deliveries[index].day == day {
                let delivery = discovery.deliveries[index]
                checked.append(try check(delivery, of: source, path: "\(folder)/\(delivery.file)"))
                index += 1
            }
            for (delivery, extract, digest) in checked {
                try encode(
                    delivery, extract, digest: digest, of: source,
                    path: "\(folder)/\(delivery.file)")
            }
        }
    }

    /// What lies in the drop folder of a source, against what its contract awaits.
    func discover(_ source: SourceContract.Source) throws -> Discovery {
        let folder = "\(setting.folders.drop)/\(source.name)"
        let listing: [String]
        do {
            listing = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw StileError(
                .inputOutput, "The drop folder cannot be read.", at: .init(file: folder),
                remedy: "Make it and let this account read and write there.")
        }
        var last: [String: Day] = [:]
        for extract in source.extracts {
            last[extract.name] = try context.database.deliveries(
                source: source.name, extract: extract.name, state: .accepted
            ).filter { !$0.file.hasPrefix(Self.rekeyPrefix) }.map(\.day).max()
        }
        return Discovery(
            of: source, listing: listing, lastAccepted: last, today: context.today,
            clock: setting.contract.clock)
    }

    /// Checks a delivery; what it refuses is kept in quarantine even where it stops the source.
    private mutating func check(
        _ delivery: Intake.Delivery, of source: SourceContract.Source, path: String
    ) throws -> (Intake.Delivery, CheckedExtract, ContentDigest) {
        guard let contract = source.extracts.first(where: { $0.name == delivery.extract }) else {
            throw StileError(
                .input, "No extract of the source awaits this file.",
                at: .init(file: "\(source.name)/\(delivery.file)"),
                remedy: "Take it out of the drop folder.")
        }
        try PlainFile.check(path)
        let checker = ExtractCheck(
            contract: contract, clock: setting.contract.clock,
            digest: pseudonymiser.pseudonyms.closure)
        let held = try heldRows(delivery.extract)
        // A file that cannot be read is not hashed to its end first.
        let extract = try checker.check(delivery, path: path, heldRows: held.openCount)
        let digest = try ContentDigest.sha256(fileAt: path)
        if let fault = extract.fault {
            var commit = StageCommit()
            commit.deliveries = [
                DeliveryCommit(
                    Storage.Delivery(
                        source: source.name, extract: delivery.extract, file: delivery.file,
                        digest: digest, delivered: extract.delivered, state: .refused,
                        acceptedRows: 0, refusedRows: extract.counts.refused, run: context.id),
                    quarantine: extract.quarantine.map(\.stored))
            ]
            try night.put(
                "delivery.refused", scope: delivery.extract, subjects: [.init("extract", digest)])
            try context.database.commit(commit)
            throw fault
        }
        return (delivery, extract, digest)
    }

    /// A file of a day that was accepted already: the same is put into the archive, another is
    /// a fault.
    private mutating func settle(
        _ delivery: Intake.Delivery, of source: SourceContract.Source, in folder: String
    ) throws {
        let path = "\(folder)/\(delivery.file)"
        try PlainFile.check(path)
        let digest = try ContentDigest.sha256(fileAt: path)
        let accepted = try context.database.deliveries(
            source: source.name, extract: delivery.extract, state: .accepted)
        guard let same = accepted.first(where: { $0.sha256 == digest.hex }),
            let batch = same.batch
        else {
            throw StileError(
                .input, "Another file of this day was taken in already.",
                at: .init(file: "\(source.name)/\(delivery.file)"),
                remedy: "Take it out of the drop folder; a correction comes with a later delivery.")
        }
        try context.fileSystem.move(path, to: archivePath(source.name, batch, delivery.file))
    }

    // MARK: State

    func heldRows(_ extract: String) throws -> HeldRows {
        guard let digest = try context.database.held("rows.\(extract)") else {
            return HeldRows(name: extract, keyEpoch: setting.keyring.pseudonyms.count)
        }
        return try HeldRows(context.columns.read(digest), file: context.columns.path(of: digest))
    }

    func heldIdentities(_ extract: String) throws -> IdentityVersionsHeld {
        guard let digest = try context.database.held("identities.\(extract)") else {
            return IdentityVersionsHeld()
        }
        return try IdentityVersionsHeld(
            context.columns.read(digest), file: context.columns.path(of: digest))
    }

    func archivePath(_ source: String, _ batch: String, _ file: String) -> String {
        setting.archivePath(source, batch, file)
    }

    /// Removes raw extracts whose retention has ended.
    private mutating func removeExpired() throws {
        guard setting.contract.clock == .calendar else { return }
        for delivery in try context.database.deliveries(state: .accepted)
        where delivery.day + setting.contract.retainDays < context.today {
            guard let batch = delivery.batch else { continue }
            try context.fileSystem.remove(archivePath(delivery.source, batch, delivery.file))
        }
    }
}

extension QuarantineRow {
    /// The row as the database keeps it: never with its value.
    var stored: QuarantinedRow {
        QuarantinedRow(line: line, column: column, rule: rule.rawValue)
    }
}
