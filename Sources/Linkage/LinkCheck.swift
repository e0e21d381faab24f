import EncodedExtract
import PipelineModel

/// What linking everything anew says of the people that were linked night by night.
public struct LinkCheck: Sendable, Equatable, Codable {
    /// A subject whose person holds other subjects when everything is linked anew.
    public struct Difference: Sendable, Equatable, Codable {
        public var subject: String
        public var source: String
        /// The person of the state.
        public var person: String
        /// The person that linking anew gives: one of the state, or one that would be minted.
        public var anew: String
    }

    public var subjects = 0
    public var people = 0
    public var peopleAnew = 0
    /// People who are the same subjects either way.
    public var agreeing = 0
    /// In ascending order of subject.
    public var differences: [Difference] = []

    /// Whether both ways give the same people.
    public var agrees: Bool { differences.isEmpty }
}

extension Linker {
    /// Links everything that `state` holds at once, under its parameters and overrides but without
    /// its weighed pairs, and compares the people; changes nothing.
    ///
    /// Nights may differ from it: a pair keeps the weight of its night, when its values were rarer
    /// or its block still small enough to be looked at.
    ///
    /// - Parameters:
    ///   - state: The state of the newest linkage.
    ///   - specification: The `linkage:` configuration.
    ///   - mint: Makes the pseudonyms of people, as for a link.
    /// - Throws: `StileError` with code `input` where the specification is not the one under which
    ///   people were linked; else what ``link(state:delta:specification:mint:rekey:registers:detail:)``
    ///   throws.
    public static func check(
        _ state: LinkState, specification: LinkageSpecification, mint: Minter
    ) throws -> LinkCheck {
        _ = try state.linkedBy(specification, then: "check again")
        var pinned = specification
        pinned.pinned = state.parameters
        // Where training chose no threshold, the nights linked at the one that is given.
        if state.parameters?.linkThreshold == nil { pinned.estimatesThreshold = false }
        var fresh = LinkState()
        fresh.overrides = state.overrides
        // Only so that people keep their pseudonyms: no person decides about a link.
        fresh.memberships = state.memberships
        fresh.nextSerial = state.nextSerial
        let anew = try link(state: fresh, delta: state.held, specification: pinned, mint: mint)
        return compare(state, anew.state)
    }

    private static func compare(_ state: LinkState, _ anew: LinkState) -> LinkCheck {
        func people(_ state: LinkState) -> [UInt64: [SubjectPseudonym]] {
            var found: [UInt64: [SubjectPseudonym]] = [:]
            for membership in state.memberships {
                found[membership.serial, default: []].append(membership.subject)
            }
            return found
        }
        let (before, after) = (people(state), people(anew))
        let same = Set(after.values)
        let sources = state.sources
        var check = LinkCheck()
        check.subjects = state.memberships.count
        check.people = before.count
        check.peopleAnew = after.count
        check.agreeing = before.values.count { same.contains($0) }
        for (one, two) in zip(state.memberships, anew.memberships) {
            guard before[one.serial] != after[two.serial] else { continue }
            check.differences.append(
                LinkCheck.Difference(
                    subject: one.subject.hex, source: sources[Int(one.source)],
                    person: one.person.hex, anew: two.person.hex))
        }
        return check
    }
}
