import PipelineModel

/// Who lived with whom, as it was known on a day.
struct Households {
    private struct Stay {
        var household: Int32
        var from: Day
        var knownFrom: Day
        var knownTo: Day
    }

    /// In ascending order.
    private let pseudonyms: [HouseholdPseudonym]
    private var stays: [Stay] = []
    /// The stays of person `p` are `stays[offsets[p]..<offsets[p + 1]]`, ascending by `from`.
    private var offsets: [Int32]
    /// Everyone who ever stayed in household `h`: `members[memberOffsets[h]..<memberOffsets[h + 1]]`.
    private var members: [Int32] = []
    private var memberOffsets: [Int32] = [0]

    init(_ residences: [Spine.Residence], index: PersonIndex) {
        let households = Set(residences.map(\.household)).sorted()
        pseudonyms = households
        let number = Dictionary(
            uniqueKeysWithValues: households.enumerated().map { ($1, Int32($0)) })
        offsets = [Int32](repeating: 0, count: index.count + 1)
        var known: [(person: Int32, stay: Stay)] = []
        for residence in residences {
            guard let person = index[residence.person], let household = number[residence.household]
            else { continue }
            known.append(
                (
                    person,
                    Stay(
                        household: household, from: residence.from,
                        knownFrom: residence.knownFrom, knownTo: residence.knownTo)
                ))
            offsets[Int(person) + 1] += 1
        }
        known.sort {
            ($0.person, $0.stay.from, $0.stay.knownFrom, $0.stay.household)
                < ($1.person, $1.stay.from, $1.stay.knownFrom, $1.stay.household)
        }
        stays = known.map(\.stay)
        for person in 0..<index.count { offsets[person + 1] += offsets[person] }
        var pairs = known.map { ($0.stay.household, $0.person) }
        pairs.sort { $0 < $1 }
        var cursor = 0
        for household in 0..<Int32(households.count) {
            while cursor < pairs.count, pairs[cursor].0 == household {
                let person = pairs[cursor].1
                if cursor == 0 || pairs[cursor - 1] != pairs[cursor] { members.append(person) }
                cursor += 1
            }
            memberOffsets.append(Int32(members.count))
        }
    }

    var count: Int { pseudonyms.count }

    func pseudonym(of household: Int32) -> HouseholdPseudonym { pseudonyms[Int(household)] }

    /// Puts those who live in `household` into `present`, in ascending order.
    ///
    /// - Parameter isPresent: Whether a person is alive and has not moved away.
    func members(
        of household: Int32, asOf: Day, into present: inout [Int32], isPresent: (Int32) -> Bool
    ) {
        present.removeAll(keepingCapacity: true)
        let range =
            Int(memberOffsets[Int(household)])..<Int(memberOffsets[Int(household) + 1])
        for member in members[range]
        where self.household(of: member, asOf: asOf) == household && isPresent(member) {
            present.append(member)
        }
    }

    /// The newest stay of a person that was believed on `asOf`: its household, else `nil`.
    func household(of person: Int32, asOf: Day) -> Int32? {
        let range = Int(offsets[Int(person)])..<Int(offsets[Int(person) + 1])
        for stay in stays[range].reversed()
        where stay.from < asOf && stay.knownFrom < asOf && stay.knownTo >= asOf {
            return stay.household
        }
        return nil
    }

    /// Puts the others who live where `person` lives into `others`, in ascending order.
    ///
    /// - Parameter isPresent: Whether a person is alive and has not moved away.
    /// - Returns: False where no household of the person was known.
    func others(
        than person: Int32, asOf: Day, into others: inout [Int32],
        isPresent: (Int32) -> Bool
    ) -> Bool {
        others.removeAll(keepingCapacity: true)
        guard let home = household(of: person, asOf: asOf) else { return false }
        let range = Int(memberOffsets[Int(home)])..<Int(memberOffsets[Int(home) + 1])
        for member in members[range] where member != person {
            if household(of: member, asOf: asOf) == home, isPresent(member) {
                others.append(member)
            }
        }
        return true
    }
}
