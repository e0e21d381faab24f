import Pseudonymise

/// The names, or other texts, that an attacker considers, with what they expect of each, commonest
/// first.
struct CandidateNames: Sendable {
    struct Candidate: Sendable {
        /// The number of the name in the truth; below 0 where nobody there has it.
        var id: Int32
        /// A share of all people, up to a common factor.
        var weight: Double
        /// The different bigrams of the padded name, or the pairs that a joint filter is made of.
        var bigrams: Set<UInt64>
    }

    let candidates: [Candidate]

    /// What a filter is made of.
    enum Elements: Sendable {
        case bigrams
        /// Pairs of bigrams, one of either name.
        case jointBigrams

        init(isJoint: Bool) { self = isJoint ? .jointBigrams : .bigrams }

        func of(_ name: [UInt8]) -> Set<UInt64> {
            switch self {
            case .bigrams: CandidateNames.bigrams(name)
            case .jointBigrams: EncodingSpecification.jointElements(of: name)
            }
        }
    }

    /// The values of some rows with their true frequencies.
    init(of column: TrueValues, rows: some Sequence<Int>, _ elements: Elements) {
        var counts: [Int32: Int] = [:]
        for row in rows where column.ids[row] >= 0 { counts[column.ids[row], default: 0] += 1 }
        candidates = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            .map { id, count in
                Candidate(
                    id: id, weight: Double(count), bigrams: elements.of(column.distinct[Int(id)]))
            }
    }

    /// The bigrams of a name as the source zone forms them: a zero byte parts two words.
    static func bigrams(_ name: [UInt8]) -> Set<UInt64> {
        var result: Set<UInt64> = []
        var previous: UInt64 = 0
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars {
            result.insert(previous << 32 | UInt64(scalar.value))
            previous = UInt64(scalar.value)
        }
        result.insert(previous << 32)
        return result
    }

    /// 2|A ∩ B| / (|A| + |B|) of the bigrams.
    static func dice(_ left: Set<UInt64>, _ right: Set<UInt64>) -> Double {
        let (small, large) = left.count < right.count ? (left, right) : (right, left)
        return 2 * Double(small.count { large.contains($0) }) / Double(left.count + right.count)
    }
}
