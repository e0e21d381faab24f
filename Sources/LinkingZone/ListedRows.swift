import EthicsGate
import Features
import Foundation
import PipelineModel
import Report

/// The rows of a list as reviewers see them.
enum ListedRows {
    /// How many reasons of each kind the page shows: as many that lower as that raise.
    private static let shownReasons = 4

    static func section(_ list: CandidateList) -> Section {
        Section(
            title(list),
            [
                .text(
                    "What raises the chance and what lowers it, against the average of those the model was made from, in log odds; at most \(shownReasons) of each, the strongest first. Days are those of the newest fact."
                ),
                .table(
                    Table(
                        "In order of rank",
                        columns: [
                            .init("Rank", .number), .init(column(list)), .init("Chance", .number),
                            .init("Raises it"), .init("Lowers it"),
                        ],
                        rows: firstOfEach(list).map { row in
                            let raising = row.reasons.filter { Double($0.contribution) ?? 0 > 0 }
                            let lowering = row.reasons.filter { Double($0.contribution) ?? 0 < 0 }
                            return [
                                .count(row.rank), who(row, list),
                                .text(ReviewPage.percent(Double(row.probability) ?? 0)),
                                .items(raising.prefix(shownReasons).map { words($0, list.unit) }),
                                .items(
                                    lowering.suffix(shownReasons).reversed().map {
                                        words($0, list.unit)
                                    }),
                            ]
                        })),
            ])
    }

    /// How a reason is marked that comes from more people's records than the person's.
    static func aboutOthers(_ unit: UnitKind) -> String {
        unit == .household ? "about the household" : "about someone else"
    }

    private static func words(_ reason: Candidate.Reason, _ unit: UnitKind) -> [Inline] {
        let amount = Double(reason.contribution) ?? 0
        let sign = amount > 0 ? "+" : ""
        let of = reason.newestFact.isEmpty ? "" : ", \(reason.newestFact)"
        let third = reason.thirdParty ? ", \(aboutOthers(unit))" : ""
        return [
            .strong(sign + Numerals.number(amount, decimals: 2)),
            .text(" \(reason.words) (\(ValueWords.readable(reason.source))\(of)\(third))"),
        ]
    }

    private static func title(_ list: CandidateList) -> String {
        list.unit == .setting ? "Settings" : "\(list.unit.plural.capitalized), by pseudonym"
    }

    private static func column(_ list: CandidateList) -> String {
        switch list.unit {
        case .person, .spell: "Person"
        case .household: "Household, and whom the list would name"
        case .setting: "Setting"
        }
    }

    /// One row for each household: its members have one score.
    private static func firstOfEach(_ list: CandidateList) -> [Candidate] {
        var seen: Set<UnitPseudonym> = []
        return list.rows.filter { seen.insert($0.about).inserted }
    }

    private static func who(_ row: Candidate, _ list: CandidateList) -> Cell {
        switch row.subject {
        case .person: return .shortCode(row.shown)
        case .setting: return .code(row.shown)
        case .member:
            let named = list.rows.filter { $0.about == row.about }
            return .items(
                [[.code(String(row.about.hex.prefix(12)))]]
                    + named.map { [.text("names "), .code($0.shown)] })
        }
    }
}

extension Candidate {
    /// What stands for the row on a page or a terminal: the first digits of the person's
    /// pseudonym, or the code of the setting.
    var shown: String {
        if case .setting(let place) = subject { return place.code }
        return String((person?.hex ?? "").prefix(12))
    }
}
