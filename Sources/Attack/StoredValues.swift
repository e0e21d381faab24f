import CBitKernels
import EncodedExtract
import PipelineModel
import Pseudonymise

/// One stored field as an attacker sorts it: which rows have the same value, within groups of rows
/// whose values can be compared at all.
struct StoredValues: Sendable {
    /// What is stored, in words.
    enum Form: String, Sendable {
        case token
        case tokenSet = "token set"
        case filter
    }

    let field: String
    let form: Form
    /// The token field that salts the filter, or stands beside names in the key.
    let salt: String?
    /// For each row the number of its value; −1 where it is missing.
    private(set) var values: [Int32]
    /// For each row the number of its salt's value; 0 where nothing salts.
    private(set) var groups: [Int32]
    private(set) var groupCount = 1
    private(set) var valueCount = 0
    /// The first row of each value.
    private(set) var example: [Int32] = []
    /// Whether groups are of rows whose sets have as many tokens.
    private(set) var tellsSize = false
    /// The words of the filters, `width` a row; empty for tokens.
    private(set) var words: [UInt64] = []
    private(set) var width = 0

    /// - Parameters:
    ///   - field: What is stored.
    ///   - records: Whose it is.
    ///   - isWhole: Whether a token stands for all that it is made of. What salts a key is then part
    ///     of the value, and two rows of token sets have one value only where all tokens are the
    ///     same. Otherwise keys are grouped by what salts them, for the names beside it, and the
    ///     commonest token of a set is its value.
    init(_ field: Encodings.Field, of records: AttackedRecords, isWhole: Bool = false) {
        self.field = field.name
        salt = field.salt
        let rows = records.count
        values = [Int32](repeating: -1, count: rows)
        groups = [Int32](repeating: 0, count: rows)
        switch field.values {
        case .token(let tokens):
            form = .token
            number(Array(tokens))
            if !isWhole, let salt = field.salt, let tokens = records.tokens(salt) {
                group(tokens)
            }
        case .tokenSet(let offsets, let tokens):
            form = .tokenSet
            if isWhole {
                number(sets: offsets, Array(tokens))
            } else {
                number(Self.commonest(offsets, Array(tokens)))
            }
        case .filter(let bits, let words):
            form = .filter
            self.words = Array(words)
            width = bits / 64
            if let salt = field.salt, let tokens = records.tokens(salt) { group(tokens) }
            cluster(flip: records.specification.hardening.flip, bits: bits)
        }
    }

    /// Numbers rows by a token; 0 is missing.
    private mutating func number(_ tokens: [UInt64]) {
        var numbers: [UInt64: Int32] = [:]
        for (row, token) in tokens.enumerated() where token != 0 {
            values[row] = numbers[token] ?? new(row)
            numbers[token] = values[row]
        }
    }

    /// Numbers rows by all tokens of a set, which lie in one order in every row; an empty set is
    /// missing.
    ///
    /// A deletion neighbourhood of n characters has 2n + 1 tokens: it tells how long the value is.
    private mutating func number(sets offsets: [Int], _ tokens: [UInt64]) {
        var numbers: [ArraySlice<UInt64>: Int32] = [:]
        for row in values.indices {
            let set = tokens[offsets[row]..<offsets[row + 1]]
            guard !set.isEmpty else { continue }
            values[row] = numbers[set] ?? new(row)
            numbers[set] = values[row]
            groups[row] = Int32(set.count)
        }
        groupCount = Int(groups.max() ?? 0) + 1
        tellsSize = true
    }

    private mutating func new(_ row: Int) -> Int32 {
        example.append(Int32(row))
        valueCount += 1
        return Int32(valueCount - 1)
    }

    /// The token of each row's set that most rows have: the best handle on the row.
    private static func commonest(_ offsets: [Int], _ tokens: [UInt64]) -> [UInt64] {
        var counts: [UInt64: Int] = [:]
        for token in tokens { counts[token, default: 0] += 1 }
        return zip(offsets, offsets.dropFirst()).map { start, end in
            tokens[start..<end].max {
                (counts[$0, default: 0], $0) < (counts[$1, default: 0], $1)
            } ?? 0
        }
    }

    private mutating func group(_ tokens: [UInt64]) {
        var numbers: [UInt64: Int32] = [:]
        for (row, token) in tokens.enumerated() {
            let number = numbers[token] ?? Int32(numbers.count)
            numbers[token] = number
            groups[row] = number
        }
        groupCount = max(1, numbers.count)
    }

    /// Numbers filters within each group: equal ones are one value, and where noise was added,
    /// also those no further apart than two copies of one filter are.
    ///
    /// Two copies differ in a binomial number of bits with probability 2p(1 − p); the radius is
    /// that mean and three standard deviations. The first filter of a cluster stands for it.
    private mutating func cluster(flip: Double, bits: Int) {
        var exact: [Key: Int32] = [:]
        let chance = 2 * flip * (1 - flip)
        let radius = Int(
            Double(bits) * chance + 3 * (Double(bits) * chance * (1 - chance)).squareRoot())
        var leaders: [[Int32]] = Array(repeating: [], count: flip > 0 ? groupCount : 0)
        var populations: [UInt32] = []
        words.withUnsafeBufferPointer { words in
            guard let base = words.baseAddress else { return }
            for row in groups.indices {
                let start = base + row * width
                let population = stile_popcount(start, width)
                guard population > 0 else { continue }
                let key = Key(
                    group: groups[row],
                    words: Array(UnsafeBufferPointer(start: start, count: width)))
                if let known = exact[key] {
                    values[row] = known
                    continue
                }
                var nearest: (value: Int32, distance: Int)?
                if flip > 0 {
                    for leader in leaders[Int(groups[row])] {
                        let other = base + Int(example[Int(leader)]) * width
                        let shared = stile_and_popcount(start, other, width)
                        let distance = Int(population + populations[Int(leader)] - 2 * shared)
                        if distance <= radius, distance < nearest?.distance ?? .max {
                            nearest = (leader, distance)
                        }
                    }
                }
                if let nearest {
                    values[row] = nearest.value
                } else {
                    let value = new(row)
                    populations.append(population)
                    values[row] = value
                    if flip > 0 { leaders[Int(groups[row])].append(value) }
                }
                exact[key] = values[row]
            }
        }
    }

    private struct Key: Hashable {
        var group: Int32
        var words: [UInt64]
    }
}
