import Evaluation
import Features
import PipelineModel
import Scoring

/// Fits a model anew with each person, household or setting kept on one side, with whatever its
/// specification tunes.
struct RefitByPerson {
    private let apart: PeopleApart
    private let refit: Refit
    private let specification: ModelSpecification
    /// Rows with a known outcome: 0 for those of the fit, above for test rows.
    private let table: DevelopmentTable
    private let part: [Int?]

    /// - Parameters:
    ///   - specification: With `fit:`.
    ///   - apart: How people are kept apart.
    ///   - table: The rows of the fit and the test rows, all with a known outcome.
    /// - Throws: `StileError` where `fit:` cannot be read.
    init(
        _ specification: ModelSpecification, _ apart: PeopleApart, _ table: DevelopmentTable
    ) throws {
        self.specification = specification
        self.apart = apart
        self.table = table
        // Who lived together learns nothing of each other either.
        part = apart.parts(of: table.clusterKeys, seed: ClusterBootstrap.seed)
        refit = try Refit(specification)
    }

    /// - Parameter model: The model's own scores of the test rows, in their order.
    func report(model: [Double]) throws -> PersonSplit {
        let tested = table.fold.indices.filter { table.fold[$0] > 0 }
        return try PersonSplit.assess(
            apart, seed: ClusterBootstrap.seed,
            sameRows: scored(fitted: { $0 == 0 }, tested: { $0 > 0 }, of: tested.count),
            model: zip(tested, model).filter { part[$0.0] != nil }.map(\.1),
            allRows: scored(fitted: { _ in true }, tested: { _ in true }, of: tested.count))
    }

    /// The rows whose fold is tested, each scored by a fit on the rows of others whose fold is
    /// fitted; why there are none where one of the fits fails.
    private func scored(
        fitted: (Int32) -> Bool, tested: (Int32) -> Bool, of testRows: Int
    ) throws -> Assessed<PersonSplit.Scored> {
        let rows = part.indices.filter { part[$0] != nil && tested(table.fold[$0]) }
        var score = [Double](repeating: 0, count: part.count)
        var probability = score
        for one in Set(rows.compactMap { part[$0] }).sorted() {
            let others = part.indices.filter { part[$0] != one && fitted(table.fold[$0]) }
            let own = rows.filter { part[$0] == one }
            do {
                let found = try refit.scorer(table.rows(others)).score(table.rows(own).matrix)
                for (place, row) in own.enumerated() {
                    score[row] = found.linearPredictor[place]
                    probability[row] = found.probability[place]
                }
            } catch let error as StileError {
                return .notAssessable("the rows of the others carry no fit: \(error.message)")
            }
        }
        // The same share of these rows as the list is of the test rows.
        let size =
            (specification.list.size * rows.count + max(testRows, 1) - 1) / max(testRows, 1)
        return .value(
            PersonSplit.Scored(
                table: ScoredTable(
                    score: rows.map { score[$0] }, probability: rows.map { probability[$0] },
                    outcome: rows.map { table.outcome[$0] }, unit: specification.unit,
                    about: rows.map { table.matrix.rows[$0].about },
                    together: table.together.isEmpty ? [] : rows.map { table.together[$0] }),
                part: rows.compactMap { part[$0] }, listSize: min(max(size, 1), max(rows.count, 1)))
        )
    }
}
