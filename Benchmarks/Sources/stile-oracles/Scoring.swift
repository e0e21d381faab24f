import Foundation
import Modelling
import PipelineModel
import Scoring

/// The same bits for a row in any batch, at any position, on any thread; the same bytes of a
/// model for any number of threads.
enum Scoring {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let design = try oracles.design("diabetes130")
        let train = design.train
        var models: [Data] = []
        var equation: ScoringEquation?
        for threads in [1, 2, 3, 7] {
            let model = try LogisticRegression.fit(
                design.matrix(train), outcomes: design.outcomes(train),
                provenance: ModelProvenance(model: design.name), threads: threads)
            models.append(try model.canonicalJSON())
            equation = model.equation
        }
        let different = models.count { $0 != models[0] }
        table.state(
            design.name, "the stored model with 1, 2, 3, 7 threads", with: "itself",
            "\(different) differ", wanted: "0", different == 0)
        guard let equation else { return }
        try scores(design, try Scorer(model: equation), &table)
    }

    private static func scores(
        _ design: Design, _ scorer: Scorer, _ table: inout OracleTable
    ) throws {
        let rows = design.tested
        let whole = try scorer.score(design.matrix(rows)).linearPredictor.map(\.bitPattern)
        func differing(_ order: [Int], _ scored: [Double]) -> Int {
            zip(order, scored).count { whole[$0] != $1.bitPattern }
        }
        for batch in [1, 7, 1000] {
            // Rows one by one: a part of them, for a matrix each costs time.
            let count = batch == 1 ? min(2000, rows.count) : rows.count
            var wrong = 0
            for start in stride(from: 0, to: count, by: batch) {
                let places = Array(start..<min(start + batch, count))
                wrong += differing(
                    places, try scorer.score(design.matrix(places.map { rows[$0] })).linearPredictor
                )
            }
            table.state(
                design.name, "\(count) scores in batches of \(batch)", with: "all at once",
                "\(wrong) differ", wanted: "0 bits", wrong == 0)
        }
        var reordered = design
        let order = Array(design.terms.indices.reversed())
        reordered.terms = order.map { design.terms[$0] }
        reordered.columns = order.map { design.columns[$0] }
        let places = Array(rows.indices)
        var wrong = differing(
            places, try scorer.score(reordered.matrix(rows)).linearPredictor)
        table.state(
            design.name, "\(rows.count) scores, columns in another order", with: "all at once",
            "\(wrong) differ", wanted: "0 bits", wrong == 0)
        let matrix = design.matrix(rows)
        wrong = try onThreads(4, places) { part in
            let scored = try scorer.score(matrix.selecting(part))
            return zip(part, scored.linearPredictor).count { whole[$0] != $1.bitPattern }
        }
        table.state(
            design.name, "\(rows.count) scores on 4 threads", with: "all at once",
            "\(wrong) differ", wanted: "0 bits", wrong == 0)
    }

    /// The sum of `body` over as many parts as there are threads, all at one time.
    private static func onThreads(
        _ threads: Int, _ places: [Int], _ body: @escaping @Sendable ([Int]) throws -> Int
    ) throws -> Int {
        let sums = Collected()
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let part = places.filter { $0 % threads == thread }
            sums.add(Result { try body(part) })
        }
        return try sums.all().reduce(0) { try $0 + $1.get() }
    }
}

/// Results of several threads.
final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var results: [Result<Int, any Error>] = []

    func add(_ result: Result<Int, any Error>) { lock.withLock { results.append(result) } }
    func all() -> [Result<Int, any Error>] { lock.withLock { results } }
}
