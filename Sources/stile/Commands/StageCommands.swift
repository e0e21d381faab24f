import ArgumentParser
import Foundation
import LinkingZone
import NightRun
import PipelineModel
import SourceZone

/// `stile pseudonymise`: the source zone's stages alone, or the pseudonyms of local ids.
struct Pseudonymise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check and encode what lies in the drop folder.",
        discussion: """
            The same work as `stile run --zone source`. With --lookup it encodes nothing and prints \
            the pseudonyms of local identifiers instead, one for each line of standard input: for \
            a subject access request. With --truth it encodes nothing either: of a CSV file with the columns \
            source, subject (the local identifier) and person (any name of the true person) it prints the \
            same by pseudonym, for stile link check --truth in the linking zone.

            Examples:
              stile pseudonymise --config source/stile.yaml
              stile pseudonymise --config source/stile.yaml --lookup gp < ids.txt
              stile pseudonymise --config source/stile.yaml --truth who.csv > truth.csv
            """)

    @Option(help: ArgumentHelp("Print pseudonyms of this source's local ids.", valueName: "source"))
    var lookup: String?
    @Option(help: ArgumentHelp("Print this truth by pseudonym.", valueName: "file"))
    var truth: String?
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard lookup == nil || truth == nil else {
            throw ValidationError(
                "--lookup and --truth ask for different things; give one of them.")
        }
    }

    func run() throws {
        if let truth {
            let text = try SourceZone.truthByPseudonym(configuration: night.config, truth: truth)
            return FileHandle.standardOutput.write(Data(text.utf8))
        }
        guard let source = lookup else {
            return try common.console.report(
                SourceZone.night(
                    configuration: night.config, environment: common.environment(night)))
        }
        let pseudonym = try SourceZone.subjectLookup(configuration: night.config, source: source)
        while let line = readLine() {
            print(pseudonym(line).hex)
        }
    }
}

/// A stage of the linking zone, run alone.
protocol LinkingStageCommand: ParsableCommand {
    var night: NightOptions { get }
    var common: CommonOptions { get }
    var model: ModelOption { get }
    static var through: LinkingZone.Through { get }
}

/// Which model a stage is for.
struct ModelOption: ParsableArguments {
    @Option(help: "Only this model; all of the configuration by default.")
    var model: String?
}

extension LinkingStageCommand {
    func run() throws {
        try common.console.report(
            LinkingZone.night(
                configuration: night.config, environment: common.environment(night),
                through: Self.through, model: model.model))
    }
}

/// `stile features`.
struct Features: LinkingStageCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work out the features of tonight's cohort as of a day.",
        discussion: """
            Runs what comes before it where its inputs changed. The run record names the matrix by \
            its SHA-256, so that two nights can be compared.

            Example:
              stile features --config linking/stile.yaml --model emergency_admission --as-of 2026-03-01
            """)
    static let through = LinkingZone.Through.features
    @OptionGroup var model: ModelOption
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions
}

/// `stile train`.
struct Train: LinkingStageCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fit a model on its training as-of dates.",
        discussion: """
            A night never refits a model that is there; this command does. A frozen model, whose \
            coefficients were published, is never fitted.

            Example:
              stile train --config linking/stile.yaml --model emergency_admission
            """)
    static let through = LinkingZone.Through.train
    @OptionGroup var model: ModelOption
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions
}

/// `stile score`.
struct Score: LinkingStageCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score tonight's cohort; makes no list.",
        discussion: """
            Exclusions are applied before scoring. `stile run` goes on to put the list in front of \
            its reviewers; this command stops before that.

            Example:
              stile score --config linking/stile.yaml --model emergency_admission
            """)
    static let through = LinkingZone.Through.score
    @OptionGroup var model: ModelOption
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions
}
