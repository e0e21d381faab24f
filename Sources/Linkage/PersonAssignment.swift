public import PipelineModel

/// Gives each group of subjects a person: the one that it had, wherever it had one.
///
/// A former person goes to the group that holds most of its subjects (of equals,
/// the one with the smallest subject). A group that gets several keeps the oldest,
/// and the others become aliases. A group that gets none has its person minted, in
/// the order of the groups' smallest subjects.
struct PersonAssignment {
    private(set) var memberships: [LinkState.Membership] = []
    private(set) var merges: [PersonMerge] = []
    private(set) var splits: [PersonSplit] = []
    private(set) var nextSerial: UInt64

    init(
        subjects: [SubjectPseudonym], sources: [Int32], group: [Int32],
        former: [LinkState.Membership], nextSerial: UInt64, mint: Minter
    ) {
        self.nextSerial = nextSerial
        let before = Dictionary(
            former.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
        let pseudonym = Dictionary(
            former.map { ($0.serial, $0.person) }, uniquingKeysWith: { first, _ in first })

        var shares: [UInt64: [Int32: Int]] = [:]
        for (index, subject) in subjects.enumerated() {
            if let old = before[subject] {
                shares[old.serial, default: [:]][group[index], default: 0] += 1
            }
        }
        var claims: [Int32: [UInt64]] = [:]
        for (serial, groups) in shares.sorted(by: { $0.key < $1.key }) {
            let winner = groups.sorted { ($1.value, $0.key) < ($0.value, $1.key) }[0].key
            claims[winner, default: []].append(serial)
        }

        var assigned: [Int32: (serial: UInt64, person: PersonPseudonym)] = [:]
        for root in Set(group).sorted() {
            let serials = claims[root] ?? []
            if let oldest = serials.first {
                let person = pseudonym[oldest] ?? mint.person(oldest)
                assigned[root] = (oldest, person)
                for younger in serials.dropFirst() {
                    merges.append(
                        PersonMerge(
                            kept: person, alias: pseudonym[younger] ?? mint.person(younger)))
                }
            } else {
                assigned[root] = (self.nextSerial, mint.person(self.nextSerial))
                self.nextSerial += 1
            }
        }
        for (index, subject) in subjects.enumerated() {
            guard let to = assigned[group[index]] else { continue }
            memberships.append(
                LinkState.Membership(
                    subject: subject, source: UInt32(sources[index]), serial: to.serial,
                    person: to.person))
        }
        for (serial, groups) in shares.sorted(by: { $0.key < $1.key }) where groups.count > 1 {
            guard let from = pseudonym[serial] else { continue }
            let parts = groups.keys.sorted().compactMap { assigned[$0]?.person }
            splits.append(PersonSplit(from: from, into: parts))
        }
    }
}

/// Two people found to be one: the younger pseudonym is now an alias.
public struct PersonMerge: Sendable, Equatable {
    public var kept: PersonPseudonym
    public var alias: PersonPseudonym
}

/// A person found to be several; the first that keeps the pseudonym is among `into`.
public struct PersonSplit: Sendable, Equatable {
    public var from: PersonPseudonym
    public var into: [PersonPseudonym]
}
