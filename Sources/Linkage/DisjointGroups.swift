/// Groups of subjects that grow: who is in which, without a list of its own for each.
///
/// Most of a register is groups of one and of two. A million small lists would take longer to make
/// and to give back than all comparisons between them, so the members of a group are chained
/// through columns that all groups share.
struct DisjointGroups {
    private var parent: [Int32]
    /// The next member of the same group; -1 after the last.
    private var following: [Int32]
    /// Of each root, the last member.
    private var last: [Int32]
    /// Of each root, how many members.
    private var sizes: [Int32]

    /// So many groups of one.
    init(_ count: Int) {
        parent = (0..<count).map(Int32.init)
        following = Array(repeating: -1, count: count)
        last = parent
        sizes = Array(repeating: 1, count: count)
    }

    /// The root of a subject's group: the smallest subject in it, unless ``regroup(_:_:)`` chose.
    mutating func root(of subject: Int32) -> Int32 {
        var node = subject
        while parent[Int(node)] != node {
            parent[Int(node)] = parent[Int(parent[Int(node)])]
            node = parent[Int(node)]
        }
        return node
    }

    func isRoot(_ subject: Int32) -> Bool { parent[Int(subject)] == subject }

    /// How many subjects are in the group of a root.
    func size(_ root: Int32) -> Int { Int(sizes[Int(root)]) }

    /// The subjects of a root's group, in the order in which they came to it.
    func members(_ root: Int32) -> Members { Members(following: following, first: root) }

    /// Puts two roots' groups together.
    ///
    /// The smaller subject becomes the root, so that roots do not depend on the order.
    ///
    /// - Returns: The root of both, and the one that is none any more.
    @discardableResult
    mutating func join(_ left: Int32, _ right: Int32) -> (root: Int32, gone: Int32) {
        let (root, gone) = (min(left, right), max(left, right))
        parent[Int(gone)] = root
        append(gone, to: root)
        return (root, gone)
    }

    private mutating func append(_ gone: Int32, to root: Int32) {
        following[Int(last[Int(root)])] = gone
        last[Int(root)] = last[Int(gone)]
        sizes[Int(root)] += sizes[Int(gone)]
    }

    /// Puts subjects, all members of some groups, into other groups.
    ///
    /// - Parameters:
    ///   - subjects: In ascending order.
    ///   - group: For each, a number that those of one group share.
    mutating func regroup(_ subjects: [Int32], _ group: [Int]) {
        for subject in subjects {
            parent[Int(subject)] = subject
            following[Int(subject)] = -1
            last[Int(subject)] = subject
            sizes[Int(subject)] = 1
        }
        var first: [Int: Int32] = [:]
        for (subject, number) in zip(subjects, group) {
            guard let root = first[number] else {
                first[number] = subject
                continue
            }
            parent[Int(subject)] = root
            append(subject, to: root)
        }
    }

    /// The members of one group.
    struct Members: Sequence, IteratorProtocol {
        private let following: [Int32]
        private var place: Int32

        fileprivate init(following: [Int32], first: Int32) {
            self.following = following
            place = first
        }

        mutating func next() -> Int32? {
            guard place >= 0 else { return nil }
            defer { place = following[Int(place)] }
            return place
        }
    }
}
