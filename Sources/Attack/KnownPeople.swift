import CBitKernels
import EncodedExtract
import PipelineModel

/// The attack of someone who knows who some of the records are: each other filter is taken to be of
/// the name that the most similar known one has.
///
/// So much any insider, and any family, knows; no frequency, no key and no register is needed. Where a
/// filter of several names is alike wherever they share one, everybody who shares a name with a known person is read.
/// How alike filters are is the correlation of their bits, which is nothing for two filters that have nothing in common; within
/// that of chance the attacker has only the commonest name to guess.
struct KnownPeople: Sendable {
    /// Filters of unlike names correlate by chance with a standard deviation of one by the root of their
    /// bits: beyond so many of these they are alike.
    private static let deviations = 4.0

    private let subjects: [SubjectPseudonym]
    private let stored: StoredValues
    private let truth: TrueValues
    private let limits: AttackLimits

    /// - Parameters:
    ///   - records: Whose filters they are.
    ///   - stored: The filters.
    ///   - truth: What is read of them.
    ///   - limits: How many people are known: at most half of all.
    init(
        _ records: AttackedRecords, _ stored: StoredValues, truth: TrueValues, limits: AttackLimits
    ) {
        subjects = records.encodings.subject
        self.stored = stored
        self.truth = truth
        self.limits = limits
    }

    /// - Returns: Counts of records that are not known; `blind` is the commonest true value. `nil` where nobody is left.
    func run() -> AttackScore? {
        let rows = truth.ids.indices.filter { stored.values[$0] >= 0 && truth.ids[$0] >= 0 }
        // At equal distances: an extract lies in no order of names. Who is known is so with all versions.
        var numbers: [SubjectPseudonym: Int] = [:]
        for row in rows where numbers[subjects[row]] == nil {
            numbers[subjects[row]] = numbers.count
        }
        let people = numbers.count
        let wanted = min(limits.knownPeople, people / 2)
        func isKnown(_ row: Int) -> Bool {
            guard let number = numbers[subjects[row]] else { return false }
            return (number + 1) * wanted / people > number * wanted / people
        }
        var known: [Int32: [Int]] = [:]
        for row in rows where isKnown(row) { known[stored.groups[row], default: []].append(row) }
        var counts: [Int32: Int] = [:]
        for row in rows { counts[truth.ids[row], default: 0] += 1 }
        let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        let commonest = order.prefix(5).map(\.key)
        let attacked = rows.filter { !isKnown($0) }
        let every = max(1, attacked.count / max(1, limits.enumeratedRecords))
        var score = AttackScore()
        stored.words.withUnsafeBufferPointer { words in
            for place in stride(from: 0, to: attacked.count, by: every) {
                let row = attacked[place]
                let guesses = nearest(row, known[stored.groups[row]] ?? [], words) + commonest
                score.records += 1
                if guesses.first == truth.ids[row] { score.first += 1 }
                if guesses.prefix(5).contains(truth.ids[row]) { score.five += 1 }
                if commonest.first == truth.ids[row] { score.blind += 1 }
            }
        }
        return score.records == 0 ? nil : score
    }

    /// The names of the known filters that are alike beyond chance, the most similar first, at most five and
    /// each once.
    private func nearest(
        _ row: Int, _ known: [Int], _ words: UnsafeBufferPointer<UInt64>
    ) -> [Int32] {
        let width = stored.width
        guard let base = words.baseAddress else { return [] }
        let filter = base + row * width
        let bits = Double(width * 64)
        let own = Double(stile_popcount(filter, width))
        let least = Self.deviations / bits.squareRoot()
        var found: [(likeness: Double, name: Int32)] = []
        for other in known {
            let size = Double(stile_popcount(base + other * width, width))
            let shared = Double(stile_and_popcount(filter, base + other * width, width))
            let spread = (own * (bits - own) * size * (bits - size)).squareRoot()
            let likeness = spread > 0 ? (bits * shared - own * size) / spread : 0
            if likeness > least { found.append((likeness, truth.ids[other])) }
        }
        found.sort {
            $0.likeness != $1.likeness ? $0.likeness > $1.likeness : $0.name < $1.name
        }
        var names: [Int32] = []
        for (_, name) in found where names.count < 5 && !names.contains(name) {
            names.append(name)
        }
        return names
    }
}
