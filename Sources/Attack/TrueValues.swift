/// The true values behind a stored field, one a row, each with a number; rows without one have −1.
///
/// It holds identities: it never leaves the source zone, and nothing prints it.
struct TrueValues: Sendable {
    /// The number of each row's value in ``distinct``.
    private(set) var ids: [Int32] = []
    private(set) var distinct: [[UInt8]] = []
    private var numbers: [[UInt8]: Int32] = [:]

    /// - Parameter values: Normal forms; an empty one is missing.
    init(_ values: [[UInt8]]) {
        ids.reserveCapacity(values.count)
        for value in values { ids.append(value.isEmpty ? -1 : number(adding: value)) }
    }

    /// The number of a value that may be in no row.
    func number(_ value: [UInt8]) -> Int32? { numbers[value] }

    private mutating func number(adding value: [UInt8]) -> Int32 {
        if let known = numbers[value] { return known }
        let number = Int32(distinct.count)
        numbers[value] = number
        distinct.append(value)
        return number
    }
}

extension TrueValues: CustomStringConvertible, CustomReflectable {
    var description: String { "(\(distinct.count) values)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
