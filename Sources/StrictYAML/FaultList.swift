public import PipelineModel

/// Gathers every fault of a configuration, so that all are reported at once.
public struct FaultList: Sendable {
    public private(set) var faults: [StileError] = []

    public init() {}

    /// Notes a fault of the configuration.
    public mutating func add(_ message: String, at place: StileError.Place, remedy: String) {
        faults.append(StileError(.configuration, message, at: place, remedy: remedy))
    }

    /// Notes a fault, or all the faults that an error carries.
    public mutating func add(_ error: StileError) { faults.append(error) }

    /// Throws one error with all the faults, where there are any.
    public func check() throws {
        if let error = StileError.all(faults) { throw error }
    }
}
