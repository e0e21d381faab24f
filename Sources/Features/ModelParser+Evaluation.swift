import PipelineModel
import StrictYAML

/// What the evaluation sets beside its figures.
extension ModelParser {
    /// `by_person:` of `resampling`, `{folds: n}` or `{test_share_of_persons: x}`.
    func byPerson(_ reader: inout MappingReader, _ faults: inout FaultList) -> PeopleApart? {
        guard let node = reader.node("by_person") else { return nil }
        var item = MappingReader(node, what: "split by person", faults: &faults)
        defer { item.finish(&faults) }
        let (folds, share) = (item.node("folds"), item.node("test_share_of_persons"))
        guard (folds == nil) != (share == nil) else {
            faults.add(
                "“by_person” has either “folds” or “test_share_of_persons”.", at: node.place,
                remedy: "Write “by_person: {folds: 10}”, which tests everybody once.")
            return nil
        }
        return folds != nil
            ? .folds(item.integer("folds", in: 2...100, &faults))
            : .testShare(item.number("test_share_of_persons", in: 0.01...0.99, &faults))
    }

    /// `cannot_happen:` of the outcome: entries `{group, levels, why}`.
    func cannotHappen(
        _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> [Impossibility] {
        reader.items("cannot_happen", &faults).map { node in
            var item = MappingReader(node, what: "reason why it cannot happen", faults: &faults)
            defer { item.finish(&faults) }
            let entry = Impossibility(
                group: item.string("group", &faults), levels: item.strings("levels", &faults),
                why: item.string("why", &faults))
            if entry.levels.isEmpty {
                faults.add(
                    "No level of the grouping is named for which the outcome cannot happen.",
                    at: node.place, remedy: "Name them as “levels: [a, b]”.")
            }
            return entry
        }
    }
}

extension SpecificationRules {
    /// The groupings and levels for which the outcome cannot happen are among those declared.
    static func impossibilities(
        _ specification: ModelSpecification, _ faults: inout FaultList
    ) {
        guard let outcome = specification.outcome else { return }
        for reason in outcome.cannotHappen {
            guard let group = specification.groups.first(where: { $0.name == reason.group }) else {
                faults.add(
                    "“cannot_happen” names the group “\(reason.group)”, which is not declared.",
                    at: outcome.place, remedy: "Declare it under “groups”.")
                continue
            }
            let declared = group.feature.levels.map(\.name)
            for level in reason.levels where !declared.isEmpty && !declared.contains(level) {
                faults.add(
                    "“cannot_happen” names the level “\(level)”, which the group “\(reason.group)” does not have.",
                    at: outcome.place, remedy: "Write one of \(declared.joined(separator: ", ")).")
            }
        }
    }
}
