/// Linkage rates of one source's subjects by a characteristic, safe to be read by others.
///
/// A level with fewer than ``least`` subjects is suppressed, and so that it cannot be worked out
/// from the total, the next smallest with it until two or more stand for at least so many. Where fewer than ``least``
/// are linked, or are not, a bound stands in place of the rate.
public struct GroupedRates: Sendable, Equatable, Codable {
    /// Smaller numbers are not shown.
    public static let least = 10

    public struct Level: Sendable, Equatable, Codable {
        public var name: String
        /// `nil` where suppressed.
        public var subjects: Int?
        /// `nil` where it would give away a small number.
        public var linked: Proportion?
        /// The rate is more than this, where fewer than ``least`` are not linked.
        public var moreThan: Double?
        /// The rate is less than this, where fewer than ``least`` are linked.
        public var lessThan: Double?
    }

    public var name: String
    /// The source whose subjects are counted.
    public var source: String
    public var levels: [Level]

    /// - Parameters:
    ///   - source: The source whose subjects are counted.
    ///   - name: What the group is called.
    ///   - counts: The levels in order, with all of their subjects and those linked.
    public init(
        _ name: String, source: String,
        counts: [(level: String, subjects: Int, linked: Int)]
    ) {
        self.name = name
        self.source = source
        let hidden = Self.hidden(counts.map(\.subjects))
        levels = counts.indices.map { index in
            let (name, subjects, linked) = counts[index]
            guard !hidden.contains(index) else { return Level(name: name) }
            var level = Level(name: name, subjects: subjects)
            if subjects - linked < Self.least {
                level.moreThan = 1 - Double(Self.least) / Double(subjects)
            } else if linked < Self.least {
                level.lessThan = Double(Self.least) / Double(subjects)
            } else {
                level.linked = Proportion(linked, of: subjects)
            }
            return level
        }
    }

    /// The levels, by their numbers of subjects, that are not shown.
    static func hidden(_ subjects: [Int]) -> Set<Int> {
        var hidden = Set(subjects.indices.filter { subjects[$0] < least })
        while !hidden.isEmpty,
            hidden.count == 1 || hidden.reduce(0, { $0 + subjects[$1] }) < least,
            let next = subjects.indices.filter({ !hidden.contains($0) })
                .min(by: { (subjects[$0], $0) < (subjects[$1], $1) })
        {
            hidden.insert(next)
        }
        return hidden
    }
}
