import ArgumentParser
import Foundation
import PipelineModel
import Synth

/// `stile synth`: the synthetic county.
struct Synth: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a synthetic county: extracts night by night, and the truth beside them.",
        discussion: """
            The same arguments give the same bytes on every machine. Nobody in it is real.

            Example:
              stile synth county --people 6000 --seed 7 --nights 3
            """)

    @Argument(help: "The folder to write; it must not be there yet.")
    var folder: String
    @Option(help: "How many people.")
    var people = 6_000
    @Option(help: "The seed of every random number.")
    var seed: UInt64 = 7
    @Option(help: "How many nights of deliveries.")
    var nights = 3
    @Option(help: "The day of the first delivery.")
    var firstNight = "2026-03-02"
    @OptionGroup var common: CommonOptions
}
