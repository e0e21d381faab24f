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

    public var frame: RowFrame
    public var rows: [Row]

    public init(
        _ title: String, description: String, axis: String, rows: [Row], lines: [ChartLine] = [],
        range: ClosedRange<Double>? = nil
    ) {
        frame = RowFrame(
            title: title, description: description, axis: axis, lines: lines, range: range)
        self.rows = rows
    }

    var drawing: Drawing {
        frame.drawing(
            rows: rows.map { ($0.label, $0.value) },
            covering: rows.flatMap { [$0.point, $0.lower, $0.upper].compactMap(\.self) },
            linesAreOnTop: false
        ) { index, y, scale, drawing in
            let row = rows[index]
            if let lower = row.lower, let upper = row.upper {
                drawing.line(
                    scale.place(lower), y + 23, scale.place(upper), y + 23, "whisker")
            }
            if let point = row.point { drawing.dot(scale.place(point), y + 23) }
        }
    }
}
