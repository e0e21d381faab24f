import ArgumentParser
import Attack
import PipelineModel
import SourceZone

/// `stile attack`: what the known attacks read out of a deployment's own encodings.
struct AttackEncodings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attack",
        abstract: "Run the known attacks against the encodings that were handed over.",
        discussion: """
            Runs in the source zone, which alone knows the truth: frequency ranking of every stored \
            value, pattern mining, graph matching, and a dictionary without and with the key. It \
            prints how many records are named, never a name, and changes nothing.

            Encodings are personal data whatever it prints: whoever holds the key reads them.

            Example:
              stile attack --config /srv/stile/source/stile.yaml
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the source zone.")
    var config: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard try ZoneKind.of(config) == .source else {
            throw ValidationError("Only the source zone knows the truth; give its stile.yaml.")
        }
        let outcome = try SourceZone.attack(configuration: config)
        common.console.result(
            AttackText.lines(outcome).joined(separator: "\n"),
            [
                "records": .integer(outcome.records),
                "without_truth": .integer(outcome.withoutTruth),
                "hardening": .string(outcome.hardening),
                "findings": .array(outcome.findings.map(AttackText.json)),
            ])
    }
}

/// The findings for people and for machines.
enum AttackText {
    private static let headings: [AttackFinding.Method: String] = [
        .ranking: "Frequency ranking: the commonest value stands for the commonest name",
        .patternMining: "Pattern mining: bits that go together stand for a bigram",
        .graphMatching:
            "Graph matching: similarities of filters laid over those of a register of the same people",
        .leakedSalt: "Dictionary, the salts known, the key not",
        .leakedKey: "Dictionary, the key known: a controller who holds it",
    ]

    static func lines(_ outcome: AttackOutcome) -> [String] {
        var lines = [
            "\(outcome.records) records attacked, \(outcome.withoutTruth) without a truth left; hardening: \(outcome.hardening).",
            "Of the records, named exactly in 1 guess / in 5 guesses (without looking at the value); values recovered.",
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
            "Idealised knowledge: the true frequencies of these records by sex, year of birth and band. "
                + "“Without looking” is the commonest name of those.",
            "These are personal data: whoever holds the key, or a register and the time, names people.",
        ]
        return lines
    }

    private static func line(_ finding: AttackFinding) -> String {
        let score = finding.score
        var text =
            "  \(finding.field) (\(finding.form)\(finding.salt.map { " salted by \($0)" } ?? "")) → "
            + "\(finding.target.rawValue), \(finding.knowledge.rawValue): "
            + "\(percent(score, score.first)) / \(percent(score, score.five)) (\(percent(score, score.blind)))"
        if score.values > 0 { text += "; \(score.recovered) of \(score.values) values" }
        if let seconds = finding.seconds {
            let tenths = Int((seconds * 10).rounded())
            text +=
                "; \(finding.encoded ?? 0) entries in \(tenths / 10).\(tenths % 10) s on one core"
        }
        return text
    }

    private static func percent(_ score: AttackScore, _ count: Int) -> String {
        let hundredths = Int((score.share(count) * 10_000).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
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
        return .object(object)
    }
}
