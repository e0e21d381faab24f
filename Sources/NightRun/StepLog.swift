public import Attestation
public import Foundation
import Hashing
public import PipelineModel
public import Storage

/// The append-only log of a zone, into which a night writes what it is about to let stand.
///
/// Each stage that ran makes its leaves in one append, durable before its transaction; a
/// stage that had nothing to do makes none. A process that is killed between the two leaves a
/// leaf of a step that did not happen; the next run does the step and writes the leaf again.
/// Leaves hold digests, names of extracts and models, and numbers of stages: nothing of people.
public struct StepLog: Sendable {
    /// A kind of leaf that a stage makes.
    public struct Kind: Sendable {
        /// What the leaf says, such as `model.trained`.
        public var name: String
        /// Whether it names what the stage read, as `from.<role>`.
        public var inputs: Bool
        /// Whether it names what the stage made, as `<role>`.
        public var outputs: Bool

        public init(_ name: String, inputs: Bool = true, outputs: Bool = true) {
            self.name = name
            self.inputs = inputs
            self.outputs = outputs
        }
    }

    /// The kinds of the leaves of each stage; a stage that is not here changes nothing, or has
    /// leaves of its own.
    public typealias Kinds = [String: [Kind]]

    /// Who does what a night does.
    static let actor = "stile"

    let log: AppendOnlyLog
    let kinds: Kinds

    public init(_ log: AppendOnlyLog, kinds: Kinds) {
        self.log = log
        self.kinds = kinds
    }

    /// Begins the log of a zone once; one that is gone later is never begun again.
    ///
    /// The log may have been made by a process that was killed before it could note so.
    ///
    /// - Throws: `StileError` with code `integrity` where it had begun and is gone.
    public static func begin(_ log: AppendOnlyLog, in database: ZoneDatabase) throws {
        let isThere = FileManager.default.fileExists(atPath: "\(log.directory)/checkpoint")
        if try hasBegun(in: database) {
            guard isThere else {
                throw StileError(
                    .integrity, "The log of this zone had begun and is not there.",
                    at: .init(file: log.directory),
                    remedy: "Restore it from its copy: it is never begun again. No log, no list.")
            }
            return
        }
        if !isThere { try log.create() }
        try database.setMeta(begun, log.origin)
    }

    /// Whether the zone has begun its log; it must be there then.
    public static func hasBegun(in database: ZoneDatabase) throws -> Bool {
        try database.meta(begun) != nil
    }

    private static let begun = "log.begun"

    // MARK: What a night writes

    /// Records a step outside the stages, such as a delivery that was refused.
    public func record(_ entry: LogLeaf.Entry, at date: Date) throws {
        try log.append(entry, at: Timestamp(of: date))
    }

    /// Records that a stage ran, and `others` behind it.
    func ran(
        _ stage: StageRecord, and others: [LogLeaf.Entry], run: String, at date: Date
    ) throws {
        try log.append(
            Self.entries(of: stage, run: run, kinds: kinds) + others, at: Timestamp(of: date))
    }

    /// Records that a stage was refused or failed.
    func stopped(_ stage: StageRecord, run: String, at date: Date) throws {
        try log.append(Self.stopped(stage, run: run), at: Timestamp(of: date))
    }

    /// Records the end of a run.
    func ended(_ record: RunRecord, at date: Date) throws {
        try log.append(Self.ended(record), at: Timestamp(of: date))
    }

    // MARK: The leaves

    /// The leaves of a stage that ran.
    static func entries(of stage: StageRecord, run: String, kinds: Kinds) -> [LogLeaf.Entry] {
        (kinds[stage.stage] ?? []).map { kind in
            var subjects = fingerprint(of: stage)
            if kind.inputs { subjects += named(stage.inputs, "from.") }
            if kind.outputs { subjects += named(stage.outputs, "") }
            return LogLeaf.Entry(
                kind: kind.name, actor: actor, subjects: sorted(subjects), run: name(of: run),
                scope: name(of: stage.scope))
        }
    }

    /// The leaf of a stage that was refused or failed.
    static func stopped(_ stage: StageRecord, run: String) -> LogLeaf.Entry {
        LogLeaf.Entry(
            kind: "stage.\(stage.status.rawValue).\(stage.stage)", actor: actor,
            subjects: fingerprint(of: stage), run: name(of: run), scope: name(of: stage.scope))
    }

    /// The kind of the leaf with which a run ends.
    static let endOfRun = "night.ended"

    /// The leaf of the end of a run: the digest of its record, and by stage how often it ran,
    /// was unchanged, refused or failed.
    static func ended(_ record: RunRecord) -> LogLeaf.Entry {
        var counts: [String: Int] = [:]
        for stage in record.stages {
            counts["\(stage.stage).\(stage.status.rawValue)", default: 0] += 1
        }
        return LogLeaf.Entry(
            kind: endOfRun, actor: actor, subjects: [.init("run-record", record.digest)],
            run: name(of: record.id), counts: counts)
    }

    private static func fingerprint(of stage: StageRecord) -> [Statement.Subject] {
        ContentDigest(hex: stage.fingerprint).map { [.init("fingerprint", $0)] } ?? []
    }

    /// One subject for each role: the digest of the one artefact in it, or one digest over all.
    private static func named(_ artefacts: [Artefact], _ prefix: String) -> [Statement.Subject] {
        Dictionary(grouping: artefacts, by: \.role).map { role, group in
            .init(prefix + role.replacing(" ", with: "-"), digest(of: group))
        }
    }

    private static func digest(of group: [Artefact]) -> ContentDigest {
        if group.count == 1 { return group[0].digest }
        var print = Fingerprint("stile/artefacts/v1")
        for artefact in group { print.add(artefact.name, artefact.digest) }
        return print.digest
    }

    private static func sorted(_ subjects: [Statement.Subject]) -> [Statement.Subject] {
        // As the log reads them again.
        subjects.sorted { $0.name < $1.name }
    }

    /// A run or a scope as the log may name it.
    static func name(of text: String) -> String {
        let small = text.lowercased()
        guard !small.isEmpty, !Identifier.isValid(small) else { return small }
        return "sha256-\(ContentDigest.sha256(Array(text.utf8)).short)"
    }
}

extension Timestamp {
    /// The moment of a date, to the second.
    public init(of date: Date) {
        self.init(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
    }
}

extension RunRecord {
    /// The state in which a run ends with these faults.
    var stateByFaults: State {
        let interrupted = faults.contains { $0.code == StileError.Code.interrupted.name }
        return interrupted ? .interrupted : faults.isEmpty ? .finished : .stopped
    }

    /// The record as it was when its end went into the log: without the fault of a log that
    /// could not be written to its end.
    var asLogged: RunRecord {
        var record = self
        record.faults.removeAll { $0.stage == StepLog.endOfRun }
        record.state = record.stateByFaults
        return record
    }

    /// The digest of all that the record says, moments to the second as the database keeps them.
    public var digest: ContentDigest {
        var print = Fingerprint("stile/run/v1")
        print.add("id", id)
        print.add("zone", zone.rawValue)
        print.add("began", Instant.text(began))
        print.add("ended", ended.map(Instant.text) ?? "")
        print.add("day", String(day))
        print.add("process", String(process))
        print.add("state", state.rawValue)
        for (name, version) in versions.sorted(by: { $0.key < $1.key }) {
            print.add("version of \(name)", version)
        }
        for stage in stages { stage.add(to: &print) }
        for fault in faults {
            for text in [
                fault.stage, fault.scope, fault.code, fault.place, fault.message, fault.remedy,
            ] { print.add("fault", text) }
        }
        return print.digest
    }
}

extension StageRecord {
    fileprivate func add(to print: inout Fingerprint) {
        print.add("stage", stage)
        print.add("scope", scope)
        print.add("fingerprint", fingerprint)
        print.add("status", status.rawValue)
        for number in [rowsIn, rowsOut, rowsRefused] { print.add("rows", String(number)) }
        print.add("seconds", seconds.description)
        for (direction, artefacts) in [("input", inputs), ("output", outputs)] {
            for artefact in artefacts {
                print.add(direction, artefact.role)
                print.add("name", artefact.name)
                print.add("kind", artefact.kind.rawValue)
                print.add("digest", artefact.digest)
            }
        }
        for count in counts {
            print.add(count.kind.rawValue, count.name)
            print.add("count", String(count.count))
        }
    }
}
