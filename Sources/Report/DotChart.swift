/// Estimates with their intervals, one below the other on one axis: the same figure of several
/// groups.
public struct DotChart: Sendable {
    public struct Row: Sendable {
        public var label: String
        /// The value as it is written.
        public var value: String
        /// Absent where there is no figure; `value` then says so.
        public var point: Double?
        public var lower: Double?
        public var upper: Double?

        public init(
            _ label: String, value: String, point: Double? = nil, lower: Double? = nil,
            upper: Double? = nil
        ) {
            self.label = label
            self.value = value
            self.point = point
            self.lower = lower
            self.upper = upper
        }
    }

    /// What the chart is of.
    public var title: String
    /// What can be seen on it, in a sentence, for who cannot see it.
    public var description: String
    /// What the axis counts, with its unit.
    public var axis: String
    public var rows: [Row]
    /// Values across all rows, such as the figure of all.
    public var lines: [ChartLine]
    /// The ends of the axis; `nil` takes them from the rows.
    public var range: ClosedRange<Double>?

    public init(
        _ title: String, description: String, axis: String, rows: [Row], lines: [ChartLine] = [],
        range: ClosedRange<Double>? = nil
    ) {
        self.title = title
        self.description = description
        self.axis = axis
        self.rows = rows
        self.lines = lines
        self.range = range
    }

    var drawing: Drawing {
        let values = rows.flatMap { [$0.point, $0.lower, $0.upper].compactMap(\.self) }
        let scale = ChartScale(
            covering: (values + lines.map(\.at)).filter(\.isFinite), fixed: range, from: 6,
            to: Drawing.width - 6)
        let rowHeight = 33.0
        let top = lines.isEmpty ? 4.0 : 20.0
        let bottom = top + Double(rows.count) * rowHeight
        var drawing = Drawing(height: bottom + 36)
        for tick in scale.ticks {
            drawing.line(scale.place(tick), top, scale.place(tick), bottom, "grid")
            drawing.text(
                scale.tickText(tick), scale.place(tick), bottom + 14, scale.anchor(tick), "soft")
        }
        drawing.text(axis, Drawing.width / 2, bottom + 31, .middle, "soft")
        for line in lines {
            drawing.line(scale.place(line.at), top - 2, scale.place(line.at), bottom, "limit")
            drawing.text(line.label, scale.place(line.at), 12, scale.anchor(line.at), "soft")
        }
        for (index, row) in rows.enumerated() {
            let y = top + Double(index) * rowHeight
            drawing.text(BarChart.short(row.label), 6, y + 13, .start, "")
            drawing.text(row.value, Drawing.width - 6, y + 13, .end, "strong")
            if let lower = row.lower, let upper = row.upper {
                drawing.line(
                    scale.place(lower), y + 23, scale.place(upper), y + 23, "whisker")
            }
            if let point = row.point { drawing.dot(scale.place(point), y + 23) }
        }
        return drawing
    }
}
