public import Foundation
public import PipelineModel

/// How good and how fair a set of scores is: evidence for the people who sign.
public struct EvaluationReport: Codable, Sendable, Equatable {
    /// One fold or period by itself.
    public struct Fold: Codable, Sendable, Equatable {
        public var fold: Int32
        public var rows: Int
        public var events: Int
        public var discrimination: Assessed<Interval>
        public var observedToExpected: Assessed<Double>
    }

    /// The version of the stored form.
    public static let formatVersion = 1

    public var format: Int
    public var rows: Int
    public var events: Int
    /// What the rows are about; absent where they are about people.
    public var unit: UnitKind?
    /// Different people, households or settings among the rows; absent where the table does not
    /// say which they are.
    public var people: Int?
    /// Those of them who stand among the rows of the fit too, with another spell or as-of date.
    ///
    /// What the model learnt of them may flatter it. Absent where nothing was fitted here.
    public var peopleAlsoTrainedOn: Int?
    /// Below this count a group's figure is not assessable.
    public var minimumCount: Int
    public var prevalence: Double
    public var meanProbability: Double
    /// The area under the ROC curve.
    public var discrimination: Assessed<Interval>
    /// The mean of (outcome − probability)².
    public var brier: Double
    /// 1 − Brier ÷ the Brier score of the prevalence; 0 is no better than a constant.
    public var scaledBrier: Assessed<Double>
    public var observedToExpected: Assessed<Double>
    public var calibration: Assessed<Calibration>
    public var tenths: [Tenth]
    /// The model's list at its size.
    public var list: ListQuality
    /// The list that the service's present rule would make, of the same size.
    public var baselineList: Assessed<ListQuality>
    /// The area under the ROC curve of the present rule.
    public var baselineDiscrimination: Assessed<Interval>
    /// By grouping and level, in the order of the table.
    public var groups: [GroupFairness]
    /// By ascending fold, where there is more than one.
    public var folds: [Fold]
}

extension EvaluationReport {
    /// The canonical JSON: keys sorted, in snake case, with a newline at its end.
    public func canonicalJSON() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            return try encoder.encode(self) + Data("\n".utf8)
        } catch {
            throw StileError(
                .integrity, "The evaluation holds a number that is not finite.",
                remedy: "Look for scores of extreme size.")
        }
    }

    /// Reads what ``canonicalJSON()`` wrote.
    ///
    /// - Parameters:
    ///   - data: The bytes of the file.
    ///   - file: What messages call the data.
    /// - Throws: `StileError` with code `integrity` where it is not an evaluation.
    public init(canonicalJSON data: Data, file: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(EvaluationReport.self, from: data),
            report.format == EvaluationReport.formatVersion
        else {
            throw StileError(
                .integrity, "This is not an evaluation that this version of Stile knows.",
                at: .init(file: file), remedy: "Restore the file, or evaluate again.")
        }
        self = report
    }
}
