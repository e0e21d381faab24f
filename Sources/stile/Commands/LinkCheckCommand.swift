import ArgumentParser
import Foundation
import LinkingZone

/// `stile link check`: whether the nights gave the people that linking all at once would.
struct LinkChecking: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Link everything anew, and compare the people with those of the nights.",
        discussion: """
            Uses the parameters and the overrides of the newest linkage, but none of its weights, \
            and changes nothing. Where people differ it lists their subjects by pseudonym, and the \
            exit status is 1. A pair keeps the weight of its night, so a few may differ: look at \
            them with stile link explain, and decide with stile link override.

            Example:
              stile link check --config linking/stile.yaml
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let checked = try LinkingZone.checkLinks(configuration: config)
        let text = common.json ? try checked.json : Array((checked.text + "\n").utf8)
        FileHandle.standardOutput.write(Data(text))
        if !checked.agrees { throw ExitCode(1) }
    }
}
