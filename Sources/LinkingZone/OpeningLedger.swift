import Evaluation
import Hashing
import PipelineModel

/// Each reading of the test labels of a model, in order: when, of which equation, under which
/// specification.
struct OpeningLedger: Equatable {
    struct Opening: Equatable {
        var day: Day
        var equation: ContentDigest
        var specification: ContentDigest
    }

    var openings: [Opening] = []

    /// What the state of the zone calls the ledger of a model.
    static func name(_ model: String) -> String { "openings." + model }

    init() {}

    /// The table as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "openings", version: 1,
            columns: [
                Column("day", .day(openings.map(\.day))),
                Column("equation", Self.digests(openings.map(\.equation))),
                Column("specification", Self.digests(openings.map(\.specification))),
            ])
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "openings", table.version == 1, case .day(let days)? = table["day"],
            let equations = Self.digests(table["equation"]),
            let specifications = Self.digests(table["specification"])
        else {
            throw StileError(
                .integrity, "The file does not hold the readings of a model's test labels.",
                at: .init(file: file),
                remedy:
                    "Restore it from the backup; without it nobody knows how often they were read.")
        }
        openings = days.indices.map {
            Opening(day: days[$0], equation: equations[$0], specification: specifications[$0])
        }
    }

    /// Of what was read, for the log: the days, equations and specifications in order.
    var digest: ContentDigest {
        var print = Fingerprint("stile/openings/v1")
        for opening in openings {
            print.add(
                String(opening.day.number), opening.equation.hex + opening.specification.hex)
        }
        return print.digest
    }

    /// What a report says of them; `write` writes days.
    func summary(_ write: (Day) -> String) -> Openings? {
        guard let first = openings.first else { return nil }
        return Openings(
            count: openings.count, equations: Set(openings.map(\.equation)).count,
            specifications: Set(openings.map(\.specification)).count, first: write(first.day))
    }

    private static func digests(_ digests: [ContentDigest]) -> ColumnValues {
        let vocabulary = Set(digests.map(\.hex)).sorted()
        let codes = Dictionary(
            uniqueKeysWithValues: vocabulary.enumerated().map { ($0.element, UInt32($0.offset)) })
        return .code(
            vocabulary: vocabulary, codes: digests.map { codes[$0.hex] ?? ColumnValues.missingCode }
        )
    }

    private static func digests(_ values: ColumnValues?) -> [ContentDigest]? {
        guard case .code(let vocabulary, let codes)? = values else { return nil }
        let digests = codes.map { code in
            vocabulary.indices.contains(Int(code))
                ? ContentDigest(hex: vocabulary[Int(code)]) : nil
        }
        return digests.contains(nil) ? nil : digests.compactMap(\.self)
    }
}
