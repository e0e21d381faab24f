import Testing

@testable import Attack
@testable import Pseudonymise

@Suite("People whom the attacker knows")
struct KnownPeopleTests {
    private static let people = MadePeople(4_000)

    private func attacked(_ hardening: String, _ compounds: String) throws -> AttackedRecords {
        try MadePeople.attacked(
            Self.people.identities,
            MadePeople.specification(
                yaml: """
                    hardening: {\(hardening)}
                    fields:
                      given_name: {kind: name}
                      surname: {kind: name}
                      date_of_birth: {kind: date_of_birth}
                      sex: {kind: code}
                    compounds:
                      names: {fields: [given_name, surname], \(compounds)}
                    """))
    }

    private func known(
        _ records: AttackedRecords, _ field: String, _ target: AttackedRecords.Target
    ) throws -> AttackScore {
        var limits = AttackLimits()
        limits.knownPeople = 400
        return try #require(
            AttackSuite(records, limits: limits).run(methods: [.knownPeople], fields: [field])
                .first { $0.target == target }
        ).score
    }

    @Test(
        "Who shares a name with a known person is read from filters of both names' letters, not from joint ones"
    )
    func bagAndJoint() throws {
        let bag = try attacked("salt: none, diffusion: 3", "salts: [none]")
        let joint = try attacked("", "joint: true")
        for target in [AttackedRecords.Target.given, .family] {
            let ofBag = try known(bag, "names.none", target)
            let ofJoint = try known(joint, "names.joint", target)
            #expect(ofBag.records == 3_600 && ofJoint.records == 3_600)
            #expect(ofBag.five >= ofBag.first && ofJoint.five >= ofJoint.first)
            // What is read beyond the commonest name.
            let (more, less) = (ofBag.first - ofBag.blind, ofJoint.first - ofJoint.blind)
            #expect(more > 360 && 5 * less < more, "\(target): \(more), \(less)")
        }
    }

    /// The oracle is which names some known person has.
    @Test(
        "From filters of one name that nothing salts every name of a known person is read, from salted ones hardly any"
    )
    func single() throws {
        let records = try attacked("salt: none", "salts: [none]")
        let names = records.given.ids
        // Every tenth is known.
        let known = Set(stride(from: 9, to: names.count, by: 10).map { names[$0] })
        let covered = names.indices.count { $0 % 10 != 9 && known.contains(names[$0]) }
        #expect(try self.known(records, "given_name", .given).first == covered)
        let salted = try self.known(attacked("", "joint: true"), "given_name", .given)
        #expect(salted.share(salted.first - salted.blind) < 0.02)
    }

    @Test("Nobody is asked about whom the attacker knows, and a token is not attacked so")
    func records() throws {
        let records = try attacked("", "joint: true")
        let found = AttackSuite(records).run(methods: [.knownPeople])
        #expect(found.allSatisfy { $0.form == "filter" && $0.score.records < 4_000 })
        #expect(Set(found.map(\.field)).isSuperset(of: ["given_name", "names.joint", "surname"]))
    }
}
