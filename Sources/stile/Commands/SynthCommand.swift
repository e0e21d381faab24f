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

extension Synth {
    func run() throws {
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw StileError(
                .configuration, "The folder is there already.", at: .init(file: folder),
                remedy: "Give another name; a county is never mixed with another.")
        }
        guard let first = Day(iso: firstNight) else {
            throw StileError(
                .configuration, "--first-night is not a date.", remedy: "Write it as yyyy-mm-dd.")
        }
        let console = common.console
        let summary = try SyntheticCounty.generate(
            people: people, seed: seed, nights: nights, firstNight: first, into: folder,
            write: { path, bytes in
                do {
                    try FileManager.default.createDirectory(
                        atPath: (path as NSString).deletingLastPathComponent,
                        withIntermediateDirectories: true)
                    try Data(bytes).write(to: URL(fileURLWithPath: path))
                } catch {
                    throw StileError(
                        .inputOutput, "The file cannot be written.", at: .init(file: path),
                        remedy: "Check the space and the permissions of the disk.")
                }
            }, progress: { console.progress($1, $0) })
        console.progress("", 1)
        console.result(
            "\(summary.people) people, \(summary.extractRows) rows in \(summary.files) files; truth: \(summary.modelRows) rows with \(summary.outcomeEvents) events",
            [
                "people": .integer(summary.people), "rows": .integer(summary.extractRows),
                "files": .integer(summary.files), "model_rows": .integer(summary.modelRows),
                "events": .integer(summary.outcomeEvents),
            ])
    }
}
