import Features
import Linkage
import PipelineModel
import Report

extension LinkagePage {
    static func rates(_ report: LinkageReport, _ detail: LinkageReport.Detail) -> [Block] {
        var blocks: [Block] = [
            .text(
                "The share of each source's subjects who were found in another source. A rate that is lower for one group than for others means that this group is missed more often, or is really less often known elsewhere; it is for people to find out which."
            ),
            chart(
                "Linkage rates by source",
                detail.sourceRates.map { (ValueWords.readable($0.source), $0.linked) }),
        ]
        if let cross = detail.crossRates, !cross.isEmpty { blocks.append(.table(table(cross))) }
        for group in report.groups {
            blocks.append(.heading("\(group.name), of \(ValueWords.readable(group.source))"))
            blocks += grouped(group)
        }
        if report.groups.isEmpty {
            blocks.append(
                .text(
                    "No characteristics are declared: name payload columns under linkage, report, groups to see rates by sex, age, ethnicity or deprivation."
                ))
        }
        for group in detail.mobility {
            blocks.append(.heading("Mobility, of \(ValueWords.readable(group.source))"))
            blocks += grouped(group)
        }
        blocks.append(
            .text(
                "Levels of fewer than \(GroupedRates.least) subjects are suppressed, with another where one alone could be worked out; a bound stands where fewer than \(GroupedRates.least) are linked, or are not."
            ))
        return blocks
    }

    /// Each source in a row, and in the columns where its subjects were found.
    private static func table(_ cross: [LinkageReport.CrossRate]) -> Table {
        let rows = Set(cross.map(\.source)).sorted()
        let columns = Set(cross.map(\.other)).sorted()
        return Table(
            "Of each source's subjects, how many per cent were found in each other, with 95 % intervals",
            columns: [.init("Source"), .init("Subjects", .number)]
                + columns.map { .init(ValueWords.readable($0), .number) },
            rows: rows.map { source in
                let own = cross.filter { $0.source == source }
                return [
                    .text(ValueWords.readable(source)),
                    own.first?.subjects.map { .count($0) } ?? "suppressed",
                ]
                    + columns.map { other in
                        guard let rate = own.first(where: { $0.other == other }) else { return "–" }
                        return rate.linked.map {
                            .text(
                                "\(hundredths($0.share)) (\(hundredths($0.low))–\(hundredths($0.high)))"
                            )
                        } ?? "suppressed"
                    }
            })
    }

    private static func hundredths(_ share: Double) -> String {
        Numerals.number(share * 100, decimals: 1)
    }

    private static func grouped(_ group: GroupedRates) -> [Block] {
        let shown = group.levels.compactMap { level in level.linked.map { (level.name, $0) } }
        let table = Table(
            "\(group.name): subjects, and the share linked",
            columns: [
                .init(group.name), .init("Subjects", .number), .init("Linked", .number),
                .init("95 % interval", .number),
            ],
            rows: group.levels.map { level in
                [
                    .text(ValueWords.readable(level.name)),
                    level.subjects.map { .count($0) } ?? "suppressed", .text(rate(level)),
                    .text(level.linked.map(interval) ?? ""),
                ]
            }, whenEmpty: "Nothing of this extract has arrived.")
        guard shown.count > 1 else { return [.table(table)] }
        return [
            .chart(.bars(bars("\(group.name): share linked", shown)), table)
        ]
    }

    private static func rate(_ level: GroupedRates.Level) -> String {
        if let linked = level.linked { return percent(linked.share) }
        if let bound = level.moreThan { return "more than \(percent(bound))" }
        if let bound = level.lessThan { return "less than \(percent(bound))" }
        return "suppressed"
    }

    static func interval(_ linked: Proportion) -> String {
        "\(percent(linked.low)) to \(percent(linked.high))"
    }

    private static func bars(_ title: String, _ rates: [(String, Proportion)]) -> BarChart {
        BarChart(
            title,
            description: "Each bar is a 95 % interval, the dot in it the estimate.",
            axis: "share linked, in per cent",
            bars: rates.map { name, linked in
                .init(
                    ValueWords.readable(name), from: linked.low * 100, to: linked.high * 100,
                    value: percent(linked.share), point: linked.share * 100)
            }, range: 0...100)
    }

    private static func chart(_ title: String, _ rates: [(String, Proportion)]) -> Block {
        .chart(
            .bars(bars(title, rates)),
            Table(
                title,
                columns: [
                    .init("Source"), .init("Subjects", .number), .init("Linked", .number),
                    .init("95 % interval", .number),
                ],
                rows: rates.map { name, linked in
                    [
                        .text(name), .count(linked.of), .text(percent(linked.share)),
                        .text(interval(linked)),
                    ]
                }))
    }
}
