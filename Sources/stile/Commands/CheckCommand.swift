import ArgumentParser
import LinkingZone
import NightRun
import PipelineModel
import SourceZone

/// `stile check`: what would be accepted, without changing anything.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a zone's configuration and what lies in its drop folder; change nothing.",
        discussion: """
            In the source zone: every key of stile.yaml, the keyring and the policy, and every row \
            of every delivery. In the linking zone: every model's specification against what the \
            sources deliver, and the hand-written people in its tests.yaml.

            Example:
              stile check --config /srv/stile/source/stile.yaml
            """)

    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let environment = common.environment(night)
        let findings =
            switch try ZoneKind.of(night.config) {
            case .source:
                try SourceZone.check(configuration: night.config, environment: environment)
            case .linking:
                try LinkingZone.check(configuration: night.config, environment: environment)
            case .release:
                throw ValidationError("The release zone has nothing to check; see stile doctor.")
            }
        common.console.result(
            findings.joined(separator: "\n"),
            ["findings": .array(findings.map(JSONValue.string))])
    }
}
