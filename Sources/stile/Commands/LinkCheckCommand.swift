import ArgumentParser
import Foundation
import LinkingZone
import NightRun

/// `stile link check`: whether the nights gave the people that linking all at once would, or the true
/// ones.
struct LinkChecking: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Link everything anew and compare the people with those of the nights, or measure them against a truth.",
        discussion: """
            Without --truth it uses the parameters and the overrides of the newest linkage, but none of its \
            weights, and changes nothing. Where people differ it lists their subjects by pseudonym, and the \
            exit status is 1. A pair keeps the weight of its night, so a few may differ: look at \
            them with stile link explain, and decide with stile link override.

            With --truth it links nothing and tells precision, recall and F1 of the people as they \
            stand, with 95 % intervals, beside what was expected without labels; the best F1 over link thresholds; \
            people found whole, split and mixed; why pairs are missed; and all of it by source and by group. The \
            file is a CSV of pseudonyms (source, subject, person), which the source zone makes of local \
            identifiers. It may cover some subjects only: then only pairs of two of them count.

            Examples:
              stile link check --config linking/stile.yaml
              stile pseudonymise --config source/stile.yaml --truth who.csv > truth.csv
              stile link check --config linking/stile.yaml --truth truth.csv
            """)

    @OptionGroup var night: NightOptions
    @Option(help: ArgumentHelp("Measure the people against this truth.", valueName: "file"))
    var truth: String?
    @Flag(help: "Leave out rows of the truth whose subject no source holds, and count them.")
    var skipUnknown = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard truth != nil || !skipUnknown else {
            throw ValidationError("--skip-unknown is about a truth: give --truth, too.")
        }
    }

    func run() throws {
        guard let truth else { return try compare() }
        let measured = try LinkingZone.checkLinks(
            configuration: night.config, against: truth, skipUnknown: skipUnknown,
            environment: common.environment(night))
        let text = common.json ? try measured.json : Array((measured.text + "\n").utf8)
        FileHandle.standardOutput.write(Data(text))
    }

    private func compare() throws {
        let checked = try LinkingZone.checkLinks(configuration: night.config)
        let text = common.json ? try checked.json : Array((checked.text + "\n").utf8)
        FileHandle.standardOutput.write(Data(text))
        if !checked.agrees { throw ExitCode(1) }
    }
}
