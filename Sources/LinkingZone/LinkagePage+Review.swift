import Features
import Linkage
import PipelineModel
import Report

/// The result of a clerical review in words.
enum ReviewText {
    /// One line for a terminal.
    static func line(_ outcome: ReviewOutcome) -> String {
        func text(_ name: String, _ estimate: ReviewedQuality.Estimate?) -> String {
            estimate.map {
                "\(name) \(LinkagePage.fine($0.value)) (\(LinkagePage.fine($0.low)) to \(LinkagePage.fine($0.high)))"
            } ?? "\(name) not known"
        }
        let kappa =
            outcome.agreement.kappa.map { "κ \(LinkagePage.bits($0.value))" } ?? "κ not defined"
        let covered =
            outcome.quality.coverage.map {
                "; precision is of \(Numerals.count($0.linked)) of \(Numerals.count(outcome.quality.linkedPairs)) linked pairs, recall of \(Numerals.count($0.all)) of \(Numerals.count($0.population)) pairs"
            } ?? ""
        return
            "\(Numerals.count(outcome.quality.pairs)) pairs, clerks agree on \(LinkagePage.percent(outcome.agreement.agreed.share)), \(kappa); \(text("precision", outcome.quality.precision)), \(text("recall", outcome.quality.recall))\(covered)"
    }
}

extension LinkagePage {
    /// What clerks found, beside the estimates that nobody has looked at.
    static func review(_ outcome: ReviewOutcome) -> [Block] {
        let quality = outcome.quality
        func row(
            _ name: String, _ estimate: (ReviewedQuality) -> ReviewedQuality.Estimate?
        ) -> [Cell] {
            let ends = outcome.bounds.compactMap { estimate($0)?.value }
            let value = estimate(quality)
            return [
                .text(name), .text(value.map { fine($0.value) } ?? "–"),
                .text(value.map { "\(fine($0.low)) to \(fine($0.high))" } ?? "–"),
                .text(
                    ends.count == 2 ? "\(fine(ends.min() ?? 0)) to \(fine(ends.max() ?? 0))" : "–"),
            ]
        }
        var blocks: [Block] = [
            .text(
                "Two clerks saw a blind random sample of \(Numerals.count(quality.pairs)) pairs, drawn on \(outcome.drawn), in the source zone, and decided independently. The figures are of the linkage as it was that day."
            ),
            .table(
                Table(
                    "From \(Numerals.count(quality.settled)) pairs that were settled",
                    columns: [
                        .init("Measure"), .init("Estimate", .number),
                        .init("95 % interval", .number),
                        .init("Were all unsettled pairs two people, or one", .number),
                    ],
                    rows: [row("Precision", \.precision), row("Recall", \.recall)])),
            .pairs([
                Pair(
                    "Clerks agree on",
                    "\(percent(outcome.agreement.agreed.share)) (\(percent(outcome.agreement.agreed.low)) to \(percent(outcome.agreement.agreed.high)))"
                ),
                Pair(
                    "Cohen's κ",
                    outcome.agreement.kappa.map {
                        "\(bits($0.value)) (\(bits($0.low)) to \(bits($0.high)))"
                    } ?? "not defined: both say the same of every pair"),
                Pair("Decided by a third clerk", Numerals.count(outcome.adjudicated)),
                Pair("Review", [.code(outcome.request)]),
            ]),
        ]
        blocks += coverage(outcome)
        blocks.append(.table(judgements(outcome.agreement)))
        blocks.append(.table(classes(outcome)))
        blocks.append(
            .text(
                "Each pair stands for as many as its stratum has for each that was drawn; recall also counts the matches that no key brings together (\(fine(quality.neverCompared))), which nobody can look at, by the model's estimate. Intervals are of the draw alone: a mistake that clerks share is in no interval, and a match far below the review threshold was in no draw. Labels train nothing."
            ))
        return blocks
    }

    /// What the estimates are of, and which source zone was asked what.
    private static func coverage(_ outcome: ReviewOutcome) -> [Block] {
        var blocks: [Block] = []
        if let coverage = outcome.quality.coverage {
            blocks.append(
                .text(
                    "The estimates are not of the whole linkage: precision is of \(Numerals.count(coverage.linked)) of \(Numerals.count(outcome.quality.linkedPairs)) linked pairs, recall of \(Numerals.count(coverage.all)) of \(Numerals.count(coverage.population)) pairs that could be drawn. Of the others nothing was said: no source zone may see both names, or none has answered."
                ))
        }
        if let zones = outcome.zones {
            blocks.append(
                .table(
                    Table(
                        "Which source zone was asked about which pairs",
                        columns: [
                            .init("Source zone"), .init("There are", .number),
                            .init("Drawn", .number), .init("Answered", .number),
                        ],
                        rows: zones.map {
                            [
                                .text(
                                    $0.name.isEmpty
                                        ? "between source zones: nobody may see both names"
                                        : $0.name), .count($0.population), .count($0.drawn),
                                .count($0.answered),
                            ]
                        })))
        }
        return blocks
    }

    private static func judgements(_ agreement: ClerkAgreement) -> Table {
        let words = ["one person", "two people", "cannot say"]
        return Table(
            "Pairs by the first clerk's judgement (rows) and the second's",
            columns: [.init("")] + words.map { .init($0, .number) },
            rows: zip(words, agreement.table).map { word, counts in
                [.text(word)] + counts.map { .count($0) }
            })
    }

    private static func classes(_ outcome: ReviewOutcome) -> Table {
        Table(
            "What was drawn, and what it was found to be",
            columns: [
                .init("Pairs"), .init("There are", .number), .init("Drawn", .number),
                .init("One person", .number), .init("Two people", .number),
                .init("Not settled", .number),
            ],
            rows: outcome.classes.map {
                [
                    .text("\($0.kind), \($0.linked ? "linked" : "not linked")"),
                    .count($0.population), .count($0.drawn), .count($0.match),
                    .count($0.different), .count($0.unsettled),
                ]
            })
    }
}
