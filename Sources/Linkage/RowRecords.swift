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

    private enum Source: Sendable {
        case tokens(FieldStore.Tokens)
        case signatures(FieldStore.TokenSets)
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
        var sources: [Source] = []
        let names = columns.sorted { $0.name < $1.name }
        for column in names {
            switch column {
            case .token(let field):
                guard let values = store.tokens[field] else { continue }
                places[column] = sources.count
                sources.append(.tokens(values))
            case .signature(let field):
                guard let values = store.sets[field] else { continue }
                places[column] = sources.count
                sources.append(.signatures(values))
            }
        }
        let width = sources.count
        let count = store.rowCount
        self.width = width
        self.places = places
        let columns = sources
        words = [UInt64](unsafeUninitializedCapacity: count * width) { buffer, initialised in
            stile_prefer_large_pages(buffer.baseAddress, count * width * 8)
            nonisolated(unsafe) let words = buffer
            // One column after the other: rows lie in no order in the encodings, and a whole column
            // is near at hand where all of them are not.
            _ = CandidatePairs.concurrently(columns.count, threads: threads) { column in
                guard let target = words.baseAddress.map({ $0 + column }) else { return }
                let rows = order.rows.lazy.map { Int($0) }
                switch columns[column] {
                case .tokens(let tokens):
                    tokens.read(rows, to: target, stride: width)
                    tokens.letGo()
                case .signatures(let sets):
                    sets.readSignatures(rows, to: target, stride: width)
                    sets.letGo()
                }
            }
            initialised = count * width
        }
    }

    /// The place of a column in a record; `nil` where the store does not have it.
    func place(_ column: Column) -> Int? { places[column] }

    /// Asks for a record that will be read soon.
    @inline(__always)
    func prefetch(_ place: Int) {
        words.withUnsafeBufferPointer { words in
            if let start = words.baseAddress { stile_prefetch(start + place * width, width * 8) }
        }
    }

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
