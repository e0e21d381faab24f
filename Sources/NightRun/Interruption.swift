import Dispatch
import Foundation
import PipelineModel
import Synchronization

/// A wish to stop, from SIGINT or SIGTERM, asked for between steps.
///
/// The first signal asks; a second ends the process at once, which is safe at
/// any point, because the next run finishes the work.
public final class Interruption: Sendable {
    private let signal = Atomic<Int32>(0)

    /// One that only ``request(_:)`` sets.
    public init() {}

    /// Asks the run to stop, as a signal of that number does; 15 is SIGTERM.
    public func request(_ number: Int32 = 15) {
        signal.store(number, ordering: .sequentiallyConsistent)
    }

    /// Whether the run is asked to stop.
    public var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

    /// - Throws: ``StileError`` with code `interrupted` where the run is asked to stop.
    public func check() throws {
        let number = signal.load(ordering: .relaxed)
        guard number != 0 else { return }
        let name = number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "a signal"
        throw StileError(
            .interrupted, "The run was stopped by \(name).",
            remedy: "Run again: what was done stands, the rest is done then.")
    }

    /// Listens for SIGINT and SIGTERM for as long as `body` runs.
    public static func listening<Value>(
        _ body: (Interruption) throws -> Value
    ) rethrows -> Value {
        let interruption = Interruption()
        let sources = interruption.listen()
        defer { Self.stop(sources) }
        return try body(interruption)
    }

    /// Listens for SIGINT and SIGTERM for as long as `body` runs.
    public static func listening<Value>(
        _ body: (Interruption) async throws -> Value
    ) async rethrows -> Value {
        let interruption = Interruption()
        let sources = interruption.listen()
        defer { Self.stop(sources) }
        return try await body(interruption)
    }

    private static let signals = [SIGINT, SIGTERM]

    private func listen() -> [any DispatchSourceSignal] {
        Self.signals.map { number in
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                request(number)
                Foundation.signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    private static func stop(_ sources: [any DispatchSourceSignal]) {
        for source in sources { source.cancel() }
        for number in signals { Foundation.signal(number, SIG_DFL) }
    }
}
