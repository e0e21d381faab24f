import Features
import ModelFolder

/// What the columns and the outcome of a specification are, in words for a model's folder.
enum PublishedWords {
    static func terms(_ specification: ModelSpecification) -> [PublishedModel.Term] {
        let features = Dictionary(
            specification.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return specification.columns.map { column in
            PublishedModel.Term(
                name: column.name, title: ValueWords.title(column),
                scale: features[column.feature].map { scale(column, $0) } ?? "the value",
                source: column.table, isThirdParty: column.isThirdParty)
        }
    }

    static func outcome(_ specification: ModelSpecification) -> String? {
        guard let outcome = specification.outcome else { return nil }
        switch outcome.kind {
        case .facts(let table, let horizon, let settle):
            let wait = settle > 0 ? ", counted \(settle) days after that" : ""
            return
                "a fact of \(table) that meets `outcome` in the specification, in the \(horizon) days from the as-of date\(wait)"
        case .index:
            return "what the spell's own record says, as `outcome` in the specification has it"
        }
    }

    private static func scale(_ column: FeatureColumn, _ feature: FeatureDeclaration) -> String {
        switch column.part {
        case .level(let level): return "1 if \(ValueWords.readable(level)), else 0"
        case .other: return "1 if other, else 0"
        case .missing: return "1 if not known, else 0"
        case .value: break
        }
        var words = amount(feature)
        if feature.isPerPerson { words += " for each member" }
        if let cap = feature.cap { words += ", at most \(number(cap))" }
        switch feature.transform {
        case .identity: break
        case .log1p: words = "ln(1 + x), where x is \(words)"
        case .square: words = "x², where x is \(words)"
        }
        return feature.divisor == 1 ? words : "\(words), divided by \(number(feature.divisor))"
    }

    private static func amount(_ feature: FeatureDeclaration) -> String {
        switch feature.aggregate {
        case .count: "the number of facts"
        case .any: "1 if so, else 0"
        case .distinct: "the number of different values"
        case .sum: "the sum of the values"
        case .mean: "the mean of the values"
        case .minimum: "the smallest value"
        case .maximum: "the largest value"
        case .latest: "the newest value"
        case .daysSinceLatest: "the days since \(feature.column ?? "the newest fact")"
        case .yearsSince: "the completed years since \(feature.column ?? "the newest fact")"
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : value.description
    }
}
