import Evaluation
import Report

/// Figures as the page writes them.
extension EvaluationPage {
    static func assessed<Value>(
        _ value: Assessed<Value>, _ write: (Value) -> String
    ) -> String {
        switch value {
        case .value(let value): write(value)
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    static func number(_ value: Assessed<Double>, _ decimals: Int = 3) -> String {
        assessed(value) { Numerals.number($0, decimals: decimals) }
    }

    /// A figure with the interval that draws give it, where they do.
    static func drawn(
        _ value: Assessed<Double>, _ report: EvaluationReport, _ decimals: Int = 3,
        _ interval: (ClusterBootstrap) -> Assessed<Estimate>
    ) -> String {
        guard let figure = value.value, let found = report.bootstrap.value.map(interval)?.value
        else { return number(value, decimals) }
        return range(figure, found.lower, found.upper, decimals)
    }

    private static func range(
        _ estimate: Double, _ lower: Double, _ upper: Double, _ decimals: Int
    ) -> String {
        "\(Numerals.number(estimate, decimals: decimals)) (\(Numerals.number(lower, decimals: decimals)) to \(Numerals.number(upper, decimals: decimals)))"
    }

    static func interval(_ interval: Interval) -> String {
        range(interval.estimate, interval.lower, interval.upper, 3)
    }

    static func interval(_ interval: Assessed<Interval>) -> String {
        assessed(interval, Self.interval)
    }

    static func estimate(_ value: Assessed<Estimate>) -> String {
        assessed(value) { range($0.estimate, $0.lower, $0.upper, 3) }
    }

    static func share(_ share: Double) -> String { ReviewPage.percent(share) }

    static func share(_ share: Share) -> String {
        "\(ReviewPage.percent(share.estimate)) (\(Numerals.number(100 * share.lower, decimals: 1)) to \(Numerals.number(100 * share.upper, decimals: 1)))"
    }

    /// A share, or a dash where too few are counted.
    static func dashed(_ value: Assessed<Share>) -> String { value.value.map(share) ?? "–" }

    static func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// A chart, or why there is none.
    static func block<Value>(
        _ value: Assessed<Value>, _ what: String, _ blocks: (Value) -> [Block]
    ) -> [Block] {
        switch value {
        case .value(let value): blocks(value)
        case .notAssessable(let reason): [.text("\(what): not assessable: \(reason).")]
        }
    }
}
