import Foundation
import TestSupport
import Testing

/// `stile evaluate` of any table; the figures are tested with the stage.
@Suite struct EvaluateTests {
    private let folder = TemporaryFolder("evaluate")

    private func table(_ text: String) throws -> String {
        try folder.write(text, to: "scores.csv")
        return "\(folder.path)/scores.csv"
    }

    @Test func aTableIsEvaluated() throws {
        let rows = (0..<80).map { row in
            "\(Double(row) / 80),\(row % 3 == 0 || row > 60 ? 1 : 0),p\(row / 2),\(80 - row),\(row % 2 == 0 ? "F" : row == 1 ? "" : "M"),x"
        }
        let path = try table(
            "probability,outcome,about,baseline_rank,group.sex,note\n"
                + rows.joined(separator: "\n") + "\n")
        let text = try Command.run(["evaluate", "--table", path, "--list-size", "8"])
        #expect(text.status == 0, "\(text.err)")
        #expect(text.out.hasPrefix("Rows 80, events "))
        #expect(text.out.contains("List of 8: 8 with the event"))
        #expect(text.out.contains("sex not known: rows 1"))
        let page = "\(folder.path)/evaluation.html"
        let json = try Command.run(["evaluate", "--table", path, "--json", "--html", page])
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect(object["rows"] as? Int == 80 && object["people"] as? Int == 40)
        let html = try String(contentsOfFile: page, encoding: .utf8)
        for part in [
            "ROC curve", "Calibration curve", "Decision curve", "Precision by the size", "<title>",
            "Columns that were not read: note.", "The same as a table",
        ] { #expect(html.contains(part), "\(part)") }
        #expect(!html.contains("<script") && !html.contains("http:") && !html.contains("https:"))
        #expect(html.components(separatedBy: "<svg").count > 8)
    }

    @Test func whatWasMissingAndWhoWasFoundIsShownByGroup() throws {
        let rows = (0..<60).map { row in
            "\(Double(row) / 60),\(row % 3 == 0 ? 1 : 0),\(row % 2 == 0 ? "F" : "M"),\(row % 4 == 0 ? 1 : 0),\(row < 45 ? 1 : 0)"
        }
        let header = "probability,outcome,group.sex,missing.weight,linked.hospital\n"
        let page = "\(folder.path)/inputs.html"
        let text = try Command.run([
            "evaluate", "--html", page, "--table",
            table(header + rows.joined(separator: "\n") + "\n"),
        ])
        #expect(text.status == 0, "\(text.err)")
        #expect(text.out.contains("Missing weight: 25.0 %; by sex: F 50.0 %, M 0.0 %"))
        #expect(text.out.contains("Found in hospital: 75.0 %"))
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("What was missing, and who was found where"))
        let bad = try Command.run([
            "evaluate", "--table", table(header + "0.5,1,F,yes,1\n0.5,0,F,0,1\n"),
        ])
        #expect(bad.status == 3 && bad.err.contains("The cell is neither 0 nor 1."), "\(bad.err)")
    }

    @Test(arguments: [
        "score,probability,outcome\n1,1,1\n",
        "score,probability,outcome\n1,0,1\n1,0,0\n1,1,1\n1,1,0\n",
        "score,outcome\n1.7e308,1\n-1.7e308,0\n0,1\n1e-320,0\n",
        "probability,outcome,group.a,fold\n0.5,0,x,1\n0.5,0,,2\n0.5,0,x,2\n",
    ])
    func anOddTableHasAPageWithoutNumbersThatAreNone(text: String) throws {
        let page = "\(folder.path)/odd.html"
        let result = try Command.run(["evaluate", "--table", table(text), "--html", page])
        #expect(result.status == 0, "\(result.err)")
        let html = try String(contentsOfFile: page, encoding: .utf8).lowercased()
        #expect(!html.contains("nan") && html.contains("not assessable"))
        #expect(html.firstMatch(of: /[^a-z]inf[^a-z]/) == nil)
        #expect(!result.out.lowercased().contains("nan"))
    }

    @Test func aGroupOfFewIsNotCountedOnThePage() throws {
        let rows = (0..<60).map { "\(Double($0) / 60),\($0 % 2),\($0 < 9 ? "few" : "many")" }
        let page = "\(folder.path)/few.html"
        _ = try Command.run([
            "evaluate", "--html", page, "--table",
            table("probability,outcome,group.g\n" + rows.joined(separator: "\n")),
        ])
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("fewer than 10</td>"))
    }

    @Test func eachBadCellIsNamed() throws {
        let path = try table(
            """
            score,probability,outcome,fold,about
            1,0.5,1,1,a
            2,1.5,0,1,b
            x,0.5,2,1.5,c
            4,nan,0,1,
            5,0.5
            """)
        let result = try Command.run(["evaluate", "--table", path])
        #expect(result.status == 3 && result.out.isEmpty)
        for sentence in [
            "scores.csv:3:probability: The probability is not within 0 to 1. Divide percentages by 100.",
            "scores.csv:4:score: The cell holds no finite number.",
            "scores.csv:4:outcome: The outcome is neither 0 nor 1.",
            "scores.csv:4:fold: The fold is not a whole number.",
            "scores.csv:5:probability: The cell holds no finite number.",
            "scores.csv:5:about: The cell is empty.",
            "scores.csv:6: The row cannot be split into 5 columns.",
        ] { #expect(result.err.contains(sentence), "\(sentence)\n\(result.err)") }
    }

    @Test func manyBadCellsAreCounted() throws {
        let path = try table("score,outcome\n" + String(repeating: "?,1\n", count: 50))
        let result = try Command.run(["evaluate", "--table", path])
        #expect(result.err.components(separatedBy: "no finite number").count - 1 == 20)
        #expect(result.err.contains("30 more cells or rows are at fault."))
        #expect(!result.err.contains("?"))
    }

    @Test(arguments: [
        ("score\n1\n", "has no column “outcome”"),
        ("outcome\n1\n", "neither a column “score” nor “probability”"),
        ("score,score,outcome\n1,1,1\n", "have one name"),
        ("score,outcome\n", "There is no row to evaluate."),
    ])
    func whatIsNoTableIsRefused(text: String, sentence: String) throws {
        let result = try Command.run(["evaluate", "--table", table(text)])
        #expect(result.status == 3 && result.err.contains(sentence), "\(result.err)")
    }

    @Test func peopleHouseholdsMarginsAndASecondScore() throws {
        let rows = (0..<120).map { row in
            "\(Double(row) / 120),\(row % 3 == 0 || row > 90 ? 1 : 0),p\(row / 2),\(row % 8 < 6 ? "h\(row / 4)" : ""),\(Double(row * 7 % 120))"
        }
        let path = try table(
            "probability,outcome,pupil,home,last_year\n" + rows.joined(separator: "\n") + "\n")
        try folder.write(
            "acceptance: {auroc_at_least: 0.99, sensitivity_at_list_at_least: 0.01}\n",
            to: "margins.yaml")
        let page = "\(folder.path)/second.html"
        let options = [
            "evaluate", "--table", path, "--list-size", "12", "--person", "pupil", "--household",
            "home", "--second-score", "last_year", "--margins", "\(folder.path)/margins.yaml",
        ]
        let text = try Command.run(options + ["--html", page])
        #expect(text.status == 0, "\(text.err)")
        for part in [
            "The 120 rows are of 60 people, who lived in 45 households",
            "Second score last_year: AUROC ",
            "DeLong by clusters", "Lists of 12: ", "Acceptance: not met (1 met, 1 not met",
            "Margins of a file, SHA-256 ",
        ] { #expect(text.out.contains(part), "\(part)\n\(text.out)") }
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("Beside a second score") && html.contains("last_year"))
        let json = try Command.run(options + ["--json"])
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect(object["households"] as? Int == 45 && object["people"] as? Int == 60)
        #expect((object["second_score"] as? [String: Any])?["name"] as? String == "last_year")
        let bad = try Command.run(["evaluate", "--table", path, "--second-score", "next_year"])
        #expect(bad.status == 3 && bad.err.contains("no column “next_year” for the second score"))
        #expect(try Command.run(["evaluate", "--config", "b", "--person", "c"]).status == 64)
    }

    @Test func aTableOrAConfiguration() throws {
        for arguments in [
            [], ["--table", "a.csv", "--config", "b"], ["--config", "b", "--html", "c"],
            ["--table", "a.csv", "--model", "m"], ["--table", "a.csv", "--list-size", "0"],
        ] { #expect(try Command.run(["evaluate"] + arguments).status == 64) }
    }
}
