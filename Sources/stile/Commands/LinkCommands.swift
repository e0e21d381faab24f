import ArgumentParser
import Foundation
import LinkingZone
import NightRun
import PipelineModel

/// `stile link`: the linkage, and what can be asked of it.
struct Link: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Receive the encoded extracts and link them into people, explain a pair, or have pairs reviewed.",
        discussion: """
            Without a subcommand it links. Each run that links writes a page, \
            linkage-<run>.html, beside that of the run.

            Examples:
              stile link --config linking/stile.yaml --export spine.csv
              stile link explain --config linking/stile.yaml 0123…cdef fedc…3210
              stile link sample --config linking/stile.yaml
              stile link review --config source/stile.yaml --clerk c-0042
            """,
        subcommands: [
            LinkPeople.self, LinkExplain.self, LinkOverriding.self, LinkChecking.self,
            LinkSample.self, LinkReview.self,
        ],
        defaultSubcommand: LinkPeople.self)
}

/// `stile link people`, which is what `stile link` does.
struct LinkPeople: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "Receive the encoded extracts and link them into people.",
        discussion: """
            With --export it also writes who is who (subject, person, source): pseudonyms only.

            Example:
              stile link --config linking/stile.yaml --export spine.csv
            """)

    @Option(help: ArgumentHelp("Write the spine as CSV.", valueName: "file"))
    var export: String?
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let outcome = try LinkingZone.night(
            configuration: night.config, environment: common.environment(night), through: .link)
        if let export {
            try LinkingZone.exportSpine(configuration: night.config, to: export)
        }
        try common.console.report(outcome)
    }
}

/// `stile link explain`: why two subjects are, or are not, one person.
struct LinkExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain why two subjects are, or are not, one person.",
        discussion: """
            Prints the waterfall: the prior, what each comparison adds in bits, the match weight, \
            and the decision with the runner-up's margin. Subjects are named by pseudonym, as in \
            the file of stile link --export; no identifier is read or shown.

            Example:
              stile link explain --config linking/stile.yaml 0123…cdef fedc…3210 --svg pair.svg
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @Option(help: ArgumentHelp("Write the waterfall as SVG.", valueName: "file"))
    var svg: String?
    @Argument(help: "The pseudonym of a subject, 32 hexadecimal digits.")
    var left: String
    @Argument(help: "The pseudonym of another subject.")
    var right: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let pair = try LinkingZone.explain(configuration: config, left, right)
        if let svg { try pair.writeSVG(to: svg) }
        if common.json {
            FileHandle.standardOutput.write(Data(try pair.json))
        } else {
            FileHandle.standardOutput.write(Data((pair.text + "\n").utf8))
        }
    }
}
