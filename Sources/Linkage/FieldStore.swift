import CBitKernels
import EncodedExtract
import PipelineModel

/// Every version of every identity in contiguous columns, in an order that does not
/// depend on the order of sources or batches: by subject, then as received.
///
/// Versions of one subject that say the same are held once.
struct FieldStore {
    /// All subjects in ascending order, with the index of each one's source.
    private(set) var subjects: [SubjectPseudonym] = []
    private(set) var subjectSource: [Int32] = []
    /// The subject of each row.
    private(set) var rowSubject: [Int32] = []
    /// The first row of each subject, and the number of rows.
    private var firstRow: [Int] = []
    /// Whether each row came with the delta.
    private(set) var isNew: [Bool] = []
    /// Where each row came from: source and row there.
    private(set) var origin: [Origin] = []
    private(set) var tokens: [String: [UInt64]] = [:]
    private(set) var filters: [String: Filters] = [:]
    private(set) var sets: [String: TokenSets] = [:]

    struct Origin: Equatable {
        var source: Int32
        var row: Int32
    }

    struct Filters {
        var wordsPerRow: Int
        var words: [UInt64]
        var populations: [UInt32]
        /// The tokens that salt the filters: two are comparable only where these are equal;
        /// empty where nothing salts them.
        var salts: [UInt64] = []

        /// A hash of each filter; 0 where it is empty.
        var hashes: [UInt64] {
            populations.indices.map { row in
                guard populations[row] > 0 else { return 0 }
                var hash: UInt64 = 1
                for word in words[(row * wordsPerRow)..<((row + 1) * wordsPerRow)] {
                    hash = BlockingColumns.joined(hash, word &+ 0x9e37_79b9)
                }
                return hash
            }
        }

        /// Hands over what a row's salt is: 1 for all rows where nothing salts them.
        func withComparableSalt<Result>(_ body: ((Int) -> UInt64) -> Result) -> Result {
            salts.isEmpty ? body { _ in 1 } : body { salts[$0] }
        }
    }

    /// The identity fields behind each field.
    private(set) var parts: [String: [String]] = [:]

    struct TokenSets {
        var offsets: [Int]
        var tokens: [UInt64]
        /// One bit for each token of a row: rows whose signatures are disjoint share none.
        var signatures: [UInt64]
    }

    var rowCount: Int { rowSubject.count }

    /// The rows of a subject, which follow each other.
    func rows(of subject: Int32) -> Range<Int> {
        firstRow[Int(subject)]..<firstRow[Int(subject) + 1]
    }

    /// - Parameters:
    ///   - sources: The encodings held, one for each source, delta included.
    ///   - firstNew: The first row of each source that came with the delta.
    ///   - oldSubjects: Subjects whose rows count as old, whatever `firstNew` says.
    init(_ sources: [Encodings], firstNew: [Int], oldSubjects: Set<SubjectPseudonym> = []) throws {
        let rows = Self.inOrder(Self.openRows(sources), sources)
        let fields = sources.map { $0.fields.sorted { $0.name < $1.name } }
        var seen: Set<UInt64> = []
        for (index, row) in rows.enumerated() {
            let source = sources[Int(row.source)]
            let subject = source.subject[Int(row.row)]
            let isFirst = subjects.last != subject
            if isFirst {
                subjects.append(subject)
                subjectSource.append(row.source)
                seen.removeAll(keepingCapacity: true)
            } else if subjectSource[subjects.count - 1] != row.source {
                throw StileError(
                    .integrity,
                    "The sources “\(sources[Int(subjectSource[subjects.count - 1])].source)” and “\(source.source)” share a subject pseudonym.",
                    remedy: "Give each source its own name in the source zone and encode again.")
            }
            // Only where a subject has several versions can one of them repeat another.
            let next = index + 1 < rows.count ? rows[index + 1] : nil
            let isAlone =
                isFirst
                && next.map { sources[Int($0.source)].subject[Int($0.row)] != subject } ?? true
            guard
                isAlone
                    || seen.insert(Self.hash(fields[Int(row.source)], Int(row.row))).inserted
            else { continue }
            rowSubject.append(Int32(subjects.count - 1))
            isNew.append(
                Int(row.row) >= firstNew[Int(row.source)] && !oldSubjects.contains(subject))
            origin.append(row)
        }
        for (row, subject) in rowSubject.enumerated() where Int(subject) == firstRow.count {
            firstRow.append(row)
        }
        firstRow.append(rowSubject.count)
        try gather(sources)
    }

    /// Makes every row count as new, so that all pairs are weighed.
    mutating func markAllNew() { isNew = Array(repeating: true, count: rowCount) }

    private static func openRows(_ sources: [Encodings]) -> [Origin] {
        var rows: [Origin] = []
        for (index, source) in sources.enumerated() {
            for row in 0..<source.count where source.operation[row] == .open {
                rows.append(Origin(source: Int32(index), row: Int32(row)))
            }
        }
        return rows
    }

    /// Rows by subject, then source, then as received.
    private static func inOrder(_ rows: [Origin], _ sources: [Encodings]) -> [Origin] {
        func subject(_ place: Origin) -> SubjectPseudonym {
            sources[Int(place.source)].subject[Int(place.row)]
        }
        var keys = rows.enumerated().map { index, row in
            subject(row).high & ~0xffff_ffff | UInt64(index)
        }
        RadixSort.sortByHighWord(&keys)
        var sorted = keys.map { rows[Int($0 & 0xffff_ffff)] }
        // Subjects whose pseudonyms begin alike are few.
        var start = 0
        while start < keys.count {
            var end = start + 1
            while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
            if end - start > 1 {
                sorted[start..<end].sort { left, right in
                    let (a, b) = (subject(left), subject(right))
                    return a != b
                        ? a < b : (left.source, left.row) < (right.source, right.row)
                }
            }
            start = end
        }
        return sorted
    }

    /// A hash of all that a row says, to find versions that repeat.
    private static func hash(_ fields: [Encodings.Field], _ row: Int) -> UInt64 {
        var hash: UInt64 = 0
        func mix(_ word: UInt64) {
            let product = (hash ^ word ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(
                by: 0xbf58_476d_1ce4_e5b9)
            hash = (product.high ^ product.low) &+ (hash << 7 | hash >> 57)
        }
        for field in fields {
            switch field.values {
            case .token(let tokens): mix(tokens[row])
            case .filter(let bits, let words):
                for word in (row * bits / 64)..<((row + 1) * bits / 64) { mix(words[word]) }
            case .tokenSet(let offsets, let tokens):
                // A token that went from one set to the next is something else.
                mix(UInt64(offsets[row + 1] - offsets[row]))
                for token in offsets[row]..<offsets[row + 1] { mix(tokens[token]) }
            }
        }
        return hash
    }

    /// The kind of every field of `sources`; a field that is of two kinds is refused.
    static func kinds(
        _ sources: [Encodings]
    ) throws -> [String: LinkageSpecification.FieldKind] {
        var kinds: [String: LinkageSpecification.FieldKind] = [:]
        var bits: [String: Int] = [:]
        for source in sources {
            for field in source.fields {
                let kind: LinkageSpecification.FieldKind
                var width = 0
                switch field.values {
                case .token: kind = .token
                case .filter(let bits, _): (kind, width) = (.filter, bits)
                case .tokenSet: kind = .tokenSet
                }
                guard kinds[field.name, default: kind] == kind,
                    bits[field.name, default: width] == width
                else {
                    throw StileError(
                        .integrity,
                        "The field “\(field.name)” of the source “\(source.source)” is encoded in another way than in other sources.",
                        remedy: "Encode every source with the same specification.")
                }
                kinds[field.name] = kind
                bits[field.name] = width
            }
        }
        return kinds
    }

    private mutating func gather(_ sources: [Encodings]) throws {
        for (name, kind) in try Self.kinds(sources).sorted(by: { $0.key < $1.key }) {
            let values = sources.map { $0[name] }
            switch kind {
            case .token: tokens[name] = gatherTokens(values)
            case .filter: filters[name] = gatherFilters(values)
            case .tokenSet: sets[name] = gatherSets(values)
            }
            parts[name] = sources.lazy.compactMap { $0.field(name) }.first?.parts
        }
        for name in filters.keys {
            guard let salt = sources.lazy.compactMap({ $0.field(name)?.salt }).first else {
                continue
            }
            let salts = tokens[salt] ?? [UInt64](repeating: 0, count: rowCount)
            filters[name]?.salts = salts
        }
    }

    private func gatherTokens(_ values: [Encodings.Values?]) -> [UInt64] {
        let columns = values.map { values -> [UInt64] in
            if case .token(let tokens)? = values { tokens } else { [] }
        }
        return origin.map { place in
            let column = columns[Int(place.source)]
            return column.isEmpty ? 0 : column[Int(place.row)]
        }
    }

    private func gatherFilters(_ values: [Encodings.Values?]) -> Filters {
        var width = 0
        let columns = values.map { values -> [UInt64] in
            guard case .filter(let bits, let words)? = values else { return [] }
            width = bits / 64
            return words
        }
        var words: [UInt64] = []
        words.reserveCapacity(origin.count * width)
        for place in origin {
            let column = columns[Int(place.source)]
            if column.isEmpty {
                words.append(contentsOf: repeatElement(0, count: width))
            } else {
                words.append(
                    contentsOf: column[Int(place.row) * width..<(Int(place.row) + 1) * width])
            }
        }
        let populations = words.withUnsafeBufferPointer { words in
            origin.indices.map { row -> UInt32 in
                guard let base = words.baseAddress else { return 0 }
                return stile_popcount(base + row * width, width)
            }
        }
        return Filters(wordsPerRow: width, words: words, populations: populations)
    }

    private func gatherSets(_ values: [Encodings.Values?]) -> TokenSets {
        var result = TokenSets(offsets: [0], tokens: [], signatures: [])
        for place in origin {
            if case .tokenSet(let offsets, let tokens)? = values[Int(place.source)] {
                let row = Int(place.row)
                result.tokens.append(contentsOf: tokens[offsets[row]..<offsets[row + 1]].sorted())
            }
            let row = result.tokens[(result.offsets.last ?? 0)...]
            result.signatures.append(row.reduce(0) { $0 | 1 << ($1 >> 58) })
            result.offsets.append(result.tokens.count)
        }
        return result
    }
}
