/// A column of numbers of which most are zero, kept as those that are not.
///
/// Twelve bytes for each number that is not zero, whatever the number of rows.
public struct SparseColumn: Sendable, Equatable {
    /// A column counts as mostly zero where at most this share of its numbers is not zero.
    public static let largestShare = 0.1

    /// The number of rows.
    public let count: Int
    /// The rows whose number is not zero, ascending.
    public let rows: [UInt32]
    /// Their numbers.
    public let values: [Double]

    /// - Parameters:
    ///   - count: The number of rows.
    ///   - rows: The rows whose number is not zero.
    ///   - values: Their numbers.
    /// - Returns: `nil` where rows do not ascend or lie outside, or a number is zero.
    public init?(count: Int, rows: [UInt32], values: [Double]) {
        guard rows.count == values.count, count <= Int(UInt32.max),
            zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }),
            rows.last.map({ Int($0) < count }) ?? (count >= 0), values.allSatisfy({ $0 != 0 })
        else { return nil }
        self.count = count
        self.rows = rows
        self.values = values
    }

    /// Takes in numbers that are mostly zero; `nil` where they are not.
    public init?(mostlyZero numbers: some RandomAccessCollection<Double>) {
        let made =
            numbers.withContiguousStorageIfAvailable { SparseColumn(among: $0) }
            ?? Array(numbers).withUnsafeBufferPointer { SparseColumn(among: $0) }
        guard let made else { return nil }
        self = made
    }

    private init?(among numbers: UnsafeBufferPointer<Double>) {
        let most = Int(Double(numbers.count) * Self.largestShare)
        guard numbers.count <= Int(UInt32.max) else { return nil }
        var rows: [UInt32] = []
        var values: [Double] = []
        for row in numbers.indices where numbers[row] != 0 {
            guard rows.count < most else { return nil }
            rows.append(UInt32(row))
            values.append(numbers[row])
        }
        (count, self.rows, self.values) = (numbers.count, rows, values)
    }

    /// All numbers, zeros included.
    public var numbers: [Double] {
        var numbers = [Double](repeating: 0, count: count)
        for (row, value) in zip(rows, values) { numbers[Int(row)] = value }
        return numbers
    }
}
