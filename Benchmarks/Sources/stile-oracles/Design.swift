import PipelineModel

/// A data set: the terms of all rows, their outcomes, and which rows are fitted on.
struct Design {
    var name: String
    var terms: [String]
    /// Each term's values.
    var columns: [[Double]]
    var outcomes: [Double]
    var isTrain: [Bool]
    var reference: Reference
    /// The figures of the evaluation on the rows tested: those kept apart, or all.
    var evaluation: Reference
    /// Columns by which groups are told, with each row's level.
    var groups: [(name: String, levels: [String])] = []

    var hasTestRows: Bool { isTrain.contains(false) }
    var train: [Int] { outcomes.indices.filter { isTrain[$0] } }
    var tested: [Int] { outcomes.indices.filter { !isTrain[$0] || !hasTestRows } }

    init(
        _ name: String, _ file: (header: [String], rows: [[String]]), _ reference: Reference,
        outcome: String = "y", terms: [String]? = nil, evaluation: Reference? = nil
    ) throws {
        self.name = name
        self.reference = reference
        func place(_ column: String) throws -> Int {
            guard let place = file.header.firstIndex(of: column) else {
                throw StileError(
                    .input, "The data set “\(name)” has no column “\(column)”.",
                    remedy: "Name the folder with the published data.")
            }
            return place
        }
        let outcomePlace = try place(outcome)
        let rest = file.header.dropFirst(outcomePlace + 1)
        self.terms = terms ?? rest.filter { !$0.hasPrefix("g_") }
        columns = try self.terms.map { term in
            let column = try place(term)
            return try file.rows.map { row in
                guard let value = Double(row[column]) else {
                    throw StileError(
                        .input, "“\(term)” of “\(name)” has a value that is not a number.",
                        remedy: "Restore the published data.")
                }
                return value
            }
        }
        outcomes = file.rows.map {
            ["1", "TRUE", "True"].contains($0[outcomePlace]) ? 1 : 0
        }
        let split = file.header.firstIndex(of: "split")
        isTrain = file.rows.map { row in split.map { row[$0] != "test" } ?? true }
        self.evaluation = evaluation ?? reference["in_sample"]
        if isTrain.contains(false) { self.evaluation = reference["test"] }
        for column in rest where column.hasPrefix("g_") {
            let column = (name: column, place: try place(column))
            groups.append((column.name, file.rows.map { $0[column.place] }))
        }
    }

    /// The rows at `indices` as the fit takes them.
    func matrix(_ indices: [Int]) -> DesignMatrix {
        let day = Day(iso: "2025-06-02") ?? .missing
        var values: [Double] = []
        values.reserveCapacity(indices.count * columns.count)
        for column in columns { for row in indices { values.append(column[row]) } }
        return DesignMatrix(
            unitKind: .person,
            rows: indices.map {
                RowKey(
                    unit: UnitPseudonym(high: 1, low: UInt64($0)), asOf: day,
                    person: PersonPseudonym(high: 1, low: UInt64($0)))
            }, columns: terms, values: values)
    }

    func outcomes(_ indices: [Int]) -> Outcomes { Outcomes(values: indices.map { outcomes[$0] }) }
}
