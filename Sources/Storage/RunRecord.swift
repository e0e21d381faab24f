public import Foundation
public import PipelineModel

/// What one run did: the record that is kept, printed as JSON and shown as a page.
public struct RunRecord: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable {
        case running
        /// Every stage ran, or had nothing to do.
        case finished
        /// A fault stopped the run or a part of it.
        case stopped
        /// A signal stopped the run.
        case interrupted
        /// The process ended without a word; found by the next run.
        case killed
    }

    public var id: String
    public var zone: Zone
    public var began: Date
    public var ended: Date?
    /// The day of the run, as a number on the deployment's clock.
    public var day: Int32
    public var process: Int32
    public var state: State
    /// Program, Swift, SQLite, BLAS and so on, by name.
    public var versions: [String: String]
    public var stages: [StageRecord]
    public var faults: [FaultRecord]

    public init(
        id: String, zone: Zone, began: Date, ended: Date? = nil, day: Int32, process: Int32,
        state: State = .running, versions: [String: String] = [:], stages: [StageRecord] = [],
        faults: [FaultRecord] = []
    ) {
        self.id = id
        self.zone = zone
        self.began = began
        self.ended = ended
        self.day = day
        self.process = process
        self.state = state
        self.versions = versions
        self.stages = stages
        self.faults = faults
    }
}

/// One stage of a run.
public struct StageRecord: Sendable, Equatable, Codable {
    public enum Status: String, Sendable, Codable {
        case ran
        /// Fingerprint and outputs are those of an earlier run.
        case unchanged
        /// A contract, a policy or a rule said no.
        case refused
        /// The machine said no, or a signal came.
        case failed
    }

    public var stage: String
    /// Which part of the deployment: a source, a model, a list; may be empty.
    public var scope: String
    public var fingerprint: String
    public var status: Status
    public var rowsIn: Int
    public var rowsOut: Int
    public var rowsRefused: Int
    public var seconds: Double
    public var inputs: [Artefact]
    public var outputs: [Artefact]
    public var counts: [NamedCount]

    public init(
        stage: String, scope: String = "", fingerprint: ContentDigest, status: Status = .ran,
        rowsIn: Int = 0, rowsOut: Int = 0, rowsRefused: Int = 0, seconds: Double = 0,
        inputs: [Artefact] = [], outputs: [Artefact] = [], counts: [NamedCount] = []
    ) {
        self.stage = stage
        self.scope = scope
        self.fingerprint = fingerprint.hex
        self.status = status
        self.rowsIn = rowsIn
        self.rowsOut = rowsOut
        self.rowsRefused = rowsRefused
        self.seconds = seconds
        self.inputs = inputs
        self.outputs = outputs
        self.counts = counts
    }
}

/// A number that a stage reports: rows refused by a rule, people excluded for a reason.
public struct NamedCount: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable {
        /// Rows refused; the name is the rule.
        case refused
        /// People excluded; the name is the ground.
        case excluded
        case other
    }

    public var kind: Kind
    public var name: String
    public var count: Int

    public init(_ kind: Kind, _ name: String, _ count: Int) {
        self.kind = kind
        self.name = name
        self.count = count
    }
}

/// A fault as the run record keeps it: what `StileError` says, without a person's value.
public struct FaultRecord: Sendable, Equatable, Codable {
    public var stage: String
    public var scope: String
    public var code: String
    public var place: String
    public var message: String
    public var remedy: String

    public init(_ error: StileError, stage: String = "", scope: String = "") {
        self.stage = stage
        self.scope = scope
        code = error.code.name
        place = error.place?.description ?? ""
        message = error.message
        remedy = error.remedy
    }

    init(
        stage: String, scope: String, code: String, place: String, message: String, remedy: String
    ) {
        self.stage = stage
        self.scope = scope
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
    }
}
