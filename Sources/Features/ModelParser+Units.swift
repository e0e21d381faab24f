import PipelineModel
import StrictYAML

/// What only a model of households or of settings says.
extension ModelParser {
    /// `refer:` of a household: whom a list names.
    func referral(
        _ reader: inout MappingReader, _ unit: UnitKind, _ cohort: ModelSpecification.Cohort?,
        _ faults: inout FaultList
    ) -> ModelSpecification.Referral? {
        guard unit == .household, let node = reader.required("refer", &faults) else { return nil }
        switch node.content {
        case .scalar("members"): return .members
        case .scalar("cohort"): return .cohort
        case .mapping:
            var item = MappingReader(node, what: "referral", faults: &faults)
            var those = membership(&item, at: node.place, &faults)
            item.finish(&faults)
            // Who is gone from the cohort is gone from the household.
            those.without = cohort?.without ?? []
            return .those(those)
        default:
            faults.add(
                "“refer” cannot be read.", at: node.place,
                remedy: "Write “members”, “cohort” or “{from: <table>, where: …, age: …}”.")
            return nil
        }
    }

    /// `cluster:` of a model of persons or spells.
    func cluster(
        _ reader: inout MappingReader, _ unit: UnitKind, _ faults: inout FaultList
    ) -> ModelSpecification.Cluster {
        if let node = reader.node("cluster"), unit != .person, unit != .spell {
            faults.add(
                "“cluster” does nothing in a model of \(unit.plural): all rows of one are kept together.",
                at: node.place, remedy: "Remove it.")
        }
        return reader.choice("cluster", default: .household, &faults) ?? .household
    }

    /// `smallest_setting:`.
    func smallestSetting(
        _ reader: inout MappingReader, _ unit: UnitKind, _ faults: inout FaultList
    ) -> Int {
        guard unit == .setting else { return ModelSpecification.fewestMembers }
        return reader.integer(
            "smallest_setting", in: ModelSpecification.fewestMembers...100_000,
            default: ModelSpecification.fewestMembers, &faults)
    }

    /// `setting:` and `within_days:` of the cohort of a model of settings.
    func setting(
        _ item: inout MappingReader, of cohort: inout ModelSpecification.Cohort,
        _ faults: inout FaultList
    ) {
        cohort.setting = item.string("setting", &faults)
        if item.node("within_days") != nil {
            cohort.withinDays = item.integer("within_days", in: 1...36_500, &faults)
        }
    }

    /// `of:` and `people:` of the outcome.
    func members(
        _ item: inout MappingReader, of outcome: inout ModelSpecification.OutcomeDeclaration,
        _ unit: UnitKind, _ faults: inout FaultList
    ) {
        guard unit == .household || unit == .setting else { return }
        if unit == .household {
            outcome.whose = item.choice("of", &faults) ?? .members
        }
        outcome.people = item.integer("people", in: 1...100_000, default: 1, &faults)
    }
}

extension ModelSpecification {
    /// A setting with fewer members than this makes no row, whatever a model says: what is said
    /// of few people is said of each of them.
    public static let fewestMembers = 10
}
