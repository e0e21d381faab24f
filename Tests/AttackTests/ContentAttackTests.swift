import EncodedExtract
import PipelineModel
import Testing

@testable import Attack
@testable import Pseudonymise

/// What a stored value itself holds: dates, homes, numbers, codes and texts.
@Suite("Attacks on what is stored beside names")
struct ContentAttackTests {
    private static let residents = MadeResidents(3_200)

    private func findings(
        _ records: AttackedRecords, _ field: String, _ method: AttackFinding.Method = .ranking,
        key: Pseudonymiser? = nil, limits: AttackLimits = AttackLimits()
    ) -> [AttackFinding] {
        AttackSuite(records, limits: limits).run(key: key, methods: [method], fields: [field])
    }

    private func content(
        _ records: AttackedRecords, _ field: String, _ method: AttackFinding.Method = .ranking,
        key: Pseudonymiser? = nil, limits: AttackLimits = AttackLimits()
    ) throws -> AttackFinding {
        try #require(
            findings(records, field, method, key: key, limits: limits)
                .first { $0.target == .content })
    }

    @Test("A token of two values is read by anybody who counts")
    func codes() throws {
        let sex = try content(Self.residents.attacked(), "sex")
        #expect(sex.score.first == 3_200 && sex.score.values == 2 && sex.isReadByCounting)
        #expect(sex.score.blind == 1_920)
        #expect(sex.knowledge == .idealised)
    }

    /// Misspelt districts are many and of one record each; the others are read all the same.
    @Test("A few values that all but some records have are read by counting too")
    func fewCommonValues() throws {
        let people = MadePeople(200)
        let codes = people.given.indices.map { row -> String in
            switch row {
            case ..<100: "LE1 4AB"
            case ..<190: "LE2 4AB"
            default: "N\(row - 189) 4AB"
            }
        }
        let records = try MadePeople.attacked(
            people.identities.merging(["postcode": codes]) { first, _ in first },
            MadeResidents.specification(""))
        let district = try content(records, "postcode.district")
        #expect(district.score.values == 12 && 2 * district.score.recovered < 12)
        #expect(district.score.first >= 190 && district.isReadByCounting)
    }

    @Test("Tokens of numbers that one person has are read at chance")
    func numbers() throws {
        let number = try content(Self.residents.attacked(), "nhs_number")
        #expect(number.score.records == 3_200 && number.score.values == 3_200)
        // One in all is to be expected.
        #expect(number.score.first <= 6 && number.score.blind == 1 && !number.isReadByCounting)
    }

    @Test(
        "Dates that are unequally common are read by their frequency, others are not")
    func dates() throws {
        let skewed = try Self.residents.attacked()
        for field in ["date_of_birth", "date_of_birth.year_day", "date_of_birth.swapped"] {
            let date = try content(skewed, field)
            #expect(date.score.share(date.score.first) == 1, "\(field)")
            #expect(date.score.share(date.score.blind) < 0.2, "\(field)")
        }
        let flat = try content(MadePeople(4_000).attacked(""), "date_of_birth")
        #expect(flat.score.share(flat.score.first) < 0.01)
    }

    @Test("Each part of a home is read for itself")
    func homes() throws {
        let records = try Self.residents.attacked()
        let shares = try ["postcode", "postcode.sector", "postcode.district"].map { field in
            let score = try content(records, field).score
            return score.share(score.first)
        }
        // The fewer there are the more their numbers tell.
        #expect(shares[0] < shares[1] && shares[1] < shares[2], "\(shares)")
    }

    /// The first two postcodes are equally common: their tokens cannot be told apart, the sizes of
    /// their neighbourhoods can.
    @Test("A deletion neighbourhood tells how long the postcode is")
    func neighbourhoods() throws {
        let codes =
            Array(repeating: "LE11 4AB", count: 20) + Array(repeating: "N1 4AB", count: 20)
            + Array(repeating: "LE1 4AB", count: 10)
        let people = MadePeople(50)
        let records = try MadePeople.attacked(
            people.identities.merging(["postcode": codes]) { first, _ in first },
            MadeResidents.specification(""))
        let near = try content(records, "postcode.near")
        #expect(near.form == "token set" && near.score.first == 50 && near.score.values == 3)
        // Who does not look knows no size.
        #expect(near.score.blind == 20)
        let field = try #require(records.encodings.field("postcode.near"))
        #expect(Set(StoredValues(field, of: records, isWhole: true).groups) == [11, 13, 15])
    }

    @Test("A key of names and a sector is ranked over all sectors for what it holds")
    func keys() throws {
        let records = try Self.residents.attacked()
        let field = try #require(records.encodings.field("block.names_home"))
        #expect(field.salt == "postcode.sector")
        #expect(StoredValues(field, of: records).groupCount > 20)
        #expect(StoredValues(field, of: records, isWhole: true).groupCount == 1)
        let all = findings(records, "block.names_home")
        #expect(Set(all.map(\.target)) == [.given, .family, .whole, .content])
        #expect(all.filter { $0.target == .content }.map(\.knowledge) == [.idealised])
    }

    @Test("Texts are attacked for the text: by frequency, patterns, a register and a dictionary")
    func texts() throws {
        let records = try Self.residents.attacked("diffusion: 0")
        let ranking = try content(records, "address")
        #expect(ranking.score.first > 3 * ranking.score.blind)
        #expect(Set(findings(records, "address").map(\.target)) == [.given, .family, .content])
        var limits = AttackLimits()
        limits.nodesInGraph = 80
        limits.nodesInAll = 80
        limits.enumeratedRecords = 100
        let graph = try content(records, "address", .graphMatching, limits: limits)
        #expect(graph.score.first > 3 * graph.score.blind)
        let mined = try content(records, "address", .patternMining, limits: limits)
        #expect(mined.score.records == 3_200 && mined.score.five > mined.score.blind)
        let own = try MadePeople.pseudonymiser(records.specification)
        let read = try content(records, "address", .leakedKey, key: own, limits: limits)
        #expect(read.score.share(read.score.first) > 0.99)
        for method in [AttackFinding.Method.graphMatching, .patternMining, .leakedKey] {
            let all = findings(records, "address", method, key: own, limits: limits)
            #expect(all.map(\.target) == [.content], "\(method)")
        }
    }

    @Test("Joint names: ranking reads what a guess does, a register and the key more")
    func jointNames() throws {
        let records = try Self.residents.attacked("diffusion: 0")
        #expect(records.encodings.field("names.joint").map { $0.salt == nil } == true)
        let ranking = findings(records, "names.joint").filter { $0.knowledge == .idealised }
        #expect(ranking.map(\.target) == [.given, .family, .whole])
        for finding in ranking {
            #expect(finding.score.share(finding.score.first - finding.score.blind) < 0.01)
        }
        var limits = AttackLimits()
        limits.nodesInGraph = 80
        limits.nodesInAll = 80
        let graph = try #require(
            findings(records, "names.joint", .graphMatching, limits: limits).first)
        #expect(graph.target == .whole && graph.salt == nil)
        #expect(graph.score.first > 2 * graph.score.blind)
        let own = try MadePeople.pseudonymiser(records.specification)
        limits.enumeratedRecords = 100
        let read = try #require(
            findings(records, "names.joint", .leakedKey, key: own, limits: limits).first)
        #expect(read.score.share(read.score.first) > 0.99)
    }

    @Test("A dictionary is encoded no oftener than the limit allows")
    func bounded() throws {
        let records = try Self.residents.attacked()
        var limits = AttackLimits()
        limits.encodedEntries = 20_000
        let own = try MadePeople.pseudonymiser(records.specification)
        let finding = try #require(
            findings(records, "names.year_day", .leakedKey, key: own, limits: limits).first)
        #expect((1...20_000).contains(finding.encoded ?? 0) && finding.score.records > 0)
        #expect(finding.score.first == finding.score.records)
    }

    @Test("Whoever holds the key reads every date of 120 years, and numbers as fast as measured")
    func key() throws {
        var residents = MadeResidents(400)
        residents.people.born[0] = "1871-05-05"
        residents.people.born[1] = "1991-05-05"
        let records = try residents.attacked()
        let own = try MadePeople.pseudonymiser(records.specification)
        let date = try content(records, "date_of_birth", .leakedKey, key: own)
        // One person was born before the 120 years.
        #expect(date.score.records == 400 && date.score.first == 399)
        #expect(date.encoded == 43_829 && date.extrapolatedSeconds == nil)
        for (field, candidates) in [("postcode", 1_800_000), ("nhs_number", 909_000_000)] {
            let finding = try content(records, field, .leakedKey, key: own)
            #expect(finding.score.first == 400 && finding.candidates == candidates)
            let encoded = try #require(finding.encoded)
            let seconds = try #require(finding.seconds)
            #expect(encoded >= 100_000 && seconds > 0)
            #expect(
                finding.extrapolatedSeconds == seconds / Double(encoded) * Double(candidates))
        }
        let sex = try content(records, "sex", .leakedKey, key: own)
        #expect(sex.score.first == 400 && sex.candidates == nil && sex.extrapolatedSeconds == nil)
        let foreign = try MadePeople.pseudonymiser(records.specification, seed: 2)
        let blind = try content(records, "date_of_birth", .leakedKey, key: foreign)
        #expect(blind.score.records == 400 && blind.score.first == 0)
    }

    @Test("Trusted keys are ranked like any other value")
    func trusted() throws {
        let people = MadePeople(60)
        let keys = people.given.indices.map { UInt64($0 < 40 ? 1 : 2) }
        let specification = try MadePeople.specification("")
        let encodings = Encodings(
            source: "gp", keyEpoch: 1, specification: specification.digest,
            subject: keys.indices.map { SubjectPseudonym(high: 1, low: UInt64($0 + 1)) },
            fields: [.init("trusted", .token(keys))])
        let records = AttackedRecords(
            encodings, specification: specification,
            identities: people.identities.merging(
                [AttackedRecords.trusted: keys.map { "key \($0)" }]
            ) { first, _ in first })
        let finding = try content(records, "trusted")
        #expect(finding.score.first == 60 && finding.score.blind == 40 && finding.isReadByCounting)
    }
}

@Suite("What was read most")
struct WorstReadingTests {
    private func finding(
        _ method: AttackFinding.Method, _ field: String, _ target: AttackedRecords.Target,
        _ first: Int, blind: Int
    ) -> AttackFinding {
        var score = AttackScore()
        score.records = 100
        score.first = first
        score.blind = blind
        return AttackFinding(
            method: method, knowledge: .idealised, field: field, form: "token", salt: nil,
            target: target, score: score)
    }

    @Test(
        "Of each kind of value what is read most beyond a guess, names first, never the key")
    func worst() {
        let worst = WorstReading.all([
            finding(.ranking, "postcode", .content, 3, blind: 2),
            finding(.ranking, "postcode.district", .content, 90, blind: 30),
            finding(.ranking, "block.home", .content, 5, blind: 1),
            finding(.leakedKey, "postcode", .content, 100, blind: 0),
            finding(.ranking, "given_name.formal", .content, 1, blind: 0),
            // More is read of it, but a guess would do.
            finding(.ranking, "given_name", .given, 50, blind: 49),
            finding(.graphMatching, "given_name", .given, 20, blind: 1),
            finding(.ranking, "names.postcode", .whole, 0, blind: 1),
            finding(.leakedSalt, "surname", .family, 2, blind: 0),
        ])
        #expect(
            worst.map(\.what) == [
                "given name", "surname", "given name and surname", "formal given name", "postcode",
                "several values in a key",
            ])
        #expect(worst.map { $0.finding.score.first } == [20, 2, 0, 1, 90, 5])
    }
}
