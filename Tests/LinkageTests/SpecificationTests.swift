import PipelineModel
import StrictYAML
import Testing

@testable import Linkage

@Suite("The linkage: part of the configuration")
struct SpecificationTests {
    private func read(_ text: String) throws -> LinkageSpecification {
        var faults = FaultList()
        let node = try YAMLDocument.parse(Array(text.utf8), file: "stile.yaml")
        let specification = LinkageSpecification(node, faults: &faults)
        try faults.check()
        return specification
    }

    @Test(
        "So many pairs may be compared",
        arguments: [
            (0, 0.0), (1_000, 400_000), (20_000, 8_000_000), (100_000, 8_000_000),
            (200_000, 8_000_000), (250_000, 6_000_000), (400_000, 6_000_000),
            (1_000_000, 10_000_000), (6_100_000, 44_000_000),
        ])
    func candidateBudget(records: Int, pairs: Double) {
        var specification = LinkageSpecification()
        #expect(abs(specification.candidateBudget(records: records) - pairs) < 1e-6)
        specification.candidatesPerRecord = 0
        #expect(specification.candidateBudget(records: records) == 0)
    }

    @Test("Everything that can be written is read")
    func whole() throws {
        let specification = try read(
            """
            thresholds: {link: 5, review: 1}
            largest_block: 500
            candidates_per_record: 12
            memory: 900
            household: [surname]
            identifiers: [nhs_number]
            blocking: [block.home]
            sources: {hospital: {duplicates: true}, gp: {duplicates: false}}
            parameters: pinned.json
            conflicts:
              - {disagree: [given_name], agree: [birth], of_twins: true}
            comparisons:
              given_name:
                - {similar: given_name, at_least: 0.9}
              birth:
                - {equal: date_of_birth, term_frequency: true}
                - {swapped: date_of_birth}
                - {any_equal: [date_of_birth.year_month, date_of_birth.month_day]}
              postcode:
                - {shares: postcode.near}
              names_key:
                - {equal: block.names_sector, under: postcode.sector}
            """)
        #expect(specification.linkThreshold == 5 && specification.reviewThreshold == 1)
        #expect(!specification.estimatesThreshold)
        #expect(specification.largestBlock == 500 && specification.candidatesPerRecord == 12)
        #expect(specification.memory == 900)
        #expect(specification.household == ["surname"])
        #expect(specification.sourcesWithDuplicates == ["hospital"])
        #expect(specification.parametersFile == "pinned.json")
        #expect(
            specification.comparisons == [
                .init("given_name", [.similar("given_name", atLeast: 0.9)]),
                .init(
                    "birth",
                    [
                        .equal("date_of_birth"), .crossed("date_of_birth", "date_of_birth.swapped"),
                        .anyEqual(["date_of_birth.year_month", "date_of_birth.month_day"]),
                    ], termFrequency: true),
                .init("postcode", [.shares("postcode.near")]),
                .init(
                    "names_key", [.equalUnder("block.names_sector", under: "postcode.sector")]),
            ])
        #expect(
            specification.conflicts == [
                .init(disagree: ["given_name"], agree: ["birth"], ofTwins: true)
            ])
    }

    @Test(
        "Faults are found with their place",
        arguments: [
            ("treshold: 3", "stile.yaml:1:1: A linkage has no key “treshold”."),
            ("thresholds: {link: 1, review: 2}", "review is above the threshold for a link"),
            ("comparisons: {a: []}", "The comparison “a” has no levels."),
            ("comparisons: {a: [{equal: x, shares: y}]}", "A level needs exactly one test."),
            ("comparisons: {a: [{similar: x}]}", "The level has no “at_least”."),
            (
                "comparisons: {a: [{shares: x, term_frequency: true}]}",
                "“term_frequency” stands on a level that is not the first “equal”."
            ),
            (
                "comparisons: {a: [{equal: x}]}\nconflicts: [{disagree: [b]}]",
                "A conflict names the comparison “b”, which there is not."
            ),
        ])
    func faults(text: String, message: String) {
        #expect {
            try read(text)
        } throws: { "\($0)".contains(message) }
    }

    @Test("A key of names within an area compares names that a date of birth salts, and no others")
    func namesKey() {
        let fields: [String: LinkageSpecification.FieldKind] = [
            "given_name": .filter, "surname": .filter, "names.month_day": .filter,
            "date_of_birth": .token, "postcode": .token, "postcode.sector": .token,
            "block.home": .token, "block.names_sector": .token, "block.names_birth": .token,
        ]
        let salts = [
            "given_name": "date_of_birth", "surname": "date_of_birth",
            "names.month_day": "date_of_birth.month_day",
            "block.names_birth": "date_of_birth", "block.names_sector": "postcode.sector",
        ]
        func key(_ salts: [String: String]) -> LinkageSpecification.Comparison? {
            LinkageSpecification().resolved(fields: fields, salts: salts).comparisons?.last {
                $0.name == "names_key"
            }
        }
        #expect(
            key(salts)
                == .init(
                    "names_key", [.equalUnder("block.names_sector", under: "postcode.sector")],
                    unless: ["given_name", "surname", "names"]))
        // Where nothing salts a name, it is compared wherever it is there.
        #expect(key(salts.filter { $0.key != "surname" }) == nil)
        #expect(key([:]) == nil)
        #expect(key(salts.filter { $0.key != "block.names_sector" }) == nil)
        // A key of nothing but names says the same wherever two records are.
        let alone = LinkageSpecification().resolved(
            fields: fields.merging(["block.sounds": .token]) { $1 }, salts: salts,
            parts: [
                "block.sounds": ["given_name", "surname"], "block.home": ["surname", "postcode"],
                "block.names_sector": ["given_name", "surname", "postcode"],
            ])
        #expect(
            alone.comparisons?.last
                == .init(
                    "names_key", [.equal("block.sounds")],
                    unless: ["given_name", "surname", "names"]))
    }

    @Test("A joint filter compares names where nothing else can, and in place of a key")
    func jointNames() throws {
        let fields: [String: LinkageSpecification.FieldKind] = [
            "given_name": .filter, "surname": .filter, "names.month_day": .filter,
            "names.joint": .filter, "date_of_birth": .token, "block.sounds": .token,
        ]
        let salts = [
            "given_name": "date_of_birth", "surname": "date_of_birth",
            "names.month_day": "date_of_birth.month_day",
        ]
        let parts = ["block.sounds": ["given_name", "surname"]]
        let found = try #require(
            LinkageSpecification().resolved(fields: fields, salts: salts, parts: parts).comparisons)
        #expect(
            found.map(\.name) == [
                "date_of_birth", "given_name", "surname", "names", "names_joint",
            ])
        #expect(found[3].levels.allSatisfy { $0.needs.map(\.field) == ["names.month_day"] })
        #expect(found[4].unless == ["given_name", "surname", "names"])
        #expect(found[4].termFrequency && found[4].exact == 2)
        #expect(found[4].levels.first == .similar("names.joint", atLeast: 1))
        // Names that changed places are seen by it, and say nothing of relatives.
        for name in found[1...2] {
            #expect(name.levels.last == .anySimilar(["names.joint"], atLeast: 0.8))
            #expect(name.ownLevels == [name.levels.count - 1])
        }
        let alone = LinkageSpecification().resolved(
            fields: fields.filter { $0.key != "names.month_day" }, salts: salts)
        #expect(alone.comparisons?.last?.unless == ["given_name", "surname"])
    }

    @Test("A silent configuration compares what there is")
    func derived() {
        let specification = LinkageSpecification().resolved(fields: [
            "given_name": .filter, "surname": .filter, "date_of_birth": .token,
            "date_of_birth.swapped": .token, "postcode": .token, "postcode.near": .tokenSet,
            "postcode.sector": .token, "nhs_number": .token, "block.home": .token,
            "trusted": .token,
        ])
        #expect(
            specification.comparisons?.map(\.name) == [
                "date_of_birth", "given_name", "nhs_number", "postcode", "surname",
            ])
        #expect(specification.blocking == ["block.home", "nhs_number"])
        #expect(specification.conflicts?.count == 3)
        #expect(
            specification.comparisons?[3].levels == [
                .equal("postcode"), .shares("postcode.near"), .equal("postcode.sector"),
            ])
    }
}
