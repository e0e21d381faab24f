import PipelineModel
import StrictYAML

/// Parses one entry of `payload:`.
struct PayloadParser {
    let clock: Clock
    /// Columns that say who somebody is: they pass only through a list or coarsened.
    let guarded: Set<String>

    private enum Kind: String, CaseIterable {
        case code
        case number
        case day
    }

    mutating func parse(
        _ entry: YAMLNode.Entry, _ faults: inout FaultList
    ) -> ExtractContract.PayloadColumn? {
        ContractName.check(entry, what: "payload column", &faults)
        var reader = MappingReader(entry.value, what: "payload column", faults: &faults)
        let column = reader.string("column", &faults)
        let kind = reader.choice("type", of: Kind.self, &faults)
        let isOutcome = reader.boolean("outcome", default: false, &faults)
        let allow = reader.node("allow") == nil ? nil : reader.strings("allow", &faults)
        let bounds = (
            reader.number("minimum", in: finite, default: -Double.greatestFiniteMagnitude, &faults),
            reader.number("maximum", in: finite, default: .greatestFiniteMagnitude, &faults)
        )
        var coarsen: ExtractContract.Coarsening?
        if reader.node("coarsen") != nil { coarsen = reader.choice("coarsen", &faults) }
        for (key, only) in [
            ("allow", Kind.code), ("minimum", .number), ("maximum", .number), ("coarsen", .day),
        ] {
            guard let place = reader.node(key)?.place, let kind, kind != only else { continue }
            faults.add(
                "“\(key)” is for the type “\(only.rawValue)”.", at: place, remedy: "Remove it.")
        }
        reader.finish(&faults)
        if bounds.0 > bounds.1 {
            faults.add(
                "“minimum” is above “maximum”.", at: entry.place, remedy: "Exchange them.")
        }
        if allow?.isEmpty == true {
            faults.add(
                "“allow” lists nothing.", at: entry.place,
                remedy: "List the codes that may pass, or leave the key out.")
        }
        if coarsen != nil, clock == .ordinal {
            faults.add(
                "An ordinal clock has no months or years.", at: entry.place,
                remedy: "Remove “coarsen”.")
        }
        guard let kind else { return nil }
        if guarded.contains(column), allow == nil, coarsen == nil {
            faults.add(
                "“\(entry.key)” would let a column that says who somebody is pass as it stands.",
                at: entry.place,
                remedy: "Give a code an “allow” list, coarsen a day, or leave the column out.")
        }
        let type: ExtractContract.PayloadType =
            switch kind {
            case .code: .code(allow: allow.map { Array(Set($0)).sorted() })
            case .number: .number(minimum: bounds.0, maximum: bounds.1)
            case .day: .day(coarsen: coarsen)
            }
        return .init(name: entry.key, column: column, type: type, isOutcome: isOutcome)
    }

    private var finite: ClosedRange<Double> {
        -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    }
}
