import Foundation
import Modelling
import Report

/// How the strength of a penalty was chosen, and what each strength makes of the coefficients.
extension EvaluationPage {
    /// So many terms have a curve of their own; more cannot be told apart.
    private static let namedTerms = 3

    /// The curve of the rows left out, then the coefficients along the path of λ.
    ///
    /// - Parameters:
    ///   - fit: With the names and scales of its terms.
    ///   - penalty: Of the fit; its λ was chosen along a path.
    static func path(_ fit: FittedModel, _ penalty: FittedPenalty) -> [Block] {
        let steps = penalty.path.filter { $0.strength > 0 }
        guard steps.count > 1, let first = steps.first, let last = steps.last else {
            return [.text("The fit keeps no path of λ.")]
        }
        let range = log(last.strength)...log(first.strength)
        let best = steps.min { $0.deviance < $1.deviance } ?? first
        return [.text(introduction(penalty, best))]
            + [deviances(steps, penalty, best, range)] + coefficients(fit, steps, penalty, range)
    }

    private static func introduction(
        _ penalty: FittedPenalty, _ best: FittedPenalty.Step
    ) -> String {
        let kind =
            switch penalty.mixing {
            case 0: "squared coefficients (ridge)"
            case 1: "absolute coefficients (LASSO), which makes some of them 0"
            default:
                "squared and absolute coefficients (elastic net, \(Numerals.number(penalty.mixing, decimals: 2)) of it absolute), which makes some of them 0"
            }
        let rule =
            penalty.strength == best.strength
            ? "where the rows left out are told best"
            : "the largest whose deviance lies within one standard error of the least"
        let end =
            switch penalty.pathEnd {
            case .strongest?:
                " It is the largest that was tried: the terms hardly tell the rows apart."
            case .weakest?: " It is the least that was tried: a smaller one may be better."
            case nil: ""
            }
        return
            "The fit is held back by a penalty on \(kind). Its strength λ was chosen by cross-validation in \(penalty.folds ?? 0) parts, people and households whole: λ is \(digits(penalty.strength)), \(rule).\(end)"
    }

    private static func marks(
        _ penalty: FittedPenalty, _ best: FittedPenalty.Step
    ) -> [LineChart.Mark] {
        let chosen = LineChart.Mark(log(penalty.strength), "λ of the model")
        return best.strength == penalty.strength
            ? [chosen] : [chosen, .init(log(best.strength), "least deviance")]
    }

    // MARK: The rows left out

    private static func deviances(
        _ steps: [FittedPenalty.Step], _ penalty: FittedPenalty, _ best: FittedPenalty.Step,
        _ range: ClosedRange<Double>
    ) -> Block {
        let spans = steps.reversed().map { step in
            LineChart.Span(
                x: log(step.strength), value: step.deviance,
                lower: step.deviance - step.standardError,
                upper: step.deviance + step.standardError)
        }
        let (low, high) = (spans.map(\.lower).min() ?? 0, spans.map(\.upper).max() ?? 1)
        let margin = max(high - low, 1e-9) / 20
        return .chart(
            .curves(
                LineChart(
                    "Rows left out, by the strength of the penalty",
                    description:
                        "The mean deviance of rows that were left out at each λ, with one standard error on either side. It is least at ln λ \(Numerals.number(log(best.strength), decimals: 2)); the model has ln λ \(Numerals.number(log(penalty.strength), decimals: 2)).",
                    xAxis: "ln λ (right: a stronger penalty)",
                    yAxis: "deviance of a row that was left out",
                    curves: [.init("mean deviance", .first, spans.map { .init($0.x, $0.value) })],
                    band: spans, bandName: "one standard error on either side",
                    marks: marks(penalty, best), xRange: range,
                    yRange: (low - margin)...(high + margin))),
            Table(
                "The path of λ",
                columns: [
                    .init("λ", .number), .init("ln λ", .number), .init("Deviance", .number),
                    .init("Standard error", .number), .init("Terms", .number),
                    .init("Deviance explained on all rows", .number), .init("Which"),
                ],
                rows: steps.map { step in
                    [
                        .text(digits(step.strength)),
                        .number(log(step.strength), decimals: 2),
                        .number(step.deviance, decimals: 5),
                        .number(step.standardError, decimals: 5),
                        .text(
                            (step.terms ?? (penalty.mixing > 0 ? nil : step.coefficients?.count))
                                .map(Numerals.count) ?? "–"),
                        .text(step.explained.map { share($0) } ?? "–"),
                        .text(
                            [
                                step.strength == penalty.strength ? "the model’s" : nil,
                                step.strength == best.strength ? "least" : nil,
                            ].compactMap(\.self).joined(separator: ", ")),
                    ]
                }))
    }

    // MARK: The coefficients

    /// A term's coefficients for one standard deviation of its column, at each λ that has them.
    private struct Trace {
        var name: String
        var places: [LineChart.Place]
        /// The largest λ at which it is not 0.
        var entersAt: Double?
        var chosen: Double
        var weakest: Double
    }

    private static func coefficients(
        _ fit: FittedModel, _ steps: [FittedPenalty.Step], _ penalty: FittedPenalty,
        _ range: ClosedRange<Double>
    ) -> [Block] {
        let traces = traces(fit, steps, penalty)
        guard !traces.isEmpty, traces[0].places.count > 1 else {
            return [.text("The coefficients along the path were not kept.")]
        }
        let strokes: [LineChart.Stroke] = [.first, .second, .third]
        let named = traces.prefix(namedTerms)
        let others = traces.count - named.count
        let curves =
            zip(named, strokes).map { LineChart.Curve($0.name, $1, $0.places) }
            + traces.dropFirst(namedTerms).enumerated().map { index, trace in
                LineChart.Curve(
                    index > 0 ? "" : others == 1 ? "the other term" : "the other \(others) terms",
                    .guide, trace.places)
            }
        let values = traces.flatMap { $0.places.map(\.y) }
        let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
        let margin = max(high - low, 1e-9) / 20
        return [
            .chart(
                .curves(
                    LineChart(
                        "Coefficients, by the strength of the penalty",
                        description:
                            "What a fit on all rows makes of each term at each λ: its log odds ratio for one standard deviation of its column. All shrink towards 0 to the right. The terms that are strongest in the model are named.",
                        xAxis: "ln λ (right: a stronger penalty)",
                        yAxis: "log odds ratio of one standard deviation", curves: curves,
                        marks: [.init(log(penalty.strength), "λ of the model")], xRange: range,
                        yRange: (low - margin)...(high + margin))),
                Table(
                    "Each term along the path: log odds ratio of one standard deviation; coefficients.json has them at every λ, in the columns’ own units",
                    columns: [
                        .init("Term"), .init("First not 0 at ln λ", .number),
                        .init("In the model", .number), .init("At the least λ", .number),
                    ],
                    rows: traces.map { trace in
                        [
                            .text(trace.name),
                            .text(
                                trace.entersAt.map { Numerals.number(log($0), decimals: 2) }
                                    ?? "never"),
                            .number(trace.chosen, decimals: 4),
                            .number(trace.weakest, decimals: 4),
                        ]
                    }))
        ]
    }

    /// Strongest in the model first.
    private static func traces(
        _ fit: FittedModel, _ steps: [FittedPenalty.Step], _ penalty: FittedPenalty
    ) -> [Trace] {
        let kept = steps.filter { $0.coefficients != nil }
        let scales = Dictionary(
            fit.terms.map { ($0.name, $0.scale ?? .nan) }, uniquingKeysWith: { first, _ in first })
        let coefficients = Dictionary(
            fit.terms.map { ($0.name, $0.coefficient ?? 0) },
            uniquingKeysWith: { first, _ in first })
        let traces = fit.parameters.dropFirst().enumerated().compactMap { index, name -> Trace? in
            guard let scale = scales[name], scale.isFinite,
                kept.allSatisfy({ $0.coefficients?.count == fit.parameters.count - 1 })
            else { return nil }
            let values = kept.map { ($0.strength, ($0.coefficients?[index] ?? 0) * scale) }
            return Trace(
                name: name, places: values.reversed().map { .init(log($0.0), $0.1) },
                entersAt: values.first { $0.1 != 0 }?.0,
                chosen: (coefficients[name] ?? 0) * scale, weakest: values.last?.1 ?? 0)
        }
        return traces.enumerated().sorted {
            ($1.element.chosen.magnitude, $0.offset) < ($0.element.chosen.magnitude, $1.offset)
        }.map(\.element)
    }

    private static func digits(_ value: Double) -> String { String(format: "%.4g", value) }
}
