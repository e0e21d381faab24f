import Foundation
import Report
import Testing

@Suite struct ChartTests {
    private let bars = Chart.bars(
        BarChart(
            "Weights <b>", description: "From “left” & right.", axis: "bits",
            bars: [
                .init("agrees", to: 12.5, value: "+12.50", tone: .good),
                .init("dis\u{202e}agrees", from: 12.5, to: -3, value: "−15.50", tone: .bad),
                .init("rate", from: 1, to: 4, value: "2", point: 2),
            ], lines: [ChartLine(at: 2, "link")]))
    private let columns = Chart.columns(
        ColumnChart(
            "Pairs", description: "A hill.", axis: "bits", start: -4, width: 1,
            counts: [1, 10, 0, 1_000], lines: [ChartLine(at: -2, "link")]))

    private let curves = Chart.curves(
        LineChart(
            "Curves", description: "Rising.", xAxis: "x", yAxis: "y",
            curves: [
                .init("model", .first, [.init(0, 0), .init(1, 1)]),
                .init("rule", .second, [.init(0, 0.5), .init(1, 0.75)]),
            ], band: [0, 1].map { .init(x: $0, value: $0, lower: $0 - 0.1, upper: $0 + 0.1) },
            bandName: "95 % band",
            points: [.init(x: 0.5, value: 0.5, lower: 0.4, upper: .infinity)], pointName: "tenths"))
    private let dots = Chart.dots(
        DotChart(
            "Groups", description: "Two.", axis: "share",
            rows: [
                .init("a", value: "0.5", point: 0.5, lower: 0.4, upper: 0.6),
                .init("b", value: "not assessable"),
            ], lines: [ChartLine(at: 0.45, "all")]))

    private func page(_ chart: Chart) -> String {
        Page(
            kind: "k", title: "t",
            sections: [
                Section(
                    "s",
                    [
                        .chart(
                            chart,
                            Table("The figures", columns: [.init("Bin")], rows: [[.text("1")]]))
                    ])
            ]
        ).html()
    }

    @Test func aChartOnAPageIsNamedAndHasItsTable() {
        for chart in [bars, columns, curves, dots] {
            let html = page(chart)
            #expect(html.contains("role=\"img\" aria-label=\""))
            #expect(html.contains("<figcaption>"))
            #expect(html.contains("<caption id=\"t1\">The figures</caption>"))
            #expect(
                !html.contains("http:") && !html.contains("https:")
                    && !html.contains("<script") && !html.contains("url("))
            #expect(html == page(chart))
        }
    }

    @Test func labelsAreEscapedOnThePageAndInTheFile() {
        for text in [page(bars), bars.svg()] {
            #expect(text.contains("Weights &lt;b&gt;") && !text.contains("<b>"))
            #expect(text.contains("dis[U+202E]agrees") && !text.contains("\u{202e}"))
        }
    }

    @Test func aFileStandsAlone() {
        let svg = columns.svg()
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 440 "))
        #expect(svg.contains("<title id=\"title\">Pairs</title>"))
        #expect(svg.contains("<desc id=\"description\">A hill.</desc>"))
        #expect(svg.components(separatedBy: "http").count == 2)
        // A column for each bin that holds something, beside the ground.
        #expect(svg.components(separatedBy: "<rect").count - 1 == 4)
    }

    @Test func aTenfoldCountIsOneStepHigher() {
        let heights = columns.svg().split(separator: "\n").filter { $0.contains("bar plain") }
            .compactMap { line in
                line.split(separator: "height=\"").last?.prefix { $0 != "\"" }
            }.compactMap { Double($0) }
        #expect(heights.count == 3)
        #expect(abs(heights[1] - 2 * heights[0]) < 0.2 && abs(heights[2] - 4 * heights[0]) < 0.4)
    }

    @Test func curvesAreToldApartByTheirDashesAndNames() {
        let html = page(curves)
        for part in [
            "curve first", "curve second", "class=\"band\"", ">model<", ">rule<", ">95 % band<",
            ">tenths<", "<title>Curves</title>", "<desc>Rising.</desc>",
        ] { #expect(html.contains(part), "\(part)") }
        #expect(!html.contains("inf") && !html.contains("nan"))
        #expect(curves.svg().contains("stroke-dasharray: 7 4"))
    }

    @Test func aRowWithoutAFigureHasNoDot() {
        let drawn = page(dots).components(separatedBy: "<circle").count - 1
        #expect(drawn == 1)
        #expect(page(dots).contains("not assessable"))
    }
}
