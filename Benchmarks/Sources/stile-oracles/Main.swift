import Foundation
import PipelineModel

/// `stile-oracles --data DIR --r FILE`: Stile's figures on published data beside those of other
/// tools, one row for each data set and quantity.
///
/// DIR holds the data sets with their reference.json; FILE is what Benchmarks/peers/oracles.R and
/// check_pmml.py wrote. `--folders DIR` writes a model's folder for each set there, for the latter,
/// and compares nothing. Ends with 1 where a figure does not agree. `--only TEXT` keeps the groups of rows
/// whose name has TEXT in it.
@main
struct Main {
    static func main() {
        do {
            let agrees = try run()
            exit(agrees ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(2)
        }
    }

    private static func run() throws -> Bool {
        var options: [String: String] = [:]
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() { options[name] = rest.popFirst() ?? "" }
        guard let data = options["--data"], let r = options["--r"] else {
            throw StileError(
                .configuration, "The data or R's figures are not named.",
                remedy: "stile-oracles --data DIR --r FILE")
        }
        let oracles = try Oracles(data: DataFolder(path: data), r: RFigures(path: r))
        if let folders = options["--folders"] {
            try PMMLFolders.write(oracles, to: folders)
            return true
        }
        let groups: [(String, (Oracles, inout OracleTable) throws -> Void)] = [
            ("likelihood", Likelihood.compare), ("separated", Separated.compare),
            ("penalties", Penalties.compare),
            ("crossvalidation", CrossValidation.compare), ("clusters", Clusters.compare),
            ("evaluation", EvaluationFigures.compare), ("delong", DeLong.compare),
            ("benefit", NetBenefit.compare),
            ("scoring", Scoring.compare), ("planted", Planted.compare),
            ("pmml", PMMLFolders.compare),
        ]
        var table = OracleTable()
        for (name, compare) in groups where options["--only"].map(name.contains) ?? true {
            FileHandle.standardError.write(Data("Stile: \(name)…\n".utf8))
            try compare(oracles, &table)
        }
        print(table.text)
        return table.agrees
    }
}

/// What the rows are compared with, and on which data.
struct Oracles {
    let data: DataFolder
    let r: RFigures
    /// The designs with a reference of their own, by name.
    let designs: [Design]

    init(data: DataFolder, r: RFigures) throws {
        self.data = data
        self.r = r
        designs = try data.designs()
    }

    func design(_ name: String) throws -> Design {
        guard let design = designs.first(where: { $0.name == name }) else {
            throw StileError(
                .input, "There is no data set “\(name)”.",
                remedy: "Name the folder with the published data.")
        }
        return design
    }
}
