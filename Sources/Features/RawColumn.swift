import Foundation
import PipelineModel

/// A feature before its transform: one number a row, NaN where there is none.
struct RawColumn {
    var values: [Double] = []
    /// The day of the newest fact behind each value; ``Day/missing`` where there is none.
    var newest: [Day] = []
    /// The codes that the values stand for; empty where they are numbers.
    var vocabulary: [String] = []

    /// Appends the columns of the matrix that the feature makes of the values.
    func append(_ feature: FeatureDeclaration, to matrix: inout [Double]) {
        var fallback = 0.0
        var hasFlag = false
        switch feature.missing {
        case .never: break
        case .value(let value): fallback = value
        case .flag(let value): (fallback, hasFlag) = (value, true)
        }
        if feature.levels.isEmpty {
            for value in values {
                matrix.append(value.isNaN ? fallback : Self.transformed(value, feature))
            }
        } else {
            let found = levels(feature)
            for (number, level) in feature.levels.enumerated() where level.name != feature.reference
            {
                for level in found { matrix.append(level == number ? 1 : 0) }
            }
            if feature.hasOtherLevel {
                for level in found { matrix.append(level == Self.otherLevel ? 1 : 0) }
            }
        }
        if hasFlag { for value in values { matrix.append(value.isNaN ? 1 : 0) } }
    }

    private static func transformed(_ value: Double, _ feature: FeatureDeclaration) -> Double {
        let capped = feature.cap.map { min(value, $0) } ?? value
        let result =
            switch feature.transform {
            case .identity: capped
            case .log1p: log1p(max(0, capped))
            case .square: capped * capped
            }
        return result / feature.divisor
    }

    private static let missingLevel = -1
    private static let otherLevel = -2

    /// Makes a value missing that is in no level, where the levels are meant to be all there are.
    mutating func dropUndeclared(_ feature: FeatureDeclaration) {
        let isComplete = feature.levels.contains { $0.name == feature.reference }
        guard isComplete, !feature.hasOtherLevel else { return }
        for (row, level) in levels(feature).enumerated() where level == Self.otherLevel {
            values[row] = .nan
        }
    }

    /// The first level whose tests each value passes.
    private func levels(_ feature: FeatureDeclaration) -> [Int] {
        let ofCode = vocabulary.map { code in
            feature.levels.firstIndex { $0.tests.allSatisfy { $0.accepts(code: code) } }
                ?? Self.otherLevel
        }
        return values.map { value in
            if value.isNaN { return Self.missingLevel }
            if !vocabulary.isEmpty { return ofCode[Int(value)] }
            return feature.levels.firstIndex { $0.tests.allSatisfy { $0.accepts(number: value) } }
                ?? Self.otherLevel
        }
    }

    /// The grouping that the values make; not known where they are in no level.
    func group(_ feature: FeatureDeclaration) -> ScoredTable.Group {
        guard feature.levels.isEmpty else {
            return ScoredTable.Group(
                name: feature.name, levels: feature.levels.map(\.name),
                codes: levels(feature).map { $0 < 0 ? UInt32.max : UInt32($0) })
        }
        guard vocabulary.isEmpty else {
            return ScoredTable.Group(
                name: feature.name, levels: vocabulary,
                codes: values.map { $0.isNaN ? UInt32.max : UInt32($0) })
        }
        let numbers = Set(values.filter { !$0.isNaN }).sorted()
        let code = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1, UInt32($0)) })
        return ScoredTable.Group(
            name: feature.name,
            levels: numbers.map { $0 == $0.rounded() ? String(Int($0)) : String($0) },
            codes: values.map { code[$0] ?? UInt32.max })
    }
}
