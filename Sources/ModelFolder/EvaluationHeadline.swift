/// The few figures of `evaluation.json` that cards and comparisons show.
///
/// Read by name, so that an evaluation of another release still shows what it has.
public struct EvaluationHeadline: Sendable, Equatable {
    /// A figure, or nothing where the evaluation has none or says why there is none.
    public struct Figure: Sendable, Equatable, Codable {
        public var name: String
        /// What people read.
        public var title: String
        public var value: Double?
        public var lower: Double?
        public var upper: Double?

        /// Whether it is a number of rows.
        var isCount: Bool { name == "rows" || name == "events" }
    }

    public var figures: [Figure]
    /// Whether the margins of the specification were met: `met`, `not_met`, `undecided` or
    /// `not_assessable`; `nil` where there are none.
    public var acceptance: String?
    /// How often the labels of the test rows were read, and for how many equations; `nil` where
    /// nobody counted.
    public var openings: Openings?
    /// How far the test rows have moved from those of the fit; `nil` where nothing was fitted here.
    public var drift: Drift?
    /// `nil` where nobody asked for it.
    public var apart: Apart?
    /// `nil` where the specification names nothing that cannot happen.
    public var impossible: Impossible?

    public struct Openings: Sendable, Equatable {
        public var count: Int
        public var equations: Int
    }

    private static let shown: [(name: String, title: String)] = [
        ("rows", "Rows tested"),
        ("events", "Events among them"),
        ("prevalence", "Share with the event"),
        ("mean_probability", "Mean probability"),
        ("discrimination", "Ranks someone with the event above someone without (AUROC)"),
        ("average_precision", "Average precision"),
        ("brier", "Brier score"),
        ("scaled_brier", "Scaled Brier score"),
        ("observed_to_expected", "Events that came for each that was expected"),
        ("calibration.in_the_large", "Calibration in the large"),
        ("calibration.slope", "Calibration slope"),
        ("calibration_curve.integrated_index", "Mean distance of the calibration curve (ICI)"),
        ("list.precision.expected", "Share of the list with the event"),
        ("list.sensitivity.expected", "Share of all events on the list"),
        ("baseline_discrimination", "AUROC of the service's present rule"),
    ]

    /// Reads the figures; `nil` where the bytes hold no JSON object.
    public init?(_ bytes: [UInt8]) {
        guard let root = JSONTree(bytes), case .object = root else { return nil }
        if case .string(let verdict)? = root.value(at: "acceptance.verdict") {
            acceptance = verdict
        }
        if let count = root.number(at: "openings.count").flatMap({ Int(exactly: $0) }),
            let equations = root.number(at: "openings.equations").flatMap({ Int(exactly: $0) })
        {
            openings = Openings(count: count, equations: equations)
        }
        drift = Self.drift(root)
        apart = Self.apart(root)
        impossible = Self.impossible(root)
        figures = Self.shown.compactMap { name, title in
            guard let node = root.value(at: name) else { return nil }
            switch node {
            case .number(let value):
                return Figure(name: name, title: title, value: value)
            case .object:
                return Figure(
                    name: name, title: title, value: node.number(at: "estimate"),
                    lower: node.number(at: "lower"), upper: node.number(at: "upper"))
            default: return nil
            }
        }
    }

    /// The value of a figure; `nil` where there is none.
    public subscript(name: String) -> Figure? { figures.first { $0.name == name } }
}

extension EvaluationHeadline.Figure {
    /// The figure with its interval, or why it is not there.
    var text: String { shown(decimals: 3) }

    /// The same with so many decimals.
    func shown(decimals: Int) -> String {
        guard let value else { return "not assessable; see evaluation.json" }
        func shown(_ value: Double) -> String {
            isCount ? Decimals.count(Int(value)) : Decimals.fixed(value, decimals: decimals)
        }
        guard let lower, let upper else { return shown(value) }
        return "\(shown(value)) (\(shown(lower)) to \(shown(upper)))"
    }
}
