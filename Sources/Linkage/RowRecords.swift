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
        let count = order.rows.count
        self.width = width
        self.places = places
        let columns = sources
        // From one end of every column to the other, and each record in one go.
        let held = order.rowsAsHeld(store)
        words = [UInt64](unsafeUninitializedCapacity: count * width) { buffer, initialised in
            stile_prefer_large_pages(buffer.baseAddress, count * width * 8)
            nonisolated(unsafe) let words = buffer
            let block = Self.block
            _ = CandidatePairs.concurrently((count + block - 1) / block, threads: threads) { part in
                guard let target = words.baseAddress else { return }
                defer { store.letGo(after: part, of: count) }
                let rows = held[(part * block)..<min((part + 1) * block, count)]
                store.withPlaces(of: rows.lazy.map { Int($0) }) { places in
                    Self.read(rows, at: places, columns, order, to: target)
                }
            }
            initialised = count * width
        }
        store.letGo()
    }

    /// How many records are made together.
    private static let block = 1_024

    /// Writes the records of some rows, of at most ``block``, where they lie.
    private static func read(
        _ some: ArraySlice<UInt32>, at places: UnsafeBufferPointer<FieldStore.Origin>,
        _ columns: [Source], _ order: RowOrder, to words: UnsafeMutablePointer<UInt64>
    ) {
        let width = columns.count
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width * block) { values in
            guard let start = values.baseAddress else { return }
            for (number, column) in columns.enumerated() {
                let values = start + number * block
                switch column {
                case .tokens(let tokens): tokens.read(at: places, to: values)
                case .signatures(let sets): sets.readSignatures(at: places, to: values)
                }
            }
            for (number, row) in some.enumerated() {
                let record = words + Int(order.places[Int(row)]) * width
                for column in 0..<width {
                    (record + column).initialize(to: start[column * block + number])
                }
            }
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
