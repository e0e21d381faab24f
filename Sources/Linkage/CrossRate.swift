import PipelineModel

extension LinkageReport {
    /// How many subjects of one source have somebody of another in their person.
    ///
    /// A rate of 1 in any source may hide that two sources never meet.
    public struct CrossRate: Sendable, Equatable, Codable {
        public var source: String
        public var other: String
        /// The subjects of ``source``; `nil` where they are fewer than ``GroupedRates/least``.
        public var subjects: Int?
        /// Of these, those whose person has a subject of ``other``; `nil` where there are some such, but
        /// fewer than ``GroupedRates/least``: one objector found with the police is one person.
        public var linked: Proportion?
    }
}

extension LinkageReport.CrossRate {
    /// For each source, the rates of all others, in the order of the sources.
    static func all(_ state: LinkState) -> [LinkageReport.CrossRate] {
        let names = state.sources
        var sources: [UInt64: Set<UInt32>] = [:]
        for membership in state.memberships {
            sources[membership.serial, default: []].insert(membership.source)
        }
        var subjects = [Int](repeating: 0, count: names.count)
        var found = names.map { _ in [Int](repeating: 0, count: names.count) }
        for membership in state.memberships {
            let own = Int(membership.source)
            subjects[own] += 1
            for other in sources[membership.serial] ?? [] { found[own][Int(other)] += 1 }
        }
        return names.indices.flatMap { own in
            names.indices.filter { $0 != own }.map { other in
                LinkageReport.CrossRate(
                    source: names[own], other: names[other],
                    count: found[own][other], of: subjects[own])
            }
        }
    }

    init(source: String, other: String, count: Int, of subjects: Int) {
        let isLarge = subjects >= GroupedRates.least
        let isTold = count == 0 || count >= GroupedRates.least
        self.init(
            source: source, other: other, subjects: isLarge ? subjects : nil,
            linked: isLarge && isTold ? Proportion(count, of: subjects) : nil)
    }
}
