import CBitKernels
import PipelineModel

/// Compares pairs of rows, a block at a time and one comparison after the other, so
/// that each inner loop runs over plain buffers.
struct PairComparison: Sendable {
    /// What never changes, behind one reference: a comparison is handed on for every few pairs.
    private final class Shared: Sendable {
        let layout: PatternLayout
        let comparisons: [LinkageSpecification.Comparison]
        let order: RowOrder
        let records: RowRecords
        let salts: [Int?]
        let batches: FilterBatches?
        let firstOfPiece: [Int]

        init(
            _ layout: PatternLayout, _ comparisons: [LinkageSpecification.Comparison],
            _ order: RowOrder, _ records: RowRecords, _ salts: [Int?], _ batches: FilterBatches?,
            _ firstOfPiece: [Int]
        ) {
            self.layout = layout
            self.comparisons = comparisons
            self.order = order
            self.records = records
            self.salts = salts
            self.batches = batches
            self.firstOfPiece = firstOfPiece
        }
    }

    private let shared: Shared
    private(set) var plans: [Plan]
    /// The filters that are compared, by place.
    var filters: [PlacedFilters]
    /// Whether pairs are compared as they come, whatever ``batches`` says.
    var isHeld = false

    var layout: PatternLayout { shared.layout }
    /// Where rows lie; pairs that are compared in its order are compared fastest.
    var order: RowOrder { shared.order }
    var records: RowRecords { shared.records }
    /// For each of ``filters``, the column of the records that salts it.
    var salts: [Int?] { shared.salts }
    /// How pairs are dealt out so that those of a batch need the filters of few rows; `nil` where it
    /// does not pay.
    var batches: FilterBatches? { isHeld ? nil : shared.batches }
    /// Of each piece of the encodings, how many rows lie in those before it.
    var firstOfPiece: [Int] { shared.firstOfPiece }

    /// The pairs whose records are looked at together, so few that they stay in the cache.
    static let block = 256

    /// What one comparison needs, with the missing fields left out.
    ///
    /// One reference, since it is looked at for every few pairs.
    final class Plan: Sendable {
        let stride: UInt64
        let disagreement: UInt8
        let first: Step
        /// The columns of which both records must have one: that of the first level or, as a date
        /// that lacks its day still agrees in year and month, one of its parts; by mask.
        let present: [(first: Int, bits: UInt32)]
        let steps: [Step]
        /// Comparisons that leave nothing to say for this one where they could be made.
        let unless: [Int]

        init(
            stride: UInt64, disagreement: UInt8, first: Step,
            present: [(first: Int, bits: UInt32)], steps: [Step], unless: [Int]
        ) {
            self.stride = stride
            self.disagreement = disagreement
            self.first = first
            self.present = present
            self.steps = steps
            self.unless = unless
        }

        /// The same, whatever other comparisons say.
        var always: Plan {
            Plan(
                stride: stride, disagreement: disagreement, first: first, present: present,
                steps: steps, unless: [])
        }
    }

    /// A filter, and where a record has what salts it.
    struct Filter: Sendable {
        /// Its place among ``filters``.
        var number: Int
        var salt: Int?
    }

    /// What is known of how alike filters are before a level is looked at.
    enum Known: Sendable {
        case nothing
        /// The level before has worked it out.
        case before
        /// The first level has worked it out, to see whether there is anything to compare.
        case first
    }

    /// Filters of which the most alike counts.
    struct FilterList: Sendable {
        /// Equal lists have equal numbers.
        var number: Int
        var filters: [Filter]
    }

    /// Numbers are columns of a record.
    enum Step: Sendable {
        case tokens(Int, Int)
        /// A token of records that agree on another.
        case tokenUnder(Int, salt: Int)
        case anyOf([Int])
        /// With `alone`, also where the value of the first level is missing.
        case sets(PlacedSets, signature: Int, alone: Bool)
        case filter(Filter, Float, Known)
        case band(Filter, Int, UInt64, Known)
        case anyFilter(FilterList, Float)
        /// A field that no source has: never agrees.
        case absent
    }

    /// - Parameters:
    ///   - comparisons: With everything derived.
    ///   - store: The rows.
    ///   - some: The rows that can be compared, in ascending order; all where `nil`.
    ///   - threads: How many processors to use.
    ///   - limits: When filters are brought together.
    init(
        _ comparisons: [LinkageSpecification.Comparison], over store: FieldStore,
        of some: [UInt32]? = nil, threads: Int = Linker.threads,
        batching limits: FilterBatches.Limits = .init()
    ) throws {
        self.init(
            comparisons, layout: try PatternLayout(comparisons), over: store, of: some,
            threads: threads, batching: limits)
    }

    /// The same comparisons of some rows alone, in ascending order.
    func over(_ store: FieldStore, of rows: [UInt32], threads: Int) -> PairComparison {
        PairComparison(
            shared.comparisons, layout: layout, over: store, of: rows, threads: threads,
            batching: .init(rows: Self.fewRows))
    }

    /// From so many rows on, filters are brought together where few rows are compared at all: they
    /// lie far apart then, and each would have a page of its own read.
    private static let fewRows = 1 << 14

    private init(
        _ comparisons: [LinkageSpecification.Comparison], layout: PatternLayout,
        over store: FieldStore, of some: [UInt32]?, threads: Int,
        batching limits: FilterBatches.Limits
    ) {
        let order = RowOrder(store, of: some)
        let records = RowRecords(
            store, Self.columns(comparisons, store), order: order, threads: threads)
        let names = comparisons.map(\.name)
        let origins = store.origins(order)
        var filters: [PlacedFilters] = []
        var numbers: [String: Int] = [:]
        var placedSets: [String: PlacedSets] = [:]
        var lists: [[String]] = []
        func token(_ field: String) -> Int? { records.place(.token(field)) }
        func filter(_ field: String) -> Filter? {
            store.filters[field].map {
                if numbers[field] == nil {
                    numbers[field] = filters.count
                    filters.append($0.placed(origins))
                }
                return Filter(number: numbers[field] ?? 0, salt: $0.salt.flatMap(token))
            }
        }
        plans = zip(comparisons, layout.strides).map { comparison, stride in
            // What was worked out last, other than for the first level.
            var previous: String?
            let steps = comparison.levels.map { level -> Step in
                let known: Known =
                    level.oneFilter == comparison.levels[0].oneFilter
                    ? .first : previous == level.oneFilter ? .before : .nothing
                defer { if known != .first { previous = level.oneFilter } }
                switch level {
                case .equal(let field):
                    return token(field).map { .tokens($0, $0) } ?? .absent
                case .equalUnder(let field, let salt):
                    guard let column = token(field), let salt = token(salt) else { return .absent }
                    return .tokenUnder(column, salt: salt)
                case .crossed(let left, let right):
                    guard let a = token(left), let b = token(right) else { return .absent }
                    return .tokens(a, b)
                case .anyEqual(let fields):
                    return .anyOf(fields.compactMap(token))
                case .shares(let field):
                    guard let sets = store.sets[field],
                        let signature = records.place(.signature(field))
                    else { return .absent }
                    // Former values and the current one in one set: a former value that agrees
                    // says something where the current one is missing, one that does not agree
                    // says nothing.
                    let alone =
                        comparison.levels.first == .equal("\(field.dropLast(4))")
                        && field.hasSuffix(".any")
                    let placed =
                        placedSets[field] ?? PlacedSets(sets, store, order, threads: threads)
                    placedSets[field] = placed
                    return .sets(placed, signature: signature, alone: alone)
                case .similar(let field, let least):
                    // The last bits of a ratio of whole numbers must not decide about "equal".
                    return filter(field).map {
                        .filter($0, Float(least) - 1e-6, known)
                    } ?? .absent
                case .inBand(let field, let band):
                    guard let filter = filter(field), let bands = token("\(field).band") else {
                        return .absent
                    }
                    return .band(filter, bands, UInt64(band), known)
                case .anySimilar(let fields, let least):
                    let number = lists.firstIndex(of: fields) ?? lists.count
                    if number == lists.count { lists.append(fields) }
                    return .anyFilter(
                        FilterList(number: number, filters: fields.compactMap(filter)),
                        Float(least) - 1e-6)
                }
            }
            return Plan(
                stride: stride, disagreement: UInt8(comparison.levels.count + 1),
                first: steps[0],
                present: Self.present(steps[0], parts: comparison.partFields.compactMap(token)),
                steps: steps,
                // Of a comparison that comes later nothing is known yet.
                unless: comparison.unless.compactMap { name in
                    names[..<(names.firstIndex(of: comparison.name) ?? 0)].firstIndex(of: name)
                })
        }
        self.filters = filters
        let salts = numbers.sorted { $0.value < $1.value }.map {
            store.filters[$0.key]?.salt.flatMap(token)
        }
        let batches = FilterBatches(
            records, rows: order.rows.count,
            salts: zip(salts, filters).map { ($0, $1.wordsPerRow) }, limits: limits)
        shared = Shared(
            layout, comparisons, order, records, salts, batches, store.firstOfPiece)
    }

    private static func present(_ first: Step, parts: [Int]) -> [(first: Int, bits: UInt32)] {
        var bits: [Int: UInt32] = [:]
        switch first {
        case .tokens(let column, _), .sets(_, let column, _):
            for column in [column] + parts {
                let mask = Self.mask(column)
                bits[mask.first, default: 0] |= mask.bit
            }
        default: break
        }
        return bits.sorted { $0.key < $1.key }.map { (first: $0.key, bits: $0.value) }
    }

    /// Where the mask of a column is.
    static func mask(_ column: Int) -> (first: Int, bit: UInt32) {
        (column / 32 * block, 1 << UInt32(column % 32))
    }

    /// Makes every comparison that can be made, also where another leaves it nothing to say.
    var withoutExceptions: PairComparison {
        var result = self
        result.plans = plans.map(\.always)
        return result
    }

    /// The agreement patterns of a few pairs of rows.
    func patterns(ofFew left: [UInt32], _ right: [UInt32]) -> [UInt64] {
        var patterns = [UInt64](repeating: 0, count: left.count)
        patterns.withUnsafeMutableBufferPointer { patterns in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    compare(left, right, into: patterns)
                }
            }
        }
        return patterns
    }

    /// Writes the agreement pattern of each pair of rows into `patterns`.
    func compare(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        into patterns: UnsafeMutableBufferPointer<UInt64>
    ) {
        let most = min(Self.block, left.count)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * most + 1) { places in
            guard let results = patterns.baseAddress, let first = places.baseAddress else { return }
            places.initialize(repeating: 0)
            withScratch { scratch in
                order.places.withUnsafeBufferPointer { order in
                    for start in stride(from: 0, to: left.count, by: Self.block) {
                        let count = min(Self.block, left.count - start)
                        for pair in 0..<count {
                            places[pair] = order[Int(left[start + pair])]
                            places[most + pair] = order[Int(right[start + pair])]
                        }
                        compare(first, first + most, count, results + start, scratch)
                    }
                }
            }
        }
    }

    /// Writes the agreement pattern of each pair of places (``RowOrder``) into `patterns`.
    func compare(
        places left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        into patterns: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let lefts = left.baseAddress, let rights = right.baseAddress,
            let results = patterns.baseAddress
        else { return }
        withScratch { scratch in
            for start in stride(from: 0, to: left.count, by: Self.block) {
                let count = min(Self.block, left.count - start)
                compare(lefts + start, rights + start, count, results + start, scratch)
            }
        }
    }
}
