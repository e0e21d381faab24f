public import PipelineModel

/// Who is left out, as the registers of opt-outs, objections and restrictions say on the night.
public struct Exclusions: Sendable, Equatable {
    /// Persons without a row: neither scored nor trained on.
    public var fromRows: Set<PersonPseudonym>
    /// Persons whose facts make no feature of another person.
    public var asRelatives: Set<PersonPseudonym>

    public init(fromRows: Set<PersonPseudonym> = [], asRelatives: Set<PersonPseudonym> = []) {
        self.fromRows = fromRows
        self.asRelatives = asRelatives
    }

    public static let none = Exclusions()
}
