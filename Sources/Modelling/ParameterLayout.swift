import LinearAlgebra

/// Where the parameters of a problem stand in its sums over rows: those of the dense columns first,
/// then those of the mostly zero ones.
///
/// Sums over mostly zero columns x are of the numbers as they are; that they are not standardised is
/// put right here: with s the scale and μ the mean divided by it,
/// Σ w (x ÷ s − μ)(v − ν) = Σ w x v ÷ s − μ Σ w v − ν Σ w x ÷ s + μν Σ w. Only columns whose mean
/// is at most their standard deviation are taken so, and no digits are lost. Without such columns
/// the sums are the answer.
struct ParameterLayout: Sendable {
    /// The columns of the design whose numbers are centred and scaled row by row; ascending.
    let dense: [Int]
    /// How many columns are held row by row; those without a parameter count too.
    let sparseCount: Int
    /// The parameters of the intercept and of the dense columns.
    private let densePlaces: [Int]
    /// Of each held column its parameter, scale and mean ÷ scale; `nil` where it has none.
    private let held: [Held?]
    private let order: Int

    private struct Held {
        var place: Int
        var scale: Double
        var mean: Double
    }

    /// - Parameters:
    ///   - used: The columns with a parameter, in its order.
    ///   - sparse: The columns that are held row by row.
    init(_ used: [Int], _ sparse: [Int], _ standardisation: Standardisation) {
        var places: [Int: Int] = [:]
        for (index, column) in used.enumerated() { places[column] = index + 1 }
        held = sparse.map { column in
            places.removeValue(forKey: column).map {
                let scale = standardisation.scales[column]
                return Held(place: $0, scale: scale, mean: standardisation.means[column] / scale)
            }
        }
        dense = used.filter { places[$0] != nil }
        densePlaces = [0] + dense.compactMap { places[$0] }
        sparseCount = sparse.count
        order = used.count + 1
    }

    /// Numbers in a sum of Xᵀv.
    var vectorSize: Int { densePlaces.count + sparseCount }
    /// Numbers in a sum of XᵀWX: dense × dense and sparse × sparse (upper triangles) and, between
    /// them, dense × sparse; column-major.
    var matrixSize: Int { sparseOffset + sparseCount * sparseCount }
    var mixedOffset: Int { densePlaces.count * densePlaces.count }
    var sparseOffset: Int { mixedOffset + densePlaces.count * sparseCount }

    /// What multiplies the columns of a block for X · parameters.
    struct Coefficients: Sendable {
        var dense: [Double]
        var sparse: [Double]
    }

    func coefficients(_ parameters: [Double]) -> Coefficients {
        var own = Coefficients(
            dense: densePlaces.map { parameters[$0] },
            sparse: held.map { $0.map { parameters[$0.place] / $0.scale } ?? 0 })
        for column in held {
            if let column { own.dense[0] -= parameters[column.place] * column.mean }
        }
        return own
    }

    /// Xᵀv in the order of the parameters.
    func vector(_ sums: ArraySlice<Double>) -> [Double] {
        let first = sums.startIndex
        var vector = [Double](repeating: 0, count: order)
        for (index, place) in densePlaces.enumerated() { vector[place] = sums[first + index] }
        for (index, column) in held.enumerated() {
            guard let column else { continue }
            vector[column.place] =
                sums[first + densePlaces.count + index] / column.scale - column.mean * sums[first]
        }
        return vector
    }

    /// XᵀWX in the order of the parameters, both triangles.
    func matrix(_ sums: ArraySlice<Double>) -> Matrix {
        let first = sums.startIndex
        let count = densePlaces.count
        var matrix = Matrix(rows: order, columns: order)
        func set(_ left: Int, _ right: Int, _ value: Double) {
            matrix[left, right] = value
            matrix[right, left] = value
        }
        for right in 0..<count {
            for left in 0...right {
                set(densePlaces[left], densePlaces[right], sums[first + right * count + left])
            }
        }
        /// Σ w x ÷ s.
        func plain(_ index: Int, _ column: Held) -> Double {
            sums[first + mixedOffset + index * count] / column.scale
        }
        for (right, column) in held.enumerated() {
            guard let column else { continue }
            for left in 0..<count {
                set(
                    densePlaces[left], column.place,
                    sums[first + mixedOffset + right * count + left] / column.scale
                        - column.mean * sums[first + left * count])
            }
            for left in 0...right {
                guard let other = held[left] else { continue }
                let product = sums[first + sparseOffset + right * sparseCount + left]
                set(
                    other.place, column.place,
                    product / (other.scale * column.scale) - other.mean * plain(right, column)
                        - column.mean * plain(left, other)
                        + other.mean * column.mean * sums[first])
            }
        }
        return matrix
    }
}
