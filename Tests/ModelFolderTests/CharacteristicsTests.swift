import Foundation
import ModelFolder
import PipelineModel
import Testing

/// The table of characteristics in `card.md` and `data.json`.
struct CharacteristicsTests {
    private func rows(_ model: PublishedModel) throws -> [String: [String]] {
        let card = try MadeModel.text("card.md", of: model)
        var found: [String: [String]] = [:]
        for line in card.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.dropFirst(2).dropLast(2).split(separator: " | ").map(String.init)
            found[cells[0]] = Array(cells.dropFirst())
        }
        return found
    }

    @Test func fitAndTestStandSideBySideByOutcome() throws {
        let model = MadeModel.model()
        let development = MadeModel.development()
        let table = try rows(model)
        #expect(
            table["Characteristic"] == [
                "fit, with the event", "fit, without", "test, with the event", "test, without",
            ])
        func strata(_ value: (Int) -> Double) -> [[Double]] {
            [(0, 1.0), (0, 0), (1, 1), (1, 0)].map { fold, outcome in
                development.fold.indices
                    .filter { development.fold[$0] == fold && development.outcome[$0] == outcome }
                    .map(value)
            }
        }
        let counts = strata { _ in 1 }.map(\.count)
        #expect(counts.reduce(0, +) == 2_000)
        let shown = counts.map { $0 < 1_000 ? "\($0)" : "1,\(String("\($0)".dropFirst()))" }
        #expect(table["Rows"] == shown)
        let ages = strata { development.matrix[$0, 0] }.map { values -> String in
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = (squares / Double(values.count - 1)).squareRoot()
            return String(format: "%.2f (%.2f)", mean, deviation)
        }
        #expect(table["Age, in tens of years: mean (SD)"] == ages)
        // With and without the event less all of a fold would tell how many are both.
        #expect(table["Different people"] == nil)
        let text = try MadeModel.text("data.json", of: model)
        let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let written = try #require(root?["characteristics"] as? [String: Any])
        let fields = try #require(written["strata"] as? [[String: Any]]).map { $0.keys.sorted() }
        #expect(fields == Array(repeating: ["event", "role", "rows"], count: 4))
    }

    @Test func aNumberOfFewPeopleIsWithheldWithWhatGivesItAway() throws {
        // Twelve rows of three people: their column's mean is in coefficients.json, so that one
        // outcome alone would tell the other.
        let table = try rows(MadeModel.model())
        #expect(
            table["Someone at home cares: rows (share)"]
                == ["withheld", "withheld", "0 (0.0 %)", "0 (0.0 %)"])

        // Of a side with few events nothing is told by outcome.
        var rare = MadeModel.development()
        for row in rare.outcome.indices where rare.fold[row] == 1 {
            rare.outcome[row] = row % 100 == 0 ? 1 : 0
        }
        let withheld = try rows(MadeModel.model(development: rare))
        #expect(withheld["Rows"]?.suffix(2) == ["withheld", "withheld"])
        #expect(withheld["Rows"]?.prefix(2).contains("withheld") == false)
        #expect(
            withheld["Age, in tens of years: mean (SD)"]?.suffix(2) == ["withheld", "withheld"])
        let data = try MadeModel.text("data.json", of: MadeModel.model(development: rare))
        #expect(data.contains("\"characteristics\"") && !data.contains("NaN"))
    }

    // A mean and a deviation of mostly equal values tell how many differ, whatever the values are.
    @Test(arguments: [0.0, 1], [1.0, 2, log1p(3)])
    func aCountInWhichFewDifferIsWithheldForTheWholeSide(common: Double, more: Double) throws {
        let title = "Visits \\| <b>: mean (SD)"
        var made = MadeModel.development()
        let count = made.outcome.count
        // Of the test rows one of each of twelve people has the event.
        let events = (0..<12).map { 1_600 + 8 * $0 }
        for row in 1_600..<count { made.outcome[row] = events.contains(row) ? 1 : 0 }
        func visits(_ development: PublishedModel.Development) throws -> [String]? {
            let table = try rows(MadeModel.model(development: development))
            #expect(table["Rows"]?.suffix(2) == ["12", "388"])
            return table[title].map { Array($0.suffix(2)) }
        }
        func with(_ differing: [Int]) -> PublishedModel.Development {
            var values = made.matrix.values
            for row in 1_600..<count { values[count + row] = common + (row % 3 == 0 ? more : 0) }
            for row in events { values[count + row] = common }
            for row in differing { values[count + row] = common + more }
            var changed = made
            changed.matrix = DesignMatrix(
                unitKind: .person, rows: made.matrix.rows, columns: made.matrix.columns,
                values: values)
            return changed
        }
        #expect(try visits(with([events[5]])) == ["withheld", "withheld"])
        #expect(try visits(with([]))?.contains("withheld") == false)
        // Ten differ, so that two do not.
        #expect(try visits(with(Array(events.prefix(10)))) == ["withheld", "withheld"])
    }

    @Test func testLabelsThatNoEvaluationReadDivideNothing() throws {
        var model = MadeModel.model()
        model.evaluation = nil
        #expect(
            try rows(model)["Characteristic"] == ["fit, with the event", "fit, without", "test"])
        // A published equation: all rows test it.
        #expect(
            try rows(MadeModel.model(isFitted: false))["Characteristic"]
                == ["test, with the event", "test, without"])
        let none = MadeModel.model(isFitted: false, development: nil)
        #expect(try rows(none)["Characteristic"] == nil)
        #expect(
            try MadeModel.text("tripod-ai.md", of: none).contains(
                "[to be filled in by the service: table of characteristics]"))
    }

    @Test func theChecklistDefinesItsMeasuresAndSaysHowFarRowsHaveMoved() throws {
        var model = MadeModel.model()
        let plain = try MadeModel.text("tripod-ai.md", of: model)
        #expect(plain.contains("calibration in the large and slope: intercept"))
        #expect(plain.contains("how these rows differ from those of the development"))
        model.evaluation = Array(
            (String(decoding: MadeModel.evaluation.dropLast(), as: UTF8.self)
                + """
                ,"stability":{"reference_rows":9,"score":{"index":0.0312,"bins":[]},"inputs":[\
                {"name":"carer","stability":{"not_assessable":"one value"}},\
                {"name":"age_decades","stability":{"index":0.1234,"bins":[]}}]}}
                """).utf8)
        let moved = try MadeModel.text("tripod-ai.md", of: model)
        #expect(
            moved.contains(
                "Population stability index of the score 0.0312. Inputs with 0.1 or more: `age_decades` 0.123."
            ))
    }
}
