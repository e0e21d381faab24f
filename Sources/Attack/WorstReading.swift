/// The finding that read most of one kind of value.
public struct WorstReading: Sendable {
    /// What was read: a name, a field as the specification calls it, or keys of several values.
    public var what: String
    public var finding: AttackFinding

    /// For each kind of value the finding that read most of it beyond a guess without looking, names
    /// first.
    ///
    /// Findings with the key are left out: that reads everything.
    public static func all(_ findings: [AttackFinding]) -> [WorstReading] {
        var worst: [WorstReading] = []
        for finding in findings where finding.method != .leakedKey {
            let reading = WorstReading(what: what(finding), finding: finding)
            guard let place = worst.firstIndex(where: { $0.what == reading.what }) else {
                worst.append(reading)
                continue
            }
            if worst[place].excess < reading.excess { worst[place] = reading }
        }
        return worst.sorted { ($0.order, $0.what) < ($1.order, $1.what) }
    }

    /// The share that was read beyond a guess without looking, then the share that was read.
    private var excess: (Double, Double) {
        let score = finding.score
        return (score.share(score.first - score.blind), score.share(score.first))
    }

    private var order: Int {
        AttackedRecords.Target.allCases.firstIndex(of: finding.target) ?? 0
    }

    private static func what(_ finding: AttackFinding) -> String {
        let base = String(finding.field.prefix { $0 != "." })
        switch finding.target {
        case .given: return "given name"
        case .family: return "surname"
        case .whole: return "given name and surname"
        case .content where base == "block": return "several values in a key"
        case .content where finding.field.hasSuffix(".formal"): return "formal given name"
        case .content: return base
        }
    }
}
