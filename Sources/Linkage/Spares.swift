import Synchronization

/// Values that pieces of work use one after the other, so that what one has learnt the next one knows.
///
/// As many are made as work at one time. What they remember must decide no result: which piece gets
/// which is chance.
final class Spares<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let make: @Sendable () -> Value

    /// - Parameter make: Makes a value where none is spare.
    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    /// Hands over a value that nobody else has at the time.
    func with<Result>(_ body: (inout Value) -> Result) -> Result {
        var value = values.withLock { $0.popLast() } ?? make()
        let result = body(&value)
        values.withLock { [value] in $0.append(value) }
        return result
    }
}
