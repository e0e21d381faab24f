import PipelineModel

/// The order of rows by descending linear predictor.
enum RankOrder {
    /// The bits that one pass of the sort looks at.
    private static let digitBits = 11
    private static let passes = (64 + digitBits - 1) / digitBits

    /// The indices of the rows, the highest predictor first; equal ones by ascending unit, then
    /// as-of date, then row.
    ///
    /// A radix sort on the bits of the predictor, which keeps equal ones in their order, and
    /// after it a sort of those rows that share a predictor and do not stand in order yet.
    ///
    /// - Parameters:
    ///   - predictor: The linear predictor of each row, finite; at most 2³² rows.
    ///   - rows: The keys of the rows.
    static func order(_ predictor: [Double], _ rows: [RowKey]) -> [Int] {
        let count = predictor.count
        var keys = predictor.map(key)
        var order = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
        var otherKeys = [UInt64](repeating: 0, count: count)
        var otherOrder = [UInt32](repeating: 0, count: count)
        let size = 1 << digitBits
        var starts = [Int](repeating: 0, count: passes * size)
        for key in keys {
            for pass in 0..<passes { starts[pass * size + digit(key, pass)] += 1 }
        }
        for pass in 0..<passes {
            // A digit that all keys share orders nothing.
            if let first = keys.first, starts[pass * size + digit(first, pass)] == count {
                continue
            }
            var next = 0
            for slot in pass * size..<(pass + 1) * size {
                let here = starts[slot]
                starts[slot] = next
                next += here
            }
            for index in 0..<count {
                let slot = pass * size + digit(keys[index], pass)
                let place = starts[slot]
                starts[slot] = place + 1
                otherKeys[place] = keys[index]
                otherOrder[place] = order[index]
            }
            swap(&keys, &otherKeys)
            swap(&order, &otherOrder)
        }
        settleTies(keys, &order, rows)
        return order.map(Int.init)
    }

    /// The bits of a finite number so that larger numbers have smaller keys; −0 is 0.
    private static func key(_ value: Double) -> UInt64 {
        let bits = (value + 0).bitPattern
        return bits >> 63 == 1 ? bits : ~(bits | 1 << 63)
    }

    private static func digit(_ key: UInt64, _ pass: Int) -> Int {
        Int(truncatingIfNeeded: key >> UInt64(pass * digitBits)) & ((1 << digitBits) - 1)
    }

    private static func settleTies(_ keys: [UInt64], _ order: inout [UInt32], _ rows: [RowKey]) {
        func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
            let (first, second) = (rows[Int(left)], rows[Int(right)])
            if first.unit != second.unit { return first.unit < second.unit }
            return (first.asOf, left) < (second.asOf, right)
        }
        var start = 0
        while start < keys.count {
            var end = start + 1
            var isSorted = true
            while end < keys.count, keys[end] == keys[start] {
                if !precedes(order[end - 1], order[end]) { isSorted = false }
                end += 1
            }
            if !isSorted { order[start..<end].sort(by: precedes) }
            start = end
        }
    }
}
