/// Which groups may never be one, whatever the weights say; it follows the groups as they merge.
struct SeparatedGroups {
    /// For each group that is kept from others, those others; each pair stands in it twice.
    private var others: [Int32: Set<Int32>] = [:]

    init(_ pairs: [(Int32, Int32)]) {
        for (left, right) in pairs where left != right {
            others[left, default: []].insert(right)
            others[right, default: []].insert(left)
        }
    }

    /// Whether two groups, by their roots, may not become one.
    func holds(_ left: Int32, _ right: Int32) -> Bool {
        others.isEmpty ? false : others[left]?.contains(right) ?? false
    }

    /// What kept `gone` apart keeps `root` apart from now on.
    mutating func merge(_ gone: Int32, into root: Int32) {
        guard let kept = others.removeValue(forKey: gone) else { return }
        for other in kept {
            others[other]?.remove(gone)
            others[other]?.insert(root)
        }
        others[root, default: []].formUnion(kept)
    }
}
