import Foundation
import PipelineModel
import Tabular

/// A published or generated set of records of which is known who is who.
struct DataSet {
    /// One source of the set: its rows as columns of text.
    struct Source {
        var name: String
        var columns: [String]
        var rows: [[String]]
        /// Who each row is.
        var entity: [String]
        /// The subject of each row, as the file calls it; a subject may have several rows.
        var subject: [String]
        /// Whether one person may have several subjects in it.
        var hasDuplicates = false
    }

    var name: String
    var sources: [Source]
    /// Whether the pairs looked for are those within the one source.
    var hasDuplicates: Bool { sources.count == 1 }
    /// The `encoding:` part of the contract.
    var encoding: String
    /// Identity field and column, of every source.
    var identity: [(field: String, column: String)]
    /// Properties by which quality is told, each from a row by its column.
    var attributes: [Attribute] = []
    struct Attribute {
        var name: String
        var column: String
        /// The first letters of the value, so many; all where `nil`.
        var letters: Int?
        /// What stands for the others.
        var rest = ""
    }

    /// The values that a row has of the attributes.
    func values(_ row: [String], _ columns: [String]) -> [String] {
        attributes.map { attribute in
            guard let place = columns.firstIndex(of: attribute.column) else { return "" }
            guard let letters = attribute.letters, !row[place].isEmpty else { return row[place] }
            return row[place].prefix(letters) + attribute.rest
        }
    }

    var dates = "iso"
    /// The dial; empty for the default, which salts names by the date of birth.
    ///
    /// The published sets lack that date too often, or have it wrong: they are hardened by diffusion and noise.
    var hardening = ""
    private static let unsalted = "{salt: none, diffusion: 3, flip: 0.05}"

    static func load(_ name: String, data: String, input: String?) throws -> DataSet {
        switch name {
        case "febrl4": try febrl(name, ["dataset4a", "dataset4b"], data)
        case "febrl4-half": try febrl(name, ["half4a", "half4b"], data)
        case "febrl1", "febrl2", "febrl3":
            try febrl(name, ["dataset\(name.last ?? "1")"], data)
        case "historical_50k": try historical(data)
        case "fake_1000": try fake(data)
        case "county200k": try county(name, input ?? data)
        case "children100k", "children500k": try children(name, input ?? data)
        default: throw Misuse(what: "there is no set \(name)")
        }
    }

    struct Misuse: Error, CustomStringConvertible {
        var what: String
        var description: String { "stile-bench-linkage: \(what)." }
    }

    /// The rows of a CSV, by the names of its header.
    static func table(_ path: String) throws -> (columns: [String], rows: [[String]]) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Misuse(what: "\(path) cannot be read")
        }
        var columns: [String] = []
        var rows: [[String]] = []
        let reader = try CSVReader(
            MemorySource(Array(data)), file: path, dialect: CSVDialect())
        columns = reader.header.map { $0.trimmingCharacters(in: .whitespaces) }
        try reader.forEachRow { row in
            rows.append(
                (0..<row.count).map { row.text($0).trimmingCharacters(in: .whitespaces) })
        }
        return (columns, rows)
    }

    private static func febrl(_ name: String, _ files: [String], _ data: String) throws -> DataSet {
        let sources = try files.enumerated().map { index, file in
            let (columns, rows) = try table("\(data)/febrl/\(file).csv")
            return Source(
                name: files.count == 1 ? "records" : index == 0 ? "a" : "b", columns: columns,
                rows: rows, entity: rows.map { String($0[0].split(separator: "-")[1]) },
                subject: rows.map { $0[0] }, hasDuplicates: files.count == 1)
        }
        let words = ["given_name", "surname", "address_1", "address_2", "suburb"]
        let codes = ["street_number", "state"]
        return DataSet(
            name: name, sources: sources,
            encoding: encoding(
                fields: words.map { ($0, isName($0) ? "kind: name" : "kind: text") }
                    + codes.map { ($0, "kind: code") }
                    + [
                        ("postcode", "kind: code, near: true"),
                        ("date_of_birth", "kind: date_of_birth"),
                    ],
                blocking: [
                    "names: [given_name.soundex, surname.soundex]",
                    "surname_birth: [surname.soundex, date_of_birth.year]",
                    "given_postcode: [given_name.soundex, postcode]",
                ]),
            identity: (words + codes + ["postcode", "date_of_birth"]).map { ($0, $0) },
            attributes: [
                .init(name: "state", column: "state"),
                .init(name: "decade of birth", column: "date_of_birth", letters: 3, rest: "0s"),
            ], dates: "compact", hardening: unsalted)
    }

    private static func isName(_ field: String) -> Bool {
        field == "given_name" || field == "surname"
    }

    /// The `fields:` and `blocking:` of an `encoding:` part.
    static func encoding(fields: [(String, String)], blocking: [String]) -> String {
        var lines = ["  fields:"]
        lines += fields.map { "    \($0): {\($1)}" }
        lines.append("  blocking:")
        lines += blocking.map { "    \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func historical(_ data: String) throws -> DataSet {
        let (columns, rows) = try table("\(data)/linkage/historical_50k.csv.gz")
        let cluster = columns.firstIndex(of: "cluster") ?? 1
        return DataSet(
            name: "historical_50k",
            sources: [
                Source(
                    name: "records", columns: columns, rows: rows,
                    entity: rows.map { $0[cluster] }, subject: rows.map { $0[0] },
                    hasDuplicates: true)
            ],
            encoding: encoding(
                fields: [
                    ("given_name", "kind: name"), ("surname", "kind: name"),
                    ("date_of_birth", "kind: date_of_birth"),
                    ("birth_place", "kind: text"), ("postcode", "kind: uk_postcode"),
                    ("sex", "kind: code"), ("occupation", "kind: code"),
                ],
                blocking: [
                    "names: [given_name.soundex, surname.soundex]",
                    "names_year: [given_name.soundex, surname.soundex, date_of_birth.year]",
                    "surname_birth: [surname.soundex, date_of_birth.year]",
                    "surname_postcode: [surname.soundex, postcode.district]",
                ]),
            identity: [
                ("given_name", "first_name"), ("surname", "surname"),
                ("date_of_birth", "dob"), ("birth_place", "birth_place"),
                ("postcode", "postcode_fake"), ("sex", "gender"), ("occupation", "occupation"),
            ],
            attributes: [
                .init(name: "sex", column: "gender"),
                .init(name: "century of birth", column: "dob", letters: 2, rest: "00s"),
            ], hardening: unsalted)
    }

    private static func fake(_ data: String) throws -> DataSet {
        let (columns, rows) = try table("\(data)/linkage/fake_1000.csv")
        return DataSet(
            name: "fake_1000",
            sources: [
                Source(
                    name: "records", columns: columns, rows: rows,
                    entity: rows.map { $0[columns.count - 1] }, subject: rows.map { $0[0] },
                    hasDuplicates: true)
            ],
            encoding: encoding(
                fields: [
                    ("given_name", "kind: name"), ("surname", "kind: name"),
                    ("date_of_birth", "kind: date_of_birth"), ("city", "kind: text"),
                    ("email", "kind: text"),
                ],
                blocking: [
                    "names: [given_name.soundex, surname.soundex]",
                    "surname_birth: [surname.soundex, date_of_birth.year]",
                ]),
            identity: [
                ("given_name", "first_name"), ("surname", "surname"), ("date_of_birth", "dob"),
                ("city", "city"), ("email", "email"),
            ],
            attributes: [.init(name: "decade of birth", column: "dob", letters: 3, rest: "0s")],
            hardening: unsalted)
    }

    /// Two registers of children: a.csv and b.csv, who is who in the column `entity`.
    private static func children(_ name: String, _ folder: String) throws -> DataSet {
        let sources = try ["a", "b"].map { source in
            let (columns, rows) = try table("\(folder)/\(source).csv")
            guard let entity = columns.firstIndex(of: "entity") else {
                throw Misuse(what: "\(source).csv has no column entity")
            }
            return Source(
                name: source, columns: columns, rows: rows, entity: rows.map { $0[entity] },
                subject: rows.map { $0[0] })
        }
        return DataSet(
            name: name, sources: sources,
            encoding: encoding(
                fields: [
                    ("given_name", "kind: name"), ("surname", "kind: name"),
                    ("date_of_birth", "kind: date_of_birth"), ("sex", "kind: code"),
                    ("postcode", "kind: uk_postcode"),
                ],
                blocking: [
                    "surname_birth: [surname.soundex, date_of_birth]",
                    "given_birth: [given_name.soundex, date_of_birth]",
                    "home_birth: [postcode, date_of_birth]",
                    "names_sector: [given_name.soundex, surname.soundex, postcode.sector]",
                    "names_year: [given_name.soundex, surname.soundex, date_of_birth.year]",
                    "home_given: [postcode, given_name.soundex]",
                ]),
            identity: [
                ("given_name", "given_name"), ("surname", "surname"),
                ("date_of_birth", "date_of_birth"), ("sex", "sex"), ("postcode", "postcode"),
            ],
            attributes: [
                .init(name: "sex", column: "sex"),
                .init(name: "year of birth", column: "date_of_birth", letters: 4),
            ])
    }

    /// Four registers of the synthetic county: all identities that each recorded, and who is who.
    private static func county(_ name: String, _ folder: String) throws -> DataSet {
        let (columns, rows) = try table("\(folder)/identities.csv")
        let truth = try table("\(folder)/truth.csv").rows
        let people = Dictionary(
            truth.map { ("\($0[0])/\($0[1])", $0[2]) }, uniquingKeysWith: { first, _ in first })
        let sources = Dictionary(grouping: rows) { $0[0] }.sorted { $0.key < $1.key }.map {
            source, rows in
            Source(
                name: source, columns: columns, rows: rows,
                entity: rows.map { people["\(source)/\($0[1])"] ?? "\(source)/\($0[1])" },
                subject: rows.map { $0[1] }, hasDuplicates: source == "hospital")
        }
        return DataSet(
            name: name, sources: sources,
            encoding: encoding(
                fields: [
                    ("given_name", "kind: name"), ("surname", "kind: name"),
                    ("date_of_birth", "kind: date_of_birth"), ("sex", "kind: code"),
                    ("postcode", "kind: uk_postcode"), ("uprn", "kind: uprn"),
                    ("nhs_number", "kind: nhs_number"), ("upn", "kind: upn"),
                ],
                blocking: [
                    "surname_birth: [surname.soundex, date_of_birth]",
                    "given_birth: [given_name.soundex, date_of_birth]",
                    "home_birth: [postcode, date_of_birth]",
                    "names_home: [given_name.soundex, surname.soundex, postcode.sector]",
                    "names_year: [given_name.soundex, surname.soundex, date_of_birth.year]",
                    "home_given: [postcode, given_name.soundex]",
                ]),
            identity: [
                "given_name", "surname", "date_of_birth", "sex", "postcode", "uprn", "nhs_number",
                "upn",
            ].map { ($0, $0) },
            attributes: [
                .init(name: "sex", column: "sex"),
                .init(name: "decade of birth", column: "date_of_birth", letters: 3, rest: "0s"),
            ])
    }
}
