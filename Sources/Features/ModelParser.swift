import Hashing
import PipelineModel
public import StrictYAML

extension ModelSpecification {
    /// Reads the parsed content of both files.
    ///
    /// - Throws: `StileError` with code `configuration` that carries every fault of both files.
    public init(model: YAMLNode, features: YAMLNode) throws {
        var faults = FaultList()
        var parser = ModelParser()
        let specification = parser.specification(model, features, &faults)
        try faults.check()
        guard let specification else {
            throw StileError(
                .configuration, "The model cannot be read.", at: model.place,
                remedy: "Compare it with the models in Models/.")
        }
        self = specification
    }
}

/// Reads `model.yaml` with the features of `features.yaml`.
struct ModelParser {
    var shared = FeatureParser()

    mutating func specification(
        _ model: YAMLNode, _ features: YAMLNode, _ faults: inout FaultList
    ) -> ModelSpecification? {
        var reader = MappingReader(model, what: "model", faults: &faults)
        let name = reader.string("model", &faults)
        FeatureParser.checkName(name, what: "model", at: model.place, &faults)
        let title = reader.string("title", &faults)
        let purpose = reader.string("purpose", &faults)
        let version = reader.integer("version", in: 1...1_000_000, &faults)
        let unit: UnitKind = reader.choice("unit", &faults) ?? .person
        shared.unit = unit
        let cohort = cohort(&reader, unit, &faults)
        let referral = referral(&reader, unit, cohort, &faults)
        let smallest = smallestSetting(&reader, unit, &faults)
        shared.spellTable = unit == .spell ? cohort?.table : nil
        let timing = timing(&reader, unit, &faults)
        let outcome = outcome(&reader, unit, &faults)
        let declared = declarations(features, &faults)
        let groups = reader.items("groups", &faults).compactMap { group($0, &faults) }
        let list = list(&reader, &faults)
        let largest: Int? =
            reader.node("largest_household") == nil
            ? nil : reader.integer("largest_household", in: 2...1_000, &faults)
        let cluster = cluster(&reader, unit, &faults)
        let baseline = reader.optionalString("baseline", &faults)
        let fit = reader.node("fit")
        let coefficients = reader.node("coefficients")
        let acceptance = acceptance(&reader, &faults)
        let resampling = resampling(&reader, isFitted: fit != nil, &faults)
        if (fit == nil) == (coefficients == nil) {
            faults.add(
                "A model has either “fit” or “coefficients”.", at: model.place,
                remedy: "Write “fit” for a model to train, “coefficients” for a frozen one.")
        }
        if outcome == nil, fit != nil {
            faults.add(
                "A model to train has no “outcome”.", at: model.place, remedy: "Add “outcome”.")
        }
        let baselinePlace = reader.node("baseline")?.place ?? model.place
        reader.finish(&faults)
        guard let cohort, let timing else { return nil }
        let specification = ModelSpecification(
            name: name, title: title, purpose: purpose, version: version, unit: unit,
            cohort: cohort, smallestSetting: smallest, referral: referral,
            largestHousehold: largest, cluster: cluster, timing: timing, outcome: outcome,
            features: declared, groups: groups,
            baselineColumn: baseline, list: list, fit: fit, coefficients: coefficients,
            refits: resampling.refits, origins: resampling.origins,
            byPerson: resampling.byPerson, acceptance: acceptance,
            digest: Self.digest([model, features]),
            place: model.place)
        SpecificationRules(specification).check(baselinePlace: baselinePlace, &faults)
        return specification
    }

    private func cohort(
        _ reader: inout MappingReader, _ unit: UnitKind, _ faults: inout FaultList
    ) -> ModelSpecification.Cohort? {
        guard let node = reader.required("cohort", &faults) else { return nil }
        var item = MappingReader(node, what: "cohort", faults: &faults)
        var cohort = membership(&item, at: node.place, &faults)
        if unit == .setting { setting(&item, of: &cohort, &faults) }
        cohort.without = item.items("without", &faults).map { node in
            var item = MappingReader(node, what: "exclusion", faults: &faults)
            let table = item.string("from", &faults)
            let conditions = shared.conditions(&item, &faults)
            item.finish(&faults)
            return ModelSpecification.Absence(
                table: table, conditions: conditions, place: node.place)
        }
        item.finish(&faults)
        return cohort
    }

    /// Whom a table makes a member: `from`, `where` and `age`.
    func membership(
        _ item: inout MappingReader, at place: StileError.Place, _ faults: inout FaultList
    ) -> ModelSpecification.Cohort {
        let table = item.string("from", &faults)
        let conditions = shared.conditions(&item, &faults)
        var age: ModelSpecification.AgeRange?
        if let node = item.node("age") {
            var range = MappingReader(node, what: "age band", faults: &faults)
            let column = range.string("of", &faults)
            let lower = range.number("at_least", in: 0...150, default: 0, &faults)
            let upper = range.number("below", in: 0...150, default: 150, &faults)
            range.finish(&faults)
            age = .init(column: column, atLeast: lower, below: upper)
        }
        return .init(
            table: table, conditions: conditions, age: age, without: [], place: place)
    }

    private func outcome(
        _ reader: inout MappingReader, _ unit: UnitKind, _ faults: inout FaultList
    ) -> ModelSpecification.OutcomeDeclaration? {
        guard let node = reader.node("outcome") else { return nil }
        var item = MappingReader(node, what: "outcome", faults: &faults)
        let table = item.string("from", &faults)
        let conditions = shared.conditions(&item, &faults)
        var kind = ModelSpecification.OutcomeDeclaration.Kind.index
        if table == "index" {
            if unit != .spell {
                faults.add(
                    "Only a spell has an index record to take its outcome from.", at: node.place,
                    remedy: "Write the table of the outcome after “from”.")
            }
            if conditions.isEmpty {
                faults.add(
                    "The outcome of the index record has no “where”.", at: node.place,
                    remedy: "Say which column tells it, and which values.")
            }
        } else {
            kind = .facts(
                table: table, horizonDays: item.integer("horizon_days", in: 1...36_500, &faults),
                settleDays: item.integer("settle_days", in: 0...3_650, default: 0, &faults))
        }
        var outcome = ModelSpecification.OutcomeDeclaration(
            kind: kind, conditions: conditions, cannotHappen: cannotHappen(&item, &faults),
            place: node.place)
        members(&item, of: &outcome, unit, &faults)
        item.finish(&faults)
        return outcome
    }

    private func declarations(_ node: YAMLNode, _ faults: inout FaultList) -> [FeatureDeclaration] {
        var reader = MappingReader(node, what: "features file", faults: &faults)
        let items = reader.items("features", &faults)
        let list = items.compactMap { shared.feature($0, &faults) }
        reader.finish(&faults)
        if items.isEmpty {
            faults.add(
                "The model has no features.", at: node.place, remedy: "Add them under “features:”.")
        }
        return list
    }

    private func group(_ node: YAMLNode, _ faults: inout FaultList)
        -> ModelSpecification.GroupDeclaration?
    {
        var reader = MappingReader(node, what: "group", faults: &faults)
        let name = reader.string("name", &faults)
        FeatureParser.checkName(name, what: "group", at: node.place, &faults)
        var feature = FeatureDeclaration(
            name: name, title: name, table: reader.string("from", &faults), aggregate: .latest,
            place: node.place)
        feature.column = reader.string("of", &faults)
        if reader.boolean("years", default: false, &faults) { feature.aggregate = .yearsSince }
        feature.levels = shared.levels(&reader, &faults)
        if shared.spellTable == feature.table { feature.records = .index }
        feature.about = shared.own
        feature.missing = .value(0)
        reader.finish(&faults)
        return .init(feature: feature)
    }

    private func list(_ reader: inout MappingReader, _ faults: inout FaultList)
        -> ModelSpecification.ListDeclaration
    {
        guard let node = reader.required("list", &faults) else { return .init(size: 1) }
        var item = MappingReader(node, what: "list", faults: &faults)
        let size = item.integer("size", in: 1...1_000_000, &faults)
        let least: Double? =
            item.node("minimum_probability") == nil
            ? nil : item.number("minimum_probability", in: 0...1, &faults)
        item.finish(&faults)
        return .init(size: size, minimumProbability: least)
    }

    /// SHA-256 over the nodes in the order written, without their positions.
    private static func digest(_ nodes: [YAMLNode]) -> ContentDigest {
        var fingerprint = Fingerprint("stile/model-specification/v1")
        func add(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let text): fingerprint.add("scalar", text)
            case .sequence(let items):
                fingerprint.add("sequence", String(items.count))
                items.forEach(add)
            case .mapping(let entries):
                fingerprint.add("mapping", String(entries.count))
                for entry in entries {
                    fingerprint.add("key", entry.key)
                    add(entry.value)
                }
            }
        }
        nodes.forEach(add)
        return fingerprint.digest
    }
}
