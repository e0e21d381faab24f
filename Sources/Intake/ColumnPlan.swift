import PipelineModel

/// Where the columns of a contract stand in one file.
struct ColumnPlan {
    var key: [Int] = []
    var subject = 0
    var happened: Int?
    var known: Int?
    var trusted: Int?
    var operation: Int?
    var identity: [Int] = []
    /// For each field of the identity, the column that must say one of some values for it to count.
    var markers: [Marker?] = []
    var payload: [Int] = []
    /// The contract's name of each column of the file that it uses.
    var names: [Int: String] = [:]

    struct Marker {
        var column: Int
        var values: [[UInt8]]
    }

    /// - Throws: `StileError` naming every column of the contract that the file lacks.
    init(_ contract: ExtractContract, header: [String], file: String) throws {
        var missing: [String] = []
        func find(_ name: String) -> Int {
            if let index = header.firstIndex(of: name) { return index }
            if !missing.contains(name) { missing.append(name) }
            return 0
        }
        key = contract.key.map(find)
        subject = find(contract.subject)
        happened = contract.happened.column.map(find)
        known = contract.known.column.map(find)
        trusted = contract.trustedKey.map(find)
        operation = contract.operation.map { find($0.column) }
        identity = contract.identity.map { find($0.column) }
        markers = contract.identity.map { field in
            field.marker.map {
                Marker(column: find($0.column), values: $0.values.map { Array($0.utf8) })
            }
        }
        payload = contract.payload.map { find($0.column) }
        guard missing.isEmpty else {
            let list = missing.map { "“\($0)”" }.joined(separator: ", ")
            throw StileError(
                .input, "The file has the wrong shape: it has no column \(list).",
                at: .init(file: file, line: 1),
                remedy:
                    "Ask the source for the file as agreed, or correct “\(contract.name)” in the contract and its delimiter."
            )
        }
        for (index, name) in header.enumerated() where isUsed(index) { names[index] = name }
    }

    private func isUsed(_ index: Int) -> Bool {
        key.contains(index) || subject == index || happened == index || known == index
            || trusted == index || operation == index || identity.contains(index)
            || markers.contains { $0?.column == index } || payload.contains(index)
    }

    /// What quarantine calls a column: its name where the contract names it, else its number.
    func name(_ field: Int) -> String { names[field] ?? "column \(field + 1)" }
}
