/// Horizontal bars on one axis: weights, the steps of a waterfall, or rates with intervals.
///
/// A bar says its value in words beside its label, so that nothing is said by colour or
/// length alone.
public struct BarChart: Sendable {
    public enum Tone: String, Sendable {
        case plain
        /// Speaks for.
        case good
        /// Speaks against.
        case bad
        /// A sum, or where something begins.
        case total
    }

    public struct Bar: Sendable {
        public var label: String
        /// The ends of the bar, in either order, in the unit of the axis.
        public var from: Double
        public var to: Double
        /// The value as it is written.
        public var value: String
        public var tone: Tone
        /// A point marked within the bar, such as an estimate within its interval.
        public var point: Double?

        public init(
            _ label: String, from: Double = 0, to: Double, value: String, tone: Tone = .plain,
            point: Double? = nil
        ) {
            self.label = label
            self.from = from
            self.to = to
            self.value = value
            self.tone = tone
            self.point = point
        }
    }

    public var frame: RowFrame
    public var bars: [Bar]

    public init(
        _ title: String, description: String, axis: String, bars: [Bar], lines: [ChartLine] = [],
        range: ClosedRange<Double>? = nil
    ) {
        frame = RowFrame(
            title: title, description: description, axis: axis, lines: lines, range: range)
        self.bars = bars
    }

    var drawing: Drawing {
        frame.drawing(
            rows: bars.map { ($0.label, $0.value) }, covering: bars.flatMap { [$0.from, $0.to] },
            linesAreOnTop: true
        ) { index, y, scale, drawing in
            let bar = bars[index]
            let (low, high) = (min(bar.from, bar.to), max(bar.from, bar.to))
            let start = scale.place(low)
            drawing.box(
                start, y + 18, max(scale.place(high) - start, 1), 9, "bar \(bar.tone.rawValue)")
            if let point = bar.point { drawing.dot(scale.place(point), y + 22.5) }
        }
    }
}
