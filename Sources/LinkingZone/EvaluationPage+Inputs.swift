import Evaluation
import Features
import Report

/// What was missing, and who was found in which source, by group.
extension EvaluationPage {
    static func inputs(_ report: EvaluationReport) -> [Block] {
        var blocks: [Block] = []
        if let missing = report.missingInputs {
            blocks.append(
                .table(overall(missing, "Inputs that were missing, of all rows", "Input")))
            blocks += byGroup(missing, "Inputs that were missing", "Input")
        }
        if let linked = report.linkedSources {
            blocks.append(
                .text(
                    "Not to be found in a source is no fault of the linkage by itself: many people have nothing there. Where a group is found less often than others, ask whether its people are there under another name or number; what is not found makes their chances look lower than they are. Each of the \(report.plural) counts once."
                ))
            blocks.append(.table(overall(linked, "Found in the model’s other sources", "Source")))
            blocks += byGroup(linked, "Found in the model’s other sources", "Source")
        }
        return blocks
    }

    private static func overall(
        _ shares: [SharesByGroup], _ caption: String, _ what: String
    ) -> Table {
        Table(
            caption, columns: [.init(what), .init("Share", .number)],
            rows: shares.map { [.text(ValueWords.readable($0.name)), .text(share($0.all))] })
    }

    private static func byGroup(
        _ shares: [SharesByGroup], _ caption: String, _ what: String
    ) -> [Block] {
        var groupings: [String] = []
        for level in shares.flatMap(\.groups) where !groupings.contains(level.grouping) {
            groupings.append(level.grouping)
        }
        return groupings.map { grouping in
            let name = "\(caption), by \(ValueWords.readable(grouping))"
            return .details(
                summary: name,
                [
                    .table(
                        Table(
                            "\(name); a dash: too few to count",
                            columns: [.init(what), .init("Group"), .init("Share", .number)],
                            rows: shares.flatMap { shares in
                                shares.groups.filter { $0.grouping == grouping }.map {
                                    [
                                        .text(ValueWords.readable(shares.name)),
                                        .text(ValueWords.readable($0.level)),
                                        .text(dashed($0.share)),
                                    ]
                                }
                            }))
                ])
        }
    }
}
