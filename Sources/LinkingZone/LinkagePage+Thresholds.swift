import Linkage
import Report

extension LinkagePage {
    /// What other link thresholds would give, as curves and as a table.
    static func sensitivity(_ detail: LinkageReport.Detail) -> [Block] {
        let rows = detail.sensitivity
        let table = Table(
            "Pairs and people at other link thresholds; the one in use is marked",
            columns: [
                .init("Threshold, in bits"), .init("Pairs", .number),
                .init("People", .number), .init("Precision", .number),
                .init("Recall", .number), .init("F1", .number),
            ],
            rows: rows.map { row in
                let name = bits(row.threshold)
                return [
                    row.threshold == detail.linkThreshold
                        ? .inline([.strong("\(name) (in use)")]) : .text(name),
                    .count(row.pairs), .count(row.people), .text(fine(row.precision)),
                    .text(fine(row.recall)), .text(fine(f1(row))),
                ]
            })
        let words = Block.text(
            "Precision, recall and F1 here too are the model's own, of the people at that threshold, without the margin; pairs are those without contradiction."
        )
        guard rows.count > 1, detail.quality != nil else { return [.table(table), words] }
        return [.chart(.curves(chart(detail)), table), words]
    }

    private static func f1(_ row: LinkageReport.Sensitivity) -> Double {
        let sum = row.precision + row.recall
        return sum > 0 ? 2 * row.precision * row.recall / sum : 0
    }

    private static func chart(_ detail: LinkageReport.Detail) -> LineChart {
        let rows = detail.sensitivity
        func curve(
            _ name: String, _ stroke: LineChart.Stroke,
            _ value: (LinkageReport.Sensitivity) -> Double
        ) -> LineChart.Curve {
            LineChart.Curve(
                name, stroke, rows.map { LineChart.Place($0.threshold, 100 * value($0)) })
        }
        let curves = [
            curve("precision", .first, \.precision), curve("recall", .second, \.recall),
            curve("F1", .third, f1),
        ]
        let least = curves.flatMap(\.places).map(\.y).min() ?? 0
        let best = rows.max { f1($0) < f1($1) }
        return LineChart(
            "Expected precision, recall and F1 by link threshold",
            description:
                "Three curves over thresholds from \(bits(rows.first?.threshold ?? 0)) to \(bits(rows.last?.threshold ?? 0)) bits. Of those drawn F1 is largest, \(best.map { fine(f1($0)) } ?? "0"), at \(bits(best?.threshold ?? 0)); \(bits(detail.linkThreshold)) is in use.",
            xAxis: "link threshold, in bits", yAxis: "per cent", curves: curves,
            marks: [LineChart.Mark(detail.linkThreshold, "in use")],
            xRange: (rows.first?.threshold ?? 0)...(rows.last?.threshold ?? 1),
            // The scale begins at a round number below all that is drawn.
            yRange: min((least / 5).rounded(.down) * 5, 95)...100)
    }
}
