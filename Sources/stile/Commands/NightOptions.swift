import ArgumentParser
import PipelineModel

/// A zone's configuration and the day of the run.
struct NightOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The stile.yaml of the zone.")
    var config: String

    @Option(
        help: ArgumentHelp(
            "Run as of this day: only what was known strictly before it is used.",
            discussion:
                "A date (yyyy-mm-dd), or a whole number on an ordinal clock. Today in Europe/London by default.",
            valueName: "day"))
    var asOf: String?
}
