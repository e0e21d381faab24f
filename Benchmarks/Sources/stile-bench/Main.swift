import Foundation
import LinearAlgebra

/// `stile-bench [--runs N] [--only part-of-a-name] [--share S]`: how fast each stage is on data
/// that the program makes itself, the same for the same share.
@main
struct Main {
    static func main() {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            print("| stage | measured | min | median | max |")
            print("|---|---|---|---|---|")
            for benchmark in all(share: options.share)
            where options.only.map({ benchmark.name.contains($0) }) ?? true {
                for line in try benchmark.run(runs: options.runs) { print(line) }
            }
            print("")
            print(
                "\(options.runs) runs after one to warm up; BLAS: \(BLASIdentity.name); "
                    + "\(ProcessInfo.processInfo.activeProcessorCount) cores.")
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    static func all(share: Double) -> [Benchmark] {
        SourceBenchmarks(share: share).all + LinkageBenchmarks(share: share).all
            + ModelBenchmarks(share: share).all
    }
}

/// What the command line asks for.
struct Options {
    var runs = 5
    var only: String?
    /// The share of the full size, to see that everything works.
    var share = 1.0

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            let value = rest.popFirst()
            switch (name, value, value.flatMap(Int.init), value.flatMap(Double.init)) {
            case ("--runs", _, let count?, _) where count > 0: runs = count
            case ("--only", let text?, _, _): only = text
            case ("--share", _, _, let number?) where number > 0 && number <= 1: share = number
            default: throw Misuse()
            }
        }
    }

    struct Misuse: Error, CustomStringConvertible {
        var description: String {
            "usage: stile-bench [--runs N] [--only part-of-a-name] [--share 0.01…1]"
        }
    }
}
