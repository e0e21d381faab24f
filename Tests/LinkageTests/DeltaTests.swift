import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("A delta linked to what is there")
struct DeltaTests {
    private static let mint = try? Minter(seed: [UInt8](repeating: 3, count: 32))

    private func link(_ state: LinkState, _ delta: [Encodings]) throws -> LinkOutcome {
        try Linker.link(
            state: state, delta: delta, specification: LinkageSpecification(),
            mint: #require(Self.mint))
    }

    /// The subjects of each person, without its name.
    private func people(_ state: LinkState) -> Set<Set<SubjectPseudonym>> {
        Set(
            Dictionary(grouping: state.memberships, by: \.serial).values
                .map { Set($0.map(\.subject)) })
    }

    private func nights(_ count: Int) -> [[Encodings]] {
        let (first, second) = SyntheticEncodings.county(400)
        func part(_ all: [Identity], _ night: Int) -> [Identity] {
            // Three fifths on the first night, the rest in small parts.
            let base = all.count * 3 / 5
            let start = night == 0 ? 0 : base + (night - 1) * (all.count - base) / count
            return Array(all[start..<(base + night * (all.count - base) / count)])
        }
        return (0...count).map { night in
            [
                SyntheticEncodings.encode("a", part(first, night)),
                SyntheticEncodings.encode("b", part(second, night)),
            ]
        }
    }

    @Test("What nothing new touches keeps its people, pairs and pseudonyms")
    func untouched() throws {
        let (first, second) = SyntheticEncodings.county(300)
        let before = try link(
            LinkState(),
            [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)])
        let stranger = Identity(
            subject: 77_001, given: "xerxes", surname: "quux", birth: "19500101", home: "q")
        let after = try link(before.state, [SyntheticEncodings.encode("b", [stranger])])
        #expect(after.state.pairs == before.state.pairs)
        #expect(
            after.state.memberships.filter { $0.subject.low != 77_001 } == before.state.memberships)
        #expect(after.merges.isEmpty && after.splits.isEmpty)
        #expect(after.report.people == before.report.people + 1)
    }

    @Test("Only the part of the graph that is touched is gathered, as gathering all would")
    func likeGatheringAll() throws {
        var state = LinkState()
        for night in nights(5) { state = try link(state, night).state }
        // The whole graph of the same pairs, gathered from nothing.
        let store = try FieldStore(state.held, firstNew: state.held.map(\.count))
        let edges = SubjectPairs.edges(state.pairs, store)
        let resolved = try LinkageSpecification().resolved(over: state.held)
            .taking(state.parameters)
        let comparison = try PairComparison(resolved.comparisons ?? [], over: store)
        let scoring = PairScoring(
            store, resolved, try #require(state.parameters), comparison: comparison,
            mayRepeat: [false, false], threads: 2)
        var whole = PeopleClustering(
            source: store.subjectSource, mayRepeat: [false, false],
            linkThreshold: resolved.linkThreshold, weigh: SubjectPairs.weigher(store, scoring))
        let constraints = try LinkConstraints(
            state.overrides, MustNotLink(store), store)
        let group = whole.cluster(
            together: constraints.together, apart: constraints.apart, edges: edges
        ).group
        let gathered = Set(
            Dictionary(grouping: group.indices, by: { group[$0] }).values
                .map { Set($0.map { store.subjects[$0] }) })
        #expect(gathered == people(state))
        #expect(gathered.count < store.subjects.count * 3 / 4)
    }

    @Test("A piece that a night does not touch is not written again")
    func pieces() throws {
        let nights = nights(5)
        var state = try link(LinkState(), nights[0]).state
        #expect(state.held.map(\.source) == ["a", "b"])
        let outcome = try link(state, nights[1])
        #expect(outcome.state.held.map(\.source) == ["a", "a", "b", "b"])
        #expect(outcome.unchangedPieces.map(\.description).sorted() == ["a.0", "b.0"])
        let written = try outcome.state.tables(without: outcome.unchangedPieces)
            .filter { $0.schema == "encodings" }.map { try PieceName($0, file: "f").description }
        #expect(written == ["a.1", "b.1"])
        #expect(
            try LinkState(tables: outcome.state.tables.reversed(), file: "state") == outcome.state)
        #expect(outcome.state.sources == ["a", "b"])
        #expect(
            outcome.report.sources.map(\.versions)
                == ["a", "b"].map { outcome.state.versions(of: $0) })
        state = outcome.state
        for night in nights[2...] { state = try link(state, night).state }
        let held = state.held.reduce(0) { $0 + $1.count }
        #expect(held == nights.joined().reduce(0) { $0 + $1.count })
    }

    @Test("There are about as many pieces as the logarithm of the rows, whatever comes")
    func fewPieces() throws {
        var held: [Encodings] = []
        var total = 0
        for night in 0..<200 {
            // Sizes that go up and down.
            let count = 1 + night * 7 % 13
            let rows = (0..<count).map {
                Identity(subject: UInt64(total + $0), given: "ava", surname: "khan")
            }
            total += count
            let step = try HeldEncodings(
                held, delta: [SyntheticEncodings.encode("a", rows)], rekey: false)
            // What is new is the end of the pieces, nothing more and nothing less.
            let new = zip(step.pieces, step.firstNew).reduce(0) { $0 + $1.0.count - $1.1 }
            #expect(new == count)
            #expect(step.pieces.flatMap(\.subject).map(\.low) == (0..<total).map { UInt64($0) })
            for (index, former) in step.former.enumerated() {
                if let former { #expect(former == index && step.pieces[index] == held[index]) }
            }
            held = step.pieces
            #expect(held.count <= 12)
        }
    }
}
