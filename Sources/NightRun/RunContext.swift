public import ColumnFiles
public import Foundation
public import PipelineModel
public import Storage

/// What a run stands on; all of it is passed in.
///
/// Its id and day, the clock, the database, the files, and where it says what it does.
public struct RunContext: Sendable {
    public enum LogLevel: String, Sendable { case debug, info, warning, error }

    /// How far a stage has come, for a progress bar.
    public struct Progress: Sendable, Equatable {
        public var stage: String
        public var scope: String
        /// In 0...1; `nil` where it is not known.
        public var fraction: Double?

        public init(stage: String, scope: String, fraction: Double?) {
            self.stage = stage
            self.scope = scope
            self.fraction = fraction
        }
    }

    /// Names the run in the record, the file of its page and the log.
    public var id: String
    /// The folder of the zone; `Artefact.name` of a file is a path below it.
    public var folder: String
    public var database: ZoneDatabase
    public var columns: ColumnStore
    public var fileSystem: any FileSystem
    public var interruption: Interruption
    /// The day of the run: in Europe/London, or the ordinal that the operator gave.
    public var today: Day
    /// The day of the calendar by which agreements are judged, such as when a legal basis ends.
    ///
    /// It is ``today``, but on an ordinal clock the day of the run in Europe/London.
    public var civilDay: Day
    /// How ``today`` is written.
    public var clock: Clock
    /// The moment, for records; never for a result.
    public var now: @Sendable () -> Date
    public var log: @Sendable (LogLevel, String) -> Void
    public var progress: @Sendable (Progress) -> Void
    /// Changes with the program, so that a new version does its stages anew.
    public var codeVersion: String
    /// Program, Swift, BLAS and so on, for the record; SQLite is added.
    public var versions: [String: String]

    /// - Parameters:
    ///   - folder: The folder of the zone.
    ///   - database: The zone's database.
    ///   - columns: Where the zone keeps its column files.
    ///   - fileSystem: Writes files; another one injects faults in tests.
    ///   - interruption: Tells a stage that it should end early.
    ///   - codeVersion: The version of Stile, part of every stage's fingerprint.
    ///   - versions: Versions of libraries, for the run record.
    ///   - clock: How the deployment counts its days.
    ///   - today: The day of the run; `nil` takes the day in Europe/London.
    ///   - id: `nil` makes one from the moment, the process and random bits.
    ///   - now: The moment, for the record.
    ///   - log: Takes log lines.
    ///   - progress: Takes the progress of the stage at work.
    public init(
        folder: String, database: ZoneDatabase, columns: ColumnStore,
        fileSystem: any FileSystem = DiskFileSystem(), interruption: Interruption = Interruption(),
        codeVersion: String, versions: [String: String] = [:], clock: Clock = .calendar,
        today: Day? = nil, id: String? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in },
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws {
        let start = now()
        self.folder = folder
        self.database = database
        self.columns = columns
        self.fileSystem = fileSystem
        self.interruption = interruption
        self.codeVersion = codeVersion
        self.versions = versions
        self.clock = clock
        let london = try Day(inLondon: start)
        self.today = today ?? london
        civilDay = clock == .calendar ? self.today : london
        self.id = id ?? Self.identifier(start)
        self.now = now
        self.log = log
        self.progress = progress
    }

    /// Refuses a policy that was changed without a new epoch, or set back to an older one, and
    /// remembers the newest.
    ///
    /// - Throws: `StileError` with code `policy`.
    public func checkPolicy(_ digest: ContentDigest, epoch: Int, file: String) throws {
        let seen = try database.meta("policy")?.split(separator: " ").map(String.init) ?? []
        if seen.count == 2, let before = Int(seen[0]), seen[1] != digest.hex, epoch <= before {
            throw StileError(
                .policy,
                "The policy is not the one of epoch \(before) that this zone knows, and its epoch is \(epoch).",
                at: .init(file: file),
                remedy:
                    "Restore the policy, or let its roles put the change in force under a new epoch."
            )
        }
        try database.setMeta("policy", "\(epoch) \(digest.hex)")
    }

    /// The path of a file whose name is relative to the folder of the zone.
    public func path(of name: String) -> String {
        name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }

    /// `20260329T013000Z-4f1c`: sorts by time, and two in a second differ.
    private static func identifier(_ start: Date) -> String {
        let moment = Instant.text(start).filter { $0 != "-" && $0 != ":" }
        let tail = Hex.encode((0..<2).map { _ in UInt8.random(in: .min ... .max) })
        return "\(moment)-\(tail)"
    }
}
