/// The order in which rows lie where they are compared: rows that can be compared in full lie
/// near each other.
///
/// Filters are comparable only where their salts are equal, and two records that are worth a closer
/// look mostly agree on it; so the token that salts most filters orders the rows. A *place* is a
/// row's number in this order.
struct RowOrder: Sendable {
    /// The place of a row that has none.
    static let none = UInt32.max

    /// The place of each row; ``none`` where only some rows have one.
    let places: [UInt32]
    /// The row at each place.
    let rows: [UInt32]

    /// - Parameters:
    ///   - store: The rows.
    ///   - some: The rows that have a place, each once, in the order of their places; all where
    ///     `nil`.
    init(_ store: FieldStore, of some: [UInt32]? = nil) {
        var rows: [UInt32] = []
        if let some {
            rows = some
        } else if let salt = Self.salt(store), let tokens = store.tokens[salt]?.values {
            rows = TokenRuns(tokens).rows
            rows.reserveCapacity(tokens.count)
            for (row, token) in tokens.enumerated() where token == 0 { rows.append(UInt32(row)) }
        } else {
            rows = (0..<store.rowCount).map { UInt32($0) }
        }
        var places = [UInt32](repeating: Self.none, count: store.rowCount)
        for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(place) }
        self.places = places
        self.rows = rows
    }

    /// The rows that have a place, in the order in which the encodings hold them.
    func rowsAsHeld(_ store: FieldStore) -> [UInt32] {
        guard rows.count < places.count else { return store.rowsAsHeld }
        return store.numbersAsHeld(rows).map { rows[Int($0)] }
    }

    /// Hands over the places of the rows of pairs.
    func withPlaces(
        of left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let count = left.count
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * count + 1) { room in
            places.withUnsafeBufferPointer { places in
                for pair in 0..<count {
                    room.initializeElement(at: pair, to: places[Int(left[pair])])
                    room.initializeElement(at: count + pair, to: places[Int(right[pair])])
                }
            }
            body(
                UnsafeBufferPointer(rebasing: room[..<count]),
                UnsafeBufferPointer(rebasing: room[count..<(2 * count)]))
        }
    }

    /// Whether each of some rows has a place.
    func hasPlaces(_ rows: [UInt32]) -> Bool {
        self.rows.count == places.count || rows.allSatisfy { places[Int($0)] != Self.none }
    }

    /// The token field that salts most filters; `nil` where nothing salts any.
    private static func salt(_ store: FieldStore) -> String? {
        var uses: [String: Int] = [:]
        for filters in store.filters.values {
            if let salt = filters.salt { uses[salt, default: 0] += 1 }
        }
        return uses.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}
