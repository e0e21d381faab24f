import Evaluation
import Foundation
import PipelineModel
import TestSupport
import Testing

@testable import LinkingZone

/// Tables of scores with people, households, margins and a second score.
struct TableEvaluationTests {
    private let folder = TemporaryFolder("table evaluation")
    private static let score = made("score")
    private static let second = zip(score, made("noise")).map { 0.7 * $0 + 0.3 * $1 }
    private static let outcome = zip(score, made("chance")).map { $0.0 > $0.1 ? 1 : 0 }

    private static func made(_ label: String) -> [Double] {
        var generator = SeededGenerator(seed: 4, label: label)
        return (0..<240).map { _ in generator.uniform() }
    }

    /// 240 rows of 120 people; of each six people two have no address, and the others two homes.
    private static func cells(_ row: Int) -> (person: Int, home: String) {
        let person = row / 2
        return (person, person % 6 < 4 ? "h\(person / 2)" : "")
    }

    private func write(_ header: String, _ cells: (Int) -> String) throws -> String {
        let rows = (0..<240).map { row in
            "\(Self.score[row]),\(Self.outcome[row]),\(Self.second[row])\(cells(row))"
        }
        try folder.write(
            "probability,outcome,other\(header)\n" + rows.joined(separator: "\n") + "\n",
            to: "scores.csv")
        return "\(folder.path)/scores.csv"
    }

    private func report(_ evaluation: TableEvaluation) throws -> EvaluationReport {
        try EvaluationReport(canonicalJSON: Data(evaluation.json), file: "json")
    }

    /// The figures are those of the same table with its clusters written out.
    @Test(arguments: [
        (",about,household", ScoredTableColumns(household: "household")),
        (",nhs,uprn", ScoredTableColumns(person: "nhs", household: "uprn")),
    ])
    func peopleAndHouseholdsAreKnown(header: String, columns: ScoredTableColumns) throws {
        let path = try write(header) { ",p\(Self.cells($0).person),\(Self.cells($0).home)" }
        let found = try report(TableEvaluation(path: path, listSize: 24, columns: columns))
        let plain = try Evaluation.evaluate(
            ScoredTable(
                score: Self.score, probability: Self.score, outcome: Self.outcome.map(Double.init),
                about: (0..<240).map { UnitPseudonym(high: 5, low: UInt64(Self.cells($0).person)) },
                together: (0..<240).map { row in
                    let (person, home) = Self.cells(row)
                    return UnitPseudonym(
                        high: home.isEmpty ? 6 : 7, low: UInt64(home.isEmpty ? person : person / 2))
                }), listSize: 24)
        #expect(found == plain && found.people == 120 && found.households == 80)
        #expect(found.discrimination.value?.method == .clusteredDeLong)
        #expect(found.list.precisionListed.method == .clusteredWilson)
        #expect(found.bootstrap.value?.clusters == 80)
        let alone = try report(
            TableEvaluation(path: write("") { _ in "" }, listSize: 24))
        #expect(found.discrimination != alone.discrimination && alone.people == nil)
    }

    /// A column that is called so may hold how many they are.
    @Test func noColumnIsAHouseholdByItsName() throws {
        let sizes = try TableEvaluation(
            path: write(",about,household") { ",p\(Self.cells($0).person),\($0 % 5 + 1)" },
            listSize: 24)
        let plain = try TableEvaluation(
            path: write(",about") { ",p\(Self.cells($0).person)" }, listSize: 24)
        #expect(sizes.json == plain.json)
        let households = try report(sizes).households
        #expect(households == nil)
        let html = String(decoding: sizes.html, as: UTF8.self)
        #expect(html.contains("Columns that were not read: other, household."))
    }

    /// Somebody who moves stays with all rows in the household of the first.
    @Test func whoMovesStaysInOneCluster() {
        let clusters = RowsTogether(
            people: [0, 1, 0, 2, 2, 3], households: [10, 10, 11, 9, 11, 9], without: 9
        ).clusters
        #expect(clusters[0] == clusters[1] && clusters[0] == clusters[2])
        // Without a household at first: a person by themselves, then too.
        #expect(clusters[3] == clusters[4] && Set(clusters).count == 3)
        let rows = RowsTogether(people: [], households: [9, 9, 1, 1], without: 9).clusters
        #expect(Set(rows).count == 3 && rows[2] == rows[3])
    }

    @Test func householdsWithoutPeopleAreKnownToo() throws {
        let path = try write(",uprn") { ",\($0 / 4)" }
        let evaluation = try TableEvaluation(
            path: path, listSize: nil, columns: .init(household: "uprn"))
        #expect(try report(evaluation).households == 60 && report(evaluation).people == nil)
        #expect(evaluation.text.contains("The 240 rows are of 60 households (a row"))
    }

    @Test func aSecondScoreIsCompared() throws {
        let path = try write(",about") { ",\($0 / 2)" }
        let evaluation = try TableEvaluation(
            path: path, listSize: 24, columns: .init(secondScore: "other"))
        let second = try #require(try report(evaluation).secondScore)
        #expect(second.name == "other" && second.resamples == 1_000)
        #expect(second.against.value?.difference.method == .clusteredDeLong)
        let html = String(decoding: evaluation.html, as: UTF8.self)
        #expect(evaluation.text.contains("The score less other: AUROC "))
        #expect(evaluation.text.contains("Lists of 24: "))
        #expect(html.contains("Beside a second score") && html.contains("the column “other”"))
        #expect(html.contains("by drawing people anew 1000 times"))
        #expect(!html.contains("Columns that were not read"))
    }

    @Test func marginsOfAFileAreJudgedAndSaidToBeUnsealed() throws {
        let path = try write(",about") { ",\($0 / 2)" }
        try folder.write(
            "acceptance:\n  auroc_at_least: 0.6\n  sensitivity_at_list_at_least: 0.99\n",
            to: "margins.yaml")
        let evaluation = try TableEvaluation(
            path: path, listSize: 24, margins: "\(folder.path)/margins.yaml")
        let acceptance = try #require(try report(evaluation).acceptance)
        #expect(acceptance.results.map(\.verdict) == [.met, .notMet])
        #expect(acceptance.results.map(\.method) == [.clusteredDeLong, .clusteredWilson])
        let digest = try #require(acceptance.marginsFile)
        #expect(digest.count == 64 && evaluation.text.contains("Acceptance: not met (1 met"))
        #expect(evaluation.text.contains("Margins of a file, SHA-256 \(digest): nothing here"))
        let html = String(decoding: evaluation.html, as: UTF8.self)
        #expect(html.contains(digest) && !html.contains("digest was on record"))
        #expect(!html.contains("Margins set beforehand"))
    }

    private func refusal(
        _ columns: ScoredTableColumns = .init(), margins: String? = nil,
        cell: @escaping (Int) -> String = { ",\($0),\($0)" }
    ) throws -> String {
        let path = try write(",about,uprn", cell)
        if let margins { try folder.write(margins, to: "bad.yaml") }
        let error = #expect(throws: StileError.self) {
            try TableEvaluation(
                path: path, listSize: 24, columns: columns,
                margins: margins == nil ? nil : "\(folder.path)/bad.yaml")
        }
        return error?.description ?? ""
    }

    @Test func badColumnsAreNamed() throws {
        for (columns, sentence) in [
            (ScoredTableColumns(person: "nhs"), "no column “nhs” for the person"),
            (.init(household: "home"), "no column “home” for the household"),
            (.init(secondScore: "old"), "no column “old” for the second score"),
            (
                .init(person: "uprn", household: "uprn"),
                "“uprn” cannot be the household: it is the person"
            ),
            (.init(secondScore: "outcome"), "cannot be the second score: it is the “outcome”"),
            (.init(secondScore: "probability"), "it is the “probability” of each row"),
            (.init(household: "about"), "“about” cannot be the household: it is the person"),
        ] {
            let found = try refusal(columns)
            #expect(found.contains(sentence), "\(found)")
        }
        let empty = try refusal(.init(person: "uprn")) { $0 == 3 ? ",1," : ",1,2" }
        #expect(empty.contains("scores.csv:5:uprn: The cell is empty."))
        let text = try refusal(.init(secondScore: "uprn")) { $0 == 3 ? ",1,high" : ",1,2" }
        #expect(text.contains("scores.csv:5:uprn: The cell holds no finite number."))
        #expect(!text.contains("high"))
    }

    @Test func badMarginsAreNamed() throws {
        for (margins, sentence) in [
            ("auroc_at_least: 0.6\n", "acceptance"), ("acceptance: {}\n", "sets no margin"),
            ("acceptance: {auroc_at_least: high}\n", "must be a number"),
            ("acceptance: {auroc: [0.9, 0.1]}\n", "two numbers, the smaller first"),
            ("acceptance: {auc_at_least: 0.6}\n", "auc_at_least"), ("", "The file is empty."),
            ("acceptance: {auroc_at_least: 0.6}\nlist: {size: 3}\n", "list"),
        ] {
            let found = try refusal(margins: margins)
            #expect(found.contains(sentence), "\(margins): \(found)")
            #expect(found.contains("bad.yaml"), "\(found)")
        }
        let groups = try refusal(margins: "acceptance: {by_group: {auroc_at_least: 0.6}}\n")
        #expect(
            groups.contains("scores.csv:1: The margins ask for groups, and the table has none."))
        let path = try write("") { _ in "" }
        let error = #expect(throws: StileError.self) {
            try TableEvaluation(path: path, listSize: nil, margins: "\(folder.path)/none.yaml")
        }
        #expect(error?.message == "There is no file of margins.")
    }
}
