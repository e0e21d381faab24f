import Foundation
import PipelineModel
import Scoring

/// What differs between two models' folders.
public struct ModelComparison: Sendable, Equatable, Codable {
    /// One of the two.
    public struct Side: Sendable, Equatable, Codable {
        public var model: String
        public var version: Int
        public var specification: String
        public var stile: String
        public var intercept: Double
        public var terms: Int
    }

    /// A coefficient that is not the same in both; the intercept has the name `(intercept)`.
    public struct Change: Sendable, Equatable, Codable {
        public enum Kind: String, Sendable, Codable { case added, removed, changed }
        public var name: String
        public var kind: Kind
        public var before: Double?
        public var after: Double?
        /// The difference in standard errors; absent where neither fit has them.
        ///
        /// Divided by √(s₁² + s₂²), or by the one there is. Two fits that share rows are less
        /// apart by chance than this says.
        public var inStandardErrors: Double?
    }

    /// What was read to make the models: a digest for each, where the two differ.
    public struct Input: Sendable, Equatable, Codable {
        public var name: String
        public var before: String?
        public var after: String?
    }

    /// A figure of the two evaluations side by side.
    public struct Figure: Sendable, Equatable, Codable {
        public var name: String
        public var title: String
        public var before: Double?
        public var after: Double?

        /// Whether it is a number of rows.
        var isCount: Bool { name == "rows" || name == "events" }
    }

    /// How far the two equations' probabilities differ on the made-up rows of both test packs.
    public struct Probabilities: Sendable, Equatable, Codable {
        public var rows: Int
        public var largest: Double
        public var mean: Double
        /// The row with the largest difference.
        public var row: String
        public var before: Double
        public var after: Double
    }

    public var before: Side
    public var after: Side
    public var sameSpecification: Bool
    /// By file, the lines in which the specifications differ; comments and spacing can differ where
    /// the specifications are the same.
    public var specificationChanges: [FileChange]
    /// Rows, events and λ of the two fits; empty where neither was fitted.
    public var fit: [Figure]
    /// In the order of the first, then those that were added.
    public var coefficients: [Change]
    public var unchangedTerms: Int
    public var inputs: [Input]
    public var evaluation: [Figure]
    public var probabilities: Probabilities

    /// Compares two folders.
    ///
    /// - Throws: `StileError` where one of the equations cannot score, or a file of a specification
    ///   cannot be read.
    public init(_ before: StoredModelFolder, _ after: StoredModelFolder) throws {
        self.before = Side(before)
        self.after = Side(after)
        sameSpecification = before.manifest.specification == after.manifest.specification
        coefficients = Self.coefficients(before, after)
        specificationChanges = Self.changes(
            try before.specificationTexts(), try after.specificationTexts())
        fit = Self.fitFigures(before.fit, after.fit)
        let names = Set(after.equation.terms.map(\.name))
        unchangedTerms =
            before.equation.terms.count { names.contains($0.name) }
            - coefficients.count { $0.kind == .changed && $0.name != "(intercept)" }
        inputs = Self.inputs(before.data?.snapshot ?? [], after.data?.snapshot ?? [])
        evaluation = Self.figures(before.evaluation, after.evaluation)
        probabilities = try Self.probabilities(before, after)
    }

    private static func coefficients(
        _ before: StoredModelFolder, _ after: StoredModelFolder
    ) -> [Change] {
        func errors(_ left: Double?, _ right: Double?) -> Double? {
            guard left != nil || right != nil else { return nil }
            return ((left ?? 0) * (left ?? 0) + (right ?? 0) * (right ?? 0)).squareRoot()
        }
        var changes: [Change] = []
        if before.equation.intercept != after.equation.intercept {
            let error = errors(
                before.fit?.interceptError, after.fit?.interceptError)
            changes.append(
                Change(
                    name: "(intercept)", kind: .changed, before: before.equation.intercept,
                    after: after.equation.intercept,
                    inStandardErrors: error.flatMap {
                        $0 > 0 ? (after.equation.intercept - before.equation.intercept) / $0 : nil
                    }))
        }
        let old = Dictionary(
            before.equation.terms.map { ($0.name, $0.coefficient) },
            uniquingKeysWith: { first, _ in first })
        let new = Dictionary(
            after.equation.terms.map { ($0.name, $0.coefficient) },
            uniquingKeysWith: { first, _ in first })
        for term in before.equation.terms {
            guard let value = new[term.name] else {
                changes.append(
                    Change(name: term.name, kind: .removed, before: term.coefficient))
                continue
            }
            guard value != term.coefficient else { continue }
            let error = errors(
                before.fit?.standardError(of: term.name), after.fit?.standardError(of: term.name))
            changes.append(
                Change(
                    name: term.name, kind: .changed, before: term.coefficient, after: value,
                    inStandardErrors: error.flatMap {
                        $0 > 0 ? (value - term.coefficient) / $0 : nil
                    }))
        }
        return changes
            + after.equation.terms.filter { old[$0.name] == nil }.map {
                Change(name: $0.name, kind: .added, after: $0.coefficient)
            }
    }

    private static func inputs(
        _ before: [PublishedModel.Snapshot], _ after: [PublishedModel.Snapshot]
    ) -> [Input] {
        let old = Dictionary(
            before.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(
            after.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
            Input(name: $0, before: old[$0], after: new[$0])
        }
    }

    private static func figures(_ before: EvaluationHeadline?, _ after: EvaluationHeadline?)
        -> [Figure]
    {
        var figures = (before?.figures ?? []).map {
            Figure(name: $0.name, title: $0.title, before: $0.value, after: after?[$0.name]?.value)
        }
        for figure in after?.figures ?? [] where before?[figure.name] == nil {
            figures.append(Figure(name: figure.name, title: figure.title, after: figure.value))
        }
        return figures
    }

    /// Scores the rows of both packs by both equations; a column that a pack does not have is at
    /// the reference of the equation that has it.
    private static func probabilities(
        _ before: StoredModelFolder, _ after: StoredModelFolder
    ) throws -> Probabilities {
        var names: [String] = []
        var left: [Double] = []
        var right: [Double] = []
        for (label, folder) in [("first", before), ("second", after)] {
            names += folder.pack.rows.map { "\($0.name) of the \(label)" }
            left += try score(before.equation, on: folder.pack)
            right += try score(after.equation, on: folder.pack)
        }
        let differences = zip(left, right).map { ($0 - $1).magnitude }
        let worst =
            differences.indices.max { (differences[$0], -$0) < (differences[$1], -$1) } ?? 0
        return Probabilities(
            rows: names.count, largest: differences[worst],
            mean: differences.reduce(0, +) / Double(differences.count), row: names[worst],
            before: left[worst], after: right[worst])
    }

    private static func score(_ equation: StoredEquation, on pack: TestPack) throws -> [Double] {
        let positions = Dictionary(
            pack.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = pack.rows.map { row in
            equation.terms.map { term in
                positions[term.name].map { row.values[$0] } ?? term.reference
            }
        }
        return try Scorer(model: equation.equation).score(
            TestPack.matrix(rows, columns: equation.terms.map(\.name))
        ).probability
    }
}

extension ModelComparison.Side {
    init(_ folder: StoredModelFolder) {
        model = folder.manifest.model
        version = folder.manifest.version
        specification = folder.manifest.specification
        stile = folder.manifest.stile
        intercept = folder.equation.intercept
        terms = folder.equation.terms.count
    }
}
