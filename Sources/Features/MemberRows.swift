import Hashing
import PipelineModel

extension FeatureStage {
    /// A row for each household of which a member is in the cohort.
    ///
    /// Who is excluded is no member. Where they would be in the cohort, the household has no row.
    func households(
        _ cohort: CohortScan, _ referral: ReferralScan, asOf: Day, fold: Int32,
        _ report: inout FeatureReport
    ) -> [PlannedRow] {
        var planned: [PlannedRow] = []
        var present: [Int32] = []
        for household in 0..<Int32(households.count) {
            households.members(
                of: household, asOf: asOf, into: &present,
                isPresent: { !cohort.isGone($0, asOf) })
            let inCohort = present.filter { cohort.holds($0, asOf) }
            guard !inCohort.isEmpty else { continue }
            guard present.count <= specification.largestHousehold ?? .max else {
                report.unitsOfWrongSize += 1
                continue
            }
            guard !inCohort.contains(where: isExcluded) else {
                report.excludedUnits += 1
                continue
            }
            let members = present.filter { !isExcluded($0) }
            planned.append(
                PlannedRow(
                    key: RowKey(
                        unit: households.pseudonym(of: household).cast(), asOf: asOf,
                        person: .none),
                    person: -1, indexFact: -1, fold: fold, members: members, inCohort: inCohort,
                    referred: referral.picked(members, inCohort: inCohort, asOf)))
        }
        return planned
    }

    /// A row for each setting with enough members.
    func settings(
        _ cohort: CohortScan, asOf: Day, fold: Int32, _ report: inout FeatureReport
    ) -> [PlannedRow] {
        let codes = cohort.settings
        var members = [[Int32]](repeating: [], count: codes.count)
        for person in 0..<Int32(index.count) where !isExcluded(person) {
            guard let setting = cohort.setting(of: person, asOf), cohort.isOfAge(person, asOf),
                !cohort.isGone(person, asOf)
            else { continue }
            members[setting].append(person)
        }
        var planned: [PlannedRow] = []
        for (code, people) in zip(codes, members) where !people.isEmpty {
            guard people.count >= specification.smallestSetting else {
                report.unitsOfWrongSize += 1
                continue
            }
            planned.append(
                PlannedRow(
                    key: RowKey(
                        unit: specification.setting(code), asOf: asOf, person: .none),
                    person: -1, indexFact: -1, fold: fold, members: people, inCohort: people,
                    code: code))
        }
        return planned.sorted { $0.key < $1.key }
    }

    private func isExcluded(_ person: Int32) -> Bool {
        isOutOfRows[Int(person)] || isNoRelative[Int(person)]
    }
}

/// Which members of a household a list would name.
struct ReferralScan {
    private let referral: ModelSpecification.Referral?
    private let cohort: CohortScan?

    init(_ stage: FeatureStage) {
        referral = stage.specification.referral
        if case .those(let cohort) = referral, let facts = stage.facts[cohort.table] {
            self.cohort = CohortScan(cohort, facts, Absences(stage))
        } else {
            cohort = nil
        }
    }

    func picked(_ members: [Int32], inCohort: [Int32], _ asOf: Day) -> [Int32] {
        switch referral {
        case .members: members
        case .cohort: inCohort
        case .those: members.filter { cohort?.holds($0, asOf) ?? false }
        case nil: []
        }
    }
}

extension ModelSpecification {
    /// What stands for a setting in the key of a row: the first 16 bytes of SHA-256 over the
    /// table, the column and the code, so that it is the same in every night.
    func setting(_ code: String) -> UnitPseudonym {
        var print = Fingerprint("stile/setting/v1")
        print.add("table", cohort.table)
        print.add("column", cohort.setting ?? "")
        print.add("code", code)
        return UnitPseudonym(bytes: print.digest.bytes) ?? .none
    }
}
