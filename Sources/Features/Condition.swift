public import PipelineModel

/// What one value of a column must satisfy.
///
/// A missing value satisfies none but `missing(true)`.
public enum ValueTest: Sendable, Equatable {
    case among([String])
    case notAmong([String])
    case codes(CodeList)
    case notCodes(CodeList)
    case atLeast(Double)
    case above(Double)
    case atMost(Double)
    case below(Double)
    /// Whether the value must be missing (true) or present (false).
    case missing(Bool)

    /// Whether the test compares numbers.
    var isNumeric: Bool {
        switch self {
        case .atLeast, .above, .atMost, .below: true
        default: false
        }
    }

    /// Whether the test reads the letters of a code.
    var isClassification: Bool {
        switch self {
        case .codes, .notCodes: true
        default: false
        }
    }

    /// Whether a code passes; `nil` stands for a missing one.
    func accepts(code: String?) -> Bool {
        guard let code else { return self == .missing(true) }
        return switch self {
        case .among(let list): list.contains(code)
        case .notAmong(let list): !list.contains(code)
        case .codes(let list): list.contains(code)
        case .notCodes(let list): !list.contains(code)
        case .missing(let wanted): !wanted
        case .atLeast, .above, .atMost, .below: false
        }
    }

    /// Whether a number passes; NaN stands for a missing one.
    func accepts(number: Double) -> Bool {
        if number.isNaN { return self == .missing(true) }
        return switch self {
        case .among(let list): list.contains { Double($0) == number }
        case .notAmong(let list): !list.contains { Double($0) == number }
        case .atLeast(let bound): number >= bound
        case .above(let bound): number > bound
        case .atMost(let bound): number <= bound
        case .below(let bound): number < bound
        case .missing(let wanted): !wanted
        case .codes, .notCodes: false
        }
    }
}

/// A filter on one column of a fact table; all of its tests must hold.
public struct Condition: Sendable {
    public var column: String
    public var tests: [ValueTest]
    /// Where it is written.
    public var place: StileError.Place
}

extension Condition {
    /// Clears the mark of every fact that fails.
    func narrow(_ mask: inout [Bool], values: ColumnValues) {
        switch values {
        case .code(let vocabulary, let codes):
            let passes = vocabulary.map { code in tests.allSatisfy { $0.accepts(code: code) } }
            let missingPasses = tests.allSatisfy { $0.accepts(code: nil) }
            for fact in mask.indices where mask[fact] {
                let code = codes[fact]
                mask[fact] =
                    code == ColumnValues.missingCode ? missingPasses : passes[Int(code)]
            }
        case .number(let numbers):
            for fact in mask.indices where mask[fact] {
                let number = numbers[fact]
                mask[fact] = tests.allSatisfy { $0.accepts(number: number) }
            }
        case .day(let days):
            for fact in mask.indices where mask[fact] {
                let isMissing = days[fact] == .missing
                mask[fact] = tests.allSatisfy { $0 == .missing(isMissing) }
            }
        default:
            for fact in mask.indices { mask[fact] = false }
        }
    }
}
