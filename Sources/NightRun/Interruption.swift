import Foundation
import PipelineModel
import Synchronization

/// The last signal that came while a run listened; zero where none came.
///
/// A signal handler can reach nothing but a global, and nothing in it but an atomic.
private let received = Atomic<Int32>(0)

/// A wish to stop, from SIGINT or SIGTERM, asked for between steps.
///
/// The first signal asks; a second ends the process at once, which is safe at
/// any point, because the next run finishes the work.
public final class Interruption: Sendable {
    private let signal = Atomic<Int32>(0)
    private let listens: Bool

    /// One that only ``request(_:)`` sets.
    public init() { listens = false }

    private init(listening: Void) { listens = true }

    /// Asks the run to stop, as a signal of that number does; 15 is SIGTERM.
    public func request(_ number: Int32 = 15) {
        signal.store(number, ordering: .sequentiallyConsistent)
    }

    private var number: Int32 {
        let own = signal.load(ordering: .relaxed)
        return own == 0 && listens ? received.load(ordering: .relaxed) : own
    }

    /// Whether the run is asked to stop.
    public var isRequested: Bool { number != 0 }

    /// - Throws: `StileError` with code `interrupted` where the run is asked to stop.
    public func check() throws {
        let number = self.number
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
        listen()
        defer { stopListening() }
        return try body(Interruption(listening: ()))
    }

    /// Listens for SIGINT and SIGTERM for as long as the asynchronous `body` runs.
    public static func listening<Value>(
        _ body: (Interruption) async throws -> Value
    ) async rethrows -> Value {
        listen()
        defer { stopListening() }
        return try await body(Interruption(listening: ()))
    }

    private static let signals = [SIGINT, SIGTERM]

    private static func listen() {
        received.store(0, ordering: .sequentiallyConsistent)
        // A parent may have handed on a mask that blocks them.
        var mask = sigset_t()
        sigemptyset(&mask)
        for number in signals {
            sigaddset(&mask, number)
            Foundation.signal(number) { number in
                received.store(number, ordering: .relaxed)
                Foundation.signal(number, SIG_DFL)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }

    private static func stopListening() {
        for number in signals { Foundation.signal(number, SIG_DFL) }
    }
}
