/// Pairs each row with at most one column so that the sum of what the pairs are worth is largest.
///
/// The Hungarian method with potentials and shortest augmenting paths (H. W. Kuhn, "The Hungarian
/// method for the assignment problem", 1955; R. Jonker and A. Volgenant, "A shortest augmenting
/// path algorithm for dense and sparse linear assignment problems", 1987): n²(n + m) steps for n
/// rows and m columns. A row that no column is worth stays alone.
enum MaximumAssignment {
    /// - Parameter worth: For each row, what each column is worth to it; `nil`, or nothing above
    ///   0, where the two may not be a pair.
    /// - Returns: The column of each row, and the sum; of equal sums the same one every time.
    static func solve(_ worth: [[Double?]]) -> (column: [Int?], total: Double) {
        let rows = worth.count
        let real = worth.first?.count ?? 0
        guard rows > 0, real > 0 else { return (Array(repeating: nil, count: rows), 0) }
        // Each row has a column of its own that is worth nothing: being alone.
        let columns = real + rows
        func cost(_ row: Int, _ column: Int) -> Double {
            guard column < real else { return column - real == row ? 0 : 1e-12 }
            guard let value = worth[row][column], value > 0 else { return 1e-9 }
            return -value
        }
        // Rows and columns count from 1; 0 stands for none.
        var rowPotential = [Double](repeating: 0, count: rows + 1)
        var columnPotential = [Double](repeating: 0, count: columns + 1)
        var owner = [Int](repeating: 0, count: columns + 1)
        var way = [Int](repeating: 0, count: columns + 1)
        for row in 1...rows {
            owner[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: columns + 1)
            var used = [Bool](repeating: false, count: columns + 1)
            repeat {
                used[column] = true
                let current = owner[column]
                var delta = Double.infinity
                var next = 0
                for other in 1...columns where !used[other] {
                    let reduced =
                        cost(current - 1, other - 1) - rowPotential[current]
                        - columnPotential[other]
                    if reduced < least[other] {
                        least[other] = reduced
                        way[other] = column
                    }
                    if least[other] < delta {
                        delta = least[other]
                        next = other
                    }
                }
                for other in 0...columns {
                    if used[other] {
                        rowPotential[owner[other]] += delta
                        columnPotential[other] -= delta
                    } else {
                        least[other] -= delta
                    }
                }
                column = next
            } while owner[column] != 0
            repeat {
                let before = way[column]
                owner[column] = owner[before]
                column = before
            } while column != 0
        }
        var result = [Int?](repeating: nil, count: rows)
        var total = 0.0
        for column in 1...real where owner[column] > 0 {
            guard let value = worth[owner[column] - 1][column - 1], value > 0 else { continue }
            result[owner[column] - 1] = column - 1
            total += value
        }
        return (result, total)
    }
}
