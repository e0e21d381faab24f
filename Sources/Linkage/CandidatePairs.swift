import PipelineModel

/// Pairs of rows that share a blocking token, each pair once.
///
/// Each blocking column is sorted by token; rows with the same token form a block.
/// A pair belongs to the first column whose token both rows share. A block with
/// more than `largestBlock` rows is skipped, and counted.
struct CandidatePairs {
    /// How many pairs are handed over at a time.
    static let chunk = 4_096

    let blocking: [String]
    /// The blocking columns, with the tokens of skipped blocks set to zero.
    private var columns: [[UInt64]] = []
    /// The rows of each column that have a token, ordered by token and row.
    private var sorted: [[UInt32]] = []
    private(set) var skipped: [LinkageReport.SkippedBlocks] = []
    private let store: FieldStore
    private let mayRepeat: [Bool]

    /// - Parameter mayRepeat: For each source, whether two of its subjects may be one person.
    init(_ store: FieldStore, blocking: [String], largestBlock: Int, mayRepeat: [Bool]) {
        self.store = store
        self.blocking = blocking
        self.mayRepeat = mayRepeat
        for name in blocking {
            guard var column = store.tokens[name] else {
                columns.append([])
                sorted.append([])
                continue
            }
            var rows = column.indices.filter { column[$0] != 0 }.map(UInt32.init)
            column.withUnsafeBufferPointer { column in
                rows.sort { (column[Int($0)], $0) < (column[Int($1)], $1) }
            }
            var tooLarge = LinkageReport.SkippedBlocks(field: name, blocks: 0, records: 0)
            Self.forEachBlock(rows, column) { block in
                if block.count > largestBlock {
                    tooLarge.blocks += 1
                    tooLarge.records += block.count
                }
            }
            if tooLarge.blocks > 0 {
                skipped.append(tooLarge)
                var kept: [UInt32] = []
                var dropped: [UInt32] = []
                Self.forEachBlock(rows, column) { block in
                    if block.count > largestBlock {
                        dropped.append(contentsOf: rows[block])
                    } else {
                        kept.append(contentsOf: rows[block])
                    }
                }
                for row in dropped { column[Int(row)] = 0 }
                rows = kept
            }
            columns.append(column)
            sorted.append(rows)
        }
    }

    private static func forEachBlock(
        _ rows: [UInt32], _ column: [UInt64], _ body: (Range<Int>) -> Void
    ) {
        var start = 0
        while start < rows.count {
            let token = column[Int(rows[start])]
            var end = start + 1
            while end < rows.count, column[Int(rows[end])] == token { end += 1 }
            body(start..<end)
            start = end
        }
    }

    /// Hands over the pairs of which at least one row is new, in chunks, with the
    /// index of the blocking column.
    func forEachChunk(
        _ body: (Int, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        var left: [UInt32] = []
        var right: [UInt32] = []
        left.reserveCapacity(Self.chunk)
        right.reserveCapacity(Self.chunk)
        let (isNew, rowSubject) = (store.isNew, store.rowSubject)
        let rowSource = rowSubject.map { store.subjectSource[Int($0)] }
        for (index, rows) in sorted.enumerated() {
            func flush() {
                left.withUnsafeBufferPointer { left in
                    right.withUnsafeBufferPointer { right in body(index, left, right) }
                }
                left.removeAll(keepingCapacity: true)
                right.removeAll(keepingCapacity: true)
            }
            let earlier = columns[..<index].filter { !$0.isEmpty }
            Self.forEachBlock(rows, columns[index]) { block in
                guard block.count > 1, block.contains(where: { isNew[Int(rows[$0])] })
                else { return }
                for i in block {
                    let a = Int(rows[i])
                    let (aIsNew, aSubject) = (isNew[a], rowSubject[a])
                    let aSource = rowSource[a]
                    let aRepeats = mayRepeat[Int(aSource)]
                    pairing: for j in (i + 1)..<block.upperBound {
                        let b = Int(rows[j])
                        guard aIsNew || isNew[b], aSubject != rowSubject[b],
                            aRepeats || aSource != rowSource[b]
                        else { continue }
                        for column in earlier where column[a] != 0 && column[a] == column[b] {
                            continue pairing
                        }
                        left.append(UInt32(a))
                        right.append(UInt32(b))
                        if left.count == Self.chunk { flush() }
                    }
                }
            }
            if !left.isEmpty { flush() }
        }
    }
}
