import PipelineModel
import Testing

struct PeopleApartTests {
    /// Rows of some forty people, of one many and of another few, in no order.
    private static let about: [UnitPseudonym] = (0..<211).map { (row: Int) -> UnitPseudonym in
        let person: Int = row * row % 53 + (row % 7) * (row % 3)
        return UnitPseudonym(high: 3, low: UInt64(person))
    }

    @Test(arguments: [2, 5, 10])
    func everyoneStandsInOnePartWithAllRows(folds: Int) throws {
        let parts = PeopleApart.folds(folds).parts(of: Self.about, seed: 1)
        var partOf: [UnitPseudonym: Set<Int>] = [:]
        for (unit, part) in zip(Self.about, parts) {
            partOf[unit, default: []].insert(try #require(part))
        }
        #expect(partOf.values.allSatisfy { $0.count == 1 })
        let people = (0..<folds).map { part in partOf.values.count { $0 == [part] } }
        #expect((people.max() ?? 0) - (people.min() ?? 0) <= 1)
        #expect(people.reduce(0, +) == Set(Self.about).count)
    }

    @Test func aShareOfThePeopleIsTestedAndNoRowOfTheOthers() {
        let parts = PeopleApart.testShare(0.3).parts(of: Self.about, seed: 1)
        let tested = Set(zip(Self.about, parts).filter { $0.1 == 0 }.map(\.0))
        let others = Set(zip(Self.about, parts).filter { $0.1 == nil }.map(\.0))
        #expect(tested.isDisjoint(with: others))
        let people = Set(Self.about).count
        #expect(tested.count == Int((0.3 * Double(people)).rounded(.up)))
    }

    @Test func theSeedDecidesAndNothingElse() {
        let apart = PeopleApart.folds(5)
        let parts = apart.parts(of: Self.about, seed: 1)
        #expect(parts == apart.parts(of: Self.about, seed: 1))
        #expect(parts != apart.parts(of: Self.about, seed: 2))
        // Whose pseudonym it is has no say, only who comes first.
        let renamed = Self.about.map { UnitPseudonym(high: 9, low: ~$0.low) }
        #expect(apart.parts(of: renamed, seed: 1) == parts)
    }

    @Test func fewerPeopleThanPartsLeavePartsEmpty() {
        let three = (0..<6).map { UnitPseudonym(high: 1, low: UInt64($0 % 3)) }
        let parts = PeopleApart.folds(10).parts(of: three, seed: 1)
        #expect(Set(parts).count == 3 && parts[0] == parts[3])
        #expect(PeopleApart.folds(10).parts(of: [], seed: 1).isEmpty)
    }

    @Test func whatCannotHappenIsToldByLevel() {
        let groups = [
            ScoredTable.Group(name: "ward", levels: ["a", "b", "c"], codes: [0, 1, 2, .max])
        ]
        func holds(_ group: String, _ levels: [String]) -> [Bool] {
            Impossibility(group: group, levels: levels, why: "w").holds(groups, rows: 4)
        }
        #expect(holds("ward", ["c", "a"]) == [true, false, true, false])
        #expect(holds("ward", ["d"]) == [false, false, false, false])
        #expect(holds("other", ["a"]) == [false, false, false, false])
    }
}
