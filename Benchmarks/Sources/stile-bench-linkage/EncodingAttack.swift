import Attack
import EncodedExtract
import Foundation
import Identifiers
import Intake
import PipelineModel
import Pseudonymise

/// What attacks read out of the encodings that were linked, at the very settings of that linkage.
///
/// Attacked are the rows of the largest source: all filters of names, their compounds, and all blocking
/// tokens, by frequency ranking and pattern mining. The attacker knows how common every name is among
/// these very records, by sex and, where a salt tells it, by year of birth (`Knowledge.idealised`).
struct EncodingAttack {
    /// More records than these are a sample of whole years of birth.
    static let most = 100_000

    /// In the order of the methods, then of the fields.
    let findings: [AttackFinding]
    let records: Int

    /// - Parameters:
    ///   - encoded: What was linked.
    ///   - set: What it was encoded from: the truth that the attack is counted by.
    ///   - seed: Of the keys of `encoded`.
    init(_ encoded: EncodedSet, _ set: DataSet, seed: UInt64) throws {
        guard
            let place = encoded.encodings.indices.max(by: {
                encoded.encodings[$0].count < encoded.encodings[$1].count
            })
        else { throw DataSet.Misuse(what: "there is no source to attack") }
        let delivered = try DeliveredSource(set, set.sources[place], seed: seed)
        let (delta, specification) = (delivered.delta, delivered.specification)
        let rows = Dictionary(uniqueKeysWithValues: zip(delta.record, delta.record.indices))
        let all = encoded.encodings[place]
        /// The values that each row of the encodings was made from.
        func values(_ field: String, _ kept: [Int]) -> [String?] {
            guard let column = delta.identity.first(where: { $0.name == field }) else {
                return Array(repeating: nil, count: kept.count)
            }
            return kept.map { rows[all.record[$0]].flatMap { column.values[$0] } }
        }
        let born = specification.fields.first { $0.kind == .dateOfBirth }.map {
            values($0.name, Array(0..<all.count)).map { $0.flatMap(Self.year) }
        }
        let kept = Self.sample(
            born ?? Array(repeating: nil, count: all.count), atMost: Self.most)
        let identities = Dictionary(
            uniqueKeysWithValues: specification.fields.map { ($0.name, values($0.name, kept)) })
        let attacked =
            specification.fields.filter { $0.part != nil }.map(\.name)
            + specification.compounds.map(\.name) + ["block"]
        records = kept.count
        findings = AttackSuite(
            AttackedRecords(
                kept.count == all.count ? all : all.rows(kept), specification: specification,
                identities: identities)
        ).run(
            methods: [.ranking, .patternMining],
            fields: all.fields.map(\.name).filter { name in
                attacked.contains(String(name.prefix { $0 != "." }))
            }
        ).filter { $0.knowledge == .idealised }
    }

    private static func year(_ text: String) -> Int? {
        BirthDate.read(text).value?.year ?? PartialBirthDate.read(text).value?.possibleYear
    }

    /// Rows of whole years of birth, drawn as long as they fit.
    ///
    /// Names are ranked within a value of a salt, such as a date of birth, and a year: a sample of single
    /// records would make these groups small, and the attack weaker than it is.
    static func sample(_ years: [Int?], atMost most: Int) -> [Int] {
        guard years.count > most else { return Array(years.indices) }
        let groups = Dictionary(grouping: years.indices) { years[$0] ?? 0 }
        var generator = SeededGenerator(seed: 1, label: "attacked years of birth")
        var kept: [Int] = []
        for year in groups.keys.sorted().shuffled(using: &generator) {
            guard let rows = groups[year], kept.count + rows.count <= most else { continue }
            kept += rows
        }
        // No year fits where no date of birth is known.
        return kept.isEmpty ? Array(years.indices.prefix(most)) : kept.sorted()
    }

    /// Of single names, or of given name and surname together, the finding that names most records at the
    /// first guess; what stored bands tell by themselves stands apart.
    func worst(whole: Bool) -> AttackFinding? {
        findings.filter { $0.form != "band" && ($0.target == .whole) == whole }.max {
            $0.score.share($0.score.first) < $1.score.share($1.score.first)
        }
    }

    /// A line for a person.
    var text: String {
        func part(_ what: String, _ finding: AttackFinding?) -> String {
            guard let finding else { return "\(what) from nothing" }
            return String(
                format: "%@ %.2f %% (blind %.2f %%) from %@ by %@", what,
                100 * finding.score.share(finding.score.first),
                100 * finding.score.share(finding.score.blind), finding.field,
                finding.method.rawValue)
        }
        return "  read at first guess: \(part("a name", worst(whole: false))); "
            + "\(part("a whole name", worst(whole: true))); \(records) records attacked"
    }

    /// What the JSON says; `Benchmarks/peers/README.md` lists the keys.
    var values: [String: Any] {
        var values: [String: Any] = [
            "attack_records": records,
            "attack_findings": findings.map { finding -> [String: Any] in
                [
                    "method": finding.method.rawValue, "field": finding.field,
                    "form": finding.form, "target": finding.target.rawValue,
                    "records": finding.score.records,
                    "first": finding.score.share(finding.score.first),
                    "five": finding.score.share(finding.score.five),
                    "blind": finding.score.share(finding.score.blind),
                ]
            },
        ]
        for (name, finding) in [
            ("single", worst(whole: false)), ("whole", worst(whole: true)),
        ] {
            guard let finding else { continue }
            values["attack_\(name)_first"] = finding.score.share(finding.score.first)
            values["attack_\(name)_blind"] = finding.score.share(finding.score.blind)
            values["attack_\(name)_field"] = finding.field
            values["attack_\(name)_method"] = finding.method.rawValue
        }
        return values
    }
}
