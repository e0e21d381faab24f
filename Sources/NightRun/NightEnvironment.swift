public import ColumnFiles
public import PipelineModel
public import Storage

/// What a command hands to a night besides its configuration.
public struct NightEnvironment: Sendable {
    /// The version of the program.
    public var version: String
    /// The day that the operator gave, as the deployment's clock writes it.
    public var asOf: String?
    public var log: @Sendable (RunContext.LogLevel, String) -> Void
    public var progress: @Sendable (RunContext.Progress) -> Void
    /// Through which everything durable is written, so that a test can let a write fail.
    public var fileSystem: any FileSystem

    public init(
        version: String, asOf: String? = nil, fileSystem: any FileSystem = DiskFileSystem(),
        log: @escaping @Sendable (RunContext.LogLevel, String) -> Void = { _, _ in },
        progress: @escaping @Sendable (RunContext.Progress) -> Void = { _ in }
    ) {
        self.version = version
        self.asOf = asOf
        self.log = log
        self.progress = progress
        self.fileSystem = fileSystem
    }

    /// The day that the operator gave, on this clock.
    ///
    /// - Throws: `StileError` with code `configuration` where it is not a day, or where an
    ///   ordinal clock was given none.
    public func day(on clock: Clock) throws -> Day? {
        guard let asOf else {
            guard clock == .calendar else {
                throw StileError(
                    .configuration, "An ordinal clock does not know what day it is.",
                    remedy: "Give the ordinal with --as-of.")
            }
            return nil
        }
        guard let day = clock.day(asOf) else {
            throw StileError(
                .configuration, "--as-of is not a day on the deployment's clock.",
                remedy: clock == .calendar ? "Write it as yyyy-mm-dd." : "Write a whole number.")
        }
        return day
    }
}

/// What a night did, for the command to print.
public struct NightOutcome: Sendable {
    public var record: RunRecord
    /// The path of the run page.
    public var page: String
    /// Lines for a person: how many lists wait, what to do next.
    public var notes: [String]
    /// What stopped the night or a part of it; all of it at once.
    public var error: StileError?

    public init(record: RunRecord, page: String, notes: [String] = [], error: StileError? = nil) {
        self.record = record
        self.page = page
        self.notes = notes
        self.error = error
    }
}
