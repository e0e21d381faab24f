import Foundation

/// `stile-frontier [--people N] [--contract FILE] [--only part-of-a-setting]`: for each setting of
/// the hardening dial what the attacks read out of the encodings of a synthetic county, and how
/// well the county is linked at the same setting.
@main
struct Main {
    static func main() {
        do {
            var people = 100_000
            var contract = "SampleData/source.yaml"
            var only: String?
            var rest = CommandLine.arguments.dropFirst()
            while let name = rest.popFirst() {
                switch (name, rest.popFirst()) {
                case ("--people", let text?): people = Int(text) ?? people
                case ("--contract", let text?): contract = text
                case ("--only", let text?): only = text
                default: throw Misuse()
                }
            }
            let county = try County(people: people, contract: contract)
            var notes: [String] = []
            show(FrontierRow.header)
            for setting in Setting.all where only.map({ setting.name.contains($0) }) ?? true {
                let row = try FrontierRow(setting, of: county)
                show(row.text)
                for note in row.notes where !notes.contains(note) { notes.append(note) }
            }
            for line in notes { show("\n\(line)") }
            show("\n\(county.records) records of \(people) people in the attacked source.")
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// Prints a line at once: a setting takes minutes.
    private static func show(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    struct Misuse: Error, CustomStringConvertible {
        var description: String {
            "usage: stile-frontier [--people N] [--contract FILE] [--only part-of-a-setting]"
        }
    }
}

/// A setting of the dial, as `encoding: hardening:` would state it.
struct Setting {
    var name: String
    /// `nil` for tokens of single names, which the program refuses to make.
    var hardening: String?

    static let all: [Setting] =
        [Setting(name: "token of each name (refused)", hardening: nil)]
        + [
            "salt: none, diffusion: 0",
            "salt: none, diffusion: 0, fold: true",
            "salt: none, diffusion: 0, flip: 0.02",
            "salt: none, diffusion: 0, flip: 0.05",
            "salt: none, diffusion: 3",
            "salt: none, diffusion: 3, flip: 0.02",
            "salt: none, diffusion: 3, flip: 0.05",
            "salt: none, diffusion: 3, flip: 0.1",
            "salt: date_of_birth.year, diffusion: 0",
            "salt: date_of_birth.year, diffusion: 3",
            "salt: date_of_birth.year, diffusion: 3, flip: 0.05",
            "salt: date_of_birth, diffusion: 0",
            "salt: date_of_birth, diffusion: 0, fold: true",
            "salt: date_of_birth, diffusion: 3",
            "salt: date_of_birth, diffusion: 3, flip: 0.02",
            "salt: date_of_birth, diffusion: 3, flip: 0.05",
        ].map { Setting(name: $0, hardening: $0) }
}
