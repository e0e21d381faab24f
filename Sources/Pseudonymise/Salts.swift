/// What salts the filters of each row: the different salts, and which of them each row has.
///
/// What a salt decides, the function of its filters, is then worked out once for all its rows.
struct Salts {
    /// No salt.
    static let unsalted = Salts([])

    /// The different tokens that salt, in the order of their first rows.
    let values: [UInt64]
    /// For each row its place in ``values``; -1 where the salt is missing, and then there is no
    /// filter.
    let places: [Int32]

    /// - Parameter tokens: The token of each row; 0 where it is missing.
    init(_ tokens: [UInt64]) {
        var values: [UInt64] = []
        var known: [UInt64: Int32] = [:]
        places = tokens.map { token in
            guard token != 0 else { return -1 }
            if let place = known[token] { return place }
            let place = Int32(values.count)
            known[token] = place
            values.append(token)
            return place
        }
        self.values = values
    }

    /// The rows that have a salt, those of one salt together, and where those of each lie, in the
    /// order of ``values``.
    var rowsBySalt: (rows: [Int32], groups: [Range<Int>]) {
        var next = [Int](repeating: 0, count: values.count + 1)
        for place in places where place >= 0 { next[Int(place) + 1] += 1 }
        for place in values.indices { next[place + 1] += next[place] }
        let groups = values.indices.map { next[$0]..<next[$0 + 1] }
        var rows = [Int32](repeating: 0, count: next[values.count])
        for (row, place) in places.enumerated() where place >= 0 {
            rows[next[Int(place)]] = Int32(row)
            next[Int(place)] += 1
        }
        return (rows, groups)
    }
}
