import Foundation
import Hashing
import ModelFolder
import Modelling
import PipelineModel

/// Models as folders, whose PMML scorers of other makes read (Benchmarks/peers/check_pmml.py).
enum PMMLFolders {
    private static let scorers = ["sklearn-pmml-model", "PyPMML"]

    private static func designs(_ oracles: Oracles) -> [Design] {
        oracles.designs.filter { !Separated.sets.contains($0.name) }
    }

    /// Fits the sets and writes a folder for each below `path`.
    static func write(_ oracles: Oracles, to path: String) throws {
        for design in designs(oracles) {
            let fitted = try LogisticRegression.fit(
                design.matrix(design.train), outcomes: design.outcomes(design.train),
                provenance: ModelProvenance(model: design.name))
            let all = Array(design.outcomes.indices)
            let model = PublishedModel(
                name: design.name, title: design.name, purpose: "comparison", version: 1,
                unit: .person, isFitted: true,
                specification: ContentDigest.sha256(Array(design.name.utf8)),
                specificationFiles: [], equation: fitted.equation, terms: [],
                outcome: "the outcome of the set", listSize: 1,
                coefficients: Array(try fitted.canonicalJSON()),
                development: PublishedModel.Development(
                    matrix: design.matrix(all), outcome: design.outcomes,
                    fold: design.isTrain.map { $0 ? 0 : 1 }, dayText: \.iso, snapshot: []),
                stile: "oracles")
            for file in try model.files() {
                let target = URL(fileURLWithPath: "\(path)/\(design.name)/\(file.name)")
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: target)
            }
        }
    }

    /// What the scorers found: the largest relative difference of a probability, and the rows.
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for design in designs(oracles) {
            for scorer in scorers {
                guard let found = oracles.r[design.name, "pmml:\(scorer)"], found.count == 2 else {
                    table.fault(
                        design.name, "model.pmml, probabilities", with: scorer,
                        "it has not scored the set")
                    continue
                }
                table.state(
                    design.name, "model.pmml, \(Int(found[1])) probabilities", with: scorer,
                    String(format: "%.1e", found[0]), wanted: "1e-12", found[0] <= 1e-12)
            }
        }
    }
}
