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
    func linked(names: [String], sources: [Int], merges: [(Int, Int)]) -> Double {
        var parent = Array(names.indices)
        func find(_ node: Int) -> Int {
            var root = node
            while parent[root] != root { root = parent[root] }
            return root
        }
        for (left, right) in merges { parent[find(left)] = find(right) }
        var subjects: [String: [Int]] = [:]
        for (index, name) in names.enumerated() { subjects[name, default: []].append(index) }
        var (could, did) = (0, 0)
        for (one, other) in pairs {
            let (a, b) = (subjects[one] ?? [], subjects[other] ?? [])
            guard a.contains(where: { left in b.contains { sources[left] != sources[$0] } })
            else { continue }
            could += 1
            let groups = Set(a.map(find))
            if b.contains(where: { groups.contains(find($0)) }) { did += 1 }
        }
        return could == 0 ? 0 : Double(did) / Double(could)
    }
}
