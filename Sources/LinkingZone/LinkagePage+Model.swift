import Features
import Linkage
import PipelineModel
import Report

extension LinkagePage {
    static func weights(_ parameters: LinkageParameters, _ report: LinkageReport) -> [Block] {
        [
            .text(
                "Each comparison's level has a probability among matches (m), relatives under one roof (r) and strangers (u). Its match weight log2(m/u) says how much more often a match shows it than two strangers do; a pair's weight is the prior with what each level adds."
            ),
            .pairs(
                [
                    Pair(
                        "Origin",
                        report.trained ? "estimated in this run" : "kept from before, or pinned"),
                    Pair("Prior weight", "\(bits(parameters.priorWeight)) bits"),
                    Pair("Candidate pairs behind them", Numerals.count(parameters.pairs)),
                    Pair(
                        "Rounds of estimation",
                        "\(parameters.rounds), \(parameters.converged ? "converged" : "not converged")"
                    ),
                ]
                    + (parameters.twins.map { [Pair("Pairs like twins", words($0))] } ?? [])),
        ] + levelCharts(parameters)
    }

    static func histogram(_ detail: LinkageReport.Detail) -> [Block] {
        [
            .chart(
                .columns(
                    ColumnChart(
                        "Pairs of subjects by match weight",
                        description:
                            "Pairs at or above the threshold for review, in bins of one bit; the threshold for a link is marked.",
                        axis: "match weight in bits; pairs on a logarithmic scale",
                        start: Double(detail.weights.first?.from ?? 0), width: 1,
                        counts: detail.weights.map(\.pairs),
                        lines: [ChartLine(at: detail.linkThreshold, "link")])),
                Table(
                    "Pairs of subjects by match weight",
                    columns: [
                        .init("From, in bits"), .init("Pairs", .number),
                        .init("In contradiction", .number),
                    ],
                    rows: detail.weights.map {
                        [.text(bits(Double($0.from))), .count($0.pairs), .count($0.conflicts)]
                    })),
            .text(
                "A trough between two hills says that matches and others can be told apart; pairs in it are the uncertain ones. In contradiction are pairs such as twins, which are never linked by their weight alone."
            ),
        ]
    }

    static func quality(_ detail: LinkageReport.Detail) -> [Block] {
        let warning = Block.note(
            Note(
                .warning, "The model's own estimates",
                [
                    .text(
                        "Nobody has looked at a pair: these figures follow from the match weights and are right only as far as the model is. Ranges say what they would be were every weight wrong by \(Numerals.number(QualityEstimate.doubt, decimals: 0)) bits the same way, and half or twice as many matches never compared or without names that could be compared, and what chance adds. Clerical review of a sample measures them."
                    )
                ]))
        guard let quality = detail.quality else {
            return [warning, .text("No pair was linked, so there is nothing to estimate.")]
        }
        func row(
            _ name: String, _ estimate: QualityEstimate.Range
        ) -> [Cell] {
            [
                .text(name), .text(fine(estimate.value)),
                .text("\(fine(estimate.low)) to \(fine(estimate.high))"),
            ]
        }
        let uncompared = LinkageNotes.uncompared(quality).map {
            Block.note(
                Note(
                    .warning, "Names that could not be compared",
                    [.text($0.prefix(1).uppercased() + $0.dropFirst() + ".")]))
        }
        return [warning] + [uncompared].compactMap { $0 } + [
            .table(
                Table(
                    "Of \(Numerals.count(quality.linkedPairs)) pairs within people, as the model expects",
                    columns: [
                        .init("Measure"), .init("Estimate", .number),
                        .init("Range", .number),
                    ],
                    rows: [
                        row("Precision: linked pairs that are one person", quality.precision),
                        row("Recall: pairs of one person that are linked", quality.recall),
                    ])),
            .text(
                "A pair of weight w is taken to be one person with probability 2^w/(1 + 2^w); all pairs between two groups that became one are taken to be true together. Recall counts the matches among pairs that are held, the estimated \(fine(quality.neverCompared)) of matches that no key brings together, and, of those that were compared, the estimated \(fine(quality.heldBack ?? 0)) that are held back for looking like twins and \(fine(quality.belowReview ?? 0)) that weigh less than the threshold for review. What a trusted key or a person has joined is taken to be true."
            ),
        ]
    }

    static func signed(_ value: Double) -> String {
        (value >= 0 ? "+" : "") + Numerals.number(value, decimals: 2)
    }

    static func fine(_ share: Double) -> String {
        "\(Numerals.number(share * 100, decimals: 2)) %"
    }

    /// A level with its comparison in front where it does not name it; parts of the comparison's
    /// field go by their own names.
    static func words(_ comparison: String, _ level: String) -> String {
        let short = level.replacing("\(comparison).", with: "")
        return ValueWords.readable(
            short.hasPrefix(comparison) ? short : "\(comparison): \(short)")
    }

    /// What becomes of pairs that differ in the given name alone, and why.
    private static func words(_ twins: LinkageParameters.Twins) -> String {
        switch twins {
        case .errors:
            "linked by their weight: more matches have another given name than children have twins"
        case .onePerson:
            "linked by their weight: by who else they would be linked to, hardly any is two people"
        case .twoPeople: "held back: too many of them would join two people"
        case .tooFew: "held back: there are too few to say whether they are two people"
        }
    }
}
