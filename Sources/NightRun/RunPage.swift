import Foundation
public import PipelineModel
public import Report
public import Storage

/// A run record as a page: what stopped and why comes first.
public enum RunPage {
    /// - Parameters:
    ///   - record: What the night left in the database.
    ///   - clock: How the deployment writes its days.
    public static func page(for record: RunRecord, clock: Clock = .calendar) -> Page {
        var sections = [outcome(record), stages(record)]
        sections.append(
            counts(
                record, .refused, "Refused rows", caption: "Rows refused, by rule",
                column: "Rule", whenEmpty: "No row was refused in this run."))
        sections.append(
            counts(
                record, .excluded, "Exclusions", caption: "People excluded, by ground",
                column: "Ground", whenEmpty: "No exclusion was applied in this run."))
        if record.stages.contains(where: { $0.counts.contains { $0.kind == .other } }) {
            sections.append(
                counts(
                    record, .other, "Other counts", caption: "What the stages counted",
                    column: "Count of", whenEmpty: ""))
        }
        sections.append(artefacts(record))
        sections.append(about(record, clock: clock))
        return Page(
            kind: "Stile · run record",
            title: "\(record.zone.rawValue.capitalized) zone, "
                + clock.text(Day(record.day)),
            summary: summary(record), sections: sections,
            colophon: [
                "Run \(record.id). The same record is in the database of the zone.",
                "Digests are SHA-256; here by their first twelve digits, in full where unfolded.",
            ])
    }

    /// The page as UTF-8 HTML.
    public static func html(for record: RunRecord, clock: Clock = .calendar) -> String {
        page(for: record, clock: clock).html()
    }

    /// One sentence: how the run ended and how many stages did what.
    public static func summary(_ record: RunRecord) -> String {
        let parts: [(StageRecord.Status, String)] = [
            (.ran, "ran"), (.unchanged, "had nothing to do"), (.refused, "refused"),
            (.failed, "failed"),
        ]
        let told = parts.compactMap { status, word -> String? in
            let count = record.stages.count { $0.status == status }
            guard count > 0 else { return nil }
            let verb = status == .refused ? (count == 1 ? "was " : "were ") + word : word
            return "\(count) \(count == 1 ? "stage" : "stages") \(verb)"
        }
        let stages = told.isEmpty ? "no stage ran" : told.joined(separator: ", ")
        return "\(word(record.state)): \(stages)."
    }

    private static func word(_ state: RunRecord.State) -> String {
        switch state {
        case .running: "At work"
        case .finished: "Finished"
        case .stopped: "Stopped in part"
        case .interrupted: "Interrupted"
        case .killed: "Ended without a word"
        }
    }

    private static func outcome(_ record: RunRecord) -> Section {
        if record.state == .killed {
            return Section(
                "What stopped",
                [
                    .note(
                        Note(
                            .stop, "Ended without a word",
                            [
                                .text(
                                    "The process of this run ended before it could say why. "
                                        + "What its stages had committed stands; the next run "
                                        + "did the rest.")
                            ]))
                ])
        }
        guard !record.faults.isEmpty else {
            return Section(
                "What stopped",
                [.note(Note(.good, "Nothing stopped", [.text("Every stage did its work.")]))])
        }
        return Section(
            "What stopped",
            record.faults.map { fault in
                let stage = [fault.stage, fault.scope].filter { !$0.isEmpty }
                    .joined(separator: " · ")
                var blocks: [Block] = [.paragraph([.strong(fault.message)])]
                blocks.append(.paragraph([.text("What to do: " + fault.remedy)]))
                if !fault.place.isEmpty {
                    blocks.append(.paragraph([.text("Where: "), .code(fault.place)]))
                }
                let kind = FaultWords.kind(fault.code)
                return .note(Note(.stop, stage.isEmpty ? kind : "\(stage): \(kind)", blocks))
            })
    }

    private static func stages(_ record: RunRecord) -> Section {
        Section(
            "What ran",
            [
                .table(
                    Table(
                        "Stages in the order in which they were taken",
                        columns: [
                            .init("Stage"), .init("Result"), .init("Rows in", .number),
                            .init("Rows out", .number), .init("Refused", .number),
                            .init("Seconds", .number),
                        ],
                        rows: record.stages.map { stage in
                            let idle = stage.status != .ran && stage.rowsIn == 0
                            return [
                                .text(title(stage)), status(stage.status),
                                idle ? "" : .count(stage.rowsIn),
                                idle ? "" : .count(stage.rowsOut),
                                idle ? "" : .count(stage.rowsRefused),
                                .number(stage.seconds, decimals: 2),
                            ]
                        }, whenEmpty: "The run stopped before its first stage."))
            ])
    }

    private static func status(_ status: StageRecord.Status) -> Cell {
        switch status {
        case .ran: .status(.good, "ran")
        case .unchanged: .status(.idle, "unchanged")
        case .refused: .status(.stop, "refused")
        case .failed: .status(.stop, "failed")
        }
    }

    private static func counts(
        _ record: RunRecord, _ kind: NamedCount.Kind, _ heading: String, caption: String,
        column: String, whenEmpty: String
    ) -> Section {
        let rows = record.stages.flatMap { stage in
            stage.counts.filter { $0.kind == kind }.map { count -> [Cell] in
                [.text(count.name), .text(title(stage)), .count(count.count)]
            }
        }
        guard !rows.isEmpty else { return Section(heading, [.text(whenEmpty)]) }
        return Section(
            heading,
            [
                .table(
                    Table(
                        caption,
                        columns: [.init(column), .init("Stage"), .init("Number", .number)],
                        rows: rows))
            ])
    }

    private static func artefacts(_ record: RunRecord) -> Section {
        var blocks: [Block] = []
        for stage in record.stages where !(stage.inputs.isEmpty && stage.outputs.isEmpty) {
            let all =
                stage.inputs.map { ("in", $0) } + stage.outputs.map { ("out", $0) }
            blocks.append(
                .table(
                    Table(
                        title(stage),
                        columns: [
                            .init("Role"), .init("Way"), .init("Name"), .init("SHA-256"),
                        ],
                        rows: all.map { way, artefact in
                            [
                                .text(artefact.role), .text(way), .text(artefact.name),
                                .digest(artefact.digest),
                            ]
                        })))
            blocks.append(
                .details(
                    summary: "Digests of \(title(stage)) in full",
                    [
                        .pairs(
                            [Pair("fingerprint", [.code(stage.fingerprint)])]
                                + all.map { way, artefact in
                                    Pair(
                                        "\(way): \(artefact.role)", [.code(artefact.digest.hex)])
                                })
                    ]))
        }
        if blocks.isEmpty { blocks = [.text("No stage read or made anything.")] }
        return Section("Inputs and outputs", blocks)
    }

    private static func about(_ record: RunRecord, clock: Clock) -> Section {
        var pairs = [
            Pair("Run", [.code(record.id)]),
            Pair("Zone", record.zone.rawValue),
            Pair("Day", clock.text(Day(record.day))),
            Pair("Began", Instant.text(record.began)),
            Pair("Ended", record.ended.map(Instant.text) ?? "not known"),
            Pair("Process", String(record.process)),
        ]
        pairs += record.versions.sorted { $0.key < $1.key }.map { Pair($0.key, $0.value) }
        return Section("The run and its versions", [.pairs(pairs)])
    }

    private static func title(_ stage: StageRecord) -> String {
        stage.scope.isEmpty ? stage.stage : "\(stage.stage) · \(stage.scope)"
    }
}

/// What the codes of faults are called on a page.
enum FaultWords {
    static func kind(_ code: String) -> String {
        switch code {
        case "configuration": "the configuration is wrong"
        case "input": "the input was refused"
        case "policy": "refused by policy"
        case "integrity": "something stored is not what was written"
        case "interrupted": "interrupted"
        case "input-output": "the disk or the database refused"
        case "busy": "another run is at work"
        default: code
        }
    }
}
