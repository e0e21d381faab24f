import CBitKernels
import Foundation

/// The columns by which records can be brought together, and their values.
///
/// A column is a token field, a token set (`name*`: a record has one value for each of its
/// tokens), or a filter (`name~` and, finer, `name~~`: a record has one value for each of ``bands`` bands). A band's
/// value is a hash of the smallest ranks of the filter's set bits under r fixed permutations,
/// so that two filters of Jaccard similarity J share it with probability Jʳ (A. Broder, "On the
/// resemblance and containment of documents", 1997). Where a filter is salted, the salt enters
/// the value.
struct BlockingColumns {
    /// The bands of a filter.
    static let bands = 6

    /// The ranks that make up a band: so many that unlike filters seldom share one.
    ///
    /// Two filters with a share d of their bits set at random have a Jaccard similarity of
    /// d/(2 − d): after a diffusion, or of long texts, that is a third and more.
    static func ranks(of filters: FieldStore.Filters) -> Int {
        let present = filters.populations.filter { $0 > 0 }
        let bits = Double(present.count * filters.wordsPerRow * 64)
        guard bits > 0 else { return 2 }
        let density = present.reduce(0.0) { $0 + Double($1) } / bits
        let alike = min(max(density / (2 - density), 0.01), 0.9)
        return min(max(Int((log(0.01) / log(alike)).rounded(.up)), 2), 6)
    }

    /// What a column's name stands for.
    enum Kind: Equatable {
        case token(String)
        case set(String)
        case filter(String)

        init(_ name: String) {
            if name.hasSuffix("*") {
                self = .set(String(name.dropLast()))
            } else if let end = name.firstIndex(of: "~") {
                self = .filter(String(name[..<end]))
            } else {
                self = .token(name)
            }
        }
    }

    /// By how much the ranks of a filter's bands are multiplied: `name~~` is shared by fewer than
    /// `name~`, of like and of unlike filters.
    private static func fineness(_ name: String) -> Int { name.hasSuffix("~~") ? 2 : 1 }

    private let store: FieldStore
    /// The bands of each column of a filter that some key uses: `bands` values a row.
    private var banded: [String: [UInt32]] = [:]

    init(_ store: FieldStore) { self.store = store }

    /// The columns that a plan may choose from: what stands for one identity field.
    ///
    /// Tokens of several fields together are the source zone's own choice of key and are taken as
    /// they are.
    static func names(_ store: FieldStore) -> [String] {
        func isOwn(_ name: String) -> Bool {
            !name.hasPrefix("block.") && name != "trusted" && !name.hasSuffix(".swapped")
                && !name.hasSuffix(".band") && !name.hasSuffix(".formal")
                && !name.hasSuffix(MustNotLink.suffix)
                && (store.parts[name] ?? []).count <= 1
        }
        let tokens = store.tokens.keys.filter(isOwn).sorted()
        // Bands and token sets multiply the work; large registers have tokens enough.
        guard store.rowCount <= BlockingPlan.small else { return tokens }
        return tokens
            + store.sets.keys.filter(isOwn).sorted().map { $0 + "*" }
            + store.filters.keys.filter(isOwn).sorted().flatMap { [$0 + "~", $0 + "~~"] }
    }

    /// The identity fields behind some columns.
    static func parts(of columns: [String], _ store: FieldStore) -> Set<String> {
        Set(
            columns.flatMap { name -> [String] in
                let field =
                    switch Kind(name) {
                    case .token(let field), .set(let field), .filter(let field): field
                    }
                return store.parts[field] ?? [field]
            })
    }

    /// Whether the column is there.
    func has(_ name: String) -> Bool {
        switch Kind(name) {
        case .token(let field): store.tokens[field] != nil
        case .set(let field): store.sets[field] != nil
        case .filter(let field): store.filters[field] != nil
        }
    }

    /// Works out the bands of the filters that `names` use.
    mutating func prepare(_ names: some Sequence<String>) {
        for name in Set(names).sorted() {
            if case .filter(let field) = Kind(name), banded[name] == nil,
                let filters = store.filters[field]
            {
                banded[name] = Self.bands(
                    of: filters, rows: 0..<store.rowCount, column: name)
            }
        }
    }

    /// The number of variants of a column: the bands of a filter; else one.
    static func variants(_ name: String) -> Int {
        if case .filter = Kind(name) { bands } else { 1 }
    }

    /// Hands over where some rows lie.
    func withPlaces(
        of rows: some RandomAccessCollection<Int>,
        _ body: (UnsafeBufferPointer<FieldStore.Origin>) -> Void
    ) { store.withPlaces(of: rows, body) }

    /// Writes the values of a token or of one band of some rows; 0 is missing.
    ///
    /// - Precondition: The column is no token set, ``prepare(_:)`` knew it, and `places` says where the
    ///   rows lie.
    func read(
        _ name: String, variant: Int, rows: some RandomAccessCollection<Int>,
        at places: UnsafeBufferPointer<FieldStore.Origin>,
        to values: UnsafeMutablePointer<UInt64>
    ) {
        switch Kind(name) {
        case .token(let field):
            guard let tokens = store.tokens[field] else { break }
            return tokens.read(at: places, to: values)
        case .filter:
            guard let bands = banded[name] else { break }
            return bands.withUnsafeBufferPointer { bands in
                for (place, row) in rows.enumerated() {
                    values[place] = UInt64(bands[row * Self.bands + variant])
                }
            }
        case .set: break
        }
        values.update(repeating: 0, count: rows.count)
    }

    /// Adds a value to a running hash; missing where either is.
    @inline(__always)
    static func joined(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        guard hash != 0, value != 0 else { return 0 }
        let product = (hash ^ value &* 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(
            by: 0xd6e8_feb8_6659_fd93)
        let mixed = product.high ^ product.low
        return mixed == 0 ? 1 : mixed
    }

    /// The first band of some rows, for estimates.
    static func firstBand(
        of filters: FieldStore.Filters, rows: [Int], column: String
    ) -> [UInt64] {
        bands(of: filters, rows: rows, column: column, bands: 1).map { UInt64($0) }
    }

    /// `bands` values for each row; 0 where the filter is empty.
    static func bands(
        of filters: FieldStore.Filters, rows: some RandomAccessCollection<Int>,
        column: String,
        bands: Int = Self.bands
    ) -> [UInt32] {
        let width = filters.wordsPerRow
        let ranks = ranks(of: filters) * fineness(column)
        let hashes = bands * ranks
        // Of each permutation, the bits in the order of their ranks: the first that is set has the
        // smallest rank, and in a filter with a share d of its bits set is found after 1/d looks.
        var ranked = [UInt16](repeating: 0, count: width * 64 * hashes)
        for hash in 0..<hashes {
            var state = UInt64(hash + 1) &* 0x9e37_79b9_7f4a_7c15
            var order = Array(0..<UInt16(width * 64))
            for index in stride(from: order.count - 1, to: 0, by: -1) {
                state = mixed(state)
                order.swapAt(index, Int(state % UInt64(index + 1)))
            }
            for bit in order.indices {
                ranked[hash * width * 64 + Int(order[bit])] = UInt16(bit)
            }
        }
        let bits = width * 64
        var values = [UInt32](repeating: 0, count: rows.count * bands)
        filters.withComparableSalt { salt in
            filters.withWords { words in
                ranked.withUnsafeBufferPointer { ranked in
                    for (index, row) in rows.enumerated() {
                        guard let filter = words(row),
                            (0..<width).contains(where: { filter[$0] != 0 })
                        else { continue }
                        let salted = salt(row)
                        if salted == 0 { continue }
                        for band in 0..<bands {
                            var value = salted
                            for hash in (band * ranks)..<((band + 1) * ranks) {
                                var rank = 0
                                while rank < bits {
                                    let bit = Int(ranked[hash * bits + rank])
                                    if filter[bit / 64] >> UInt64(bit % 64) & 1 == 1 { break }
                                    rank += 1
                                }
                                value = joined(value, UInt64(rank) + 1)
                            }
                            value = joined(value, UInt64(band) + 1)
                            values[index * bands + band] = max(
                                1, UInt32(truncatingIfNeeded: value))
                        }
                    }
                }
            }
        }
        return values
    }

    static func mixed(_ word: UInt64) -> UInt64 {
        var word = word &+ 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
