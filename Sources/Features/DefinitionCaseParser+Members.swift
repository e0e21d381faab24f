import PipelineModel
import StrictYAML

extension DefinitionCaseParser {
    /// A household or a setting with its members.
    mutating func group(_ node: YAMLNode, _ faults: inout FaultList) -> DefinitionCase {
        let what = "test \(specification.unit.rawValue)"
        var reader = MappingReader(node, what: what, faults: &faults)
        let name = name(&reader, what: what, &faults)
        let asOf = day(reader.required("as_of", &faults), "as_of", &faults)
        var unit: UnitPseudonym = DefinitionCase.household.cast()
        if specification.unit == .setting {
            unit = specification.setting(reader.string("setting", &faults))
        }
        var world = DefinitionWorld(uses)
        var count: UInt64 = 0
        for node in reader.items("members", &faults) {
            var item = MappingReader(node, what: "member", faults: &faults)
            let from = day(item.node("moved_in"), "moved_in", &faults)
            let people = item.integer("people", in: 1...1_000, default: 1, &faults)
            let objects = item.boolean("objects", default: false, &faults)
            let facts = facts(&item, &faults)
            item.finish(&faults)
            for _ in 0..<people {
                count += 1
                let member = PersonPseudonym(high: 1, low: count)
                if specification.unit == .household { world.resides(member, from: from) }
                if objects { world.exclude(member) }
                for (table, fact) in facts { world.add(fact, of: member, to: table) }
            }
        }
        let isInCohort = reader.boolean("in_cohort", default: true, &faults)
        var refers: (Int, StileError.Place)?
        if specification.unit == .household, let node = reader.node("refers") {
            refers = (reader.integer("refers", in: 0...1_000, &faults), node.place)
        }
        let expected = expectations(&reader, isInCohort, &faults)
        reader.finish(&faults)
        return DefinitionCase(
            name: name, asOf: asOf, unit: unit, tables: world.tables, spine: world.spine,
            exclusions: world.exclusions, isInCohort: isInCohort, refers: refers,
            expected: expected, place: node.place)
    }
}
