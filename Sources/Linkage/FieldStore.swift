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
    /// The sources, in ascending order.
    let sourceNames: [String]
    private let sourceOfPiece: [Int32]
    /// Of each piece, how many rows lie in those before it.
    let firstOfPiece: [Int]
    private(set) var subjectSource: [Int32] = []
    /// The subject of each row.
    private(set) var rowSubject: [Int32] = []
    /// The first row of each subject, and the number of rows.
    private var firstRow: [UInt32] = []
    /// Of the subjects by the first bits of their pseudonyms, the first of each bucket.
    private var firstOfBucket: [UInt32] = []
    /// Whether each row came with the delta.
    private(set) var isNew: [Bool] = []
    /// Where each row came from: piece and row there.
    private var origin: [Origin] = []
    private(set) var tokens: [String: Tokens] = [:]
    private(set) var filters: [String: Filters] = [:]
    private(set) var sets: [String: TokenSets] = [:]

    /// Whether so few rows are new that it pays to look for those that matter to them; counted when it
    /// is asked for.
    var hasFewNew: Bool { isNew.count { $0 } * 8 < rowCount }

    typealias Origin = stile_place

    /// The identity fields behind each field.
    private(set) var parts: [String: [String]] = [:]

    var rowCount: Int { rowSubject.count }

    /// The pieces of the encodings: how many rows each has, and its source.
    var pieces: [(number: Int, count: Int, source: Int)] {
        firstOfPiece.indices.map { number in
            let end = number + 1 < firstOfPiece.count ? firstOfPiece[number + 1] : rowAt.count
            return (number, end - firstOfPiece[number], Int(sourceOfPiece[number]))
        }
    }

    /// The source of a row.
    func source(of row: Int) -> Int { Int(sourceOfPiece[Int(origin[row].source)]) }

    /// The source of each row.
    var rowSource: [Int32] { rowSubject.map { subjectSource[Int($0)] } }

    /// All rows in the order in which the encodings hold them: what is read in it is read from one
    /// end of a column to the other.
    private(set) var rowsAsHeld: [UInt32] = []

    /// The row at each place, piece after piece; `UInt32.max` where there is none, since it closes a
    /// version or repeats one.
    private(set) var rowAt: [UInt32] = []

    /// Where a row lies.
    func place(of row: Int) -> Origin { origin[row] }

    /// Hands over where some rows lie: to be looked up once where several columns are read.
    func withPlaces<Result>(
        of rows: some RandomAccessCollection<Int>,
        _ body: (UnsafeBufferPointer<Origin>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: Origin.self, capacity: rows.count) { places in
            for (number, row) in rows.enumerated() {
                places.initializeElement(at: number, to: origin[row])
            }
            return body(UnsafeBufferPointer(places))
        }
    }

    /// The numbers of some rows among themselves, in the order in which the encodings hold them.
    func numbersAsHeld(_ rows: [UInt32]) -> [UInt32] {
        var entries = rows.enumerated().map { number, row in
            let place = origin[Int(row)]
            return UInt64(firstOfPiece[Int(place.source)] + Int(place.row)) << 32 | UInt64(number)
        }
        RadixSort.sortByHighWord(&entries)
        return entries.map { UInt32(truncatingIfNeeded: $0) }
    }

    /// Where the rows came from, in an order of their own.
    func origins(_ order: RowOrder) -> [Origin] { order.rows.map { origin[Int($0)] } }

    /// The index of a subject; `nil` where it has no row.
    func index(of subject: SubjectPseudonym) -> Int32? {
        guard !subjects.isEmpty else { return nil }
        let bucket = Int(truncatingIfNeeded: subject.high >> Self.bucketShift)
        var (low, high) = (Int(firstOfBucket[bucket]), Int(firstOfBucket[bucket + 1]))
        while low < high {
            let middle = (low + high) / 2
            if subjects[middle] < subject { low = middle + 1 } else { high = middle }
        }
        return low < subjects.count && subjects[low] == subject ? Int32(low) : nil
    }

    /// By how much the upper half of a pseudonym is shifted to give its bucket.
    private static let bucketShift: UInt64 = 48

    /// Of each bucket of pseudonyms that begin alike, how many subjects come before it.
    private static func buckets(_ subjects: [SubjectPseudonym]) -> [UInt32] {
        var first = [UInt32](repeating: 0, count: 1 << (64 - Int(bucketShift)) + 1)
        for subject in subjects {
            first[Int(truncatingIfNeeded: subject.high >> bucketShift) + 1] += 1
        }
        for bucket in 1..<first.count { first[bucket] += first[bucket - 1] }
        return first
    }

    /// The rows of a subject, which follow each other.
    func rows(of subject: Int32) -> Range<Int> {
        Int(firstRow[Int(subject)])..<Int(firstRow[Int(subject) + 1])
    }

    /// - Parameters:
    ///   - sources: The encodings held, in pieces, delta included.
    ///   - firstNew: The first row of each piece that came with the delta.
    ///   - oldSubjects: Subjects whose rows count as old, whatever `firstNew` says.
    init(_ sources: [Encodings], firstNew: [Int], oldSubjects: Set<SubjectPseudonym> = []) throws {
        sourceNames = sources.sourceNames
        sourceOfPiece = sources.sourceOfPiece
        var end = 0
        firstOfPiece = sources.map { piece in
            defer { end += piece.count }
            return end
        }
        let rows = Self.inOrder(Self.openRows(sources), sources)
        let fields = sources.map { $0.fields.sorted { $0.name < $1.name } }
        let columns = sources.map(\.subject)
        let named = rows.map { columns[Int($0.source)][Int($0.row)] }
        subjectSource.reserveCapacity(rows.count)
        subjects.reserveCapacity(rows.count)
        rowSubject.reserveCapacity(rows.count)
        isNew.reserveCapacity(rows.count)
        origin.reserveCapacity(rows.count)
        var seen: Set<UInt64> = []
        for (index, row) in rows.enumerated() {
            let subject = named[index]
            let isFirst = index == 0 || named[index - 1] != subject
            if isFirst {
                subjects.append(subject)
                subjectSource.append(sourceOfPiece[Int(row.source)])
                seen.removeAll(keepingCapacity: true)
            } else if subjectSource[subjects.count - 1] != sourceOfPiece[Int(row.source)] {
                throw StileError(
                    .integrity,
                    "The sources “\(sourceNames[Int(subjectSource[subjects.count - 1])])” and “\(sources[Int(row.source)].source)” share a subject pseudonym.",
                    remedy: "Give each source its own name in the source zone and encode again.")
            }
            // Only where a subject has several versions can one of them repeat another.
            let isAlone =
                isFirst && (index + 1 == rows.count || named[index + 1] != subject)
            guard
                isAlone
                    || seen.insert(Self.hash(fields[Int(row.source)], Int(row.row))).inserted
            else { continue }
            rowSubject.append(Int32(subjects.count - 1))
            isNew.append(
                Int(row.row) >= firstNew[Int(row.source)] && !oldSubjects.contains(subject))
            origin.append(row)
        }
        firstRow.reserveCapacity(subjects.count + 1)
        for (row, subject) in rowSubject.enumerated() where Int(subject) == firstRow.count {
            firstRow.append(UInt32(row))
        }
        firstRow.append(UInt32(rowSubject.count))
        firstOfBucket = Self.buckets(subjects)
        rowAt = Array(repeating: .max, count: end)
        for (row, place) in origin.enumerated() {
            rowAt[firstOfPiece[Int(place.source)] + Int(place.row)] = UInt32(row)
        }
        // Mostly the same array.
        rowsAsHeld = rowSubject.count == end ? rowAt : rowAt.filter { $0 != .max }
        try gather(sources)
    }

    /// Lets go of the pages of mapped encodings; those that are looked at are read again.
    func letGo() {
        for filters in filters.values { filters.letGo() }
        for tokens in tokens.values { tokens.letGo() }
        for sets in sets.values { sets.letGo() }
    }

    /// As ``letGo()``, now and then: while rows are read in the order of ``rowsAsHeld``, pages that
    /// have been read are not read again.
    ///
    /// - Parameters:
    ///   - part: The number of a part of about a thousand rows.
    ///   - rows: How many rows are read: where they are few, a part lies on as many pages as many.
    func letGo(after part: Int, of rows: Int) {
        let parts = max(64 * rows / max(rowCount, 1), 1)
        if part % parts == parts - 1 { letGo() }
    }

    /// Makes every row count as new, so that all pairs are weighed.
    mutating func markAllNew() { isNew = Array(repeating: true, count: rowCount) }

    private static func openRows(_ sources: [Encodings]) -> [Origin] {
        var rows: [Origin] = []
        rows.reserveCapacity(sources.reduce(0) { $0 + $1.count })
        for (index, source) in sources.enumerated() {
            for row in 0..<source.count where source.operation[row] == .open {
                rows.append(Origin(source: Int32(index), row: Int32(row)))
            }
        }
        return rows
    }

    /// Rows by subject, then source, then as received.
    private static func inOrder(_ rows: [Origin], _ sources: [Encodings]) -> [Origin] {
        let columns = sources.map(\.subject)
        func subject(_ place: Origin) -> SubjectPseudonym {
            columns[Int(place.source)][Int(place.row)]
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

    /// Of filters and blocking keys, the token field that must agree before they are compared.
    static func salts(_ sources: [Encodings]) -> [String: String] {
        Dictionary(
            sources.flatMap {
                $0.fields.compactMap { field in field.salt.map { (field.name, $0) } }
            },
            uniquingKeysWith: { first, _ in first })
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
        for (name, kind) in try Self.kinds(sources) {
            let values = sources.map { $0[name] }
            switch kind {
            case .token: tokens[name] = gatherTokens(values)
            case .filter:
                // Encodings of an earlier version do not say how they were hardened; those of one
                // specification are all hardened alike.
                let hardening = sources.lazy.compactMap { $0.field(name)?.hardening }.first {
                    $0 != .none
                }
                filters[name] = gatherFilters(values, hardening ?? .none)
            case .tokenSet: sets[name] = TokenSets(values, places: origin)
            }
            parts[name] = sources.lazy.compactMap { $0.field(name) }.first?.parts
        }
        for name in filters.keys {
            guard let salt = sources.lazy.compactMap({ $0.field(name)?.salt }).first else {
                continue
            }
            let salts = tokens[salt] ?? gatherTokens(sources.map { _ in nil })
            filters[name]?.salt = salt
            filters[name]?.salts = salts
        }
    }

    private func gatherTokens(_ values: [Encodings.Values?]) -> Tokens {
        let columns = values.map { values -> WordColumn in
            if case .token(let tokens)? = values { tokens } else { [] }
        }
        return Tokens(columns: columns, places: origin)
    }

    private func gatherFilters(
        _ values: [Encodings.Values?], _ hardening: Encodings.Hardening
    ) -> Filters {
        var width = 0
        let columns = values.map { values -> WordColumn in
            guard case .filter(let bits, let words)? = values else { return [] }
            width = bits / 64
            return words
        }
        return Filters(
            columns: columns, places: origin, wordsPerRow: width,
            drawn: DrawnSimilarity(hardening, bits: 64 * width))
    }
}
