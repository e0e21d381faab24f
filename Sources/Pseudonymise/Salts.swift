/// The token of each row that salts its filters, and the rows of equal salts together.
///
/// What a salt decides, the function of its filters and the masks of that function, is then worked
/// out once for all rows under it and need not be kept for the next.
struct Salts {
    /// No salt.
    static let unsalted = Salts([])

    /// The token of each row; 0 where it is missing, and then there is no filter.
    let tokens: [UInt64]
    /// The rows that have a salt, by salt and then in their order.
    let order: [Int32]

    init(_ tokens: [UInt64]) {
        self.tokens = tokens
        var rows = tokens.indices.compactMap { row in
            tokens[row] == 0 ? nil : (token: tokens[row], row: Int32(row))
        }
        rows.sort { $0 < $1 }
        order = rows.map(\.row)
    }

    /// Calls `body` with each salt and the range of its rows in ``order``.
    @inline(__always)
    func forEach(_ body: (_ salt: UInt64, _ rows: Range<Int>) -> Void) {
        var start = 0
        while start < order.count {
            let salt = tokens[Int(order[start])]
            var end = start + 1
            while end < order.count, tokens[Int(order[end])] == salt { end += 1 }
            body(salt, start..<end)
            start = end
        }
    }
}
