import PipelineModel

/// Small designs for the tests of the fit.
enum Designs {
    static func matrix(_ columns: [(String, [Double])]) -> DesignMatrix {
        let count = columns.first?.1.count ?? 0
        return DesignMatrix(
            unitKind: .person,
            rows: (0..<count).map {
                RowKey(unit: .init(high: 0, low: UInt64($0)), asOf: Day(0), person: .none)
            }, columns: columns.map(\.0), values: columns.flatMap(\.1))
    }

    /// A teaching experiment: grade improved, grade average, test, new method.
    ///
    /// Source: Spector and Mazzeo, "Probit analysis and economic education",
    /// J. Econ. Educ. 11 (1980), as printed in Greene, "Econometric Analysis".
    static let spector: (DesignMatrix, Outcomes) = {
        let average = [
            2.66, 2.89, 3.28, 2.92, 4, 2.86, 2.76, 2.87, 3.03, 3.92, 2.63, 3.32, 3.57, 3.26,
            3.53, 2.74, 2.75, 2.83, 3.12, 3.16, 2.06, 3.62, 2.89, 3.51, 3.54, 2.83, 3.39, 2.67,
            3.65, 4, 3.1, 2.39,
        ]
        let test: [Double] = [
            20, 22, 24, 12, 21, 17, 17, 21, 25, 29, 20, 23, 23, 25, 26, 19, 25, 19, 23, 25, 22,
            28, 14, 26, 24, 27, 17, 24, 21, 23, 21, 19,
        ]
        let method = (0..<32).map { $0 < 18 ? 0.0 : 1 }
        let improved: [Double] = [
            0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0,
            1, 1, 0, 1,
        ]
        return (
            matrix([("GPA", average), ("TUCE", test), ("PSI", method)]), Outcomes(values: improved)
        )
    }()

    /// `rows` of `columns` random columns, with outcomes drawn from known coefficients.
    static func planted(
        rows: Int, coefficients: [Double], intercept: Double, seed: UInt64
    ) -> (DesignMatrix, Outcomes) {
        var generator = SeededGenerator(seed: seed, label: "planted")
        let columns = coefficients.indices.map { index in
            ("x\(index)", (0..<rows).map { _ in generator.uniform() * 2 + Double(index) })
        }
        let outcomes = (0..<rows).map { row in
            var linear = intercept
            for (index, coefficient) in coefficients.enumerated() {
                linear += coefficient * columns[index].1[row]
            }
            return generator.chance(Logistic.probability(linear)) ? 1.0 : 0
        }
        return (matrix(columns), Outcomes(values: outcomes))
    }
}

/// True where two numbers agree to a share of their size.
func agree(_ left: Double?, _ right: Double, to relative: Double) -> Bool {
    guard let left else { return false }
    return (left - right).magnitude <= relative * max(right.magnitude, 1e-300)
}
