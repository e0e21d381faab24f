import Foundation
public import PipelineModel

/// What a value says to people: the title of its feature and what is so of this person.
///
/// A reason that lowers a score is mostly the absence of something, so that a title alone would
/// say the opposite of what is meant.
public struct ValueWords: Sendable {
    private let features: [String: FeatureDeclaration]
    private let means: [String: Double]
    private let isFitted: Bool
    private let isOfSettings: Bool

    /// - Parameters:
    ///   - specification: Declares the features.
    ///   - equation: Says against which values reasons are measured.
    public init(_ specification: ModelSpecification, equation: ScoringEquation) {
        features = Dictionary(
            specification.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        means = Dictionary(
            equation.terms.map { ($0.name, $0.mean) }, uniquingKeysWith: { first, _ in first })
        isFitted = specification.fit != nil
        isOfSettings = specification.unit == .setting
    }

    /// The title of a column: that of its feature, with its level where it has one.
    public static func title(_ column: FeatureColumn) -> String {
        switch column.part {
        case .value: column.title
        case .level(let level): "\(column.title): \(readable(level))"
        case .other: "\(column.title): other"
        case .missing: "\(column.title): not known"
        }
    }

    /// The words for the value of a column.
    ///
    /// - Parameters:
    ///   - column: The column.
    ///   - value: Its value, as it stands in the matrix.
    ///   - hasFact: Whether there is any fact behind the value.
    public func words(_ column: FeatureColumn, value: Double, hasFact: Bool) -> String {
        guard let feature = features[column.feature] else { return column.title }
        let isSo = value != 0
        switch column.part {
        case .level(let level):
            return "\(column.title): \(isSo ? "" : "not ")\(Self.readable(level))"
        case .other: return "\(column.title): \(isSo ? "" : "not ")other"
        case .missing: return "\(column.title): \(isSo ? "not known" : "known")"
        case .value: break
        }
        // A list of settings leaves without names, so that its figures could be few people's.
        if isOfSettings { return "\(column.title): \(comparison(column, value))" }
        let isZeroOfNothing = [.any, .count, .sum, .distinct].contains(feature.aggregate)
        // Nobody may know with whom this person lives.
        if feature.about == .household, isZeroOfNothing, !hasFact {
            return "\(column.title): none known"
        }
        if feature.aggregate == .any, !feature.isPerPerson {
            return isSo ? column.title : "\(column.title): no"
        }
        if !isZeroOfNothing, !hasFact { return "\(column.title): not known" }
        return "\(column.title): \(amount(feature, column, value))"
    }

    private func amount(
        _ feature: FeatureDeclaration, _ column: FeatureColumn, _ value: Double
    ) -> String {
        guard feature.values.isEmpty, let natural = Self.natural(feature, value) else {
            return comparison(column, value)
        }
        // The cap comes before the divisor; a whole count comes back from log1p almost whole.
        let isCapped = feature.cap.map { natural * feature.divisor > $0 - 1e-9 } ?? false
        return Self.figure(natural) + (isCapped ? " or more" : "")
    }

    private func comparison(_ column: FeatureColumn, _ value: Double) -> String {
        let mean = means[column.name] ?? 0
        let against = isFitted ? "average" : "the reference"
        return value == mean ? against : "\(value > mean ? "above" : "below") \(against)"
    }

    /// The number before the transform; `nil` where a divisor after it has changed its unit.
    private static func natural(_ feature: FeatureDeclaration, _ value: Double) -> Double? {
        switch feature.transform {
        case .identity: value
        case .log1p: feature.divisor == 1 ? expm1(value) : nil
        case .square: feature.divisor == 1 ? value.squareRoot() : nil
        }
    }

    private static func figure(_ value: Double) -> String {
        let tenths = (value * 10).rounded(.toNearestOrEven) / 10
        guard tenths == tenths.rounded(), tenths.magnitude < 1e15 else { return "\(tenths)" }
        return String(Int(tenths))
    }

    /// `not_white` as `not white`, the band `40_65` as `40 to under 65`, `80_plus` as `80 and over`.
    public static func readable(_ level: String) -> String {
        let parts = level.split(separator: "_").map(String.init)
        if parts.count == 2, parts.allSatisfy({ Double($0) != nil }) {
            return "\(parts[0]) to under \(parts[1])"
        }
        if parts.count == 2, parts[1] == "plus", Double(parts[0]) != nil {
            return "\(parts[0]) and over"
        }
        return parts.joined(separator: " ")
    }
}
