import PipelineModel
import StrictYAML

/// Reads the cases of `tests.yaml`.
struct DefinitionCaseParser {
    let specification: ModelSpecification
    let uses: [String: [String: TableSchema.Kind]]
    private let columns: Set<String>
    private var names: Set<String> = []

    init(_ specification: ModelSpecification) {
        self.specification = specification
        uses = specification.columnUses
        columns = Set(specification.columns.map(\.name))
    }

    mutating func cases(_ node: YAMLNode, _ faults: inout FaultList) -> [DefinitionCase] {
        var reader = MappingReader(node, what: "tests file", faults: &faults)
        let key =
            switch specification.unit {
            case .person, .spell: "people"
            case .household: "households"
            case .setting: "settings"
            }
        let items = reader.items(key, &faults)
        reader.finish(&faults)
        if items.isEmpty {
            faults.add(
                "The model's definitions are not tested.", at: node.place,
                remedy: "Describe at least one case under “\(key):”.")
        }
        return items.map { node in
            hasMembers ? group(node, &faults) : person(node, &faults)
        }
    }

    private var hasMembers: Bool {
        specification.unit == .household || specification.unit == .setting
    }

    mutating func name(
        _ reader: inout MappingReader, what: String, _ faults: inout FaultList
    ) -> String {
        let name = reader.string("name", &faults)
        if !names.insert(name).inserted {
            faults.add(
                "Two \(what)s are called “\(name)”.", at: reader.place,
                remedy: "Give each a name of its own.")
        }
        return name
    }

    mutating func person(_ node: YAMLNode, _ faults: inout FaultList) -> DefinitionCase {
        var reader = MappingReader(node, what: "test person", faults: &faults)
        let name = name(&reader, what: "test person", &faults)
        var asOf: Day?
        var index: String?
        if case .dates = specification.timing {
            asOf = day(reader.required("as_of", &faults), "as_of", &faults)
        } else {
            index = reader.string("index", &faults)
        }
        var world = DefinitionWorld(uses)
        for (table, fact) in facts(&reader, &faults) {
            world.add(fact, of: DefinitionCase.person, to: table)
        }
        if reader.node("household") != nil {
            world.resides(DefinitionCase.person, from: nil)
            for (number, node) in reader.items("household", &faults).enumerated() {
                let relative = PersonPseudonym(high: 1, low: UInt64(number + 2))
                var item = MappingReader(node, what: "member of the household", faults: &faults)
                world.resides(relative, from: day(item.node("moved_in"), "moved_in", &faults))
                for (table, fact) in facts(&item, &faults) {
                    world.add(fact, of: relative, to: table)
                }
                item.finish(&faults)
            }
        }
        let isInCohort = reader.boolean("in_cohort", default: true, &faults)
        let expected = expectations(&reader, isInCohort, &faults)
        reader.finish(&faults)
        if let index, world.records[index] == nil {
            faults.add(
                "No fact of the test person “\(name)” is the record “\(index)”.", at: node.place,
                remedy: "Add “record: \(index)” to the fact of the spell.")
        }
        return DefinitionCase(
            name: name, asOf: asOf,
            unit: index.flatMap { world.records[$0]?.cast() } ?? DefinitionCase.person.cast(),
            tables: world.tables, spine: world.spine, exclusions: .none, isInCohort: isInCohort,
            expected: expected, place: node.place)
    }

    func expectations(
        _ reader: inout MappingReader, _ isInCohort: Bool, _ faults: inout FaultList
    ) -> [(column: String, value: Double, place: StileError.Place)] {
        let entries = reader.mapping("expect", &faults)
        if entries.isEmpty == isInCohort {
            faults.add(
                isInCohort
                    ? "A case expects nothing."
                    : "A case outside the cohort expects values.",
                at: reader.place, remedy: "Write “expect” for those in the cohort, and only there.")
        }
        return entries.compactMap { entry in
            guard columns.contains(entry.key) else {
                faults.add(
                    "The model has no column “\(entry.key)”.", at: entry.place,
                    remedy: "Write the name of a feature, or of a feature and its level.")
                return nil
            }
            guard let text = entry.value.text(entry.key, &faults) else { return nil }
            guard let value = Double(text), value.isFinite else {
                faults.add(
                    "The expected value of “\(entry.key)” is not a number.",
                    at: entry.value.place, remedy: "Write a number.")
                return nil
            }
            return (entry.key, value, entry.value.place)
        }
    }

    func day(_ node: YAMLNode?, _ key: String, _ faults: inout FaultList) -> Day? {
        guard let node, let text = node.text(key, &faults) else { return nil }
        if let day = Clock.ordinal.day(text) ?? Clock.calendar.day(text) { return day }
        faults.add(
            "“\(key)” is neither a date nor an ordinal.", at: node.place,
            remedy: "Write yyyy-mm-dd, or a whole number on an ordinal clock.")
        return nil
    }

    func facts(_ reader: inout MappingReader, _ faults: inout FaultList) -> [(
        table: String, fact: DefinitionWorld.Fact
    )] {
        var found: [(String, DefinitionWorld.Fact)] = []
        for entry in reader.mapping("facts", &faults) {
            guard let columns = uses[entry.key] else {
                faults.add(
                    "The model does not read the table “\(entry.key)”.", at: entry.place,
                    remedy: "Correct the name or remove the facts.")
                continue
            }
            guard case .sequence(let items) = entry.value.content else {
                faults.add(
                    "“\(entry.key)” must be a list of facts.", at: entry.value.place,
                    remedy: "Write each fact on a line that begins with “- ”.")
                continue
            }
            for item in items {
                guard let fact = fact(item, columns, &faults) else { continue }
                found.append((entry.key, fact))
            }
        }
        return found
    }

    private func fact(
        _ node: YAMLNode, _ columns: [String: TableSchema.Kind], _ faults: inout FaultList
    ) -> DefinitionWorld.Fact? {
        var reader = MappingReader(node, what: "fact", faults: &faults)
        let happened = day(reader.required("happened", &faults), "happened", &faults)
        let known = day(reader.node("known"), "known", &faults)
        let until = day(reader.node("until"), "until", &faults)
        let record = reader.optionalString("record", &faults)
        var values: [String: String] = [:]
        for (name, kind) in columns.sorted(by: { $0.key < $1.key }) {
            guard let node = reader.node(name), let text = node.text(name, &faults) else {
                continue
            }
            let isRight =
                switch kind {
                case .number: Double(text)?.isFinite ?? false
                case .day: Day(iso: text) != nil
                case .code: true
                }
            if isRight {
                values[name] = text
            } else {
                faults.add(
                    "The model needs “\(name)” to be a \(kind.rawValue).", at: node.place,
                    remedy: "Write a \(kind.rawValue).")
            }
        }
        reader.finish(&faults)
        guard let happened else { return nil }
        return .init(
            record: record, happened: happened, knownFrom: known ?? happened,
            knownTo: until ?? .open, values: values)
    }
}
