import ArgumentParser
import Foundation
import LinkingZone
import NightRun
import PipelineModel
import SourceZone

/// `stile run`: what cron calls.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do the night's work of one zone; this is what cron calls.",
        discussion: """
            Takes a lock, does only the stages whose inputs changed, and leaves a run record and \
            a page. Killed at any point, the next run finishes with the same result.

            Example:
              stile run --zone source --config /srv/stile/source/stile.yaml
            """)

    enum Zone: String, ExpressibleByArgument, CaseIterable { case source, linking }

    @Option(help: "The zone: source (identifiers exist there) or linking.")
    var zone: Zone
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let outcome =
            switch zone {
            case .source:
                try SourceZone.night(
                    configuration: night.config, environment: common.environment(night))
            case .linking:
                try LinkingZone.night(
                    configuration: night.config, environment: common.environment(night))
            }
        try common.console.report(outcome)
    }
}
