import ArgumentParser
import Foundation
import LinkingZone
import PipelineModel

/// `stile link override`: what people say of subjects, whatever the weights say.
struct LinkOverriding: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override",
        abstract: "Say that two subjects or people are one person, or that they are not.",
        discussion: """
            Each entry is kept with who, when and why, and is a leaf of the log; an undoing is an \
            entry of its own. The next stile link applies them, and every one after it, also after \
            new keys and new training. Pseudonyms are those of stile link --export: of a subject, \
            or of a person with all its subjects.

            Examples:
              stile link override join --config linking/stile.yaml 0123…cdef fedc…3210 \\
                --by a.clerk --reason "Same letter on file in both services."
              stile link override undo --config linking/stile.yaml 3 --by a.clerk --reason "Wrong file."
            """,
        subcommands: [
            OverrideJoin.self, OverrideSeparate.self, OverrideUndo.self, OverrideList.self,
        ]
    )
}

/// Who records an override, and why.
struct OverrideOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @Option(help: "Your id: an account or a holder of the policy, never a name.")
    var by: String
    @Option(help: "Why, in one line of at most 300 characters; no names, no numbers of people.")
    var reason: String
    @OptionGroup var common: CommonOptions

    func record(_ request: LinkingZone.OverrideRequest) throws {
        let number = try LinkingZone.override(
            configuration: config, request, who: by, reason: reason)
        common.console.result(
            "override \(number): recorded; the next stile link applies it",
            ["override": .integer(number)])
    }
}

/// `stile link override join`.
struct OverrideJoin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Say that two subjects or people are one person.")

    @Argument(help: "The pseudonym of a subject or a person.")
    var left: String
    @Argument(help: "The pseudonym of another.")
    var right: String
    @OptionGroup var options: OverrideOptions

    func run() throws { try options.record(.join(left, right)) }
}

/// `stile link override separate`.
struct OverrideSeparate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "separate",
        abstract: "Say that two subjects or people are not one person.")

    @Argument(help: "The pseudonym of a subject or a person.")
    var left: String
    @Argument(help: "The pseudonym of another.")
    var right: String
    @OptionGroup var options: OverrideOptions

    func run() throws { try options.record(.separate(left, right)) }
}

/// `stile link override undo`.
struct OverrideUndo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Say that an override no longer stands.")

    @Argument(help: "The number of the override.")
    var number: Int
    @OptionGroup var options: OverrideOptions

    func run() throws { try options.record(.undo(number)) }
}

/// `stile link override list`.
struct OverrideList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the overrides, undone ones included.")

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let overrides = try LinkingZone.overrides(configuration: config)
        let text = common.json ? try overrides.json : Array((overrides.text + "\n").utf8)
        FileHandle.standardOutput.write(Data(text))
    }
}
