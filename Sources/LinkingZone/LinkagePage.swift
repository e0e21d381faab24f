import Features
import Linkage
import PipelineModel
import Report

/// The page of one linkage run, in the order in which GUILD and RECORD ask for a linkage to be
/// reported; counts and pseudonym-free words only.
enum LinkagePage {
    /// The page as UTF-8 HTML; the same report gives the same bytes.
    static func html(_ report: LinkageReport, run: String, day: String) -> String {
        Page(
            kind: "Stile · linkage report", title: "Who is who, as of \(day)",
            summary: summary(report), sections: sections(report),
            colophon: [
                "Run \(run); the same figures, for machines, are in state/linkage.json.",
                "In the order of GUILD (Gilbert et al., 2018) and RECORD (Benchimol et al., 2015). Intervals of rates are Wilson's, 95 %.",
            ]
        ).html()
    }

    private static func summary(_ report: LinkageReport) -> String {
        let subjects = report.sources.reduce(0) { $0 + $1.subjects }
        let sources = report.sources.count == 1 ? "1 source" : "\(report.sources.count) sources"
        return
            "\(Numerals.count(subjects)) subjects of \(sources) are \(Numerals.count(report.people)) people; \(Numerals.count(report.pairsForReview)) pairs are left for a person to judge."
    }

    private static func sections(_ report: LinkageReport) -> [Section] {
        var sections = [Section("Sources and coverage", sources(report))]
        if let detail = report.detail {
            sections.append(Section("Completeness of identifiers", completeness(detail)))
            sections.append(Section("Encoding", encoding(detail)))
        }
        sections.append(Section("Keys and pairs compared", keys(report)))
        if let parameters = report.parameters {
            sections.append(Section("Parameters and match weights", weights(parameters, report)))
        }
        if let detail = report.detail {
            sections.append(Section("Weights of pairs", histogram(detail)))
            sections.append(Section("Estimated precision and recall", quality(detail)))
            sections.append(Section("What the encodings give away", attack(report, detail)))
            if let review = report.review {
                sections.append(Section("Clerical review", self.review(review)))
            }
            sections.append(Section("If the threshold were another", sensitivity(detail)))
        }
        sections.append(Section("Records that cannot be linked", unlinkable(report)))
        sections.append(Section("People", people(report)))
        if let detail = report.detail {
            sections.append(Section("Linkage rates", rates(report, detail)))
        }
        return sections
    }

    // MARK: Data

    private static func sources(_ report: LinkageReport) -> [Block] {
        [
            .table(
                Table(
                    "Sources, and how many of their subjects were found in another",
                    columns: [
                        .init("Source"), .init("Versions of identities", .number),
                        .init("Subjects", .number), .init("Linked", .number),
                    ],
                    rows: report.sources.map {
                        [
                            .text(ValueWords.readable($0.name)), .count($0.versions),
                            .count($0.subjects), .count($0.linked),
                        ]
                    })),
            .pairs([
                Pair("Versions compared for the first time", Numerals.count(report.newVersions)),
                Pair(
                    "Candidate pairs of versions",
                    Numerals.count(report.candidatePairs.reduce(0) { $0 + $1.pairs })),
                Pair("Pairs linked", Numerals.count(report.pairsLinked)),
                Pair("Pairs left for review", Numerals.count(report.pairsForReview)),
                Pair(
                    "Of these, held back by a contradiction",
                    Numerals.count(report.pairsInConflict)),
                Pair(
                    "Of these, too close to call", Numerals.count(report.pairsTooCloseToCall)),
                Pair(
                    "Groups that compete in sets too large to be settled together",
                    Numerals.count(report.unsettledGroups)),
                Pair("Decisions by people that stand", Numerals.count(report.overrides)),
                Pair("People", Numerals.count(report.people)),
            ]),
            .text(margin(report)),
        ]
    }

    /// What keeps links from being made, whatever the pairs weigh.
    private static func margin(_ report: LinkageReport) -> String {
        var sentences: [String] = []
        if let margin = report.detail?.margin, margin > 0 {
            sentences.append(
                "Where sources know a person once, a link is made only if the best whole with it is at least \(Numerals.number(margin, decimals: 1)) bits better than the best with something else in its place; what is not is too close to call, and left for a person with its runner-up."
            )
        }
        if report.unsettledGroups > 0 {
            sentences.append(
                "In sets of rivals that were too large, the heaviest pairs were linked first.")
        }
        sentences.append(
            report.keepsReplacedIdentitiesApart
                ? "Identities that a source has replaced are kept apart from those before; whose, and how many, is not said."
                : "No source says that an identity was replaced and must be kept apart.")
        return sentences.joined(separator: " ")
    }

    private static func completeness(_ detail: LinkageReport.Detail) -> [Block] {
        let fields = Set(detail.completeness.flatMap { $0.fields.map(\.field) }).sorted()
        return [
            .text(
                "The share of each source's identities that have a usable value. A value that is missing says nothing for or against a link."
            ),
            .table(
                Table(
                    "Present values by source",
                    columns: [.init("Field")]
                        + detail.completeness.map {
                            .init(ValueWords.readable($0.source), .number)
                        },
                    rows: fields.map { field in
                        [.text(ValueWords.readable(field))]
                            + detail.completeness.map { source in
                                source.fields.first { $0.field == field }
                                    .map { .text(percent($0.present.share)) } ?? "not sent"
                            }
                    })),
        ]
    }

    private static func encoding(_ detail: LinkageReport.Detail) -> [Block] {
        [
            .pairs([
                Pair("Key epoch", String(detail.keyEpoch)),
                Pair("Encoding specification (SHA-256)", [.code(detail.encodingSpecification)]),
            ]),
            .text(
                "Identities arrive as keyed tokens and filters, never as values; encodings of two epochs or two specifications are refused."
            ),
        ]
    }

    private static func keys(_ report: LinkageReport) -> [Block] {
        let yields = report.detail?.keyYields ?? []
        var blocks: [Block] = [
            .table(
                Table(
                    "Pairs of versions by the first key that brings them together, in this run",
                    columns: [.init("Key"), .init("Pairs", .number)]
                        + (yields.isEmpty
                            ? []
                            : [
                                .init("Likely matches found", .number),
                                .init("Found by no other key", .number),
                            ]),
                    rows: report.candidatePairs.map { key in
                        [.text(key.field), .count(key.pairs)]
                            + (yields.isEmpty ? [] : cells(yields, key.field))
                    }, whenEmpty: "Nothing new was compared."))
        ]
        if let looked = yields.first?.found.of {
            blocks.append(
                .text(
                    "Of \(Numerals.count(looked)) pairs of subjects at the link threshold without a contradiction, how many share the key, and how many share it alone; where there are more than 10 000, of a sample. A key that found much which no other did is one to keep."
                ))
        }
        if let parameters = report.parameters {
            blocks.append(
                .pairs([
                    Pair(
                        "Estimated share of matches never compared",
                        fine(parameters.neverCompared))
                ]))
        }
        blocks.append(
            .table(
                Table(
                    "Blocks too large to be compared, and passed over",
                    columns: [
                        .init("Key"), .init("Blocks", .number), .init("Records", .number),
                    ],
                    rows: report.skippedBlocks.map {
                        [.text($0.field), .count($0.blocks), .count($0.records)]
                    })))
        return blocks
    }

    private static func cells(
        _ yields: [LinkageReport.KeyYield], _ field: String
    ) -> [Cell] {
        guard let yield = yields.first(where: { $0.field == field }) else { return ["–", "–"] }
        return [.text(fine(yield.found.share)), .text(fine(yield.alone.share))]
    }

    // MARK: People

    private static func unlinkable(_ report: LinkageReport) -> [Block] {
        var blocks = withoutKey(report)
        if let weights = report.detail?.selfWeights { blocks += tooLittle(weights) }
        return blocks
    }

    private static func tooLittle(_ weights: [LinkageReport.SelfWeight]) -> [Block] {
        [
            .table(
                Table(
                    "Records that weigh less than the link threshold even against themselves",
                    columns: [
                        .init("Source"), .init("Records weighed", .number), .init("Share", .number),
                        .init("95 % interval", .number),
                    ],
                    rows: weights.map {
                        [
                            .text(ValueWords.readable($0.source)), .count($0.below.of),
                            .text(percent($0.below.share)), .text(interval($0.below)),
                        ]
                    })),
            .text(
                "Such a record says too little, or only what is common: but for a trusted key or a person, nothing is ever linked to it. Of large sources a sample is weighed."
            ),
        ]
    }

    private static func withoutKey(_ report: LinkageReport) -> [Block] {
        [
            .table(
                Table(
                    "Versions without any key, and closes that found nothing to close",
                    columns: [
                        .init("Source"), .init("Without a key", .number), .init("Share", .number),
                        .init("Unmatched closes", .number),
                    ],
                    rows: report.sources.map {
                        [
                            .text(ValueWords.readable($0.name)), .count($0.withoutBlockingToken),
                            .text(
                                percent(
                                    Proportion($0.withoutBlockingToken, of: $0.versions).share)),
                            .count($0.unmatchedCloses),
                        ]
                    })),
            .text(
                "\(Numerals.count(report.unlinkedRegisterSubjects)) entries of registers of exclusions reach nobody in another source."
            ),
        ]
    }

    private static func people(_ report: LinkageReport) -> [Block] {
        [
            .chart(
                .bars(
                    BarChart(
                        "People by the number of their subjects",
                        description:
                            "\(report.clusterSizes.count) sizes, the largest \(report.clusterSizes.last?.subjects ?? 0) subjects.",
                        axis: "people",
                        bars: report.clusterSizes.prefix(20).map {
                            .init(
                                $0.subjects == 1 ? "1 subject" : "\($0.subjects) subjects",
                                to: Double($0.people), value: Numerals.count($0.people))
                        })),
                Table(
                    "People by the number of their subjects",
                    columns: [.init("Subjects"), .init("People", .number)],
                    rows: report.clusterSizes.map { [.count($0.subjects), .count($0.people)] })),
            .pairs([
                Pair("People", Numerals.count(report.people)),
                Pair("Households", Numerals.count(report.households)),
                Pair("Merged into others in this run", Numerals.count(report.merges)),
                Pair("Split in this run", Numerals.count(report.splits)),
                Pair(
                    "With several subjects of one source",
                    Numerals.count(report.peopleWithSeveralSubjectsOfASource)),
            ]),
        ]
    }

    static func percent(_ share: Double) -> String {
        "\(Numerals.number(share * 100, decimals: 1)) %"
    }

    static func bits(_ value: Double) -> String { Numerals.number(value, decimals: 2) }
}
