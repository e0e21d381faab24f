import Attack
import EncodedExtract
import Intake
import Linkage
import PipelineModel
import Pseudonymise

/// What one setting of the dial gives away and how well it links.
struct FrontierRow {
    static let header = """
        | hardening | given name: ranking 1 / 5 (blind) | surname: ranking 1 / 5 (blind) | worst compound of the date's parts, whole name: ranking 1 (blind) | names.joint, whole name: ranking 1 (blind) | pattern mining 1 (blind) | the same, whole name from a compound | register and graph 1 (chance) | the same, whole name from a compound of the date's parts | the same, names.joint | 1,000 people known: given name, surname from single filters 1 (blind) | the same from a compound of the date's parts | the same from names.joint | address: ranking 1 (blind) | address: pattern mining 1 (blind) | address: register and graph 1 (chance) | linked: F1 (P / R) |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
        """

    let text: String
    /// What the bands give away by themselves, and what the published table alone gives.
    let notes: [String]

    init(_ setting: Setting, of county: County) throws {
        let specification = try county.specification(setting.hardening ?? "salt: none")
        let pseudonymiser = try Pseudonymiser(
            specification: specification, keyring: county.keyring)
        func encode(_ extract: County.Extract) throws -> Encodings {
            try pseudonymiser.encode(
                extract.delta, held: IdentityVersionsHeld(), sealsIdentities: false
            ).encodings
        }
        var attacked = try encode(county.practices)
        let rows = Dictionary(
            uniqueKeysWithValues: zip(county.practices.delta.record, 0..<county.records))
        let order = attacked.record.map { rows[$0] ?? 0 }
        let identities = Dictionary(
            uniqueKeysWithValues: county.practices.delta.identity.map { column in
                (column.name, order.map { column.values[$0] })
            })
        if setting.hardening == nil { attacked = Self.naive(attacked, identities) }
        let findings = AttackSuite(
            AttackedRecords(attacked, specification: specification, identities: identities)
        ).run(
            methods: [.ranking, .patternMining, .graphMatching, .knownPeople],
            fields: [
                "given_name", "given_name.band", "surname", "surname.band", "names.year_month",
                "names.year_day", "names.month_day", "names.joint", "names.none",
                County.address,
            ])
        func worst(
            _ method: AttackFinding.Method, _ fields: [String],
            _ targets: [AttackedRecords.Target]
        ) -> AttackScore? {
            findings.filter { finding in
                finding.method == method && finding.knowledge == .idealised
                    && finding.form != "band" && fields.contains { finding.field.hasPrefix($0) }
                    && targets.contains(finding.target)
            }.map(\.score).max { $0.share($0.first) < $1.share($1.first) }
        }
        let names = ["given_name", "surname"]
        let dated = ["names.year", "names.month", "names.none"]
        var cells = [setting.name]
        for name in names {
            cells.append(
                worst(.ranking, [name], [.given, .family]).map {
                    "\(percent($0, $0.first)) / \(percent($0, $0.five)) (\(percent($0, $0.blind)))"
                } ?? "–")
        }
        cells.append(Self.cell(worst(.ranking, dated, [.whole])))
        cells.append(Self.cell(worst(.ranking, ["names.joint"], [.whole])))
        cells.append(Self.cell(worst(.patternMining, names, [.given, .family])))
        cells.append(Self.cell(worst(.patternMining, ["names."], [.whole])))
        cells.append(Self.cell(worst(.graphMatching, names, [.given, .family])))
        cells.append(Self.cell(worst(.graphMatching, dated, [.whole])))
        cells.append(Self.cell(worst(.graphMatching, ["names.joint"], [.whole])))
        for fields in [names, dated, ["names.joint"]] {
            cells.append(
                [AttackedRecords.Target.given, .family].map { target in
                    Self.cell(worst(.knownPeople, fields, [target]))
                }.joined(separator: ", "))
        }
        for method in [AttackFinding.Method.ranking, .patternMining, .graphMatching] {
            cells.append(Self.cell(worst(method, [County.address], [.content])))
        }
        notes = findings.compactMap { finding in
            let score = finding.score
            if finding.form == "band" {
                return "\(finding.field): \(percent(score, score.first)) by year, sex and band, "
                    + "\(percent(score, score.blind)) without the band"
            }
            guard setting.hardening == nil, finding.knowledge == .published else { return nil }
            return "\(finding.field) as a token, the published table alone: "
                + "\(percent(score, score.first)) / \(percent(score, score.five)) (\(percent(score, score.blind)))"
        }
        if setting.hardening == nil {
            cells.append("–")
        } else {
            // No other source has addresses: the linkage is that of the sample's own contract.
            attacked.fields.removeAll { $0.name == County.address }
            cells.append(
                try Quality(attacked, encode(county.schools), county: county).text)
        }
        text = "| " + cells.joined(separator: " | ") + " |"
    }

    private static func cell(_ score: AttackScore?) -> String {
        score.map { "\(percent($0, $0.first)) (\(percent($0, $0.blind)))" } ?? "–"
    }

    /// Tokens of the single names: the same number for the same name.
    private static func naive(
        _ encodings: Encodings, _ identities: [String: [String?]]
    ) -> Encodings {
        var result = encodings
        result.fields = []
        for name in ["given_name", "surname"] {
            var numbers: [String: UInt64] = [:]
            let tokens = (identities[name] ?? []).map { value -> UInt64 in
                guard let value else { return 0 }
                let number = numbers[value.lowercased()] ?? UInt64(numbers.count + 1)
                numbers[value.lowercased()] = number
                return number
            }
            result.fields.append(.init(name, .token(tokens)))
        }
        return result
    }
}

func percent(_ score: AttackScore, _ count: Int) -> String {
    let hundredths = Int((score.share(count) * 10_000).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
}

/// Pairs of one person that were linked, of the pairs that there are.
struct Quality {
    let text: String

    init(_ left: Encodings, _ right: Encodings, county: County) throws {
        let outcome = try Linker.link(
            state: LinkState(), delta: [left, right], specification: LinkageSpecification(),
            mint: Minter(seed: Array(repeating: 1, count: 32)))
        let truth = county.practices.truth.merging(county.schools.truth) { first, _ in first }
        var people: [Int: (left: Int, right: Int)] = [:]
        for (subjects, isLeft) in [(Set(left.subject), true), (Set(right.subject), false)] {
            for subject in subjects {
                guard let person = truth[subject] else { continue }
                if isLeft {
                    people[person, default: (0, 0)].left += 1
                } else {
                    people[person, default: (0, 0)].right += 1
                }
            }
        }
        let there = people.values.reduce(0) { $0 + $1.left * $1.right }
        var groups: [PersonPseudonym: (left: [Int], right: [Int])] = [:]
        let schools = Set(right.subject)
        for membership in outcome.state.memberships {
            guard let person = truth[membership.subject] else { continue }
            if schools.contains(membership.subject) {
                groups[membership.person, default: ([], [])].right.append(person)
            } else {
                groups[membership.person, default: ([], [])].left.append(person)
            }
        }
        var linked = 0
        var right = 0
        for group in groups.values {
            for person in group.left {
                for other in group.right {
                    linked += 1
                    if person == other { right += 1 }
                }
            }
        }
        let precision = Double(right) / Double(max(1, linked))
        let recall = Double(right) / Double(max(1, there))
        let f1 = 2 * precision * recall / max(1e-9, precision + recall)
        func four(_ value: Double) -> String {
            let digits = String(Int((value * 10_000).rounded()))
            return value >= 0.99995
                ? "1.0000" : "0." + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        text = "\(four(f1)) (\(four(precision)) / \(four(recall)))"
    }
}
