import PipelineModel
import StrictYAML

/// Reads the declarations of `features.yaml` and what `model.yaml` shares with them.
struct FeatureParser {
    /// What the rows of the model are about.
    var unit = UnitKind.person
    /// The table that gives the units, where the unit is a spell.
    var spellTable: String?

    private static let numbers = -1e15...1e15

    // MARK: Conditions

    func conditions(_ reader: inout MappingReader, _ faults: inout FaultList) -> [Condition] {
        reader.items("where", &faults).map { node in
            var item = MappingReader(node, what: "condition", faults: &faults)
            let column = item.string("column", &faults)
            let before = faults.faults.count
            let tests = tests(&item, &faults)
            if tests.isEmpty, faults.faults.count == before {
                faults.add(
                    "The condition tests nothing.", at: node.place,
                    remedy: "Add “in”, “not_in”, “codes”, “at_least”, “below” or “missing”.")
            }
            item.finish(&faults)
            return Condition(column: column, tests: tests, place: node.place)
        }
    }

    func tests(_ reader: inout MappingReader, _ faults: inout FaultList) -> [ValueTest] {
        var tests: [ValueTest] = []
        for (key, make) in [
            ("in", ValueTest.among), ("not_in", ValueTest.notAmong),
        ] as [(String, ([String]) -> ValueTest)] {
            let list = reader.strings(key, &faults)
            if !list.isEmpty { tests.append(make(list)) }
        }
        for (key, make) in [
            ("codes", ValueTest.codes), ("not_codes", ValueTest.notCodes),
        ] as [(String, (CodeList) -> ValueTest)] {
            let list = reader.strings(key, &faults)
            guard !list.isEmpty else { continue }
            if let codes = CodeList(list) {
                tests.append(make(codes))
            } else {
                faults.add(
                    "An entry of “\(key)” is neither a code, a prefix nor a range.",
                    at: reader.node(key)?.place ?? reader.place,
                    remedy: "Write entries such as I50, I20-I25, 250.xx or 390-459.")
            }
        }
        for (key, make) in [
            ("at_least", ValueTest.atLeast), ("above", ValueTest.above),
            ("at_most", ValueTest.atMost), ("below", ValueTest.below),
        ] as [(String, (Double) -> ValueTest)] where reader.node(key) != nil {
            tests.append(make(reader.number(key, in: Self.numbers, &faults)))
        }
        if reader.node("missing") != nil {
            tests.append(.missing(reader.boolean("missing", &faults)))
        }
        return tests
    }

    // MARK: Features

    func feature(_ node: YAMLNode, _ faults: inout FaultList) -> FeatureDeclaration? {
        var reader = MappingReader(node, what: "feature", faults: &faults)
        let name = reader.string("name", &faults)
        let title = reader.string("title", &faults)
        let table = reader.string("from", &faults)
        let aggregate: FeatureDeclaration.Aggregate? = reader.choice("aggregate", &faults)
        var feature = FeatureDeclaration(
            name: name, title: title, table: table, aggregate: aggregate ?? .count,
            place: node.place)
        feature.conditions = conditions(&reader, &faults)
        feature.column = reader.optionalString("of", &faults)
        about(&feature, &reader, &faults)
        window(&feature, &reader, &faults)
        records(&feature, &reader, &faults)
        shape(&feature, &reader, &faults)
        feature.missing = missing(feature, &reader, &faults)
        reader.finish(&faults)
        Self.checkName(name, what: "feature", at: node.place, &faults)
        checkColumn(feature, &faults)
        return aggregate == nil ? nil : feature
    }

    /// What a feature is about where nothing else is written: the unit.
    var own: FeatureDeclaration.About {
        switch unit {
        case .person, .spell: .person
        case .household: .household
        case .setting: .setting
        }
    }

    /// `about` and `per_person`.
    private func about(
        _ feature: inout FeatureDeclaration, _ reader: inout MappingReader,
        _ faults: inout FaultList
    ) {
        let written = reader.node("about")
        feature.about = reader.choice("about", default: own, &faults) ?? own
        let isOfUnit = feature.about == own || (own == .person && feature.about == .household)
        if !isOfUnit, let written {
            faults.add(
                "The feature “\(feature.name)” of a \(unit.rawValue) cannot be about a \(feature.about.rawValue).",
                at: written.place,
                remedy: "Remove “about”: the feature is about the \(unit.rawValue).")
        }
        guard unit == .household || unit == .setting else { return }
        feature.isPerPerson = reader.boolean("per_person", default: false, &faults)
        if feature.isPerPerson, ![.count, .any, .sum].contains(feature.aggregate) {
            faults.add(
                "The feature “\(feature.name)” is divided by the number of people, but is no count, any or sum.",
                at: feature.place, remedy: "Remove “per_person”.")
        }
        if unit == .setting, feature.aggregate.isOfOneFact {
            faults.add(
                "The feature “\(feature.name)” of a setting would be the value of one of its people.",
                at: feature.place, remedy: "Use count, any, sum, mean or distinct.")
        }
    }

    static func checkName(
        _ name: String, what: String, at place: StileError.Place, _ faults: inout FaultList
    ) {
        let allowed = name.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0)
                || $0 == UInt8(ascii: "_")
        }
        guard !name.isEmpty, !allowed else { return }
        faults.add(
            "The name of the \(what) “\(name)” has a letter that is not allowed.", at: place,
            remedy: "Use letters a–z, digits and the underscore.")
    }

    private func window(
        _ feature: inout FeatureDeclaration, _ reader: inout MappingReader,
        _ faults: inout FaultList
    ) {
        for key in ["within_days", "until_days"] {
            guard let node = reader.node(key), let text = node.text(key, &faults) else { continue }
            guard let days = Int(text), abs(days) <= 100_000 else {
                faults.add(
                    "“\(key)” of the feature “\(feature.name)” must be a whole number of days.",
                    at: node.place, remedy: "Write a number from 0 to 100000.")
                continue
            }
            guard days >= 0 else {
                faults.add(
                    "The window of the feature “\(feature.name)” reaches past its as-of date.",
                    at: node.place,
                    remedy: "Count “\(key)” backwards from the as-of date: 0 or more.")
                continue
            }
            if key == "within_days" { feature.withinDays = days } else { feature.untilDays = days }
        }
        if let within = feature.withinDays, within <= feature.untilDays {
            faults.add(
                "The window of the feature “\(feature.name)” is empty.", at: feature.place,
                remedy: "Make “within_days” larger than “until_days” (0 where it is not written).")
        }
    }

    private func records(
        _ feature: inout FeatureDeclaration, _ reader: inout MappingReader,
        _ faults: inout FaultList
    ) {
        let written = reader.node("records")
        feature.records = written == nil ? nil : reader.choice("records", &faults)
        let isOwnTable = spellTable == feature.table && feature.about == .person
        if isOwnTable, written == nil {
            faults.add(
                "The feature “\(feature.name)” reads the table of the spell without saying which records.",
                at: feature.place,
                remedy:
                    "Write “records: index” for the spell itself or “records: history” for the others."
            )
        } else if !isOwnTable, let written {
            faults.add(
                "“records” of the feature “\(feature.name)” has no meaning here.",
                at: written.place,
                remedy: "Remove it: only a spell's own table has an index record.")
        }
        if feature.records == .index, feature.withinDays != nil || feature.untilDays != 0 {
            faults.add(
                "The feature “\(feature.name)” has a window on a single record.",
                at: feature.place, remedy: "Remove the window or write “records: history”.")
        }
    }

    private func checkColumn(_ feature: FeatureDeclaration, _ faults: inout FaultList) {
        switch (feature.aggregate.readsColumn, feature.column) {
        case (true, nil):
            faults.add(
                "The feature “\(feature.name)” does not say which column it reads.",
                at: feature.place, remedy: "Add “of: <column>”.")
        case (false, .some):
            faults.add(
                "The feature “\(feature.name)” counts facts and reads no column.",
                at: feature.place, remedy: "Remove “of”, or filter with “where”.")
        default: break
        }
    }
}
