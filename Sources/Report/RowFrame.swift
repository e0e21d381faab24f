/// What charts of rows one below the other share: their words, their axis and the lines across.
public struct RowFrame: Sendable {
    /// What the chart is of.
    public var title: String
    /// What can be seen on it, in a sentence, for who cannot see it.
    public var description: String
    /// What the axis counts, with its unit.
    public var axis: String
    /// Values across all rows, such as a threshold or the figure of all.
    public var lines: [ChartLine]
    /// The ends of the axis; `nil` takes them from the rows.
    public var range: ClosedRange<Double>?

    static let rowHeight = 33.0

    /// What fits beside the value, both ends of it; the table has the whole label.
    static func short(_ label: String, beside value: String = "") -> String {
        let room = min(62, max(70 - value.count, 20))
        guard label.count > room else { return label }
        let end = room / 3
        return "\(label.prefix(room - end - 4))…\(label.suffix(end))"
    }

    /// The frame with its rows.
    ///
    /// - Parameters:
    ///   - rows: The label and the value of each row, as they are written.
    ///   - values: All that the axis must cover, but for the lines.
    ///   - linesAreOnTop: Whether the lines are drawn over the rows.
    ///   - body: Draws a row, of which the top and the scale are given.
    func drawing(
        rows: [(label: String, value: String)], covering values: [Double], linesAreOnTop: Bool,
        _ body: (_ row: Int, _ top: Double, ChartScale, inout Drawing) -> Void
    ) -> Drawing {
        let scale = ChartScale(
            covering: (values + lines.map(\.at)).filter(\.isFinite), fixed: range, from: 6,
            to: Drawing.width - 6)
        let top = lines.isEmpty ? 4.0 : 20.0
        let bottom = top + Double(rows.count) * Self.rowHeight
        var drawing = Drawing(height: bottom + 36)
        for tick in scale.ticks {
            drawing.line(scale.place(tick), top, scale.place(tick), bottom, "grid")
            drawing.text(
                scale.tickText(tick), scale.place(tick), bottom + 14, scale.anchor(tick), "soft")
        }
        drawing.text(axis, Drawing.width / 2, bottom + 31, .middle, "soft")
        func drawLines() {
            for line in lines {
                drawing.line(scale.place(line.at), top - 2, scale.place(line.at), bottom, "limit")
                drawing.text(line.label, scale.place(line.at), 12, scale.anchor(line.at), "soft")
            }
        }
        if !linesAreOnTop { drawLines() }
        for (index, row) in rows.enumerated() {
            let y = top + Double(index) * Self.rowHeight
            drawing.text(Self.short(row.label, beside: row.value), 6, y + 13, .start, "")
            drawing.text(row.value, Drawing.width - 6, y + 13, .end, "strong")
            body(index, y, scale, &drawing)
        }
        if linesAreOnTop { drawLines() }
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
