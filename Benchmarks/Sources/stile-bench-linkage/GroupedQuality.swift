/// Precision and recall of the people that were made, by a property of their records.
///
/// A record's claimed pairs are those with the others in its group, its wanted ones those with the
/// records of the same entity; a pair counts once for each of its records that has the value.
struct GroupedQuality {
    var attribute: String
    var value: String
    var records = 0
    var claimed = 0
    var found = 0
    var wanted = 0

    var precision: Double { claimed == 0 ? 1 : Double(found) / Double(claimed) }
    var recall: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }

    /// How many records a value must have to be told apart from the others.
    private static let least = 50

    /// - Parameters:
    ///   - group: The group of each record.
    ///   - entity: Who each record is.
    ///   - sources: The source of each record; pairs within one count where `within`.
    ///   - within: Whether pairs of one source count.
    ///   - attributes: The names of properties.
    ///   - values: The values that each record has of them.
    static func all(
        _ group: [Int32], entity: [Int], sources: [Int], within: Bool, attributes: [String],
        values: [[String]]
    ) -> [GroupedQuality] {
        struct Place: Hashable {
            var group: Int
            var entity: Int
        }
        var claims: [Int: Quality.Group] = [:]
        var people: [Int: Quality.Group] = [:]
        var both: [Place: Quality.Group] = [:]
        for index in entity.indices {
            let place = Place(group: Int(group[index]), entity: entity[index])
            claims[place.group, default: .init()].add(sources[index])
            people[place.entity, default: .init()].add(sources[index])
            both[place, default: .init()].add(sources[index])
        }
        func partners(_ group: Quality.Group?, _ source: Int) -> Int {
            guard let group else { return 0 }
            let all = group.bySource.values.reduce(0, +)
            return within ? all - 1 : all - (group.bySource[source] ?? 0)
        }
        return attributes.indices.flatMap { attribute -> [GroupedQuality] in
            var found: [String: GroupedQuality] = [:]
            for index in entity.indices {
                guard attribute < values[index].count else { continue }
                let value = values[index][attribute].isEmpty ? "none" : values[index][attribute]
                let place = Place(group: Int(group[index]), entity: entity[index])
                var row =
                    found[value]
                    ?? GroupedQuality(attribute: attributes[attribute], value: value)
                row.records += 1
                row.claimed += partners(claims[place.group], sources[index])
                row.wanted += partners(people[place.entity], sources[index])
                row.found += partners(both[place], sources[index])
                found[value] = row
            }
            return found.values.filter { $0.records >= least }
                .sorted { ($1.records, $0.value) < ($0.records, $1.value) }.prefix(8)
                .sorted { $0.value < $1.value }
        }
    }
}
