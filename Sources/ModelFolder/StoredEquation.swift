public import PipelineModel

/// `equation.json`: what scores, with what people need to read it.
public struct StoredEquation: Sendable, Equatable, Codable {
    public struct Term: Sendable, Equatable, Codable {
        public var name: String
        public var title: String
        public var scale: String
        public var source: String
        public var coefficient: Double
        /// The value against which reasons are measured.
        public var reference: Double
    }

    public var format: Int
    public var model: String
    public var title: String
    public var version: Int
    /// What the rows are about.
    public var unit: UnitKind
    /// SHA-256 of the specification, comments and spacing apart.
    public var specification: String
    /// How the sum becomes a probability: `logit`, 1 ÷ (1 + e^−sum).
    public var link: String
    public var intercept: Double
    /// The terms in the order in which they are added, each product and sum rounded by itself.
    public var terms: [Term]

    init(_ model: PublishedModel) {
        let words = Dictionary(
            model.terms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        format = 1
        self.model = model.name
        title = model.title
        version = model.version
        unit = model.unit
        specification = model.specification.hex
        link = "logit"
        intercept = model.equation.intercept
        terms = model.equation.terms.map { term in
            Term(
                name: term.name, title: words[term.name]?.title ?? term.name,
                scale: words[term.name]?.scale ?? "as it stands in the matrix",
                source: words[term.name]?.source ?? "", coefficient: term.coefficient,
                reference: term.mean)
        }
    }

    /// The equation as scoring takes it.
    public var equation: ScoringEquation {
        ScoringEquation(
            name: model, intercept: intercept,
            terms: terms.map {
                .init(name: $0.name, coefficient: $0.coefficient, mean: $0.reference)
            }
        )
    }
}
