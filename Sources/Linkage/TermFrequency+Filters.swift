import Foundation

extension TermFrequency {
    /// How many pairs of filters are looked at to see how common values are, where noise keeps
    /// equal values from having equal filters.
    private static let looked = 20_000_000

    /// As ``bits(_:)``, for filters that nothing salts: how common a value is among the values of
    /// its band, since agreement in a band has a weight of its own.
    ///
    /// Where values repeat and filters do not, noise keeps them apart: then a value's share is
    /// that of the records of a sample whose filters are nearly equal, drawn towards the mean as
    /// half a record of the sample would.
    ///
    /// - Parameter bands: The band of each row; empty where there are none.
    static func bits(_ filters: FieldStore.Filters, bands: [UInt64]) -> [Float] {
        let presence = filters.presence
        let rows = presence.indices.filter { presence[$0] }
        guard rows.count > 1 else { return [Float](repeating: 0, count: presence.count) }
        let hashes = filters.hashes
        let repeats = HashCounts(hashes)
        let share =
            repeats.hardlyRepeat
            ? nearlyEqual(filters, rows)
            : rows.map { Double(max(repeats[hashes[$0]], 1)) / Double(rows.count) }
        func band(_ row: Int) -> Int { bands.isEmpty ? 0 : Int(min(bands[row], 8)) }
        // Of each band: how many records, and the sum of the shares of their values.
        var counts = [Double](repeating: 0, count: 9)
        var sums = counts
        for (place, row) in rows.enumerated() {
            counts[band(row)] += 1
            sums[band(row)] += share[place]
        }
        var bits = [Float](repeating: 0, count: presence.count)
        for (place, row) in rows.enumerated() {
            let own = log2(sums[band(row)] / counts[band(row)] / share[place])
            bits[row] = Float(
                min(max(own, -PairWeights.frequencyLimit), PairWeights.frequencyLimit))
        }
        return bits
    }

    private static func nearlyEqual(_ filters: FieldStore.Filters, _ rows: [Int]) -> [Double] {
        let size = max(1, min(1_000, looked / rows.count, rows.count))
        let sample = (0..<size).map { rows[$0 * rows.count / size] }
        let right = rows.map { UInt32($0) }
        var dice = [Float](repeating: 0, count: rows.count)
        var counts = [Double](repeating: 0, count: rows.count)
        let chosen = right.indices.map { UInt32($0) }
        let compared = filters.placed(filters.places)
        for one in sample {
            let left = [UInt32](repeating: UInt32(one), count: rows.count)
            compared.dice(left, right, chosen, rows.count, &dice)
            for place in rows.indices
            where Double(dice[place]) >= LinkageSpecification.sameness && rows[place] != one {
                counts[place] += 1
            }
        }
        return counts.map { ($0 + 0.5) / (Double(size) + 0.5) }
    }
}

extension FieldStore.Filters {
    /// Whether hardly any two filters are equal: of names and places that is the work of noise.
    var isNoisy: Bool {
        salts == nil && HashCounts(hashes).hardlyRepeat
    }
}
