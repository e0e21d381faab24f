import EncodedExtract
import Foundation
import PipelineModel
import Testing

@testable import Linkage

@Suite("Overrides by people")
struct OverrideTests {
    static let grounds = LinkOverride.Grounds(
        who: "a.clerk", at: Date(timeIntervalSince1970: 1_000_000), reason: "The letters agree.")

    private static func a(_ number: UInt64) -> SubjectPseudonym {
        SyntheticEncodings.subject("a", number)
    }

    private static func b(_ number: UInt64) -> SubjectPseudonym {
        SyntheticEncodings.subject("b", number)
    }

    /// Two sources in which 1 is linked, and 501 of one is not 502 of the other.
    private static func county(epoch: Int = 1) -> [Encodings] {
        var (first, second) = SyntheticEncodings.county(150)
        first.append(
            Identity(subject: 501, given: "xanthe", surname: "quux", birth: "19990101", home: "q"))
        second.append(
            Identity(subject: 502, given: "yorick", surname: "zork", birth: "19510602", home: "z"))
        return [
            SyntheticEncodings.encode("a", first, epoch: epoch),
            SyntheticEncodings.encode("b", second, epoch: epoch),
        ]
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("A join and a separation hold whatever the weights say, and an undoing takes them back")
    func joinSeparateUndo() throws {
        let before = try LinkerTests.link(Self.county())
        var state = before.state
        let linked = try #require(
            before.state.pairs.first { pair in
                pair.weight > 6
                    && before.state.memberships.first { $0.subject == pair.left }?.serial
                        == before.state.memberships.first { $0.subject == pair.right }?.serial
            })
        try state.overrides.record(.join, [Self.a(501)], [Self.b(502)], Self.grounds)
        try state.overrides.record(.separate, [linked.left], [linked.right], Self.grounds)
        let after = try LinkerTests.link(state, [])
        #expect(LinkerTests.person(after, "a", 501) == LinkerTests.person(after, "b", 502))
        func serials(_ outcome: LinkOutcome) -> [UInt64] {
            [linked.left, linked.right].compactMap { subject in
                outcome.state.memberships.first { $0.subject == subject }?.serial
            }
        }
        #expect(Set(serials(after)).count == 2)
        #expect(after.merges.count == 1 && after.splits.count == 1)
        #expect(after.report.overrides == 2)
        #expect(after.report.pairsForReview == before.report.pairsForReview)
        #expect(after.report.pairsLinked == before.report.pairsLinked - 1)

        state = after.state
        try state.overrides.undo(1, Self.grounds)
        try state.overrides.undo(2, Self.grounds)
        let undone = try LinkerTests.link(state, [])
        #expect(LinkerTests.people(undone.spine) == LinkerTests.people(before.spine))
        #expect(undone.state.overrides.entries.count == 4)
        #expect(undone.report.overrides == 0)
        // The pair that was split has its person again, and its second pseudonym is an alias.
        let person = try #require(
            before.state.memberships.first { $0.subject == linked.left }?.person)
        #expect(undone.state.memberships.first { $0.subject == linked.right }?.person == person)
    }

    @Test("Overrides survive new keys, new training and the tables of the state")
    func survive() throws {
        var state = try LinkerTests.link(Self.county()).state
        try state.overrides.record(.join, [Self.a(501)], [Self.b(502)], Self.grounds)
        let joined = try LinkerTests.link(state, [])
        let read = try LinkState(tables: joined.state.tables.reversed(), file: "state")
        #expect(read == joined.state)
        let rekeyed = try LinkerTests.link(read, Self.county(epoch: 2), rekey: true)
        #expect(LinkerTests.person(rekeyed, "a", 501) == LinkerTests.person(rekeyed, "b", 502))
        var other = LinkageSpecification()
        other.linkThreshold = 3
        let again = try LinkerTests.link(rekeyed.state, [], other)
        #expect(again.report.trained)
        #expect(LinkerTests.person(again, "a", 501) == LinkerTests.person(again, "b", 502))
        #expect(again.state.overrides == state.overrides)
    }

    @Test("People are overridden with all their subjects, by an old pseudonym too")
    func people() throws {
        let outcome = try LinkerTests.link(Self.county())
        var state = outcome.state
        let person = try #require(LinkerTests.person(outcome, "a", 501))
        let one = try #require(state.memberships.first { $0.serial == 0 })
        let subjects = state.memberships.filter { $0.serial == 0 }.map(\.subject)
        #expect(state.subjects(one.person.cast()) == subjects)
        #expect(state.subjects(one.subject.cast()) == [one.subject])
        #expect(state.subjects(UnitPseudonym(high: 1, low: 1)).isEmpty)
        try state.overrides.record(
            .join, state.subjects(one.person.cast()), state.subjects(person.cast()), Self.grounds)
        let joined = try LinkerTests.link(state, [])
        let merge = try #require(joined.merges.first)
        #expect(joined.state.subjects(merge.alias.cast()) == (subjects + [Self.a(501)]).sorted())
    }

    @Test("What contradicts, directly or through others, is refused with the numbers")
    func contradictions() throws {
        var overrides = LinkOverrides()
        try overrides.record(.join, [Self.a(1)], [Self.b(1)], Self.grounds)
        try overrides.record(.join, [Self.b(1)], [Self.a(2)], Self.grounds)
        try overrides.record(.separate, [Self.a(3)], [Self.a(1)], Self.grounds)
        let before = overrides
        #expect(
            refusal { try overrides.record(.separate, [Self.a(1)], [Self.b(1)], Self.grounds) }
                .contains("The overrides 1, 2 together say the opposite."))
        #expect(
            refusal { try overrides.record(.separate, [Self.a(2)], [Self.a(1)], Self.grounds) }
                .contains("The overrides 1, 2 together say the opposite."))
        #expect(
            refusal { try overrides.record(.join, [Self.a(2)], [Self.a(3)], Self.grounds) }
                .contains("Override 3 says the opposite."))
        #expect(
            refusal { try overrides.record(.join, [Self.b(1)], [Self.a(1)], Self.grounds) }
                .contains("Override 1 says so already."))
        #expect(
            refusal { try overrides.record(.join, [Self.a(1)], [Self.a(1)], Self.grounds) }
                .contains("no subject in common"))
        #expect(overrides == before)
        try overrides.undo(3, Self.grounds)
        try overrides.record(.join, [Self.a(2)], [Self.a(3)], Self.grounds)
        #expect(overrides.standing.map(\.number) == [1, 2, 5])
        #expect(refusal { try overrides.undo(3, Self.grounds) }.contains("does not stand"))
        #expect(refusal { try overrides.undo(4, Self.grounds) }.contains("does not stand"))
        #expect(refusal { try overrides.undo(9, Self.grounds) }.contains("There is no override 9."))
    }

    @Test(
        "Who and why must be there, and short",
        arguments: [
            ("", "Why."), ("Ann Smith", "Why."), ("a", ""), ("a", " \u{a0}"), ("a", "two\nlines"),
            ("a", String(repeating: "x", count: 301)), (String(repeating: "a", count: 65), "Why."),
        ])
    func grounds(who: String, reason: String) {
        var overrides = LinkOverrides()
        let grounds = LinkOverride.Grounds(who: who, at: Date(), reason: reason)
        let said = refusal { try overrides.record(.join, [Self.a(1)], [Self.b(1)], grounds) }
        #expect(said.contains("Who records") || said.contains("The reason of an override"))
        #expect(!said.contains("Ann") && overrides.isEmpty)
    }

    @Test("A table that was damaged, or is of another version, is refused")
    func damagedTable() throws {
        var overrides = LinkOverrides()
        try overrides.record(.separate, [Self.a(1), Self.a(2)], [Self.b(1)], Self.grounds)
        try overrides.undo(1, Self.grounds)
        let table = overrides.table
        #expect(try LinkOverrides(table, file: "x") == overrides)
        var other = table
        other.version = 9
        #expect(refusal { _ = try LinkOverrides(other, file: "x") }.contains("knows version 1"))
        for column in table.columns.map(\.name) {
            let less = ColumnTable(
                schema: table.schema, version: table.version,
                columns: table.columns.filter { $0.name != column })
            #expect(refusal { _ = try LinkOverrides(less, file: "x") }.contains("are damaged"))
        }
        let renumbered = ColumnTable(
            schema: table.schema, version: table.version,
            columns: table.columns.map {
                $0.name == "number" ? Column("number", .integer([2, 1])) : $0
            })
        #expect(refusal { _ = try LinkOverrides(renumbered, file: "x") }.contains("are damaged"))
    }

    @Test("An explanation says that somebody has decided, and who")
    func explained() throws {
        var state = try LinkerTests.link(Self.county()).state
        try state.overrides.record(.join, [Self.a(501)], [Self.b(502)], Self.grounds)
        func explain(_ state: LinkState) throws -> PairExplanation {
            try Linker.explain(
                Self.a(501), Self.b(502), in: state, specification: LinkageSpecification())
        }
        #expect(try explain(state).reason.contains("the next link applies it"))
        let joined = try explain(try LinkerTests.link(state, []).state)
        #expect(joined.decision == .link)
        #expect(joined.reason.contains("Override 1, of a.clerk, says that they are one person"))
        state.overrides = LinkOverrides()
        try state.overrides.record(.separate, [Self.a(501)], [Self.b(502)], Self.grounds)
        #expect(try explain(state).decision == .apart)
    }
}
