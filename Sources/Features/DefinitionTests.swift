public import PipelineModel
public import StrictYAML

/// The unit tests of a model's definitions: hand-written people, households or settings, and the
/// values they should have.
///
/// Everybody in `tests.yaml` is made up, so that the values may be shown.
public struct DefinitionTests: Sendable {
    /// One expectation and what came of it.
    public struct Result: Sendable, Equatable {
        /// The name of the case.
        public var person: String
        /// The column of the matrix, or `in_cohort`, or `refers`.
        public var column: String
        public var expected: Double
        /// `nil` where there is no row.
        public var computed: Double?
        /// Where the expectation is written.
        public var place: StileError.Place

        /// Whether both agree to six figures.
        public var passed: Bool {
            guard let computed else { return false }
            return abs(computed - expected) <= 1e-6 * max(1, abs(expected))
        }
    }

    let specification: ModelSpecification
    let cases: [DefinitionCase]

    /// Reads the parsed content of `tests.yaml`.
    ///
    /// - Throws: `StileError` with code `configuration` that carries every fault.
    public init(_ node: YAMLNode, for specification: ModelSpecification) throws {
        var faults = FaultList()
        self.specification = specification
        var parser = DefinitionCaseParser(specification)
        cases = parser.cases(node, &faults)
        try faults.check()
    }

    /// Reads `tests.yaml` of the folder of a model.
    public static func read(folder: String, for specification: ModelSpecification) throws
        -> DefinitionTests
    {
        try DefinitionTests(
            YAMLDocument.read(fileAt: folder + "/tests.yaml"), for: specification)
    }

    /// Works out every expectation, in the order in which they are written.
    public func run() throws -> [Result] {
        try cases.flatMap { try $0.results(specification) }
    }
}

/// A hand-written person with the others of the household, or the members of a household or of a
/// setting.
struct DefinitionCase: Sendable {
    var name: String
    /// The as-of date; for a spell it follows from the index record.
    var asOf: Day?
    /// What the expectations are about; for a person, the person's own row.
    var unit: UnitPseudonym
    var tables: [FactTable]
    var spine: Spine
    var exclusions: Exclusions
    var isInCohort: Bool
    /// How many people a list would name, where the case says so.
    var refers: (count: Int, place: StileError.Place)?
    var expected: [(column: String, value: Double, place: StileError.Place)]
    var place: StileError.Place

    /// The person whom the expectations are about.
    static let person = PersonPseudonym(high: 1, low: 1)
    /// The only household there is.
    static let household = HouseholdPseudonym(high: 3, low: 1)

    func results(_ specification: ModelSpecification) throws -> [DefinitionTests.Result] {
        var alone = specification
        var night = asOf ?? Day(0)
        if case .records(let daysAfter, _, _) = specification.timing {
            alone.timing = .records(daysAfter: daysAfter, split: nil, scoring: .all)
            night = FeatureStage.dayAfterNewest(of: tables) + daysAfter
        }
        let stage = try FeatureStage(
            alone, tables: tables, spine: spine, night: night, exclusions: exclusions)
        var report = FeatureReport()
        let rows = stage.plan(.scoring, &report)
        let isOwn = { (key: RowKey) in
            key.unit == unit && (key.person == .none || key.person == Self.person)
        }
        guard let own = rows.first(where: { isOwn($0.key) }) else {
            return results(nil) { _ in nil }
        }
        let matrix = try stage.build(.scoring).matrix
        let row = matrix.rows.firstIndex(of: own.key)
        return results(own) { name in
            guard let row, let column = matrix.columns.firstIndex(of: name) else { return nil }
            return matrix[row, column]
        }
    }

    private func results(_ own: PlannedRow?, _ computed: (String) -> Double?)
        -> [DefinitionTests.Result]
    {
        let membership = DefinitionTests.Result(
            person: name, column: "in_cohort", expected: isInCohort ? 1 : 0,
            computed: own == nil ? 0 : 1, place: place)
        let referral = refers.map { count, place in
            DefinitionTests.Result(
                person: name, column: "refers", expected: Double(count),
                computed: own.map { Double($0.referred.count) }, place: place)
        }
        return [membership] + [referral].compactMap(\.self)
            + expected.map {
                .init(
                    person: name, column: $0.column, expected: $0.value,
                    computed: computed($0.column), place: $0.place)
            }
    }
}
