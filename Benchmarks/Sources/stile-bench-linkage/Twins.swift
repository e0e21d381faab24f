/// Who has a twin, and how often the two are taken for one person.
struct Twins {
    private var pairs: [(String, String)]

    /// - Parameter table: A CSV with the columns person and twin, each pair both ways.
    init(table: String) throws {
        pairs = try DataSet.table(table).rows.compactMap { row in
            row[0] < row[1] ? (row[0], row[1]) : nil
        }
    }

    /// Of the pairs of twins of whom two sources know one each, the share that a group holds both
    /// of.
    func linked(names: [String], sources: [Int], groups: [Int32]) -> Double {
        var subjects: [String: [Int]] = [:]
        for (index, name) in names.enumerated() { subjects[name, default: []].append(index) }
        var (could, did) = (0, 0)
        for (one, other) in pairs {
            let (a, b) = (subjects[one] ?? [], subjects[other] ?? [])
            guard a.contains(where: { left in b.contains { sources[left] != sources[$0] } })
            else { continue }
            could += 1
            let held = Set(a.map { groups[$0] })
            if b.contains(where: { held.contains(groups[$0]) }) { did += 1 }
        }
        return could == 0 ? 0 : Double(did) / Double(could)
    }
}
