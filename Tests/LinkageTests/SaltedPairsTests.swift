import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Pairs under a salt")
struct SaltedPairsTests {
    private static let people = 3_000
    private static let names = (0..<25).map { number in
        var generator = SeededGenerator(seed: UInt64(number), label: "name")
        return [generator.next() & generator.next(), generator.next() & generator.next()]
    }

    /// A person of a register: the day of birth, and a name that the day salts.
    private struct Person {
        var number: UInt64
        var birth: UInt64
        var name: Int
    }

    private static func register(_ source: String, seed: UInt64) -> [Person] {
        var generator = SeededGenerator(seed: seed, label: source)
        return (0..<people).map { number in
            Person(
                number: UInt64(number), birth: UInt64(generator.below(400)),
                // Some names are commoner than others.
                name: min(generator.below(names.count), generator.below(names.count)))
        }
    }

    private static func encoded(_ source: String, _ people: [Person]) -> Encodings {
        Encodings(
            source: source, keyEpoch: 1, specification: ContentDigest.sha256("s"),
            subject: people.map { SyntheticEncodings.subject(source, $0.number) },
            record: people.map { RecordPseudonym(high: 1, low: $0.number) },
            operation: people.map { _ in .open }, happened: people.map { _ in Day(1) },
            known: people.map { _ in Day(1) },
            fields: [
                .init("birth", .token(WordColumn(people.map(\.birth)))),
                .init(
                    "name",
                    .filter(
                        bits: 128,
                        words: WordColumn(
                            people.flatMap { person in names[person.name].map { $0 ^ person.birth }
                            })),
                    salt: "birth"),
            ])
    }

    private static func sharing(_ people: [Person]) -> Int {
        var days: [UInt64: Int] = [:]
        for person in people where person.birth != 0 { days[person.birth, default: 0] += 1 }
        return days.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    }

    private static let registers = [
        register("a", seed: 3), register("b", seed: 4),
    ]

    private static func store(reversed: Bool = false) throws -> FieldStore {
        let pieces = zip(["a", "b"], registers).map {
            encoded($0, reversed ? $1.reversed() : $1)
        }
        return try FieldStore(pieces, firstNew: pieces.map(\.count))
    }

    @Test("Every pair shares the salt, and in unique sources the source", arguments: [true, false])
    func share(withinSource: Bool) throws {
        let store = try Self.store()
        let pairs = SaltedPairs(
            "birth", store, isEligible: [true, !withinSource], withinSource: withinSource,
            count: 2_000)
        let births = try #require(store.tokens["birth"])
        let source = store.rowSource
        #expect(pairs.left.count == 2_000)
        for (left, right) in zip(pairs.left, pairs.right) {
            #expect(left != right && births[Int(left)] == births[Int(right)])
            #expect(births[Int(left)] != 0)
            if withinSource { #expect(source[Int(left)] == 0 && source[Int(right)] == 0) }
        }
        let rows = withinSource ? Self.registers[0] : Self.registers[0] + Self.registers[1]
        let all = Self.sharing(rows)
        #expect(abs(pairs.each * 2_000 - Double(all)) < 1e-6)
    }

    @Test("All pairs are made where so many are asked for, each once")
    func exhaustive() throws {
        let store = try Self.store()
        let pairs = SaltedPairs(
            "birth", store, isEligible: [true, true], withinSource: true, count: .max)
        #expect(pairs.each == 1)
        let made = Set(zip(pairs.left, pairs.right).map { Set([$0, $1]) })
        let all = Self.registers.map(Self.sharing).reduce(0, +)
        #expect(made.count == all && pairs.left.count == all)
    }

    @Test("The order of the input makes no difference")
    func order() throws {
        func named(_ reversed: Bool) throws -> Set<Set<SubjectPseudonym>> {
            let store = try Self.store(reversed: reversed)
            let pairs = SaltedPairs(
                "birth", store, isEligible: [true, true], withinSource: true, count: 500)
            return Set(
                zip(pairs.left, pairs.right).map {
                    Set([$0, $1].map { store.subjects[Int(store.rowSubject[Int($0)])] })
                })
        }
        #expect(try named(false) == named(true))
    }

    @Test("A salted name agrees at random as often as names do on one day of birth")
    func agreement() throws {
        let store = try Self.store()
        let comparisons = [
            LinkageSpecification.Comparison("name", [.similar("name", atLeast: 1)]),
            LinkageSpecification.Comparison("birth", [.equal("birth")]),
        ]
        let comparison = try PairComparison(comparisons, over: store)
        let random = RandomAgreement(store, comparisons, comparison, mayRepeat: [false, false])
        var (same, all) = (0.0, 0.0)
        for people in Self.registers {
            for group in Dictionary(grouping: people, by: \.birth).values where group[0].birth != 0
            {
                for (place, one) in group.enumerated() {
                    for other in group.dropFirst(place + 1) {
                        all += 1
                        if one.name == other.name { same += 1 }
                    }
                }
            }
        }
        #expect(!random.unknown[0])
        #expect(abs(random.shares[0][0] - same / all) < 0.002)
        #expect(random.matches == [0, 0])
        // In one file that holds people twice, one pair in four hundred shares the salt.
        let repeating = RandomAgreement(store, comparisons, comparison, mayRepeat: [true, true])
        #expect(repeating.matches[1] == 1)
        #expect(repeating.matches[0] > 300 && repeating.matches[0] < 450)
    }

    @Test("Records of one source follow each other in the order that they have among all")
    func bySource() throws {
        let sources = zip(["a", "b"], Self.registers).map { Self.encoded($0, $1) }
        let store = try FieldStore(sources, firstNew: [0, 0])
        let all = SaltedPairs.Subjects(store, bySource: false, threads: 2)
        let apart = SaltedPairs.Subjects(store, bySource: true, threads: 2)
        func source(_ row: UInt32) -> Int32 {
            store.subjectSource[Int(store.rowSubject[Int(row)])]
        }
        #expect(all.source == all.rows.map(source) && all.source != all.source.sorted())
        #expect(
            apart.rows
                == all.rows.filter { source($0) == 0 } + all.rows.filter { source($0) == 1 })
        #expect(apart.source == apart.rows.map(source))
        #expect(apart.ends == [UInt32(Self.people), UInt32(2 * Self.people)])
    }
}
