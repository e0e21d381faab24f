import Foundation
import PipelineModel

/// Makes the data that Stile and its peers fit, and fits them.
///
/// - `make --rows N --columns N --seed N --to DIR [--kind mixed|sparse|shifted]`: the design and
///   its outcomes.
/// - `fit --data DIR --threads N --runs N --json OUT [--stream yes|--sparse yes] [--system NAME]`:
///   seconds, iterations and coefficients; with `--stream` the data stay in their file, with
///   `--sparse` columns that are mostly zero are kept as what is not.
@main
struct Main {
    static func main() {
        do { try run() } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        var rest = CommandLine.arguments.dropFirst()
        let command = rest.popFirst() ?? ""
        var options: [String: String] = [:]
        while let name = rest.popFirst() { options[name] = rest.popFirst() ?? "" }
        func text(_ name: String) throws -> String {
            guard let value = options["--\(name)"] else { throw usage("--\(name) is missing") }
            return value
        }
        func number(_ name: String) throws -> Int {
            guard let value = Int(try text(name)), value > 0 else {
                throw usage("--\(name) is no number above 0")
            }
            return value
        }
        switch command {
        case "make":
            guard let kind = MadeDesign.Kind(rawValue: options["--kind"] ?? "mixed") else {
                throw usage("the kind is not known")
            }
            let made = MadeDesign(
                rows: try number("rows"), columns: try number("columns"),
                seed: UInt64(try number("seed")), kind: kind)
            try made.write(to: URL(fileURLWithPath: try text("to")))
        case "fit":
            try TimedFit(
                folder: URL(fileURLWithPath: try text("data")), threads: try number("threads"),
                runs: try number("runs"), isStreamed: options["--stream"] != nil,
                isSparse: options["--sparse"] != nil, system: options["--system"] ?? "Stile"
            ).run(into: URL(fileURLWithPath: try text("json")))
        default:
            throw usage("“\(command)” is not known")
        }
    }

    private static func usage(_ fault: String) -> StileError {
        StileError(
            .configuration, "The command cannot be run: \(fault).",
            remedy: "stile-bench-fit make|fit; Scripts/bench-fit.sh runs it.")
    }
}
