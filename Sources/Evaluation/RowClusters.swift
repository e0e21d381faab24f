import PipelineModel

/// Which rows of a ranking are of one person, household or setting.
///
/// Where each row is a cluster by itself there is none of this, and every interval is that of
/// independent rows.
struct RowClusters {
    /// By position: the cluster, from 0 without gaps, in the order of first appearance.
    let number: [UInt32]
    /// By cluster: its number in the whole table.
    let whole: [UInt32]
    /// Clusters with a row that had the event, and with one that had not.
    let withEvent: Int
    let withoutEvent: Int

    var count: Int { whole.count }

    /// Numbers anew what a whole table numbers; `nil` where no two rows are of one cluster.
    ///
    /// - Parameters:
    ///   - numbers: By position: the cluster's number in the whole table.
    ///   - isEvent: Whether the row at a position had the event.
    init?(_ numbers: [UInt32], isEvent: (Int) -> Bool) {
        guard numbers.count > 1 else { return nil }
        let (number, whole) = Self.numbered(numbers)
        guard whole.count < numbers.count else { return nil }
        var seen = [UInt8](repeating: 0, count: whole.count)
        for (position, cluster) in number.enumerated() {
            seen[Int(cluster)] |= isEvent(position) ? 1 : 2
        }
        self.number = number
        self.whole = whole
        withEvent = seen.count { $0 & 1 != 0 }
        withoutEvent = seen.count { $0 & 2 != 0 }
    }

    private static func numbered(_ numbers: [UInt32]) -> (number: [UInt32], whole: [UInt32]) {
        var whole: [UInt32] = []
        var number: [UInt32] = []
        number.reserveCapacity(numbers.count)
        let reach = Int(numbers.max() ?? 0) + 1
        // A small part of a large table is not worth a place for each cluster of the table.
        guard reach / 8 <= numbers.count else {
            var known: [UInt32: UInt32] = [:]
            for cluster in numbers {
                let found = known[cluster] ?? UInt32(whole.count)
                if found == whole.count {
                    known[cluster] = found
                    whole.append(cluster)
                }
                number.append(found)
            }
            return (number, whole)
        }
        var known = [UInt32](repeating: .max, count: reach)
        for cluster in numbers {
            var found = known[Int(cluster)]
            if found == .max {
                found = UInt32(whole.count)
                known[Int(cluster)] = found
                whole.append(cluster)
            }
            number.append(found)
        }
        return (number, whole)
    }

    /// The clusters of the rows of a table, numbered in the order in which they first appear;
    /// empty where each row stands alone.
    static func numbers(_ about: [UnitPseudonym]) -> [UInt32] {
        var known: [UnitPseudonym: UInt32] = [:]
        known.reserveCapacity(about.count)
        let numbers = about.map { unit in
            let next = UInt32(known.count)
            if let number = known[unit] { return number }
            known[unit] = next
            return next
        }
        return known.count == about.count ? [] : numbers
    }
}
