import Features
import Foundation
import PipelineModel
import Scoring

/// What a reason says to people: the title of its feature and what is so of this person.
///
/// A reason that lowers a score is mostly the absence of something, so that a title alone would
/// say the opposite of what is meant.
struct ReasonWords {
    private let features: [String: FeatureDeclaration]
    private let means: [String: Double]
    private let isFitted: Bool

    init(_ specification: ModelSpecification, equation: ScoringEquation) {
        features = Dictionary(
            specification.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        means = Dictionary(
            equation.terms.map { ($0.name, $0.mean) }, uniquingKeysWith: { first, _ in first })
        isFitted = specification.fit != nil
    }

    /// The title of a column: that of its feature, with its level where it has one.
    static func title(_ column: FeatureColumn) -> String {
        switch column.part {
        case .value: column.title
        case .level(let level): "\(column.title): \(readable(level))"
        case .other: "\(column.title): other"
        case .missing: "\(column.title): not known"
        }
    }

    /// - Parameter hasFact: Whether there is any fact behind the value.
    func words(_ column: FeatureColumn, reason: Reason, hasFact: Bool) -> String {
        guard let feature = features[column.feature] else { return column.title }
        let isSo = reason.value != 0
        switch column.part {
        case .level(let level):
            return "\(column.title): \(isSo ? "" : "not ")\(Self.readable(level))"
        case .other: return "\(column.title): \(isSo ? "" : "not ")other"
        case .missing: return "\(column.title): \(isSo ? "not known" : "known")"
        case .value: break
        }
        if feature.aggregate == .any {
            if isSo { return column.title }
            return "\(column.title): \(feature.about == .household ? "none known" : "no")"
        }
        let isZeroOfNothing = [.count, .sum, .distinct].contains(feature.aggregate)
        if !isZeroOfNothing, !hasFact { return "\(column.title): not known" }
        return "\(column.title): \(amount(feature, reason))"
    }

    private func amount(_ feature: FeatureDeclaration, _ reason: Reason) -> String {
        guard feature.values.isEmpty, let natural = Self.natural(feature, reason.value) else {
            let mean = means[reason.term] ?? 0
            let against = isFitted ? "average" : "the reference"
            return reason.value == mean
                ? against : "\(reason.value > mean ? "above" : "below") \(against)"
        }
        // The cap comes before the divisor; a whole count comes back from log1p almost whole.
        let isCapped = feature.cap.map { natural * feature.divisor > $0 - 1e-9 } ?? false
        return Self.figure(natural) + (isCapped ? " or more" : "")
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
    static func readable(_ level: String) -> String {
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
