import Foundation
import PipelineModel
import Testing

@testable import Modelling

/// Paths of λ beside R's glmnet 4.1.6, with more columns than rows and otherwise.
///
///     part <- function(v) v - floor(v)
///     make <- function(n, p) sapply(0:(p-1), function(j) part(sin((1:n)*(j+3)*37 + 11*j) * 1000))
///     n <- 24; x <- make(n, 30); y <- as.numeric(x[,1] + x[,2] + part((0:(n-1)) * 0.618) > 1.5)
///     g <- glmnet(x, y, family = "binomial", alpha = a, nlambda = 60, thresh = 1e-22, maxit = 1e8)
///     cv.glmnet(x, y, family = "binomial", alpha = a, lambda = g$lambda,
///               foldid = (0:(n-1)) %% 4 + 1, thresh = 1e-20, maxit = 1e8)
struct PenaltyPathTests {
    private static func part(_ value: Double) -> Double { value - value.rounded(.down) }

    private static func made(_ rows: Int, _ count: Int) -> [(String, [Double])] {
        (0..<count).map { column in
            let values: [Double] = (1...rows).map { row in
                part(sin(Double(row * (column + 3) * 37 + 11 * column)) * 1000)
            }
            return ("c\(column)", values)
        }
    }

    /// Twenty-four rows of thirty columns.
    private static let wide: (DesignMatrix, [Double]) = {
        let columns = Self.made(24, 30)
        let outcome = (0..<24).map { row -> Double in
            let sum = columns[0].1[row] + columns[1].1[row] + part(Double(row) * 0.618)
            return sum > 1.5 ? 1 : 0
        }
        return (Designs.matrix(columns), outcome)
    }()

    private func fit(
        _ matrix: DesignMatrix, _ outcome: [Double], _ mixing: Double,
        folds: Int = 4, keepsPath: Bool = true
    ) throws -> FittedModel {
        var specification = FitSpecification(
            method: mixing == 0 ? .ridge : .elasticNet,
            penalty: Penalty(mixing: mixing, strength: .crossValidated(.init(folds: folds))))
        specification.keepsPath = keepsPath
        return try LogisticRegression.fit(
            matrix, outcomes: Outcomes(values: outcome), specification: specification,
            provenance: ModelProvenance(model: "test"))
    }

    /// What glmnet has.
    ///
    /// g$lambda[c(1, 20, 60)], g$dev.ratio[c(2, 20, 60)], g$df[c(10, 20, 40, 60)],
    /// g$a0[c(20, 60)], g$beta[1:4, 60], colSums(abs(g$beta))[c(20, 60)]
    struct Expected: CustomTestStringConvertible {
        var mixing: Double
        var strengths: [Double]
        var explained: [Double]
        var terms: [Int]?
        var intercepts: [Double]
        var last: [Double]
        var sizes: [Double]
        var testDescription: String { "mixing \(mixing)" }
    }

    private static let expected = [
        Expected(
            mixing: 1, strengths: [0.278396317737411, 0.0631823376482052, 0.00278396317737411],
            explained: [0.0327339783468816, 0.524006385296129, 0.977808598471607],
            terms: [3, 10, 14, 16], intercepts: [-3.24541925519326, -19.1723225411987],
            last: [9.49829302411871, 6.40575396431094, 4.54257333552634, -0.900820832688938],
            sizes: [10.8545902853621, 72.8259927228972]),
        Expected(
            mixing: 0.5, strengths: [0.556792635474822, 0.12636467529641, 0.00556792635474823],
            explained: [0.0163771536120013, 0.450347154464154, 0.950767099070193],
            terms: [6, 12, 18, 22], intercepts: [-2.39754393631911, -10.7369401122311],
            last: [5.61784627916516, 5.0396859069785, 4.3142494590669, -0.511230279332628],
            sizes: [8.31952396664397, 60.2250788160973]),
        Expected(
            mixing: 0, strengths: [278.396317737411, 63.1823376482051, 2.78396317737411],
            explained: [0.00260250398348811, 0.0104403962993678, 0.166025701721107],
            terms: nil, intercepts: [0.136171448689251, -0.379278159334872],
            last: [0.271461543116671, 0.280341936914097, 0.178322661183716, -0.0792873426026899],
            sizes: [0.170348839937092, 2.96059631151072]),
    ]

    @Test(arguments: expected) func theCoefficientsAlongThePathAreThoseOfGlmnet(
        _ expected: Expected
    ) throws {
        let (matrix, outcome) = Self.wide
        let model = try fit(matrix, outcome, expected.mixing)
        let path = try #require(model.penalty?.path)
        try #require(path.count == 60)
        for (index, place) in [0, 19, 59].enumerated() {
            #expect(agree(path[place].strength, expected.strengths[index], to: 1e-12))
        }
        // R takes a number for the strongest λ of a ridge that is none of its own.
        for (index, place) in [1, 19, 59].enumerated() where expected.mixing > 0 || index > 0 {
            #expect(agree(path[place].explained, expected.explained[index], to: 1e-6))
        }
        if let terms = expected.terms {
            #expect([9, 19, 39, 59].map { path[$0].terms } == terms)
        } else {
            #expect(path.allSatisfy { $0.terms == nil })
        }
        for (index, place) in [19, 59].enumerated() {
            #expect(agree(path[place].intercept, expected.intercepts[index], to: 1e-6))
            let size = path[place].coefficients?.reduce(0) { $0 + $1.magnitude }
            #expect(agree(size, expected.sizes[index], to: 1e-6))
        }
        for (index, value) in expected.last.enumerated() {
            #expect(agree(path[59].coefficients?[index], value, to: 1e-6))
        }
        // What was chosen is a point of the path.
        let chosen = try #require(path.first { $0.strength == model.penalty?.strength })
        let estimates = try #require(chosen.coefficients)
        for (term, value) in zip(model.terms, estimates) {
            #expect((term.coefficient ?? 0).distance(to: value).magnitude < 1e-7)
        }
        #expect(agree(chosen.intercept, model.intercept, to: 1e-7))
    }

    /// What cv.glmnet has of the same.
    ///
    /// cv$cvm[c(1, 10, 20, 40, 60)], cv$cvsd. It counts a chance below 1e-5 as 1e-5, which of these
    /// concerns the last of LASSO alone (4.29973855710385 there); that is worked out here without
    /// it, from the same four fits: mean(-2 * (z * e - log(1 + exp(e)))).
    private static let curves: [(mixing: Double, deviances: [Double], errors: [Double])] = [
        (
            1,
            [
                1.40169515194019, 1.32971532008238, 1.66494177217507, 3.10464640762694,
                4.656869858481405,
            ],
            [
                0.0174385590776666, 0.0889069646035842, 0.303177109037221, 0.632138222791921,
                0.970053801243338,
            ]
        ),
        (
            0.5,
            [
                1.42024992611302, 1.34062159469767, 1.47691004019055, 2.33559801076087,
                3.42205141455168,
            ],
            [
                0.0318801015008021, 0.0717624323034591, 0.208896893014531, 0.587380182831079,
                0.756785494658029,
            ]
        ),
        (
            0,
            [
                1.43845331617951, 1.43717678785163, 1.43426380993579, 1.41674532609742,
                1.37378876712505,
            ],
            [
                0.0492054489596909, 0.049034181969774, 0.0486505444626906, 0.046618661881851,
                0.0468579467164077,
            ]
        ),
    ]

    @Test(arguments: curves)
    func theCrossValidatedCurveIsThatOfGlmnet(
        _ mixing: Double, _ deviances: [Double], _ errors: [Double]
    ) throws {
        let (matrix, outcome) = Self.wide
        let largest = 0.278396317737411 / max(mixing, 0.001)
        let curve = try LogisticRegression.penaltyCurve(
            matrix, outcomes: Outcomes(values: outcome), mixing: mixing,
            fold: (0..<24).map { $0 % 4 },
            strengths: (0..<60).map { largest * pow(0.01, Double($0) / 59) })
        // The first λ of R's own path of a ridge is another inside.
        for (index, place) in [0, 9, 19, 39, 59].enumerated() where mixing > 0 || index > 0 {
            #expect(agree(curve[place].deviance, deviances[index], to: 1e-6))
            #expect(agree(curve[place].standardError, errors[index], to: 1e-5))
        }
    }

    /// What a fit chooses from, whose folds follow from its seed.
    ///
    /// glmnet of each fold's rows with the λ above, thresh = 1e-22; colMeans over the rows left out
    /// of -2 * (z * e - log(1 + exp(e))), their mean and standard error over the folds
    /// f <- c(0, 3, 2, 3, 2, 0, 2, 2, 2, 1, 3, 1, 1, 1, 3, 1, 1, 3, 2, 0, 0, 0, 0, 3).
    private static let chosenFrom: [(mixing: Double, deviances: [Double], errors: [Double])] = [
        (
            1,
            [
                1.46088038109940, 1.50012662935680, 1.85573638306015, 3.16954713506931,
                4.59881398762740,
            ],
            [
                0.0602175774525508, 0.2051434294144750, 0.3091716008690477, 0.6235112297146022,
                0.9057822519193413,
            ]
        ),
        (
            0.5,
            [
                1.45033149333003, 1.40825575278263, 1.57240039339448, 2.45145990929263,
                3.55528750718219,
            ],
            [
                0.0534670609373425, 0.1412239554185035, 0.2314181959029318, 0.3319856084814742,
                0.4474762220149385,
            ]
        ),
        (
            0,
            [
                1.43850497842742, 1.43728166903106, 1.43449565451068, 1.41793459906097,
                1.38064892108414,
            ],
            [
                0.0493298135939228, 0.0492942678727338, 0.0492629676908400, 0.0507465588278938,
                0.0726359124695427,
            ]
        ),
    ]

    @Test(arguments: chosenFrom)
    func theCurveOfAFitIsThatOfGlmnet(
        _ mixing: Double, _ deviances: [Double], _ errors: [Double]
    ) throws {
        let (matrix, outcome) = Self.wide
        let path = try #require(try fit(matrix, outcome, mixing).penalty?.path)
        for (index, place) in [0, 9, 19, 39, 59].enumerated() {
            #expect(agree(path[place].deviance, deviances[index], to: 1e-5))
            #expect(agree(path[place].standardError, errors[index], to: 1e-5))
        }
    }

    /// What is left out is told by the last fit of a fold whose own path has ended.
    ///
    /// The same in R with n <- 40; x <- make(n, 6); y <- as.numeric(x[,1] + 0.3 * x[,2] > 0.6);
    /// f <- (0:39) %% 4 and lambda = 0.2 * 1e-4^((0:59) / 59), of which the folds reach 0.999 of
    /// g$dev.ratio at the 48th, 51st, 50th and 51st; each fold's deviance stays as it is there.
    @Test func aFoldsOwnPathEnds() throws {
        let columns = Self.made(40, 6)
        let outcome = (0..<40).map { columns[0].1[$0] + 0.3 * columns[1].1[$0] > 0.6 ? 1.0 : 0 }
        let matrix = Designs.matrix(columns)
        let problem = LogisticProblem(
            design: matrix, used: Array(0..<6),
            standardisation: try Standardisation(matrix, weights: nil, threads: 1),
            outcomes: outcome, weights: nil, offsets: nil, threads: 1)
        let curve = try PenaltyPath(mixing: 1, tolerance: 1e-9, maximumIterations: 50).curve(
            problem, fold: (0..<40).map { $0 % 4 },
            strengths: (0..<60).map { 0.2 * pow(1e-4, Double($0) / 59) }, ends: true)
        let expected = [
            (0, 0.823302737661080, 0.0487488059470050), (9, 0.429055423105523, 0.0906300094370132),
            (19, 0.323479217400663, 0.1067663677594386),
            (39, 0.997323591555236, 0.7065205922464725),
            (59, 1.691454280478086, 1.3719715406481192),
        ]
        for (place, deviance, error) in expected {
            #expect(agree(curve[place].deviance, deviance, to: 1e-5), "\(curve[place])")
            #expect(agree(curve[place].standardError, error, to: 1e-5), "\(curve[place])")
        }
    }

    /// What made it slow: sweep after sweep through columns that are nearly dependent, at λ that tell
    /// all rows apart.
    @Test func fewSweepsAreNeededWithMoreColumnsThanRows() throws {
        let (matrix, outcome) = Self.wide
        let problem = LogisticProblem(
            design: matrix, used: Array(0..<30),
            standardisation: try Standardisation(matrix, weights: nil, threads: 1),
            outcomes: outcome, weights: nil, offsets: nil, threads: 1)
        for mixing in [1.0, 0.5] {
            let path = PenaltyPath(mixing: mixing, tolerance: 1e-9, maximumIterations: 50)
            var parameters =
                [Logistic.logit(outcome.reduce(0, +) / 24)] + [Double](repeating: 0, count: 30)
            let gradient = try problem.derivatives(at: parameters, withInformation: false).gradient
            var (sweeps, worst) = (0, 0.0)
            // As far down as a design of many rows would go.
            for strength in path.strengths(gradient: gradient, weight: 24, rows: 1_000) {
                let result = try PenalisedIteration(
                    mixing: mixing, strength: strength, weight: 24, tolerance: 1e-9,
                    maximumIterations: 50
                ).run(problem, from: parameters)
                parameters = result.parameters
                sweeps += result.sweeps
                worst = max(worst, result.scaledGradient)
            }
            #expect(sweeps < 4_000, "\(sweeps)")
            #expect(worst < 1e-8)
        }
    }

    // n <- 40; x <- make(n, 6); y <- as.numeric(x[,1] + 0.3 * x[,2] > 0.6)
    // length(g$lambda), tail(g$dev.ratio, 1); n <- 500 with
    // y <- as.numeric(part((1:n) * 0.618) < 1 / (1 + exp(-(x[,1] - x[,2])))), noise with < 0.5
    @Test(arguments: [
        (40, 1.0, 56, 0.999064690546349), (40, 0.5, 60, 0.995202810756112),
        (500, 1.0, 26, 0.0226808384193454), (500, 0.5, 27, 0.0226833352380171),
        (500, 0.0, 58, 0.0226829051095769),
        (501, 1.0, 22, 0.00677013167734225), (501, 0.0, 50, 0.00677046371636783),
    ])
    func thePathEndsWhereThatOfGlmnetDoes(
        _ rows: Int, _ mixing: Double, _ length: Int, _ explained: Double
    ) throws {
        let count = rows == 501 ? 500 : rows
        let columns = Self.made(count, 6)
        let outcome = (0..<count).map { row -> Double in
            let (first, second) = (columns[0].1[row], columns[1].1[row])
            if rows == 40 { return first + 0.3 * second > 0.6 ? 1 : 0 }
            let chance = rows == 501 ? 0.5 : Logistic.probability(first - second)
            return Self.part(Double(row + 1) * 0.618) < chance ? 1 : 0
        }
        let path = try #require(
            try fit(Designs.matrix(columns), outcome, mixing, folds: 3).penalty?.path)
        #expect(path.count == length, "\(path.count)")
        #expect(agree(path.last?.explained, explained, to: 1e-6))
    }

    // n <- 500; x <- make(n, 2); y <- as.numeric(part((1:n) * 0.27) < 0.5)
    // length(g$lambda) is 5 and tail(g$dev.ratio, 1) is 4.5159798411678e-05. With the sixty λ given,
    // lambda = l1 * 1e-4^((0:59) / 59), what each explains more than the one before grows at first
    // and is below 1e-5 again at the 36th, where g$dev.ratio[36] is 7.27763483535395e-04.
    @Test func aPathGoesOnWhileItsGainsGrow() throws {
        let outcome = (1...500).map { Self.part(Double($0) * 0.27) < 0.5 ? 1.0 : 0 }
        let path = try #require(
            try fit(Designs.matrix(Self.made(500, 2)), outcome, 0, folds: 3).penalty?.path)
        #expect(path.count == 36, "\(path.count)")
        #expect(agree(path[4].explained, 4.5159798411678e-05, to: 1e-6))
        #expect(agree(path.last?.explained, 7.27763483535395e-04, to: 1e-6))
    }

    @Test func thePathIsNotKeptWhereNobodyAsks() throws {
        let (matrix, outcome) = Self.wide
        for mixing in [1, 0.5, 0] {
            let kept = try fit(matrix, outcome, mixing)
            let plain = try fit(matrix, outcome, mixing, keepsPath: false)
            #expect(plain.penalty?.path.allSatisfy { $0.coefficients == nil } == true)
            #expect(plain.penalty?.strength == kept.penalty?.strength)
            #expect(plain.estimates == kept.estimates)
            #expect(plain.iterations == kept.iterations)
            #expect(plain.penalty?.path.map(\.deviance) == kept.penalty?.path.map(\.deviance))
        }
    }

    /// The fit on all rows goes on from the path, which may converge where a cold start does not.
    @Test func theChosenFitBeginsOnThePath() throws {
        let (matrix, outcome) = Self.wide
        let warm = try fit(matrix, outcome, 1)
        let strength = try #require(warm.penalty?.strength)
        let cold = try LogisticRegression.fit(
            matrix, outcomes: Outcomes(values: outcome),
            specification: FitSpecification(
                method: .elasticNet, penalty: Penalty(mixing: 1, strength: .fixed(strength))),
            provenance: ModelProvenance(model: "test"))
        #expect(warm.iterations < cold.iterations && warm.iterations <= 2)
        for (left, right) in zip(warm.estimates, cold.estimates) {
            #expect((left - right).magnitude < 1e-7)
        }
    }

    /// Whatever the last λ is, nothing of a path is not a number.
    @Test func aPathOfSeparatedOutcomesIsFinite() throws {
        let x = (0..<12).map(Double.init)
        for mixing in [0, 0.5, 1.0] {
            let model = try fit(
                Designs.matrix([("x", x), ("again", x)]), x.map { $0 < 6 ? 0 : 1 }, mixing,
                folds: 3)
            #expect(throws: Never.self) { try model.canonicalJSON() }
            #expect(model.penalty?.path.allSatisfy { $0.deviance.isFinite } == true)
        }
    }
}
