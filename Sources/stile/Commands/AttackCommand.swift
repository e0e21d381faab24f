import ArgumentParser
import PipelineModel
import SourceZone

/// `stile attack`: what the known attacks read out of a deployment's own encodings.
struct AttackEncodings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attack",
        abstract: "Run the known attacks against the encodings that were handed over.",
        discussion: """
            Runs in the source zone, which alone knows the truth: frequency ranking of every stored \
            value, for names and for what it itself holds, pattern mining, graph matching, and a \
            dictionary without and with the key. It prints what was read most of each kind of value, \
            then every finding: how many records were read, never a value. It changes nothing.

            Encodings are personal data whatever it prints: whoever holds the key reads them.

            The linking zone shows what --json prints beside its precision and recall: bring the file there, \
            and name it under “linkage: report: attack:”.

            Examples:
              stile attack --config /srv/stile/source/stile.yaml
              stile attack --config /srv/stile/source/stile.yaml --json > attack.json
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
                "key_epoch": .integer(outcome.keyEpoch),
                "encoding_specification": .string(outcome.specification.hex),
                "day": .string(outcome.day.iso),
                "worst": .array(AttackText.worst(outcome)),
                "findings": .array(outcome.findings.map(AttackText.json)),
            ])
    }
}
