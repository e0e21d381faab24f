import EncodedExtract
import PipelineModel
import Testing

@testable import Attack
@testable import Pseudonymise

@Suite("Attacks on encodings")
struct EncodingAttackTests {
    private static let people = MadePeople(4_000)

    private func run(
        _ records: AttackedRecords, _ method: AttackFinding.Method, _ field: String,
        _ knowledge: Knowledge = .idealised, key: Pseudonymiser? = nil,
        foreign: Pseudonymiser? = nil
    ) -> AttackScore? {
        var limits = AttackLimits()
        limits.nodesInGraph = 60
        limits.nodesInAll = 60
        limits.enumeratedRecords = 50
        return AttackSuite(records, limits: limits).run(
            key: key, foreign: foreign, methods: [method], fields: [field]
        ).filter { $0.knowledge == knowledge }.map(\.score).max { $0.first < $1.first }
    }

    /// The rate of the literature and of this project's own measurement is 16.6 % for given names.
    @Test("Tokens of single names fall to the published frequencies")
    func naiveTokens() throws {
        let records = try MadePeople(12_000).naive()
        for field in ["given_name", "surname"] {
            let published = try #require(run(records, .ranking, field, .published))
            let idealised = try #require(run(records, .ranking, field))
            #expect(published.records == 12_000)
            #expect(published.first > 2 * published.blind)
            #expect(idealised.share(idealised.first) >= 0.1)
            #expect(idealised.five > idealised.first && idealised.first > 3 * idealised.blind)
            #expect(published.five > 2 * published.blind)
        }
    }

    @Test(
        "An unsalted filter is such a token, with a fold or diffusion too, and noise only blurs it")
    func unsaltedFilters() throws {
        let naive = try #require(run(Self.people.naive(), .ranking, "surname"))
        for hardening in [
            "salt: none, diffusion: 0", "salt: none, diffusion: 0, fold: true",
            "salt: none, diffusion: 3",
        ] {
            let score = try #require(
                run(Self.people.attacked(hardening), .ranking, "surname"))
            #expect(score.first >= naive.first)
        }
        let noisy = try #require(
            run(Self.people.attacked("salt: none, diffusion: 0, flip: 0.02"), .ranking, "surname"))
        #expect(noisy.share(noisy.first) > 0.1)
    }

    @Test("Salted by the date of birth, ranking gives hardly more than a guess without looking")
    func salted() throws {
        let records = try Self.people.attacked("")
        for field in ["given_name", "surname", "given_name.formal"] {
            let score = try #require(run(records, .ranking, field))
            #expect(score.share(score.first - score.blind) < 0.01)
        }
        for field in ["names.year_month", "names.month_day", "block.names_year"] {
            let score = try #require(run(records, .ranking, field))
            #expect(score.share(score.first - score.blind) < 0.01)
        }
        #expect(run(records, .patternMining, "surname") == nil)
    }

    /// People have unequal numbers of versions, so that the commonest value is the person who comes
    /// most often: a ranking names some of them by any token, also by one that holds no name.
    @Test("A ranking reads no more from a key of two names and an area than from a plain number")
    func chance() throws {
        let people = MadePeople(3_000)
        let rows = people.given.indices.flatMap { Array(repeating: $0, count: 1 + $0 % 6) }
        let specification = try MadePeople.specification("")
        var encodings = Encodings(
            source: "gp", keyEpoch: 1, specification: specification.digest,
            subject: rows.map { SubjectPseudonym(high: 1, low: UInt64($0 + 1)) })
        var numbers: [String: UInt64] = [:]
        let keys = rows.map { row -> UInt64 in
            let key = "\(people.given[row].prefix(3)) \(people.family[row].prefix(3)) \(row % 40)"
            let number = numbers[key] ?? UInt64(numbers.count + 1)
            numbers[key] = number
            return number
        }
        encodings.fields = [
            .init("block.names_area", .token(keys)),
            .init("block.number", .token(rows.map { UInt64(7 * $0 + 1) })),
        ]
        let records = AttackedRecords(
            encodings, specification: specification,
            identities: people.identities.mapValues { values in rows.map { values[$0] } })
        for target in AttackedRecords.Target.allCases where target != .content {
            let shares = try encodings.fields.map { field in
                let stored = StoredValues(field, of: records)
                let truth = try #require(records.truth(target, of: field.name))
                let score = RankAttack(records, truth, target: target, knowledge: .idealised)
                    .run(stored)
                return score.share(score.first)
            }
            #expect(abs(shares[0] - shares[1]) < 0.002, "\(target) \(shares)")
            #expect(shares.allSatisfy { $0 < 0.004 }, "\(target) \(shares)")
        }
    }

    @Test("Keys of names that an area salts are ranked area by area")
    func saltedKeys() throws {
        let people = MadePeople(1_200)
        let specification = try MadePeople.specification("")
        let areas = people.given.indices.map { UInt64(1 + $0 % 7) }
        var encodings = Encodings(
            source: "gp", keyEpoch: 1, specification: specification.digest,
            subject: people.given.indices.map { SubjectPseudonym(high: 1, low: UInt64($0 + 1)) })
        encodings.fields = [
            .init("postcode.sector", .token(WordColumn(areas))),
            .init(
                "block.names", .token(WordColumn(areas.map { 100 + $0 })), salt: "postcode.sector"),
            .init("block.other", .token(WordColumn(areas.map { 100 + $0 }))),
        ]
        let records = AttackedRecords(
            encodings, specification: specification, identities: people.identities)
        let stored = encodings.fields.map { StoredValues($0, of: records) }
        #expect(stored.map(\.groupCount) == [1, 7, 1])
        #expect(Set(zip(stored[1].groups, areas).map { "\($0) \($1)" }).count == 7)
    }

    @Test("Pattern mining reads bare filters, and less of diffused ones")
    func patterns() throws {
        let bare = try #require(
            run(Self.people.attacked("salt: none, diffusion: 0"), .patternMining, "surname"))
        #expect(bare.share(bare.five) > 3 * bare.share(bare.blind))
        let diffused = try #require(
            run(Self.people.attacked("salt: none, diffusion: 3"), .patternMining, "surname"))
        #expect(diffused.first < bare.first)
    }

    @Test("Similarities give bare filters away to whoever knows the names")
    func graphs() throws {
        let bare = try #require(
            run(Self.people.attacked("salt: none, diffusion: 0"), .graphMatching, "surname"))
        #expect(bare.share(bare.first) > 0.5)
    }

    @Test("Whoever holds the key reads everything; knowing the salt without the key reads nothing")
    func enumeration() throws {
        for hardening in ["", "flip: 0.02"] {
            let records = try Self.people.attacked(hardening)
            let own = try MadePeople.pseudonymiser(records.specification)
            let foreign = try MadePeople.pseudonymiser(records.specification, seed: 2)
            for field in ["given_name", "surname"] {
                let key = try #require(run(records, .leakedKey, field, key: own))
                #expect(key.share(key.first) > 0.99)
                let salt = try #require(run(records, .leakedSalt, field, foreign: foreign))
                #expect(salt.share(salt.first) < 0.02)
            }
        }
    }

    @Test("Copies of one filter with noise are one value; other names are others")
    func clustering() throws {
        let records = try MadePeople(1_000).attacked("salt: none, diffusion: 0, flip: 0.02")
        let field = try #require(records.encodings.fields.first { $0.name == "surname" })
        let stored = StoredValues(field, of: records)
        var together = 0
        var pairs = 0
        for left in 0..<300 {
            for right in (left + 1)..<300
            where records.family.ids[left] == records.family.ids[right] {
                pairs += 1
                if stored.values[left] == stored.values[right] { together += 1 }
            }
        }
        #expect(pairs > 30 && Double(together) > 0.8 * Double(pairs))
        #expect(stored.valueCount > 200)
    }

    @Test("The same records give the same findings, and none prints a name")
    func deterministic() throws {
        let records = try MadePeople(600).attacked("salt: none, diffusion: 2, flip: 0.01")
        let own = try MadePeople.pseudonymiser(records.specification)
        var limits = AttackLimits()
        limits.nodesInGraph = 30
        limits.enumeratedRecords = 20
        let first = AttackSuite(records, limits: limits).run(key: own)
        let second = AttackSuite(records, limits: limits).run(key: own)
        #expect(first.map(\.score) == second.map(\.score))
        #expect(Set(first.map(\.method)).count == 5)
        for name in Set(records.family.distinct + records.given.distinct) where name.count > 4 {
            let text = String(decoding: name, as: UTF8.self)
            #expect(!"\(first)".contains(text) && !"\(records)".contains(text))
        }
    }
}
