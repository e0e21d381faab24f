/// Picks the strongest reasons of one kind for the rows of a block.
///
/// Terms are visited by the largest part that they have in the block, so that few reasons are
/// put in and thrown out again, and those that are too weak for every row are not visited.
struct ReasonPicker {
    /// A term with where its column begins.
    struct Factor {
        var coefficient: Double
        var mean: Double
        var start: Int
    }

    /// Where the reasons stand: `width` slots a row.
    struct Slots {
        var terms: UnsafeMutableBufferPointer<Int32>
        var parts: UnsafeMutableBufferPointer<Double>
        var width: Int
    }

    let factors: [Factor]
    let values: UnsafeBufferPointer<Double>
    let slots: Slots
    /// 1 for reasons that raise, −1 for those that lower: sign × part is the strength.
    let sign: Double

    /// A term and the strength that it has at most in a block.
    private struct Candidate {
        var term: Int
        var most: Double
    }

    /// Fills the slots of some rows; they hold no reason yet.
    func pick(_ rows: Range<Int>) {
        guard slots.width > 0 else { return }
        withUnsafeTemporaryAllocation(of: Candidate.self, capacity: factors.count) { candidates in
            var count = 0
            for term in factors.indices {
                let most = most(term, rows)
                guard most > 0 else { continue }
                candidates.initializeElement(at: count, to: Candidate(term: term, most: most))
                count += 1
            }
            var ordered = UnsafeMutableBufferPointer(rebasing: candidates[0..<count])
            ordered.sort { ($1.most, $0.term) < ($0.most, $1.term) }
            withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { bounds in
                // While there is room whatever is above 0 comes in.
                bounds.initialize(repeating: .leastNonzeroMagnitude)
                for (visited, candidate) in ordered.enumerated() {
                    if visited >= slots.width, candidate.most < Self.least(bounds) { break }
                    visit(candidate.term, rows, bounds)
                }
            }
        }
    }

    private func column(_ term: Int, _ rows: Range<Int>) -> UnsafeBufferPointer<Double> {
        let start = factors[term].start + rows.lowerBound
        return UnsafeBufferPointer(rebasing: values[start..<start + rows.count])
    }

    /// The strength that a term has at most among the rows: that of its largest or smallest value,
    /// since rounding keeps the order.
    private func most(_ term: Int, _ rows: Range<Int>) -> Double {
        let column = column(term, rows)
        let weight = sign * factors[term].coefficient
        guard weight != 0 else { return 0 }
        // Four at a time, since each comparison waits for the one before.
        var ends = (column[0], column[0], column[0], column[0])
        let whole = column.count & ~3
        if weight > 0 {
            for row in stride(from: 0, to: whole, by: 4) {
                ends.0 = column[row] > ends.0 ? column[row] : ends.0
                ends.1 = column[row &+ 1] > ends.1 ? column[row &+ 1] : ends.1
                ends.2 = column[row &+ 2] > ends.2 ? column[row &+ 2] : ends.2
                ends.3 = column[row &+ 3] > ends.3 ? column[row &+ 3] : ends.3
            }
            for row in whole..<column.count { ends.0 = max(ends.0, column[row]) }
            ends.0 = max(max(ends.0, ends.1), max(ends.2, ends.3))
        } else {
            for row in stride(from: 0, to: whole, by: 4) {
                ends.0 = column[row] < ends.0 ? column[row] : ends.0
                ends.1 = column[row &+ 1] < ends.1 ? column[row &+ 1] : ends.1
                ends.2 = column[row &+ 2] < ends.2 ? column[row &+ 2] : ends.2
                ends.3 = column[row &+ 3] < ends.3 ? column[row &+ 3] : ends.3
            }
            for row in whole..<column.count { ends.0 = min(ends.0, column[row]) }
            ends.0 = min(min(ends.0, ends.1), min(ends.2, ends.3))
        }
        return strength(ends.0, factors[term])
    }

    @inline(__always)
    private func strength(_ value: Double, _ factor: Factor) -> Double {
        sign * (factor.coefficient * (value - factor.mean))
    }

    private static func least(_ bounds: UnsafeMutableBufferPointer<Double>) -> Double {
        var least = bounds[0]
        for bound in bounds where bound < least { least = bound }
        return least
    }

    private func visit(
        _ term: Int, _ rows: Range<Int>, _ bounds: UnsafeMutableBufferPointer<Double>
    ) {
        let column = column(term, rows)
        let factor = factors[term]
        for row in 0..<column.count {
            let strength = strength(column[row], factor)
            if strength >= bounds[row] {
                bounds[row] = insert(strength, term, row: rows.lowerBound &+ row)
            }
        }
    }

    /// Puts a reason in its place, before those that are weaker and those that are as strong and
    /// of a later term; the last one falls out.
    ///
    /// - Returns: What a reason must reach to come in after it.
    @inline(__always)
    private func insert(_ strength: Double, _ term: Int, row: Int) -> Double {
        let first = row &* slots.width
        let last = first &+ slots.width &- 1
        let label = Int32(truncatingIfNeeded: term)
        var slot = last &+ 1
        while slot > first {
            let other = sign * slots.parts[slot &- 1]
            guard other < strength || (other == strength && slots.terms[slot &- 1] > label) else {
                break
            }
            slot &-= 1
            if slot < last {
                slots.parts[slot &+ 1] = slots.parts[slot]
                slots.terms[slot &+ 1] = slots.terms[slot]
            }
        }
        if slot <= last {
            slots.parts[slot] = sign * strength
            slots.terms[slot] = label
        }
        return max(sign * slots.parts[last], .leastNonzeroMagnitude)
    }
}
