/// Some rows of a design, which stay where they are.
public struct SelectedRows: DesignRows {
    private let design: any DesignRows
    /// Their places in the design.
    private let places: [UInt32]

    /// At most so many rows of the design are looked at in one piece.
    private static let piece = 1 << 15

    /// - Parameters:
    ///   - design: All rows.
    ///   - rows: Which of them, ascending.
    /// - Precondition: The rows ascend and are rows of the design, which has fewer than 2³².
    public init(_ design: any DesignRows, rows: [Int]) {
        precondition(
            rows.first ?? 0 >= 0 && rows.last ?? 0 <= max(0, design.rowCount - 1)
                && zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 },
            "selected rows must ascend")
        self.design = design
        places = rows.map(UInt32.init)
    }

    public var rowCount: Int { places.count }
    public var columns: [String] { design.columns }

    public func withRows(
        _ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void
    ) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= places.count)
        guard let last = range.last else { return try design.withRows(0..<0, of: columns, body) }
        let (begin, end) = (Int(places[range.lowerBound]), Int(places[last]) + 1)
        // A run of rows is lent as it lies.
        if end - begin == range.count {
            return try design.withRows(begin..<end, of: columns, body)
        }
        var gathered = columns.map { _ in Gathered() }
        var next = range.lowerBound
        for piece in stride(from: begin, to: end, by: Self.piece) {
            let rows = piece..<min(piece + Self.piece, end)
            let first = next
            while next < range.upperBound, Int(places[next]) < rows.upperBound { next += 1 }
            guard first < next else { continue }
            let wanted = places[first..<next]
            try design.withRows(rows, of: columns) { lent in
                for (index, column) in lent.columns.enumerated() {
                    gathered[index].add(
                        column, wanted, from: rows.lowerBound, before: first - range.lowerBound,
                        rows: range.count)
                }
            }
        }
        try Self.lend(gathered[...], 0..<range.count, []) { try body(LentRows($0)) }
    }

    /// Lends columns one inside the other, since each must stay where it is meanwhile.
    private static func lend(
        _ rest: ArraySlice<Gathered>, _ range: Range<Int>, _ lent: [LentColumn],
        _ body: ([LentColumn]) throws -> Void
    ) throws {
        guard let column = rest.first else { return try body(lent) }
        try column.withColumn(range) { try lend(rest.dropFirst(), range, lent + [$0], body) }
    }
}

/// One column of rows that were gathered.
private struct Gathered {
    private var isSparse = false
    private var rows: [UInt32] = []
    private var values: [Double] = []

    /// Takes the wanted rows of a piece that begins at `origin`; `before` were gathered before.
    mutating func add(
        _ column: LentColumn, _ wanted: ArraySlice<UInt32>, from origin: Int, before: Int,
        rows count: Int
    ) {
        switch column {
        case .dense(let numbers):
            if values.isEmpty { values.reserveCapacity(count) }
            for row in wanted { values.append(numbers[Int(row) - origin]) }
        case .sparse(let nonzeros):
            isSparse = true
            var index = wanted.startIndex
            for place in 0..<nonzeros.count {
                let row = UInt32(nonzeros.row(place) + origin)
                while index < wanted.endIndex, wanted[index] < row { index += 1 }
                guard index < wanted.endIndex else { break }
                guard wanted[index] == row else { continue }
                rows.append(UInt32(before + index - wanted.startIndex))
                values.append(nonzeros.values[place])
            }
        }
    }

    func withColumn(_ range: Range<Int>, _ body: (LentColumn) throws -> Void) throws {
        try values.withUnsafeBufferPointer { values in
            guard isSparse else {
                guard let base = values.baseAddress else { return }
                return try body(.dense(base))
            }
            try rows.withUnsafeBufferPointer { rows in
                try body(.sparse(LentNonzeros(range, rows: rows, values: values)))
            }
        }
    }
}
