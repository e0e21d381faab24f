import PipelineModel
import Tabular

/// Reads a table of scores and outcomes that anything may have made.
///
/// Columns: `outcome` (0 or 1); `score`, `probability` or both; where wanted `fold` (whole
/// numbers), a person and a household (``ScoredTableColumns``), `baseline_rank` (1 is first) and any
/// number of `group.<name>`, in which an empty cell is not known, `missing.<input>` and
/// `linked.<source>` (0 or 1), and a second score. Other columns are not read.
struct ScoredTableFile {
    var table: ScoredTable
    /// By row; empty where none was asked for.
    var secondScore: [Double] = []
    /// The columns that are not read.
    var unused: [String]

    static let numbers = ["outcome", "score", "probability", "fold", "baseline_rank"]
    private static let flags = ["missing.", "linked."]

    /// What a column is by its name; `nil` for one that has no meaning of its own.
    static func meaning(of name: String) -> String? {
        if numbers.contains(name) { return "the “\(name)” of each row" }
        if name.hasPrefix("group.") { return "a grouping" }
        return flags.contains(where: name.hasPrefix) ? "a column of 0 and 1" : nil
    }

    init(path: String, columns named: ScoredTableColumns = .init()) throws {
        let reader = try CSVReader(path: path, file: path, dialect: CSVDialect())
        let header = reader.header
        try Self.check(header, path)
        let fields = try named.fields(header, path)
        var columns = Dictionary(uniqueKeysWithValues: Self.numbers.map { ($0, [Double]()) })
        let places = Self.numbers.compactMap { name in
            header.firstIndex(of: name).map { (name: name, field: $0) }
        }
        let groupFields = header.indices.filter { header[$0].hasPrefix("group.") }
        var groups = groupFields.map { _ in CodedColumn() }
        let flagFields = header.indices.filter { field in
            Self.flags.contains { header[field].hasPrefix($0) }
        }
        var flags = flagFields.map { ScoredTable.Flag(name: header[$0], holds: []) }
        var (about, household) = (CodedColumn(), CodedColumn())
        var second: [Double] = []
        var faults = CellFaults(file: path)
        try reader.forEachRow { row in
            if row.fault != nil {
                faults.add(
                    row.line, nil, "The row cannot be split into \(header.count) columns.",
                    "Check its quotes, its commas and that it is UTF-8.")
                return
            }
            for place in places {
                let (value, fault) = Self.number(row.text(place.field), place.name)
                columns[place.name, default: []].append(value)
                if let fault { faults.add(row.line, place.name, fault.0, fault.1) }
            }
            for (index, field) in groupFields.enumerated() { groups[index].add(row.text(field)) }
            for (index, field) in flagFields.enumerated() {
                let text = row.text(field)
                flags[index].holds.append(text == "1")
                if text != "0", text != "1" {
                    faults.add(
                        row.line, header[field], "The cell is neither 0 nor 1.",
                        "Write 1 where it holds and 0 where it does not.")
                }
            }
            if let field = fields.person {
                let text = row.text(field)
                about.add(text)
                if text.isEmpty {
                    faults.add(
                        row.line, header[field], "The cell is empty.",
                        "Write what tells this row's person from others, or leave the column out.")
                }
            }
            if let field = fields.household { household.add(row.text(field)) }
            if let field = fields.secondScore {
                let (value, fault) = Self.number(row.text(field), header[field])
                second.append(value)
                if let fault { faults.add(row.line, header[field], fault.0, fault.1) }
            }
        }
        try faults.check()
        let probability = columns["probability"] ?? []
        let score = columns["score"] ?? []
        table = ScoredTable(
            score: score.isEmpty ? probability : score, probability: probability,
            outcome: columns["outcome"] ?? [],
            fold: (columns["fold"] ?? []).map { Int32($0) },
            about: about.codes.map { UnitPseudonym(high: 0, low: UInt64($0) + 1) },
            together: fields.household == nil
                ? []
                : RowsTogether(
                    people: about.codes, households: household.codes,
                    without: household.code(of: "")
                ).clusters,
            groups: zip(groupFields, groups).map { field, column in
                column.group(String(header[field].dropFirst("group.".count)))
            }, baselineRank: columns["baseline_rank"] ?? [],
            missingInputs: Self.flags("missing.", flags),
            linkedSources: Self.flags("linked.", flags))
        secondScore = second
        let read = [fields.person, fields.household, fields.secondScore]
        unused = header.indices.filter {
            Self.meaning(of: header[$0]) == nil && !read.contains($0)
        }.map { header[$0] }
    }

    private static func flags(
        _ prefix: String, _ flags: [ScoredTable.Flag]
    ) -> [ScoredTable.Flag] {
        flags.filter { $0.name.hasPrefix(prefix) }
            .map { .init(name: String($0.name.dropFirst(prefix.count)), holds: $0.holds) }
    }

    private static func check(_ header: [String], _ path: String) throws {
        let place = StileError.Place(file: path, line: 1)
        guard header.contains("outcome") else {
            throw StileError(
                .input, "The table has no column “outcome”.", at: place,
                remedy: "Add one with 1 where the event came and 0 where it did not.")
        }
        guard header.contains("score") || header.contains("probability") else {
            throw StileError(
                .input, "The table has neither a column “score” nor “probability”.", at: place,
                remedy: "Add one of them, or both.")
        }
    }

    /// The number of a cell, or why it is none with what to do; 0 stands in for it.
    private static func number(_ text: String, _ name: String) -> (Double, (String, String)?) {
        guard let value = Double(text), value.isFinite else {
            return (
                0, ("The cell holds no finite number.", "Write a number, or take the row out.")
            )
        }
        switch name {
        case "outcome" where value != 0 && value != 1:
            return (
                0, ("The outcome is neither 0 nor 1.", "Evaluate rows with known outcomes only.")
            )
        case "probability" where !(0...1).contains(value):
            return (0, ("The probability is not within 0 to 1.", "Divide percentages by 100."))
        case "fold" where Int32(exactly: value) == nil:
            return (0, ("The fold is not a whole number.", "Number the folds or periods."))
        default: return (value, nil)
        }
    }
}
