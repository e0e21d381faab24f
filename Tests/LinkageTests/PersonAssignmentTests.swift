import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("The person of each group")
struct PersonAssignmentTests {
    @Test("Whom a delta does not touch is not looked at, and keeps the person", arguments: 0..<8)
    func touched(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, label: "people")
        let (count, new) = (400, 12)
        let people = (0..<count).map {
            Identity(subject: UInt64($0), given: "ava", surname: "khan")
        }
        let store = try FieldStore(
            [
                SyntheticEncodings.encode("a", people),
                SyntheticEncodings.encode("b", people),
            ], firstNew: [count - new, count])
        func isNew(_ subject: Int32) -> Bool {
            store.rows(of: subject).contains { store.isNew[$0] }
        }
        func edges(_ wanted: Int) -> [PeopleClustering.Edge] {
            (0..<wanted).map { _ in
                let one = Int32(generator.below(2 * count))
                let other = Int32(generator.below(2 * count))
                return .init(
                    left: min(one, other), right: max(one, other), weight: 9, conflict: false)
            }
        }
        let all = edges(500)
        // Before, only those who were there, and not all that is joined now.
        let old = all.filter { !isNew($0.left) && !isNew($0.right) }
        let roots = ConnectedSubjects(2 * count, edges: old.filter { $0.left % 7 != 0 }).root
        let mint = try Minter(seed: [UInt8](repeating: 3, count: 32))
        // People in an order of their own; some whom no pair connects share one too.
        let serials = (0..<Int32(2 * count)).map { UInt64(($0 * 37) % Int32(2 * count)) }
        let former = (0..<Int32(2 * count)).filter { !isNew($0) }.map { subject in
            let root = roots[Int(subject)]
            let serial = serials[Int(root % 11 == 0 ? root / 11 : root)]
            return LinkState.Membership(
                subject: store.subjects[Int(subject)],
                source: UInt32(store.subjectSource[Int(subject)]), serial: serial,
                person: mint.person(serial))
        }
        let touched = TouchedPeople(
            store, edges: old + all,
            constraints: try LinkConstraints(
                LinkOverrides(), MustNotLink(store), store),
            named: [], memberships: former)
        #expect(touched.subjects.count < store.subjects.count)
        // What is touched falls apart and comes together anew.
        let inside = all.filter { touched.holds($0.left) && $0.left % 5 != 0 }.map {
            PeopleClustering.Edge(
                left: touched.place[Int($0.left)], right: touched.place[Int($0.right)], weight: 9,
                conflict: false)
        }
        let outcome = PeopleClustering.Outcome(
            group: ConnectedSubjects(touched.subjects.count, edges: inside).root, refused: 0,
            apart: 0, apartAtLink: 0, merges: [])
        let group = touched.groups(outcome, former, store)
        func assigned(_ touched: TouchedPeople?) -> PersonAssignment {
            PersonAssignment(
                subjects: store.subjects, sources: store.subjectSource, group: group,
                former: former, touched: touched, nextSerial: 1_000, mint: mint)
        }
        let (some, whole) = (assigned(touched), assigned(nil))
        #expect(some.memberships == whole.memberships)
        #expect(some.merges == whole.merges && some.splits == whole.splits)
        #expect(some.nextSerial == whole.nextSerial && some.nextSerial > 1_000)
        #expect(!some.merges.isEmpty && !some.splits.isEmpty)
        let isTouched = touched.serials(former)
        let after = Dictionary(
            uniqueKeysWithValues: some.memberships.map { ($0.subject, $0.person) })
        for member in former where !isTouched[Int(member.serial)] {
            #expect(after[member.subject] == member.person)
        }
        #expect(isTouched.contains(true) && isTouched.count { !$0 } > 50)
    }
}
