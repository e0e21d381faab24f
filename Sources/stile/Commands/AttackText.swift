import Attack
import PipelineModel
import SourceZone

/// The findings for people and for machines.
enum AttackText {
    private static let headings: [AttackFinding.Method: String] = [
        .ranking: "Frequency ranking: the commonest value stands for the commonest true one",
        .patternMining: "Pattern mining: bits that go together stand for a bigram",
        .graphMatching:
            "Graph matching: similarities of filters laid over those of a register of the same people",
        .knownPeople:
            "Known people: the name of the most similar filter of \(AttackLimits().knownPeople) people whom the attacker knows, of few people half",
        .leakedSalt: "Dictionary, the salts known, the key not",
        .leakedKey: "Dictionary, the key known: a controller who holds it",
    ]

    /// What an attack is called in the middle of a line.
    private static let names: [AttackFinding.Method: String] = [
        .ranking: "frequency ranking", .patternMining: "pattern mining",
        .graphMatching: "graph matching", .knownPeople: "known people",
        .leakedSalt: "dictionary without the key",
    ]

    static func lines(_ outcome: AttackOutcome) -> [String] {
        var lines = [
            "\(outcome.records) records attacked, \(outcome.withoutTruth) without a truth left; hardening: \(outcome.hardening).",
            "",
        ]
        lines += summary(WorstReading.all(outcome.findings)) + key(outcome.findings)
        lines += [
            "",
            "All findings. Of the records, read exactly in 1 guess / in 5 guesses (without looking at the stored value); values recovered.",
        ]
        for method in AttackFinding.Method.allCases {
            let findings = outcome.findings.filter { $0.method == method }
            guard !findings.isEmpty else {
                lines += [
                    "", headings[method] ?? method.rawValue, "  no group of values is large enough",
                ]
                continue
            }
            lines += ["", headings[method] ?? method.rawValue]
            lines += findings.map(line)
        }
        lines += [
            "",
            "Idealised knowledge: the true frequencies of these records, of names by sex, year of birth and band. "
                + "“Without looking” is the commonest value of those. Of names there is also a published table.",
            "Of a value that nearly every record has alone, what is read is chance, and the records that come most often. "
                + "“Anybody who counts” knows how common each of few values is.",
            "These are personal data: whoever holds the key, or a register and the time, names people.",
        ]
        return lines
    }

    // MARK: The short table

    /// One row for each kind of value.
    private static func summary(_ worst: [WorstReading]) -> [String] {
        let rows =
            [["", "read", "without looking", "from", "by"]]
            + worst.map { reading in
                let finding = reading.finding
                let score = finding.score
                return [
                    reading.what, percent(score, score.first), percent(score, score.blind),
                    finding.field,
                    (names[finding.method] ?? finding.method.rawValue) + counted(finding),
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func padded(_ row: [String]) -> String {
            let cells = zip(row, widths).enumerated().map { column, cell in
                let fill = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 1 || column == 2 ? fill + cell.0 : cell.0 + fill
            }
            return "  " + cells.joined(separator: "  ").trimmingSpacesAtEnd
        }
        return [
            "Without the key: where most was read of each kind of value beyond what a guess gives that does not look at it."
        ] + rows.map(padded)
    }

    /// What the key opens, in a sentence.
    private static func key(_ findings: [AttackFinding]) -> [String] {
        let scores = findings.filter { $0.method == .leakedKey }.map(\.score)
        guard !scores.isEmpty else { return [] }
        let read = percent(
            scores.reduce(0) { $0 + $1.first }, of: scores.reduce(0) { $0 + $1.records })
        return [
            "Whoever holds the key reads every value that they think of: \(read) of those compared. How long it takes: the last section."
        ]
    }

    /// What nobody needs an attack for.
    private static func counted(_ finding: AttackFinding) -> String {
        finding.isReadByCounting
            ? "; a \(finding.form) of \(finding.score.values) values is read by anybody who counts"
            : ""
    }

    // MARK: All findings

    private static func line(_ finding: AttackFinding) -> String {
        let score = finding.score
        var text =
            "  \(finding.field) (\(finding.form)\(finding.salt.map { " salted by \($0)" } ?? "")) → "
            + "\(finding.target.rawValue), \(knowledge(finding)): "
            + "\(percent(score, score.first)) / \(percent(score, score.five)) (\(percent(score, score.blind)))"
        if score.values > 0 { text += "; \(score.recovered) of \(score.values) values" }
        text += counted(finding)
        if let seconds = finding.seconds {
            text += "; \(finding.encoded ?? 0) entries in \(time(seconds)) on one core"
        }
        if let all = finding.extrapolatedSeconds, let candidates = finding.candidates {
            text += "; extrapolated, all of about \(candidates) in \(time(all))"
        }
        return text
    }

    private static func knowledge(_ finding: AttackFinding) -> String {
        finding.method == .ranking && finding.target == .content
            ? "\(finding.knowledge.rawValue) (no published table)" : finding.knowledge.rawValue
    }

    /// A duration in the unit that people would use.
    private static func time(_ seconds: Double) -> String {
        func tenths(_ value: Double) -> String {
            let tenths = Int((value * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)"
        }
        return switch seconds {
        case ..<120: "\(tenths(seconds)) s"
        case ..<7_200: "\(tenths(seconds / 60)) minutes"
        default: "\(tenths(seconds / 3_600)) hours"
        }
    }

    private static func percent(_ score: AttackScore, _ count: Int) -> String {
        percent(count, of: score.records)
    }

    private static func percent(_ count: Int, of all: Int) -> String {
        let hundredths = all == 0 ? 0 : Int((Double(count) / Double(all) * 10_000).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
    }

    /// The short table for machines.
    static func worst(_ outcome: AttackOutcome) -> [JSONValue] {
        WorstReading.all(outcome.findings).map { reading in
            let finding = reading.finding
            return .object([
                "of": .string(reading.what), "field": .string(finding.field),
                "attack": .string(finding.method.rawValue),
                "records": .integer(finding.score.records),
                "named_in_one": .integer(finding.score.first),
                "named_blind": .integer(finding.score.blind),
                "read_by_counting": .boolean(finding.isReadByCounting),
            ])
        }
    }

    static func json(_ finding: AttackFinding) -> JSONValue {
        var object: [String: JSONValue] = [
            "attack": .string(finding.method.rawValue),
            "knowledge": .string(finding.knowledge.rawValue),
            "field": .string(finding.field), "form": .string(finding.form),
            "target": .string(finding.target.rawValue),
            "records": .integer(finding.score.records),
            "named_in_one": .integer(finding.score.first),
            "named_in_five": .integer(finding.score.five),
            "named_blind": .integer(finding.score.blind),
            "values": .integer(finding.score.values),
            "values_recovered": .integer(finding.score.recovered),
        ]
        if let salt = finding.salt { object["salt"] = .string(salt) }
        if let seconds = finding.seconds { object["seconds"] = .number(seconds) }
        if let encoded = finding.encoded { object["encoded"] = .integer(encoded) }
        if let candidates = finding.candidates { object["candidates"] = .integer(candidates) }
        if let all = finding.extrapolatedSeconds { object["seconds_extrapolated"] = .number(all) }
        return .object(object)
    }
}

extension String {
    fileprivate var trimmingSpacesAtEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
