import PipelineModel
import Testing

@testable import Linkage

@Suite("Groups of subjects")
struct DisjointGroupsTests {
    @Test("are those of a plain list of sets, whatever is joined", arguments: 0..<20)
    func plain(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, label: "groups")
        let count = 40
        var groups = DisjointGroups(count)
        var sets = (0..<count).map { Set([Int32($0)]) }
        for _ in 0..<30 {
            let (one, other) = (Int32(generator.below(count)), Int32(generator.below(count)))
            let (left, right) = (groups.root(of: one), groups.root(of: other))
            guard left != right else { continue }
            let (root, gone) = groups.join(left, right)
            #expect(root == min(left, right) && gone == max(left, right))
            #expect(groups.isRoot(root) && !groups.isRoot(gone))
            sets[Int(root)].formUnion(sets[Int(gone)])
            sets[Int(gone)] = []
        }
        for subject in 0..<Int32(count) {
            let root = groups.root(of: subject)
            #expect(sets[Int(root)].contains(subject))
            #expect(Set(groups.members(root)) == sets[Int(root)])
            #expect(groups.size(root) == sets[Int(root)].count)
        }
    }

    @Test("are taken apart and put together in another way")
    func regroup() {
        var groups = DisjointGroups(6)
        groups.join(0, 1)
        groups.join(2, 3)
        groups.join(0, 4)
        groups.regroup([0, 1, 2, 3, 4], [7, 8, 7, 8, 9])
        #expect(Array(groups.members(0)) == [0, 2] && Array(groups.members(1)) == [1, 3])
        #expect(Array(groups.members(4)) == [4] && Array(groups.members(5)) == [5])
        #expect(groups.root(of: 3) == 1 && groups.size(1) == 2 && groups.size(4) == 1)
    }

    @Test("Those connected with more than one other are contested")
    func contested() {
        func edge(_ left: Int32, _ right: Int32) -> PeopleClustering.Edge {
            .init(left: left, right: right, weight: 1, conflict: false)
        }
        #expect(
            PeopleClustering.contested([edge(0, 3), edge(1, 2), edge(2, 5), edge(4, 6)], 8)
                == [1, 2, 5])
        #expect(PeopleClustering.contested([], 3).isEmpty)
    }
}
