import Foundation
import PipelineModel

@testable import Modelling

/// 120 rows that R makes in the same way.
///
///     part <- function(v) v - floor(v); n <- 120
///     x <- sapply(0:3, function(j) part(sin((1:n)*(j+3)*37 + 11*j) * 1000)); o <- 2*x[,4] - 1.5
///     y <- as.numeric(part((1:n) * 0.618) < 1 / (1 + exp(-(1.2*x[,1] - 0.8*x[,2] + o))))
enum RowsOfR {
    /// x, column after column.
    static let columns: [[Double]] = (0..<4).map { column in
        (1...120).map { row -> Double in
            let angle = Double(row * (column + 3) * 37 + 11 * column)
            return part(sin(angle) * 1000)
        }
    }
    /// The column o.
    static let offset = columns[3].map { 2 * $0 - 1.5 }
    /// The column y.
    static let outcome: [Double] = (0..<120).map { row -> Double in
        let linear = 1.2 * columns[0][row] - 0.8 * columns[1][row] + offset[row]
        return part(Double(row + 1) * 0.618) < Logistic.probability(linear) ? 1 : 0
    }

    private static func part(_ value: Double) -> Double { value - value.rounded(.down) }
}
