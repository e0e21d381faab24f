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

    /// What the chart is of.
    public var title: String
    /// What can be seen on it, in a sentence, for who cannot see it.
    public var description: String
    /// What the axis counts, with its unit.
    public var axis: String
    public var bars: [Bar]
    /// Values across all bars, such as a threshold.
    public var lines: [ChartLine]
    /// The ends of the axis; `nil` takes them from the bars.
    public var range: ClosedRange<Double>?

    public init(
        _ title: String, description: String, axis: String, bars: [Bar], lines: [ChartLine] = [],
        range: ClosedRange<Double>? = nil
    ) {
        self.title = title
        self.description = description
        self.axis = axis
        self.bars = bars
        self.lines = lines
        self.range = range
    }

    /// What fits beside the value, both ends of it; the table has the whole label.
    static func short(_ label: String) -> String {
        label.count <= 62 ? label : "\(label.prefix(38))…\(label.suffix(20))"
    }

    var drawing: Drawing {
        let values = bars.flatMap { [$0.from, $0.to] } + lines.map(\.at)
        let scale = ChartScale(
            covering: values.filter(\.isFinite), fixed: range, from: 6, to: Drawing.width - 6)
        let rowHeight = 33.0
        let top = lines.isEmpty ? 4.0 : 20.0
        let bottom = top + Double(bars.count) * rowHeight
        var drawing = Drawing(height: bottom + 36)
        for tick in scale.ticks {
            drawing.line(scale.place(tick), top, scale.place(tick), bottom, "grid")
            drawing.text(
                scale.tickText(tick), scale.place(tick), bottom + 14, scale.anchor(tick), "soft")
        }
        drawing.text(axis, Drawing.width / 2, bottom + 31, .middle, "soft")
        for (index, bar) in bars.enumerated() {
            let y = top + Double(index) * rowHeight
            drawing.text(Self.short(bar.label), 6, y + 13, .start, "")
            drawing.text(bar.value, Drawing.width - 6, y + 13, .end, "strong")
            let (low, high) = (min(bar.from, bar.to), max(bar.from, bar.to))
            let start = scale.place(low)
            drawing.box(
                start, y + 18, max(scale.place(high) - start, 1), 9, "bar \(bar.tone.rawValue)")
            if let point = bar.point { drawing.dot(scale.place(point), y + 22.5) }
        }
        for line in lines {
            drawing.line(scale.place(line.at), top - 2, scale.place(line.at), bottom, "limit")
            drawing.text(
                line.label, scale.place(line.at), 12, scale.anchor(line.at), "soft")
        }
        return drawing
    }
}

/// A value that a chart marks with a line and a word.
public struct ChartLine: Sendable {
    public var at: Double
    public var label: String

    public init(at value: Double, _ label: String) {
        at = value
        self.label = label
    }
}
