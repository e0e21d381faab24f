import ArgumentParser
import Foundation
import LinkingZone
import PipelineModel

/// `stile evaluate`: a model of the linking zone on its test folds, or any table of scores.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate a model on its test folds, or any table of scores and outcomes.",
        discussion: """
            With --config it evaluates a model of the linking zone and writes evaluation.json and \
            evaluation.html into the model's folder. Every reading of the test labels is counted.

            With --table it evaluates a CSV file, whatever made it, and keeps nothing. Columns: \
            outcome (0 or 1); score, probability or both; where wanted fold, about (whom a row is \
            about), baseline_rank (1 is first) and group.NAME. --person names another column for \
            about, --household the column of whom they live with. --second-score names the \
            score of another model, to compare. --margins judges the figures by a YAML file with \
            the acceptance of a model.yaml. With --json it prints the report that \
            docs/schemas/evaluation.schema.json describes.

            Examples:
              stile evaluate --config linking/stile.yaml --model emergency_admission
              stile evaluate --table scores.csv --list-size 200 --html evaluation.html
              stile evaluate --table scores.csv --second-score last_year --margins margins.yaml
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the zone.")
    var config: String?
    @Option(
        help: ArgumentHelp(
            "Run as of this day: only what was known strictly before it is used.",
            valueName: "day"))
    var asOf: String?
    @OptionGroup var model: ModelOption
    @Option(help: ArgumentHelp("A CSV file of scores and outcomes.", valueName: "file"))
    var table: String?
    @Option(
        help: ArgumentHelp(
            "The rows that a list can take; a tenth of the table by default.", valueName: "rows"))
    var listSize: Int?
    @Option(help: ArgumentHelp("Write the report of the table as a page.", valueName: "file"))
    var html: String?
    @Option(
        help: ArgumentHelp(
            "The column of the table that tells people apart; about by default.",
            valueName: "column"))
    var person: String?
    @Option(
        help: ArgumentHelp(
            "The column of the table that tells households apart; none by default.",
            valueName: "column"))
    var household: String?
    @Option(
        help: ArgumentHelp(
            "A column with the score of another model, to compare.", valueName: "column"))
    var secondScore: String?
    @Option(
        help: ArgumentHelp("A YAML file of margins to judge the figures by.", valueName: "file"))
    var margins: String?
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (config == nil) != (table == nil) else {
            throw ValidationError("Give either --config or --table.")
        }
        if table != nil, asOf != nil || model.model != nil {
            throw ValidationError("--as-of and --model go with --config, not with --table.")
        }
        if config != nil, listSize != nil || html != nil {
            throw ValidationError(
                "--list-size and --html go with --table; a model says its own list size.")
        }
        if config != nil, [person, household, secondScore, margins].contains(where: { $0 != nil }) {
            throw ValidationError(
                "--person, --household, --second-score and --margins go with --table; a model's specification says its own."
            )
        }
        if let listSize, listSize < 1 {
            throw ValidationError("--list-size must be 1 or more.")
        }
    }

    func run() throws {
        if let config {
            var night = NightOptions()
            night.config = config
            night.asOf = asOf
            return try common.console.report(
                LinkingZone.night(
                    configuration: config, environment: common.environment(night),
                    through: .evaluate, model: model.model))
        }
        guard let table else { return }
        let evaluation = try TableEvaluation(
            path: table, listSize: listSize,
            columns: ScoredTableColumns(
                person: person, household: household, secondScore: secondScore),
            margins: margins)
        if let html { try TableEvaluation.write(evaluation.html, to: html) }
        let text = common.json ? String(decoding: evaluation.json, as: UTF8.self) : evaluation.text
        guard Console.write(text, to: STDOUT_FILENO) || errno == EPIPE else {
            throw StileError(
                .inputOutput, "The report cannot be written to standard output.",
                remedy: "Make room, or give it another place to go.")
        }
    }
}
