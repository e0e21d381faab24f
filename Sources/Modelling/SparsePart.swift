import LinearAlgebra
import PipelineModel

/// The columns of a design that are mostly zero, row by row, beside the others as they are.
///
/// A row with s values that are not zero costs s² ÷ 2 products instead of p² ÷ 2. The values are
/// divided by their scales when they are taken in; that they are not centred is put right in the
/// sums: with μ the mean and u = x ÷ scale, Σ w (u − μ)(v − ν) = Σ wuv − μ Σ wv − ν Σ wu + μν Σ w. A
/// column that is mostly zero has a mean below its standard deviation, so that no digits are lost.
struct SparsePart: Sendable {
    /// At most this share of a sparse column is not zero.
    static let largestShare = 0.1

    /// The rows of one shard.
    fileprivate struct Shard: Sendable {
        /// Where the values of each row begin; one more than there are rows.
        var starts: [UInt32]
        /// Which sparse column each value is of; ascending within a row.
        var columns: [UInt16]
        var values: [Double]
    }

    /// Which columns of the design are sparse, and which are not; both ascending.
    let sparse: [Int]
    let dense: [Int]
    private let shards: [Shard]

    /// Takes in the used columns of a problem, or `nil` where it would not pay.
    ///
    /// - Throws: `StileError` where the rows cannot be read.
    init?(_ problem: LogisticProblem) throws {
        let most = Double(problem.rows) * Self.largestShare
        let sparse = problem.used.filter { Double(problem.standardisation.nonzero[$0]) <= most }
        guard problem.rows >= RowShards.shardRows, 2 * sparse.count > problem.used.count,
            sparse.count <= Int(UInt16.max)
        else { return nil }
        self.sparse = sparse
        let chosen = Set(sparse)
        dense = problem.used.filter { !chosen.contains($0) }
        let scales = sparse.map { 1 / problem.standardisation.scales[$0] }
        shards = try RowShards(rows: problem.rows).map(threads: problem.threads) { range in
            Result { try Self.shard(problem.design, range, sparse, scales) }
        }.map { try $0.get() }
    }

    private static func shard(
        _ design: any DesignRows, _ range: Range<Int>, _ sparse: [Int], _ scales: [Double]
    ) throws -> Shard {
        var shard = Shard(starts: [0], columns: [], values: [])
        shard.starts.reserveCapacity(range.count + 1)
        try design.withRows(range) { lent in
            var places = [UInt32](repeating: 0, count: RowShards.blockRows + 1)
            for block in RowShards.blocks(of: range) {
                let first = block.lowerBound - range.lowerBound
                for row in 0...block.count { places[row] = 0 }
                for column in sparse {
                    let values = lent.column(column) + first
                    for row in 0..<block.count where values[row] != 0 { places[row + 1] += 1 }
                }
                let begin = shard.values.count
                for row in 0..<block.count {
                    places[row + 1] += places[row]
                    shard.starts.append(UInt32(begin) + places[row + 1])
                }
                let count = Int(places[block.count])
                shard.columns.append(contentsOf: repeatElement(0, count: count))
                shard.values.append(contentsOf: repeatElement(0, count: count))
                for (index, column) in sparse.enumerated() {
                    let values = lent.column(column) + first
                    for row in 0..<block.count where values[row] != 0 {
                        let place = begin + Int(places[row])
                        shard.columns[place] = UInt16(index)
                        shard.values[place] = values[row] * scales[index]
                        places[row] += 1
                    }
                }
            }
        }
        return shard
    }

    /// As `LogisticProblem.derivatives`, of the problem that the columns were taken from.
    func derivatives(
        of problem: LogisticProblem, at parameters: [Double], withInformation: Bool
    ) throws -> LogisticProblem.Derivatives {
        let places = Dictionary(
            uniqueKeysWithValues: problem.used.enumerated().map { ($0.element, $0.offset + 1) })
        let denseAt = [0] + dense.map { places[$0] ?? 0 }
        let sparseAt = sparse.map { places[$0] ?? 0 }
        let means = sparse.map {
            problem.standardisation.means[$0] / problem.standardisation.scales[$0]
        }
        let slopes = sparseAt.map { parameters[$0] }
        var own = denseAt.map { parameters[$0] }
        own[0] -= zip(slopes, means).reduce(0) { $0 + $1.0 * $1.1 }

        let layout = Layout(dense: denseAt.count, sparse: sparse.count)
        let part = problem.withColumns(dense)
        let beginning = own
        let starts = RowShards.shardRows
        let sums = try part.total(count: withInformation ? layout.size : layout.plain) {
            work, range, sums in
            let shard = shards[range.lowerBound / starts]
            let first = range.lowerBound % starts
            work.predict(beginning)
            shard.addPredictors(slopes, first, range.count, to: work.predictor)
            sums[0] += part.weigh(&work, range)
            work.block.addTransposedProduct(work.predictor, into: sums + 1)
            shard.addGradient(
                work.predictor, first, range.count, to: sums + layout.sparseGradient)
            guard withInformation else { return }
            shard.addProducts(
                work.block, work.roots, first, range.count, layout, to: sums)
            work.block.scaleRows(by: work.roots)
            work.block.addGram(into: sums + layout.denseGram)
        }
        return layout.derivatives(
            sums, denseAt: denseAt, sparseAt: sparseAt, means: means,
            withInformation: withInformation)
    }

    /// Where each sum stands.
    fileprivate struct Layout {
        let dense: Int
        let sparse: Int
        var sparseGradient: Int { 1 + dense }
        var plain: Int { 1 + dense + sparse }
        /// Upper triangle, dense × dense.
        var denseGram: Int { plain }
        /// dense × sparse, column-major.
        var mixed: Int { denseGram + dense * dense }
        /// Upper triangle, sparse × sparse.
        var sparseGram: Int { mixed + dense * sparse }
        var size: Int { sparseGram + sparse * sparse }

        func derivatives(
            _ sums: [Double], denseAt: [Int], sparseAt: [Int], means: [Double],
            withInformation: Bool
        ) -> LogisticProblem.Derivatives {
            let order = dense + sparse
            var gradient = [Double](repeating: 0, count: order)
            for (index, place) in denseAt.enumerated() { gradient[place] = sums[1 + index] }
            for (index, place) in sparseAt.enumerated() {
                gradient[place] = sums[sparseGradient + index] - means[index] * sums[1]
            }
            guard withInformation else {
                return .init(logLikelihood: sums[0], gradient: gradient, information: nil)
            }
            var matrix = Matrix(rows: order, columns: order)
            func set(_ left: Int, _ right: Int, _ value: Double) {
                matrix[left, right] = value
                matrix[right, left] = value
            }
            for right in 0..<dense {
                for left in 0...right {
                    set(denseAt[left], denseAt[right], sums[denseGram + right * dense + left])
                }
            }
            for right in 0..<sparse {
                for left in 0..<dense {
                    // Σ w x, for the mean that was not taken off.
                    let plain = sums[denseGram + left * dense]
                    set(
                        denseAt[left], sparseAt[right],
                        sums[mixed + right * dense + left] - means[right] * plain)
                }
                for left in 0...right {
                    set(
                        sparseAt[left], sparseAt[right],
                        sums[sparseGram + right * sparse + left]
                            - means[left] * sums[mixed + right * dense]
                            - means[right] * sums[mixed + left * dense]
                            + means[left] * means[right] * sums[denseGram])
                }
            }
            return .init(logLikelihood: sums[0], gradient: gradient, information: matrix)
        }
    }
}

extension SparsePart.Shard {
    /// `predictor += X · slopes`.
    fileprivate func addPredictors(
        _ slopes: [Double], _ first: Int, _ count: Int, to predictor: UnsafeMutablePointer<Double>
    ) {
        with { starts, columns, values in
            slopes.withUnsafeBufferPointer { slopes in
                for row in 0..<count {
                    var sum = 0.0
                    for place in Int(starts[first + row])..<Int(starts[first + row + 1]) {
                        sum += values[place] * slopes[Int(columns[place])]
                    }
                    predictor[row] += sum
                }
            }
        }
    }

    /// `gradient += Xᵀ · residual`.
    fileprivate func addGradient(
        _ residual: UnsafeMutablePointer<Double>, _ first: Int, _ count: Int,
        to gradient: UnsafeMutablePointer<Double>
    ) {
        with { starts, columns, values in
            for row in 0..<count {
                for place in Int(starts[first + row])..<Int(starts[first + row + 1]) {
                    gradient[Int(columns[place])] += values[place] * residual[row]
                }
            }
        }
    }

    /// Products of the sparse columns with the dense ones and with each other, weighted by the
    /// squares of `roots`.
    fileprivate func addProducts(
        _ block: borrowing RowBlock, _ roots: UnsafeMutablePointer<Double>, _ first: Int,
        _ count: Int, _ layout: SparsePart.Layout, to sums: UnsafeMutablePointer<Double>
    ) {
        let (dense, sparse) = (layout.dense, layout.sparse)
        let mixed = sums + layout.mixed
        let gram = sums + layout.sparseGram
        // Row by row the dense values lie side by side.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: dense * count) { rows in
            for column in 0..<dense {
                let source = block.column(column)
                for row in 0..<count { rows[row * dense + column] = source[row] }
            }
            with { starts, columns, values in
                for row in 0..<count {
                    let (begin, end) = (Int(starts[first + row]), Int(starts[first + row + 1]))
                    guard begin < end else { continue }
                    let weight = roots[row] * roots[row]
                    for place in begin..<end {
                        let column = Int(columns[place])
                        let value = weight * values[place]
                        let target = mixed + column * dense
                        for index in 0..<dense {
                            target[index] += value * rows[row * dense + index]
                        }
                        let own = gram + column * sparse
                        for other in begin...place {
                            own[Int(columns[other])] += value * values[other]
                        }
                    }
                }
            }
        }
    }

    private func with(
        _ body: (
            UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt16>, UnsafeBufferPointer<Double>
        ) -> Void
    ) {
        starts.withUnsafeBufferPointer { starts in
            columns.withUnsafeBufferPointer { columns in
                values.withUnsafeBufferPointer { values in body(starts, columns, values) }
            }
        }
    }
}
