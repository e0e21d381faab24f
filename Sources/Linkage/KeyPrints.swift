/// The fingerprints of rows: one of 32 bits for each variant of a key, 0 where a part is missing.
struct KeyPrints: Sendable {
    /// How many rows are worked on together: a few stay in the cache while all their keys are
    /// worked out.
    static let block = 1_024

    private let columns: BlockingColumns
    /// Most columns are in several keys: each is read once.
    private let inputs: [(name: String, band: Int)]
    /// For each variant, the places of its columns among ``inputs``.
    private let keys: [[Int]]

    /// How many variants there are.
    var count: Int { keys.count }

    /// - Parameters:
    ///   - choices: For each variant of a key its columns, and for each of them the band.
    ///   - columns: The values of columns, with the bands of filters.
    init(_ choices: [[(String, Int)]], _ columns: BlockingColumns) {
        var inputs: [(name: String, band: Int)] = []
        keys = choices.map { choice in
            choice.map { name, band in
                if let known = inputs.firstIndex(where: { $0 == (name, band) }) { return known }
                inputs.append((name, band))
                return inputs.count - 1
            }
        }
        self.inputs = inputs
        self.columns = columns
    }

    /// Hands over the fingerprints of at most ``block`` rows: for each variant the words of all rows,
    /// ``block`` words after those of the variant before.
    ///
    /// - Parameters:
    ///   - rows: The rows, in any order.
    ///   - body: Takes the fingerprints.
    func withPrints<Result>(
        of rows: some RandomAccessCollection<Int>,
        _ body: (UnsafePointer<UInt32>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: inputs.count * Self.block + 1) {
            values in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: keys.count * Self.block + 1) {
                words in
                // There is room for one more than there are values, so never for none.
                let prints = words.baseAddress.unsafelyUnwrapped
                write(rows, values.baseAddress.unsafelyUnwrapped, prints)
                return body(prints)
            }
        }
    }

    private func write(
        _ rows: some RandomAccessCollection<Int>, _ values: UnsafeMutablePointer<UInt64>,
        _ prints: UnsafeMutablePointer<UInt32>
    ) {
        columns.withPlaces(of: rows) { places in
            for (number, input) in inputs.enumerated() {
                columns.read(
                    input.name, variant: input.band, rows: rows, at: places,
                    to: values + number * Self.block)
            }
        }
        for (position, key) in keys.enumerated() {
            Self.write(
                position, of: key.map { UnsafePointer(values + $0 * Self.block) }, rows.count,
                to: prints + position * Self.block)
        }
    }

    /// Writes the fingerprints of one variant of some rows.
    ///
    /// - Parameters:
    ///   - position: The number of the variant.
    ///   - columns: The values of its columns in the rows.
    ///   - count: How many rows there are.
    ///   - prints: Where the first fingerprint goes.
    static func write(
        _ position: Int, of columns: [UnsafePointer<UInt64>], _ count: Int,
        to prints: UnsafeMutablePointer<UInt32>
    ) {
        columns.withUnsafeBufferPointer { columns in
            for place in 0..<count {
                var hash = UInt64(position) + 1
                for column in columns { hash = BlockingColumns.joined(hash, column[place]) }
                (prints + place).initialize(
                    to: hash == 0 ? 0 : max(1, UInt32(truncatingIfNeeded: hash >> 32)))
            }
        }
    }
}
