import CBitKernels
import Pseudonymise

/// Dictionary enumeration: every name or text of a dictionary is encoded and compared with every filter.
///
/// With the key it names whoever is in the dictionary; the time that it takes is the answer.
/// Without the key it shows that knowing the salt, that is, whose birthday a group has, is not
/// enough: the attacker encodes under a key of their own.
struct Enumeration: Sendable {
    /// What came out, and how long one core took.
    struct Outcome: Sendable {
        var score = AttackScore()
        var encoded = 0
        var seconds = 0.0
        /// How many entries there are in all, where not all of them were encoded.
        var candidates: Int?

        /// Writes down how long it took.
        mutating func stop(_ started: ContinuousClock.Instant) {
            let elapsed = (ContinuousClock.now - started).components
            seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        }
    }

    private let records: AttackedRecords
    private let stored: StoredValues
    private let truth: TrueValues
    private let limits: AttackLimits

    init(
        _ records: AttackedRecords, _ stored: StoredValues, truth: TrueValues, limits: AttackLimits
    ) {
        self.limits = limits
        self.records = records
        self.stored = stored
        self.truth = truth
    }

    /// - Parameter key: Encodes as the attacker can; `nil` where it cannot.
    func run(_ key: Pseudonymiser) -> Outcome? {
        let salts = stored.salt.map { records.tokens($0) } ?? nil
        var groups: [Int32: [Int]] = [:]
        for row in truth.ids.indices where stored.values[row] >= 0 && truth.ids[row] >= 0 {
            groups[stored.groups[row], default: []].append(row)
        }
        var outcome = Outcome()
        let started = ContinuousClock.now
        let step = max(1, truth.ids.count / limits.enumeratedRecords)
        let ordered = groups.sorted { $0.key < $1.key }
        // A dictionary is encoded anew for every group.
        let most = max(1, limits.encodedEntries / max(1, truth.distinct.count))
        let every = ordered.count > 1 ? max(step, (ordered.count + most - 1) / most) : 1
        for (position, group) in ordered.enumerated() where position % every == 0 {
            let rows = stride(
                from: 0, to: group.value.count, by: ordered.count > 1 ? 1 : step
            ).map { group.value[$0] }
            guard let first = rows.first,
                let words = key.filters(
                    of: truth.distinct, field: stored.field, salt: salts?[first] ?? 0)
            else { return nil }
            outcome.encoded += truth.distinct.count
            count(rows, words, &outcome.score)
        }
        outcome.stop(started)
        return outcome
    }

    /// Takes the nearest filters of the dictionary for each row.
    private func count(_ rows: [Int], _ words: [UInt64], _ score: inout AttackScore) {
        let width = stored.width
        words.withUnsafeBufferPointer { dictionary in
            stored.words.withUnsafeBufferPointer { filters in
                guard let entries = dictionary.baseAddress, let base = filters.baseAddress else {
                    return
                }
                let sizes = truth.distinct.indices.map {
                    stile_popcount(entries + $0 * width, width)
                }
                for row in rows {
                    let filter = base + row * width
                    let size = stile_popcount(filter, width)
                    var nearest: [(distance: Int, name: Int32)] = []
                    for name in truth.distinct.indices {
                        let shared = stile_and_popcount(filter, entries + name * width, width)
                        let distance = Int(size + sizes[name] - 2 * shared)
                        if nearest.count == 5, distance >= nearest[4].distance { continue }
                        let place =
                            nearest.firstIndex { $0.distance > distance } ?? nearest.count
                        nearest.insert((distance, Int32(name)), at: place)
                        if nearest.count > 5 { nearest.removeLast() }
                    }
                    score.records += 1
                    if nearest.first?.name == truth.ids[row] { score.first += 1 }
                    if nearest.contains(where: { $0.name == truth.ids[row] }) { score.five += 1 }
                }
            }
        }
    }
}
