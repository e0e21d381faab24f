import CBitKernels

/// What is compared of each row, the values of one row side by side, in the order of
/// ``RowOrder``.
///
/// Side by side, a row's values are one or two fetches from memory instead of one for each field.
struct RowRecords: Sendable {
    /// A column of the records.
    enum Column: Hashable {
        /// The token of a field.
        case token(String)
        /// The signature of a token set; 0 where it is empty.
        case signature(String)
    }

    /// The words of a record.
    let width: Int
    private let words: [UInt64]
    private let places: [Column: Int]

    /// - Parameters:
    ///   - store: The rows.
    ///   - columns: What a record holds; what the store does not have is left out.
    ///   - order: Where each row's record lies.
    ///   - threads: How many processors to use.
    init(_ store: FieldStore, _ columns: Set<Column>, order: RowOrder, threads: Int) {
        var places: [Column: Int] = [:]
        var tokens: [[UInt64]] = []
        let names = columns.sorted { $0.name < $1.name }
        for column in names {
            switch column {
            case .token(let field):
                guard let values = store.tokens[field] else { continue }
                places[column] = tokens.count
                tokens.append(values)
            case .signature(let field):
                guard let values = store.sets[field] else { continue }
                places[column] = tokens.count
                tokens.append(values.signatures)
            }
        }
        let width = tokens.count
        let count = store.rowCount
        self.width = width
        self.places = places
        let columns = tokens
        words = [UInt64](unsafeUninitializedCapacity: count * width) { buffer, initialised in
            stile_prefer_large_pages(buffer.baseAddress, count * width * 8)
            nonisolated(unsafe) let words = buffer
            // A few rows at a time stay in the cache while their columns are put together.
            let block = 2_048
            _ = CandidatePairs.concurrently((count + block - 1) / block, threads: threads) {
                index in
                let range = (index * block)..<min((index + 1) * block, count)
                order.rows.withUnsafeBufferPointer { rows in
                    for (column, values) in columns.enumerated() {
                        values.withUnsafeBufferPointer { values in
                            for place in range {
                                words.initializeElement(
                                    at: place * width + column, to: values[Int(rows[place])])
                            }
                        }
                    }
                }
            }
            initialised = count * width
        }
    }

    /// The place of a column in a record; `nil` where the store does not have it.
    func place(_ column: Column) -> Int? { places[column] }

    /// Hands over the words of all records.
    func withWords<Result>(_ body: (UnsafePointer<UInt64>) -> Result) -> Result? {
        words.withUnsafeBufferPointer { $0.baseAddress.map(body) }
    }
}

extension RowRecords.Column {
    fileprivate var name: String {
        switch self {
        case .token(let field), .signature(let field): field
        }
    }
}
