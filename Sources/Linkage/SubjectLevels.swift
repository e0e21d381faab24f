import EncodedExtract
public import PipelineModel

/// The level of each subject of a source by a characteristic.
public struct SubjectLevels: Sendable {
    /// What the characteristic is called.
    public var name: String
    /// The source whose subjects have it.
    public var source: String
    /// In order.
    public var levels: [String]
    /// The place of each subject's level in ``levels``.
    public var level: [SubjectPseudonym: Int]

    /// - Parameters:
    ///   - name: What the characteristic is called.
    ///   - source: The source whose subjects have it.
    ///   - levels: In order.
    ///   - level: The place of each subject's level.
    public init(
        _ name: String, source: String, levels: [String], level: [SubjectPseudonym: Int]
    ) {
        self.name = name
        self.source = source
        self.levels = levels
        self.level = level
    }

    /// The number of homes that each source knows of its subjects.
    static func mobility(_ state: LinkState) -> [SubjectLevels] {
        state.sources.compactMap { source in
            guard let held = state.held.joined(source, fields: ["uprn"]),
                case .token(let tokens)? = held["uprn"]
            else { return nil }
            var homes: [SubjectPseudonym: Set<UInt64>] = [:]
            for row in 0..<held.count where held.operation[row] == .open {
                homes[held.subject[row], default: []].formUnion(
                    tokens[row] == 0 ? [] : [tokens[row]])
            }
            let names = ["no address", "one", "two or more"]
            return SubjectLevels(
                "Homes known to the source", source: held.source, levels: names,
                level: homes.mapValues { min($0.count, names.count - 1) })
        }
    }
}

extension GroupedRates {
    /// Linkage rates of levels that some subject has.
    ///
    /// - Parameters:
    ///   - levels: The level of each subject.
    ///   - linked: Subjects whose person has a subject of another source too.
    public init(_ levels: SubjectLevels, linked: Set<SubjectPseudonym>) {
        var counts = [[Int]](repeating: [0, 0], count: levels.levels.count)
        for (subject, place) in levels.level {
            counts[place][0] += 1
            if linked.contains(subject) { counts[place][1] += 1 }
        }
        self.init(
            levels.name, source: levels.source,
            counts: zip(levels.levels, counts).filter { $0.1[0] > 0 }.map { ($0, $1[0], $1[1]) })
    }
}
