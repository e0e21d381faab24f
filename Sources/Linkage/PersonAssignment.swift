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

    /// - Parameters:
    ///   - subjects: In ascending order.
    ///   - sources: The source of each.
    ///   - group: The group of each: the smallest subject in it.
    ///   - former: The memberships before, in ascending order of subject.
    ///   - touched: Whom a delta touches: the others are the groups that they were; `nil` where
    ///     anybody may be in another group.
    ///   - nextSerial: The serial number that the next new person gets.
    ///   - mint: Makes their pseudonyms.
    init(
        subjects: [SubjectPseudonym], sources: [Int32], group: [Int32],
        former: [LinkState.Membership], touched: TouchedPeople? = nil, nextSerial: UInt64,
        mint: Minter
    ) {
        self.nextSerial = nextSerial
        /// The membership whose person a group keeps; -1 where it has none.
        var kept = [Int32](repeating: -1, count: subjects.count)
        /// The own membership before of each subject of a person whom nothing touches; else -1.
        var own = [Int32](repeating: -1, count: touched == nil ? 0 : subjects.count)
        let shares = Self.shares(subjects, group, former, touched, &kept, &own)
        var younger: [(group: Int32, former: Int32)] = []
        Self.forEachSerial(shares) { claims in
            // The largest share; of equals the group with the smallest subject.
            var (winner, most) = (claims[claims.startIndex], 0)
            var start = claims.startIndex
            while start < claims.endIndex {
                let end =
                    claims[start...].firstIndex { $0.group != claims[start].group }
                    ?? claims.endIndex
                if end - start > most { (winner, most) = (claims[start], end - start) }
                start = end
            }
            if kept[Int(winner.group)] < 0 {
                kept[Int(winner.group)] = winner.former
            } else {
                younger.append((winner.group, winner.former))
            }
        }

        let roots = group.indices.filter { group[$0] == Int32($0) }
        let new = roots.filter { kept[$0] < 0 }
        let first = nextSerial
        let minted = CandidatePairs.concurrently(new.count, threads: Linker.threads) {
            mint.person(first + UInt64($0))
        }
        self.nextSerial += UInt64(new.count)
        /// For each root, where it is in `new`.
        var place = kept
        for (index, root) in new.enumerated() { place[root] = Int32(index) }
        let (keptBy, newPlace, same) = (kept, place, own)
        @Sendable func assigned(_ group: Int32) -> (serial: UInt64, person: PersonPseudonym) {
            let root = Int(group)
            guard keptBy[root] < 0 else {
                return (former[Int(keptBy[root])].serial, former[Int(keptBy[root])].person)
            }
            return (first + UInt64(newPlace[root]), minted[Int(newPlace[root])])
        }
        memberships = [LinkState.Membership](unsafeUninitializedCapacity: subjects.count) {
            buffer, count in
            nonisolated(unsafe) let slots = buffer
            let part = 1 << 14
            _ = CandidatePairs.concurrently(
                (subjects.count + part - 1) / part, threads: Linker.threads
            ) { number in
                for index in (number * part)..<min((number + 1) * part, subjects.count) {
                    if !same.isEmpty, same[index] >= 0 {
                        // As it was, but for sources whose numbers may be others now.
                        var membership = former[Int(same[index])]
                        membership.source = UInt32(sources[index])
                        slots.initializeElement(at: index, to: membership)
                        continue
                    }
                    let to = assigned(group[index])
                    slots.initializeElement(
                        at: index,
                        to: LinkState.Membership(
                            subject: subjects[index], source: UInt32(sources[index]),
                            serial: to.serial, person: to.person))
                }
            }
            count = subjects.count
        }
        younger.sort {
            ($0.group, former[Int($0.former)].serial) < ($1.group, former[Int($1.former)].serial)
        }
        merges = younger.map {
            PersonMerge(kept: assigned($0.group).person, alias: former[Int($0.former)].person)
        }
        Self.forEachSerial(shares) { claims in
            guard let one = claims.first, one.group != claims.last?.group else { return }
            var parts: [Int32] = []
            for claim in claims where parts.last != claim.group { parts.append(claim.group) }
            splits.append(
                PersonSplit(
                    from: former[Int(one.former)].person, into: parts.map { assigned($0).person }))
        }
    }

    /// A subject that was there before: its former person, and the group that it is in now.
    private struct Share {
        var serial: UInt64
        var group: Int32
        var former: Int32
    }

    /// All shares, by serial number and group, but for those of people whom nothing touches: these
    /// are `kept` by their groups.
    private static func shares(
        _ subjects: [SubjectPseudonym], _ group: [Int32], _ former: [LinkState.Membership],
        _ touched: TouchedPeople?, _ kept: inout [Int32], _ own: inout [Int32]
    ) -> [Share] {
        let indices = touched?.former ?? TouchedPeople.indices(former, subjects)
        let isTouched = touched?.serials(former)
        var shares: [Share] = []
        for (place, index) in indices.enumerated() where index >= 0 {
            let (serial, group) = (former[place].serial, group[Int(index)])
            if isTouched?[Int(serial)] == false {
                kept[Int(group)] = Int32(place)
                own[Int(index)] = Int32(place)
            } else {
                shares.append(Share(serial: serial, group: group, former: Int32(place)))
            }
        }
        return bySerial(shares)
    }

    /// Sorts shares by serial number, group and former place.
    private static func bySerial(_ shares: [Share]) -> [Share] {
        // Serial numbers follow each other: counting puts them in order.
        let last = Int(shares.reduce(0) { max($0, $1.serial) })
        guard last < 8 * (shares.count + 1_024) else {
            return shares.sorted {
                ($0.serial, $0.group, $0.former) < ($1.serial, $1.group, $1.former)
            }
        }
        var next = [Int32](repeating: 0, count: last + 2)
        for share in shares { next[Int(share.serial) + 1] += 1 }
        for serial in 0...last { next[serial + 1] += next[serial] }
        var sorted = shares
        for share in shares {
            sorted[Int(next[Int(share.serial)])] = share
            next[Int(share.serial)] += 1
        }
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].serial == sorted[start].serial { end += 1 }
            if end - start > 1 {
                sorted[start..<end].sort { ($0.group, $0.former) < ($1.group, $1.former) }
            }
            start = end
        }
        return sorted
    }

    private static func forEachSerial(_ shares: [Share], _ body: (ArraySlice<Share>) -> Void) {
        var start = 0
        while start < shares.count {
            var end = start + 1
            while end < shares.count, shares[end].serial == shares[start].serial { end += 1 }
            body(shares[start..<end])
            start = end
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
