/// Names of one kind, one a row, each with a number; rows without a name have −1.
///
/// It holds identities: it never leaves the source zone, and nothing prints it.
struct NameColumn: Sendable {
    /// The number of each row's name in ``names``.
    private(set) var ids: [Int32] = []
    private(set) var names: [[UInt8]] = []
    private var numbers: [[UInt8]: Int32] = [:]

    /// - Parameter values: Normal forms; an empty one is missing.
    init(_ values: [[UInt8]]) {
        ids.reserveCapacity(values.count)
        for value in values { ids.append(value.isEmpty ? -1 : number(adding: value)) }
    }

    /// The number of a name that may be in no row.
    func number(_ name: [UInt8]) -> Int32? { numbers[name] }

    private mutating func number(adding name: [UInt8]) -> Int32 {
        if let known = numbers[name] { return known }
        let number = Int32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }
}

extension NameColumn: CustomStringConvertible, CustomReflectable {
    var description: String { "(\(names.count) names)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
