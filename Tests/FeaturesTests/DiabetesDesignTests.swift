import Foundation
import PipelineModel
import Testing

@testable import Features

/// The published design of the UCI set "Diabetes 130-US hospitals", row by row.
///
/// Runs where `STILE_DATA` names a folder with `diabetes130/dataset_diabetes.zip` and
/// `diabetes130/design.csv.gz`.
@Suite struct DiabetesDesignTests {
    static let data = ProcessInfo.processInfo.environment["STILE_DATA"]
        .flatMap { $0.isEmpty ? nil : $0 }

    private static func lines(_ command: String, _ arguments: [String]) throws -> [[Substring]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    static func encounters(_ lines: [[Substring]], _ uses: [String: TableSchema.Kind]) -> FactTable
    {
        let header = lines[0].map(String.init)
        let rows = lines.dropFirst()
        func column(_ name: String) -> [Substring] {
            let index = header.firstIndex(of: name) ?? 0
            return rows.map { $0[index] }
        }
        let ids = column("encounter_id").map { Int32($0) ?? 0 }
        let days = ids.map(Day.init)
        return FactTable(
            name: "hospital.encounters",
            subject: column("patient_nbr").map { .init(high: 1, low: UInt64($0) ?? 0) },
            record: ids.map { .init(high: 2, low: UInt64($0)) }, happened: days, knownFrom: days,
            knownTo: days.map { _ in .open },
            payload: uses.sorted { $0.key < $1.key }.map { name, kind in
                let texts = column(name)
                if kind == .number {
                    return Column(name, .number(texts.map { Double($0) ?? .nan }))
                }
                let words = Set(texts).subtracting(["?"]).sorted()
                let code = Dictionary(
                    uniqueKeysWithValues: words.enumerated().map { ($1, UInt32($0)) })
                return Column(
                    name,
                    .code(
                        vocabulary: words.map(String.init),
                        codes: texts.map { code[$0] ?? ColumnValues.missingCode }))
            })
    }

    @Test(.enabled(if: data != nil)) func everyValueOfTheDesignIsFound() throws {
        let folder = try #require(Self.data) + "/diabetes130"
        let model = try ModelSpecification.read(folder: ModelFolders.folder("diabetes130"))
        let table = Self.encounters(
            try Self.lines(
                "unzip", ["-p", folder + "/dataset_diabetes.zip", "*diabetic_data.csv"]),
            model.columnUses["hospital.encounters"] ?? [:])
        let patients = Set(table.subject).sorted()
        try model.check(
            against: [TableSchema(table, outcomeColumns: ["readmitted"])], clock: .ordinal)
        let set = try FeatureStage(
            model, tables: [table],
            spine: Spine(
                subject: patients, person: patients.map { $0.cast() },
                source: patients.map { _ in 0 }, sources: ["hospital"]),
            night: FeatureStage.dayAfterNewest(of: [table])
        ).build(.development)
        let design = try Self.lines("gzip", ["-dc", folder + "/design.csv.gz"])
        #expect(design[0][6...].map(String.init) == set.matrix.columns)
        #expect(design.count - 1 == set.matrix.rows.count)
        var wrong = [Int](repeating: 0, count: set.matrix.columns.count)
        var wrongRows = 0
        for (row, line) in design.dropFirst().enumerated() {
            let isRight =
                Int32(line[0]) == set.matrix.rows[row].asOf.number - 1
                && (line[1] == "train") == (set.fold[row] == 0)
                && Double(line[2]) == set.outcomes.values[row]
            wrongRows += isRight ? 0 : 1
            for column in set.matrix.columns.indices
            where Double(line[column + 6]) != set.matrix[row, column] { wrong[column] += 1 }
        }
        #expect(wrongRows == 0)
        #expect(wrong.allSatisfy { $0 == 0 }, "\(wrong)")
    }
}
