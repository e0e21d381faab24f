import Foundation
import PipelineModel

/// The file by which a model scores: `models/<model>/equation-<SHA-256>.json`.
///
/// A new fit makes a new file, so that the lists of an older one can be made again.
struct EquationFile: Codable {
    struct Term: Codable {
        var name: String
        var coefficient: Double
        var mean: Double
    }

    var format: Int
    /// SHA-256 of the specification that the coefficients belong to.
    var specification: String
    var name: String
    var intercept: Double
    var terms: [Term]

    init(specification: ContentDigest, _ equation: ScoringEquation) {
        format = 1
        self.specification = specification.hex
        name = equation.name
        intercept = equation.intercept
        terms = equation.terms.map {
            Term(name: $0.name, coefficient: $0.coefficient, mean: $0.mean)
        }
    }

    var equation: ScoringEquation {
        ScoringEquation(
            name: name, intercept: intercept,
            terms: terms.map {
                ScoringEquation.Term(name: $0.name, coefficient: $0.coefficient, mean: $0.mean)
            })
    }

    var bytes: [UInt8] { get throws { try CanonicalForm.bytes(self) } }

    static func read(_ bytes: [UInt8], path: String) throws -> EquationFile {
        guard let file = try? JSONDecoder().decode(EquationFile.self, from: Data(bytes)),
            file.format == 1
        else {
            throw StileError(
                .integrity, "This is not the equation of a model.", at: .init(file: path),
                remedy: "Restore it from the backup, or fit the model again.")
        }
        return file
    }

    static func path(
        _ configuration: LinkingConfiguration, _ model: String, _ digest: ContentDigest
    ) -> String {
        "\(configuration.models)/\(model)/equation-\(digest.hex).json"
    }
}
