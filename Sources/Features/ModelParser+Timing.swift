import PipelineModel
import StrictYAML

extension ModelParser {
    /// `as_of:` and `split:`.
    func timing(
        _ reader: inout MappingReader, _ unit: UnitKind, _ faults: inout FaultList
    ) -> ModelSpecification.Timing? {
        guard let node = reader.required("as_of", &faults) else { return nil }
        var item = MappingReader(node, what: "as_of", faults: &faults)
        defer { item.finish(&faults) }
        guard unit == .spell else {
            return .dates(
                train: dates("train", &item, &faults), test: dates("test", &item, &faults))
        }
        if item.string("each", &faults) != "record" {
            faults.add(
                "The as-of date of a spell comes from its record.", at: node.place,
                remedy: "Write “each: record”.")
        }
        let after = item.integer("days_after", in: 1...3_650, default: 1, &faults)
        return .records(
            daysAfter: after, split: split(&reader, &faults), scoring: scoring(&item, &faults))
    }

    /// The days from `from` to `to`, every so many months, on the same day of the month.
    private func dates(_ key: String, _ reader: inout MappingReader, _ faults: inout FaultList)
        -> [Day]
    {
        guard let node = reader.node(key) else { return [] }
        var item = MappingReader(node, what: "run of as-of dates", faults: &faults)
        let first = item.day("from", &faults)
        let last = item.day("to", &faults)
        let step = item.integer("every_months", in: 1...120, &faults)
        item.finish(&faults)
        guard let first, let last, first <= last, first.civil.day <= 28 else {
            faults.add(
                "The as-of dates of “\(key)” need “from” and “to”, in that order, on a day of the month up to 28.",
                at: node.place, remedy: "Write them as yyyy-mm-dd.")
            return []
        }
        var list: [Day] = []
        let start = first.civil
        for index in 0... {
            let months = start.month - 1 + index * step
            guard
                let day = Day(
                    year: start.year + months / 12, month: months % 12 + 1, day: start.day),
                day <= last
            else { break }
            list.append(day)
        }
        return list
    }

    private func split(_ reader: inout MappingReader, _ faults: inout FaultList)
        -> ModelSpecification.Split?
    {
        guard let node = reader.node("split") else { return nil }
        var item = MappingReader(node, what: "split", faults: &faults)
        defer { item.finish(&faults) }
        if let through = item.node("train_through") {
            let text = through.text("train_through", &faults) ?? ""
            if let day = Clock.ordinal.day(text) ?? Clock.calendar.day(text) { return .day(day) }
            faults.add(
                "“train_through” is neither a date nor an ordinal.", at: through.place,
                remedy: "Write yyyy-mm-dd, or a whole number on an ordinal clock.")
            return nil
        }
        return .person(
            testShare: item.number("test_share_of_persons", in: 0.01...0.99, &faults))
    }

    private func scoring(_ reader: inout MappingReader, _ faults: inout FaultList)
        -> ModelSpecification.SpellScoring
    {
        guard let node = reader.required("score", &faults) else { return .all }
        if case .scalar("all") = node.content { return .all }
        if case .scalar("test") = node.content { return .test }
        guard case .mapping = node.content else {
            faults.add(
                "“score” cannot be read.", at: node.place,
                remedy: "Write “all”, “test” or “{within_days: <number>}”.")
            return .all
        }
        var item = MappingReader(node, what: "score", faults: &faults)
        defer { item.finish(&faults) }
        return .within(item.integer("within_days", in: 1...3_650, &faults))
    }
}
