import Linkage
import Attestation
import EthicsGate
import Evaluation
import Features
import Foundation
import PipelineModel
import Report

/// The page that reviewers read: the list by pseudonym, its evidence, and what is asked of them.
enum ReviewPage {
    /// The page as UTF-8 HTML; the same list and evidence give the same bytes.
    static func html(_ list: CandidateList, evidence: Evidence, proposal: ListProposal) -> String {
        var sections = [
            Section("Bear in mind", [.items(evidence.caveats.map { [.text($0)] })]),
            proposed(list, evidence),
        ]
        if let change = evidence.change {
            sections.append(
                Section(
                    "Since the last list",
                    [
                        .pairs([
                            Pair("Last list", [.code(change.previousList)]),
                            Pair("Stayed", Numerals.count(change.stayed)),
                            Pair("Joined", Numerals.count(change.joined)),
                            Pair("Left", Numerals.count(change.left)),
                        ])
                    ]))
        }
        sections.append(ListedRows.section(list))
        sections.append(equation(evidence, list.unit))
        sections.append(withheld(evidence))
        sections.append(sources(evidence))
        sections.append(quality(evidence))
        sections.append(
            Section(
                "What is signed",
                [
                    .table(
                        Table(
                            "Digests (SHA-256) that a sign-off names",
                            columns: [.init("File"), .init("Digest")],
                            rows: proposal.subjects.map { [.text($0.name), .code($0.digest.hex)] }))
                ]))
        return Page(
            kind: "Stile · list for review", title: evidence.model.title,
            summary: list.unit == .setting
                ? "\(list.summary), as of \(list.asOf)."
                : "\(list.summary) by pseudonym, as of \(list.asOf).",
            sections: sections,
            colophon: ["Made from list.json, evidence.json and statement.json beside this page."]
        ).html()
    }

    private static func proposed(_ list: CandidateList, _ evidence: Evidence) -> Section {
        Section(
            "What is proposed",
            [
                .note(
                    Note(
                        .warning, "Waits for sign-off",
                        [
                            .text(
                                list.unit == .setting
                                    ? "Nothing leaves until every role of the policy has signed for exactly these digests. This list names no person."
                                    : "Nobody on this list can be named until every role of the policy has signed for exactly these digests."
                            )
                        ])),
                .pairs([
                    Pair("List", [.code(list.id)]), Pair("As of", list.asOf),
                    Pair("Purpose", list.purpose),
                    Pair("Recipients", evidence.recipients.joined(separator: ", ")),
                    Pair(
                        "Model",
                        "\(evidence.model.title), version \(evidence.model.version), \(evidence.model.kind)"
                    ),
                    Pair(
                        "\(list.unit.plural.capitalized) listed",
                        "\(Numerals.count(evidence.cohort.listed)) of \(Numerals.count(evidence.cohort.units))"
                    ),
                    Pair(
                        "Equal scores at the cut", Numerals.count(evidence.cohort.tiedAtTheCut)),
                    Pair(
                        "Chance, lowest to highest",
                        percent(evidence.cohort.lowestProbabilityListed) + " to "
                            + percent(evidence.cohort.highestProbabilityListed)),
                ]),
            ])
    }

    /// A share as `68.4 %`.
    static func percent(_ share: Double) -> String {
        Numerals.number(share * 100, decimals: 1) + "\u{202f}%"
    }

    private static func equation(_ evidence: Evidence, _ unit: UnitKind) -> Section {
        Section(
            "How a score adds up",
            [
                .text(
                    "The constant plus each weight times the person's value gives the log odds of the chance. What raises or lowers it is measured against the last column."
                ),
                .table(
                    Table(
                        "The whole model",
                        columns: [
                            .init("Feature"), .init("From"), .init("Weight", .number),
                            .init("Measured against", .number),
                        ],
                        rows: [["Constant", "", .number(evidence.intercept, decimals: 4), ""]]
                            + evidence.equation.map { term in
                                [
                                    .text(
                                        term.title
                                            + (term.aboutSomeoneElse
                                                ? ", \(ListedRows.aboutOthers(unit))" : "")
                                    ), .text(term.source), .number(term.coefficient, decimals: 4),
                                    .number(term.reference, decimals: 4),
                                ]
                            })),
            ])
    }

    private static func withheld(_ evidence: Evidence) -> Section {
        let words = [
            "objection": "objected", "opt_out": "opted out", "restriction": "use is restricted",
        ]
        return Section(
            "Who was kept out",
            [
                .table(
                    Table(
                        "People who may not be scored, by register",
                        columns: [.init("Register"), .init("People", .number)],
                        rows: evidence.exclusions.sorted { $0.key < $1.key }
                            .map { [.text(words[$0.key] ?? $0.key), .count($0.value)] },
                        whenEmpty: "No register of exclusions has arrived."))
            ])
    }

    private static func sources(_ evidence: Evidence) -> Section {
        Section(
            "Sources and legal basis",
            [
                .table(
                    Table(
                        "What the model used",
                        columns: [
                            .init("Extract"), .init("Last delivered"), .init("Purpose"),
                            .init("Legal basis"), .init("Expires"),
                        ],
                        rows: evidence.sources.map {
                            [
                                .text($0.extract), .text($0.lastDelivered), .text($0.purpose),
                                .text($0.legalBasis), .text($0.legalBasisExpires),
                            ]
                        }))
            ])
    }

    private static func quality(_ evidence: Evidence) -> Section {
        var blocks: [Block] = []
        if let evaluation = evidence.evaluation {
            blocks += EvaluationBlocks.blocks(evaluation)
        } else {
            blocks.append(
                .note(
                    Note(
                        .warning, "Not assessed here",
                        [
                            .text(
                                "The model has no test rows with a known outcome in this deployment."
                            )
                        ])))
        }
        if let linkage = evidence.linkage {
            blocks.append(.heading("Linkage"))
            blocks.append(
                .table(
                    Table(
                        "Share of each source's people who were found in another source",
                        columns: [
                            .init("Source"), .init("People", .number), .init("Linked", .number),
                        ],
                        rows: linkage.sources.map {
                            [
                                .text(ValueWords.readable($0.name)), .count($0.subjects),
                                .text(percent($0.linkageRate)),
                            ]
                        })))
            blocks.append(
                .text(
                    "\(Numerals.count(linkage.pairsForReview)) pairs of records are left for a person to judge; \(Numerals.count(linkage.unlinkedRegisterSubjects)) entries of registers of exclusions reach nobody."
                ))
        }
        blocks.append(.heading("Who is on the list"))
        blocks.append(
            .table(
                Table(
                    "Groups in the cohort and on the list; counts below \(Evidence.smallestCount) are withheld",
                    columns: [
                        .init("Group"), .init("Level"), .init("Cohort", .number),
                        .init("List", .number),
                    ],
                    rows: evidence.groups.map { share in
                        [
                            .text(ValueWords.readable(share.group)),
                            .text(ValueWords.readable(share.level)),
                            share.cohort.map { .count($0) } ?? "withheld",
                            share.listed.map { .count($0) } ?? "withheld",
                        ]
                    })))
        return Section("How good and how fair", blocks)
    }
}
