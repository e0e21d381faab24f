/// What agreement through a former value of an identifier says, where training saw too little of
/// it to know.
///
/// Superseded numbers are few, and a small register may hold none that two sources share: then
/// estimation gives such agreement no probability among matches, and the first child whose number
/// is superseded tomorrow would be kept apart for it. So a match agrees through a former value at
/// least ``least`` times as often as through the current one, and relatives no more often, against
/// that, than they share a current one.
enum FormerValues {
    static let least = 0.001

    /// The probabilities of the levels among matches and among relatives, each adding up to 1.
    static func settled(
        _ comparison: LinkageSpecification.Comparison, m: [Double], r: [Double]
    ) -> (m: [Double], r: [Double]) {
        guard comparison.levels.count > 1, comparison.exact == 2,
            comparison.levels[1].isFormerValue
        else { return (m, r) }
        var (match, relative) = (m, r)
        match[1] = max(m[1], least * m[0])
        relative[1] = min(r[1], r[0] * match[1] / m[0])
        return (shares(match), shares(relative))
    }

    private static func shares(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }
}

extension LinkageSpecification.Level {
    /// Whether the level is that a former value of an identifier agrees, on either side.
    var isFormerValue: Bool {
        if case .shares(let field) = self { field.hasSuffix(".any") } else { false }
    }
}
