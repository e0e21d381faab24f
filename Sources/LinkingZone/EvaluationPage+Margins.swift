import Evaluation
import PipelineModel
import Report

/// Margins that were set before the labels were read.
extension EvaluationPage {
    static func margins(_ acceptance: AcceptanceReport) -> [Block] {
        let reading =
            switch acceptance.judge {
            case .interval:
                "A margin is met where the whole 95\u{202f}% interval is within it, not met where it is outside, and undecided where it is both: then these rows cannot tell. A figure without an interval that would be met on its estimate is undecided. The intervals know which rows are of one person, household or setting; the column says how each is made."
            case .estimate:
                "A margin is judged on the estimate; the last column says what the whole 95\u{202f}% interval would."
            }
        let stand =
            acceptance.marginsFile.map {
                "The margins stand in a file of SHA-256 \($0). The table had its outcomes already: nothing here shows that the file was written before they were known."
            }
            ?? "The margins stand in the specification, whose digest was on record before the labels were read."
        return [
            .note(
                Note(
                    kind(acceptance.verdict), "As a whole: \(acceptance.verdict.words)",
                    [
                        .text(capital(acceptance.words) + "."),
                        .text(
                            "\(stand) \(reading) Groups with fewer than \(acceptance.minimumEvents) events are not judged. Nothing is corrected for the number of margins."
                        ),
                    ])),
            .table(
                Table(
                    "Each margin",
                    columns: [
                        .init("Margin"), .init("Found", .number), .init("95\u{202f}% interval"),
                        .init("By"), .init("Judged"), .init("On the estimate"),
                        .init("On the interval"),
                    ],
                    rows: acceptance.results.map { result in
                        [
                            .text(result.words), .text(number(result.found)),
                            .text(result.interval ?? "–"),
                            .text(result.interval == nil ? "–" : result.method?.words ?? "–"),
                            .status(status(result.verdict), result.verdict.words),
                            .text(result.onEstimate.words),
                            .text(result.onInterval?.words ?? "–"),
                        ]
                    })),
        ]
    }

    /// How a verdict is marked where it stands at the head of something.
    static func kind(_ verdict: MarginVerdict) -> Note.Kind {
        switch verdict {
        case .met: .good
        case .notMet: .stop
        case .undecided, .notAssessable: .warning
        }
    }

    private static func status(_ verdict: MarginVerdict) -> Cell.Status {
        switch verdict {
        case .met: .good
        case .notMet: .stop
        case .undecided, .notAssessable: .warning
        }
    }
}
