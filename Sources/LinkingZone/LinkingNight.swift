import Attestation
import ColumnFiles
import EthicsGate
import Features
import Foundation
import NightRun
import PipelineModel
import Storage

/// One run of the linking zone: receive, link, and what each model asks for.
struct LinkingNight {
    let configuration: LinkingConfiguration
    let context: RunContext
    var night: Night
    /// Lines for the person who reads the command's output.
    var notes: [String] = []
    /// The first model or file of answers that could not be used tonight; the others are worked on.
    var refused: StileError?

    init(_ configuration: LinkingConfiguration, context: RunContext) throws {
        self.configuration = configuration
        self.context = context
        night = try Night(context)
        try night.sweepPartialFiles(in: [
            configuration.state, configuration.pages, configuration.lists, configuration.models,
        ])
    }

    /// Does the stages in order; what stops one model does not stop the others.
    mutating func run(through: LinkingZone.Through, only: String?) throws -> NightOutcome {
        var stopped: StileError?
        do {
            try openLog()
            try receive()
            try takeAnswers()
            try link()
            if through == .sample { try sample() }
            if through > .sample { try models(through: through, only: only) }
        } catch let error as StileError {
            // A fault inside a stage is in the record already.
            if !night.record.faults.contains(where: { $0.message == error.message }) {
                night.note(error, stage: nil)
            }
            stopped = error
        }
        stopped = stopped ?? refused
        do {
            try night.end()
        } catch let error as StileError {
            stopped = stopped ?? error
        }
        let record = night.record
        let page = "\(configuration.pages)/\(record.id).html"
        try context.fileSystem.writeDurably(
            Array(RunPage.html(for: record, clock: configuration.clock).utf8), to: page,
            permissions: 0o640)
        let anyRefused = record.stages.contains { $0.status == .refused }
        if stopped == nil, anyRefused, let fault = record.faults.first {
            stopped = StileError(
                fault.code == StileError.Code.policy.name ? .policy : .input, fault.message,
                at: fault.place.isEmpty ? nil : .init(file: fault.place), remedy: fault.remedy)
        }
        return NightOutcome(record: record, page: page, notes: notes, error: stopped)
    }

    /// Begins the log with the first night, and lets this one write its steps into it.
    ///
    /// Without its log the zone takes nothing in.
    private mutating func openLog() throws {
        let log = try ListDesk(configuration).log(context.fileSystem, remembers: true)
        try StepLog.begin(log, in: context.database)
        _ = try log.view()
        night.steps = StepLog(log, kinds: LinkingZone.steps)
    }

    /// A path of the configuration as records name it: below the folder of the zone.
    func below(_ path: String) -> String {
        let prefix = context.folder + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    private mutating func models(through: LinkingZone.Through, only: String?) throws {
        let policy = try ListDesk(configuration).policy
        try context.checkPolicy(
            policy.digest, epoch: policy.terms.epoch, file: configuration.policy)
        guard try publishExclusions() else { return }
        var found = false
        for entry in configuration.specifications {
            let specification = try ModelSpecification.read(folder: entry.folder)
            if let only, only != specification.name { continue }
            found = true
            try work(on: specification, entry: entry, through: through, asked: only != nil)
        }
        if let only, !found {
            throw StileError(
                .configuration, "No model of the configuration is called “\(only)”.",
                at: .init(file: configuration.path),
                remedy: "Add its folder under “models”, or correct the name.")
        }
    }
}
