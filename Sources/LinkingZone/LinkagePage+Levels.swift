import Foundation
import Linkage
import Report

extension LinkagePage {
    /// A level of a comparison with what it is worth.
    private struct Level {
        var name: String
        var m: Double
        var r: Double
        var u: Double
        var weight: Double
    }

    /// The levels of each comparison, the heaviest first; comparisons by the reach of their weights.
    private static func levels(_ parameters: LinkageParameters) -> [Level] {
        parameters.comparisons.map { comparison in
            comparison.levels.indices.map { level in
                Level(
                    name: words(comparison.name, comparison.levels[level]), m: comparison.m[level],
                    r: comparison.r[level], u: comparison.u[level],
                    weight: comparison.weights[level])
            }.sorted { $0.weight > $1.weight }
        }.sorted { reach($0) > reach($1) }.flatMap { $0 }
    }

    private static func reach(_ levels: [Level]) -> Double {
        (levels.map(\.weight).max() ?? 0) - (levels.map(\.weight).min() ?? 0)
    }

    /// The weight of each level, and m and u behind it.
    static func levelCharts(_ parameters: LinkageParameters) -> [Block] {
        let levels = levels(parameters)
        return [
            .chart(
                .bars(
                    BarChart(
                        "Match weights",
                        description:
                            "For each level of each comparison a bar from 0, to the right where it speaks for a match and to the left where it speaks against; the comparison that says most comes first.",
                        axis: "bits",
                        bars: levels.map {
                            .init(
                                $0.name, to: $0.weight, value: signed($0.weight),
                                tone: $0.weight >= 0 ? .good : .bad)
                        })), table(levels)),
            .chart(
                .bars(
                    BarChart(
                        "m and u of each level",
                        description:
                            "For each level a bar from u, its probability among strangers, to m, its probability among matches, which the dot marks, on a logarithmic scale: the longer the bar, the more the level says.",
                        axis: "log₁₀ of the probability: −3 is one in a thousand",
                        bars: levels.map {
                            .init(
                                $0.name, from: power($0.u), to: power($0.m),
                                value: "m \(probability($0.m)), u \(probability($0.u))",
                                tone: $0.m >= $0.u ? .good : .bad, point: power($0.m))
                        }, range: floor(levels)...0)),
                Table(
                    "m and u of each level",
                    columns: [.init("Level"), .init("m", .number), .init("u", .number)],
                    rows: levels.map {
                        [.text($0.name), .text(probability($0.m)), .text(probability($0.u))]
                    })),
        ]
    }

    /// What is rarer is drawn at this end.
    private static let rarest = -9.0

    private static func power(_ probability: Double) -> Double {
        probability > 0 ? max(log10(probability), rarest) : rarest
    }

    private static func floor(_ levels: [Level]) -> Double {
        let least = levels.flatMap { [power($0.m), power($0.u)] }.min() ?? -1
        return min(least.rounded(.down), -1)
    }

    private static func table(_ levels: [Level]) -> Table {
        Table(
            "Levels with their probabilities and weights",
            columns: [
                .init("Level"), .init("m", .number), .init("r", .number),
                .init("u", .number), .init("Against strangers", .number),
                .init("Against relatives", .number),
            ],
            rows: levels.map {
                [
                    .text($0.name), .text(probability($0.m)), .text(probability($0.r)),
                    .text(probability($0.u)), .text(signed(log2($0.m / $0.u))),
                    .text(signed(log2($0.m / $0.r))),
                ]
            })
    }

    private static func probability(_ value: Double) -> String {
        value < 0.00005 ? "below 0.0001" : Numerals.number(value, decimals: 4)
    }
}
