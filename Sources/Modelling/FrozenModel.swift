public import PipelineModel
public import StrictYAML

/// A published equation, used as it stands or recalibrated; its terms are never refitted.
///
/// The node under `coefficients:` in a model's specification:
///
/// ```yaml
/// coefficients:
///   intercept: -2.91821
///   terms:
///     age_squared: 0.000060581      # column of the matrix: coefficient
///   reference:                      # optional; 0 where a term is not named
///     age_squared: 4900             # the value against which reasons are measured
///   recalibrate: intercept          # optional: intercept or slope, on the training rows here
/// ```
public struct FrozenModel: Sendable, Equatable {
    public var intercept: Double
    /// The terms in the order written.
    public var terms: [ScoringEquation.Term]
    /// What is fitted to the people here; `nil` where the equation is used as it stands.
    public var recalibration: Recalibration.Kind?

    public init(
        intercept: Double, terms: [ScoringEquation.Term], recalibration: Recalibration.Kind? = nil
    ) {
        self.intercept = intercept
        self.terms = terms
        self.recalibration = recalibration
    }

    /// The equation that scoring uses.
    public func equation(name: String) -> ScoringEquation {
        ScoringEquation(name: name, intercept: intercept, terms: terms)
    }

    /// Reads the node under `coefficients:`; every fault is noted in `faults`.
    public static func parse(_ node: YAMLNode, faults: inout FaultList) -> FrozenModel {
        var reader = MappingReader(node, what: "published equation", faults: &faults)
        let intercept = reader.number("intercept", in: -1e6...1e6, &faults)
        let written = reader.mapping("terms", &faults)
        if reader.node("terms") == nil {
            faults.add(
                "The published equation has no “terms”.", at: reader.place,
                remedy: "Write each column with its coefficient under “terms”.")
        }
        let references = reader.mapping("reference", &faults)
        var recalibration: Recalibration.Kind?
        if reader.node("recalibrate") != nil {
            recalibration = reader.choice("recalibrate", of: Recalibration.Kind.self, &faults)
        }
        reader.finish(&faults)
        var terms: [ScoringEquation.Term] = []
        for entry in written {
            guard let coefficient = number(entry, &faults) else { continue }
            terms.append(.init(name: entry.key, coefficient: coefficient, mean: 0))
        }
        for entry in references {
            guard let index = terms.firstIndex(where: { $0.name == entry.key }) else {
                faults.add(
                    "“\(entry.key)” has a reference value but no coefficient.", at: entry.place,
                    remedy: "Correct its spelling or remove it.")
                continue
            }
            if let value = number(entry, &faults) { terms[index].mean = value }
        }
        return FrozenModel(intercept: intercept, terms: terms, recalibration: recalibration)
    }

    private static func number(_ entry: YAMLNode.Entry, _ faults: inout FaultList) -> Double? {
        guard let text = entry.value.text(entry.key, &faults) else { return nil }
        guard let value = Double(text), value.isFinite else {
            faults.add(
                "The value of “\(entry.key)” must be a number.", at: entry.value.place,
                remedy: "Write a decimal number such as 0.1215.")
            return nil
        }
        return value
    }
}
