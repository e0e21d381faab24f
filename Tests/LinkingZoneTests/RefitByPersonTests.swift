import Evaluation
import Features
import PipelineModel
import Scoring
import Testing

@testable import LinkingZone

/// Six rows each of sixty people, most of them on both sides of a split by row.
///
/// R makes the same rows, and with the parts that ``parts`` spells out the same fits:
///
///     i <- 1:360; person <- (i*7) %% 60
///     x1 <- (i*0.6180339887498949) %% 1; x2 <- (i*0.7548776662466927) %% 1
///     b <- 3*((person*0.5698402909980532) %% 1 - 0.5)
///     y <- as.numeric((i*0.5545497331806323) %% 1 < plogis(-0.5 + 2*(x1-0.5) + 1.5*(x2-0.5) + b))
///     part <- as.integer(strsplit(PARTS, "")[[1]])[match(person, unique(person))]
///     train <- i <= 200; d <- data.frame(x1, x2, b = person %% 5, y)
///     oof <- function(fit, test) { s <- rep(NA, 360)
///       for (k in 0:4) { m <- glm(y ~ ., binomial, d[fit & part != k, ], control = glm.control(1e-14))
///         s[test & part == k] <- predict(m, d[test & part == k, ]) }; s[test] }
///     same <- oof(train, !train); all <- oof(rep(TRUE, 360), rep(TRUE, 360)); z <- y[!train]
///     model <- predict(glm(y ~ ., binomial, d[train, ], control = glm.control(1e-14)), d[!train, ])
///     pROC::ci.auc(z, same, direction = "<"); pROC::auc(y, all, direction = "<")
///     mean((z - plogis(same))^2); mean((y - plogis(all))^2)
///     coef(glm(z ~ same, binomial)); coef(glm(y ~ offset(all), binomial))
///     sum(z[order(-same)[1:20]]); sum(y[order(-all)[1:45]])
///     pROC::auc(z, model, direction = "<") - pROC::auc(z, same, direction = "<")
///     obu(model, same, z, person[!train])   # of Benchmarks/peers/clusters.R: z and p by people
struct RefitByPersonTests {
    private static func part(_ row: Int, _ step: Double) -> Double {
        (Double(row) * step).truncatingRemainder(dividingBy: 1)
    }

    private static func specification(
        _ byPerson: String, features: [String] = ["x1", "x2", "b"]
    ) throws -> ModelSpecification {
        try .made(
            model:
                """
                model: known
                title: Known
                purpose: testing
                version: 1
                unit: spell
                cohort: {from: ward.spells}
                as_of: {each: record, score: all}
                split: {train_through: 200}
                outcome: {from: index, where: [{column: back, in: [Y]}]}
                list: {size: 20}
                fit: {method: irls, exploratory: true}
                resampling: {by_person: \(byPerson)}
                """,
            features:
                "features:\n"
                + features.map {
                    "  - {name: \($0), title: t, from: ward.spells, records: index, aggregate: latest, of: \($0), missing: 0}\n"
                }.joined())
    }

    private static func table(
        people: [Int], columns: [(name: String, values: [Double])], outcome: [Double],
        fitted: Int
    ) throws -> DevelopmentTable {
        let rows = people.enumerated().map { row, person in
            RowKey(
                unit: .init(high: 2, low: UInt64(row + 1)), asOf: Day(Int32(row + 1)),
                person: .init(high: 1, low: UInt64(person + 1)))
        }
        let matrix = DesignMatrix(
            unitKind: .spell, rows: rows, columns: columns.map(\.name),
            values: columns.flatMap(\.values)
        ).table
        return try DevelopmentTable(
            ColumnTable(
                schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
                columns: matrix.columns + [
                    Column("outcome", .number(outcome)),
                    Column("fold", .integer(rows.indices.map { $0 < fitted ? 0 : 1 })),
                ]), file: "made up")
    }

    private static func threeSixty() throws -> DevelopmentTable {
        let numbers = Array(1...360)
        let people = numbers.map { $0 * 7 % 60 }
        let x1 = numbers.map { part($0, 0.6180339887498949) }
        let x2 = numbers.map { part($0, 0.7548776662466927) }
        let outcome = numbers.indices.map { row -> Double in
            let own = 3 * (part(people[row], 0.5698402909980532) - 0.5)
            let chance = Logistic.probability(
                -0.5 + 2 * (x1[row] - 0.5) + 1.5 * (x2[row] - 0.5) + own)
            return part(row + 1, 0.5545497331806323) < chance ? 1 : 0
        }
        return try table(
            people: people,
            columns: [("x1", x1), ("x2", x2), ("b", people.map { Double($0 % 5) })],
            outcome: outcome, fitted: 200)
    }

    /// The part of each person, in the order of their first row: PARTS above.
    private static let parts = "004403041401403112321213221341042023202321024032414433313401"

    private static func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        left.map { ($0 - right).magnitude <= tolerance } ?? false
    }

    /// Scores of the test rows by a model that is fitted as R's.
    private static func model(
        _ specification: ModelSpecification, _ table: DevelopmentTable
    ) throws -> [Double] {
        let (train, test) = (
            table.fold.indices.filter { table.fold[$0] == 0 },
            table.fold.indices.filter { table.fold[$0] > 0 }
        )
        return try Refit(specification).scorer(table.rows(train))
            .score(table.rows(test).matrix).linearPredictor
    }

    @Test func theFiguresAreThoseOfR() throws {
        let table = try Self.threeSixty()
        let specification = try Self.specification("{folds: 5}")
        let apart = try #require(specification.byPerson)
        let about = table.matrix.rows.map(\.about)
        let found = apart.parts(of: about, seed: ClusterBootstrap.seed)
        var seen: Set<UnitPseudonym> = []
        let digits = about.indices.filter { seen.insert(about[$0]).inserted }
            .map { found[$0].map(String.init) ?? "-" }
        #expect(digits.joined() == Self.parts)

        let split = try RefitByPerson(specification, apart, table)
            .report(model: Self.model(specification, table))
        #expect(split.folds == 5 && split.testShare == nil)
        #expect(split.parts.map(\.people) == [12, 12, 12, 12, 12])
        #expect(split.parts.map(\.rows).reduce(0, +) == 360)
        let same = try #require(split.sameRows.value)
        #expect(same.rows == 160 && same.list.size == 20)
        #expect(Self.near(same.discrimination.value?.estimate, 0.6894338380513496))
        #expect(Self.near(same.brier.value, 0.2141716749250291))
        #expect(Self.near(same.calibration.value?.slope.value?.estimate, 1.01419187373106490, 1e-7))
        #expect(same.list.events.listed == 16)
        let all = try #require(split.allRows.value)
        #expect(all.rows == 360 && all.list.size == 45)
        #expect(Self.near(all.discrimination.value?.estimate, 0.6721732157177226))
        #expect(Self.near(all.brier.value, 0.2195520907830086))
        #expect(Self.near(all.calibration.value?.inTheLarge.estimate, -0.003074477732622963, 1e-7))
        #expect(all.list.events.listed == 30)
        let less = try #require(split.modelLess.value)
        #expect(Self.near(less.difference.estimate, -0.00691244239631339))
        #expect(Self.near(less.pValue, 0.4250511858488268))
    }

    @Test func aShareOfThePeopleIsTestedOnce() throws {
        let table = try Self.threeSixty()
        let specification = try Self.specification("{test_share_of_persons: 0.25}")
        let apart = try #require(specification.byPerson)
        let split = try RefitByPerson(specification, apart, table)
            .report(model: Self.model(specification, table))
        #expect(split.folds == nil && split.testShare == 0.25)
        #expect(split.parts.map(\.people) == [15] && split.parts.map(\.rows) == [90])
        #expect(split.allRows.value?.rows == 90)
        #expect((split.sameRows.value?.rows ?? 0) < 60)
        #expect(split.modelLess.value != nil)
    }

    /// Two homes of thirty people each can be two parts, whatever number was asked for, and each is
    /// scored by a fit on the other alone.
    @Test func peopleWhoLiveTogetherAreInOnePart() throws {
        var table = try Self.threeSixty()
        table.together = table.matrix.rows.map {
            UnitPseudonym(high: 3, low: $0.about.low % 2)
        }
        let specification = try Self.specification("{folds: 5}")
        let apart = try #require(specification.byPerson)
        let model = try Self.model(specification, table)
        let split = try RefitByPerson(specification, apart, table).report(model: model)
        #expect(split.parts.map(\.people) == [30, 30] && split.parts.map(\.rows) == [180, 180])
        // Of two homes there is nothing more to say.
        #expect(split.sameRows.value == nil)

        table.together = table.matrix.rows.map {
            UnitPseudonym(high: 3, low: $0.about.low % 24)
        }
        let many = try RefitByPerson(specification, apart, table).report(model: model)
        #expect(many.parts.map(\.people).reduce(0, +) == 60 && many.parts.count == 5)
        #expect(many.sameRows.value?.discrimination.value?.method == .clusteredDeLong)
        let parts = apart.parts(of: table.together, seed: ClusterBootstrap.seed)
        let test = table.fold.indices.filter { table.fold[$0] > 0 }
        var score = [Double](repeating: 0, count: 360)
        for part in 0..<5 {
            let others = parts.indices.filter { parts[$0] != part && table.fold[$0] == 0 }
            let own = test.filter { parts[$0] == part }
            let found = try Refit(specification).scorer(table.rows(others))
                .score(table.rows(own).matrix).linearPredictor
            for (place, row) in own.enumerated() { score[row] = found[place] }
        }
        let probability = test.map { Logistic.probability(score[$0]) }
        let brier = zip(probability, test).reduce(0.0) {
            $0 + ($1.0 - table.outcome[$1.1]) * ($1.0 - table.outcome[$1.1])
        }
        #expect(Self.near(many.sameRows.value?.brier.value, brier / 160, 1e-12))
        // By person the same rows are five parts.
        table.together = []
        let byPerson = try RefitByPerson(specification, apart, table).report(model: model)
        #expect(byPerson.parts.count == 5)
    }

    /// However homes and folds are, nobody of a home is in another part than the others.
    @Test(arguments: 2...9) func noHomeIsInTwoParts(folds: Int) {
        var generator = SeededGenerator(seed: UInt64(folds), label: "homes")
        let homes = (0..<200).map { _ in
            UnitPseudonym(high: 3, low: UInt64(generator.below(1 + 4 * folds)))
        }
        let parts = PeopleApart.folds(folds).parts(of: homes, seed: 3)
        var ofHome: [UnitPseudonym: Int] = [:]
        for (home, part) in zip(homes, parts) {
            #expect(part != nil && ofHome[home, default: part ?? -1] == part)
            ofHome[home] = part
        }
        #expect(Set(parts).count == min(folds, Set(homes).count))
    }

    @Test func whatIsLearntOfPeopleByHeartIsNotTakenForKnowledge() throws {
        // Forty people by twenty numbers that say nothing but who they are; half always have the event.
        var generator = SeededGenerator(seed: 8, label: "by heart")
        let traits = (0..<20).map { _ in (0..<40).map { _ in generator.uniform() } }
        let people = (0..<1200).map { $0 % 40 }
        let often = (0..<40).map { _ in generator.chance(0.5) }
        let outcome: [Double] = people.map { generator.chance(often[$0] ? 0.8 : 0.2) ? 1 : 0 }
        let columns = traits.enumerated().map { index, trait in
            (name: "t\(index)", values: people.map { trait[$0] })
        }
        let table = try Self.table(
            people: people, columns: columns, outcome: outcome, fitted: 600)
        let specification = try Self.specification(
            "{folds: 10}", features: columns.map(\.name))
        let apart = try #require(specification.byPerson)
        let model = try Self.model(specification, table)
        let split = try RefitByPerson(specification, apart, table).report(model: model)
        let less = try #require(split.modelLess.value).difference
        #expect(less.lower > 0.1, "\(less)")
        let same = try #require(split.sameRows.value?.discrimination.value)
        #expect(same.estimate < 0.62)
    }

    @Test func aFitThatFailsIsNoFigure() throws {
        // Of two people one is fitted on alone, who never has the event.
        let people = (0..<40).map { $0 % 2 }
        let table = try Self.table(
            people: people, columns: [("x1", people.indices.map { Double($0 % 7) })],
            outcome: people.map(Double.init), fitted: 20)
        let specification = try Self.specification("{folds: 2}", features: ["x1"])
        let apart = try #require(specification.byPerson)
        let split = try RefitByPerson(specification, apart, table)
            .report(model: [Double](repeating: 0, count: 20))
        guard case .notAssessable(let reason) = split.sameRows else {
            Issue.record("a fit without events gave figures")
            return
        }
        #expect(reason.hasPrefix("the rows of the others carry no fit"))
        #expect(split.allRows.value == nil && split.parts.isEmpty)
    }
}
