import Foundation
import PipelineModel
import StrictYAML

@testable import Features

/// The models at the top of the repository.
enum ModelFolders {
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("Models").path
    }()

    static func folder(_ name: String) -> String { root + "/" + name }
}

func yaml(_ text: String, _ file: String = "features.yaml") throws -> YAMLNode {
    try YAMLDocument.parse(Array(text.utf8), file: file)
}

/// A model of persons over the table `care.events` with the given features.
func personModel(_ features: String, extra: String = "") throws -> ModelSpecification {
    try ModelSpecification(
        model: yaml(
            """
            model: test
            title: A test
            purpose: testing
            version: 1
            unit: person
            cohort: {from: care.people}
            as_of:
              train: {from: 2023-01-01, to: 2023-07-01, every_months: 3}
              test: {from: 2023-10-01, to: 2024-01-01, every_months: 3}
            outcome:
              from: care.events
              where: [{column: kind, in: [a]}]
              horizon_days: 60
            list: {size: 5}
            fit: {method: irls}
            \(extra)
            """, "model.yaml"),
        features: yaml(features))
}

/// A model of households or settings over the same tables; `cohort`, `outcome` and `extra` are
/// keys to add.
func unitModel(
    _ unit: String, _ features: String, cohort: String = "", outcome: String = "",
    extra: String = ""
) throws -> ModelSpecification {
    try ModelSpecification(
        model: yaml(
            """
            model: test
            title: A test
            purpose: testing
            version: 1
            unit: \(unit)
            cohort: {from: care.people\(cohort)}
            as_of:
              train: {from: 2023-01-01, to: 2023-07-01, every_months: 3}
              test: {from: 2023-10-01, to: 2024-01-01, every_months: 3}
            outcome:
              from: care.events
              where: [{column: kind, in: [a]}]
              horizon_days: 60
              \(outcome)
            groups:
              - {name: kind, from: care.people, of: kind}
            list: {size: 5}
            fit: {method: irls}
            \(extra)
            """, "model.yaml"),
        features: yaml(features))
}

func person(_ number: Int) -> PersonPseudonym { .init(high: 7, low: UInt64(number)) }

/// Generated facts with corrections, retractions, late news and missing values.
struct GeneratedWorld {
    var spine: Spine
    var tables: [FactTable]
    var night: Day
    var exclusions: Exclusions

    init(seed: UInt64, persons: Int, facts: Int) {
        var random = SeededGenerator(seed: seed, label: "features")
        let start = Day(year: 2021, month: 1, day: 1) ?? Day(0)
        night = start + 1_200
        var residences: [Spine.Residence] = []
        for number in 0..<persons {
            for _ in 0..<(1 + random.below(2)) {
                let from = start + random.below(1_000)
                let known = from + random.below(60)
                residences.append(
                    .init(
                        person: person(number),
                        household: .init(high: 9, low: UInt64(random.below(max(1, persons / 3)))),
                        from: from, knownFrom: known,
                        knownTo: random.chance(0.2) ? known + random.below(400) : .open))
            }
        }
        // Two subjects a person: linkage has brought them together.
        let subjects = (0..<(2 * persons)).map { SubjectPseudonym(high: 5, low: UInt64($0)) }
        spine = Spine(
            subject: subjects, person: subjects.indices.map { person($0 / 2) },
            source: subjects.map { _ in 0 }, sources: ["care"], residences: residences)
        tables = ["care.people", "care.events", "care.gone"].map { name in
            Self.table(
                name, subjects.count, name == "care.gone" ? facts / 20 : facts, start, &random)
        }
        exclusions = Exclusions(
            fromRows: Set((0..<persons).filter { $0 % 10 == 3 }.map(person)),
            asRelatives: Set((0..<persons).filter { $0 % 7 == 2 }.map(person)))
    }

    private static func table(
        _ name: String, _ subjects: Int, _ facts: Int, _ start: Day,
        _ random: inout SeededGenerator
    ) -> FactTable {
        var table = FactTable(name: name)
        var kinds: [UInt32] = []
        var amounts: [Double] = []
        var days: [Day] = []
        for record in 0..<facts {
            // One subject in a hundred is in no spine.
            let subject = SubjectPseudonym(
                high: 5, low: UInt64(random.below(subjects + subjects / 100)))
            let happened = start + random.below(1_150)
            var known = happened + (random.chance(0.3) ? random.below(90) : 0)
            for version in 0...random.below(3) {
                let isLast = random.chance(0.6)
                let closed = known + 1 + random.below(200)
                table.subject.append(subject)
                table.record.append(.init(high: 6, low: UInt64(record)))
                table.happened.append(version == 0 ? happened : happened + random.below(5))
                table.knownFrom.append(known)
                table.knownTo.append(isLast && random.chance(0.8) ? .open : closed)
                kinds.append(
                    random.chance(0.1) ? ColumnValues.missingCode : UInt32(random.below(3)))
                amounts.append(random.chance(0.1) ? .nan : Double(random.below(9)) - 2)
                days.append(random.chance(0.1) ? .missing : happened + (random.below(900) - 800))
                if isLast { break }
                known = closed
            }
        }
        table.payload = [
            Column("kind", .code(vocabulary: ["a", "b", "c"], codes: kinds)),
            Column("amount", .number(amounts)), Column("day", .day(days)),
        ]
        return table
    }
}

extension FactTable {
    /// The facts in another order, or some of them.
    func picking(_ rows: [Int]) -> FactTable {
        FactTable(
            name: name, subject: rows.map { subject[$0] }, record: rows.map { record[$0] },
            happened: rows.map { happened[$0] }, knownFrom: rows.map { knownFrom[$0] },
            knownTo: rows.map { knownTo[$0] },
            payload: payload.map { column in
                let values: ColumnValues =
                    switch column.values {
                    case .number(let list): .number(rows.map { list[$0] })
                    case .code(let words, let list):
                        .code(
                            vocabulary: words, codes: rows.map { list[$0] })
                    case .day(let list): .day(rows.map { list[$0] })
                    default: column.values
                    }
                return Column(column.name, values)
            })
    }
}
