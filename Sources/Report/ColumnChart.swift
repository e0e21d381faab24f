import Foundation

/// Counts in neighbouring bins of equal width as columns, on a logarithmic scale, so that few
/// beside many can be seen.
public struct ColumnChart: Sendable {
    /// What the chart is of.
    public var title: String
    /// What can be seen on it, in a sentence, for who cannot see it.
    public var description: String
    /// What the bins are of, with its unit.
    public var axis: String
    /// Where the first bin begins.
    public var start: Double
    /// The width of a bin; above 0.
    public var width: Double
    public var counts: [Int]
    /// Values that are marked on the axis, such as a threshold.
    public var lines: [ChartLine]

    public init(
        _ title: String, description: String, axis: String, start: Double, width: Double,
        counts: [Int], lines: [ChartLine] = []
    ) {
        self.title = title
        self.description = description
        self.axis = axis
        self.start = start
        self.width = width
        self.counts = counts
        self.lines = lines
    }

    /// How high a count stands: 0 for none, 1 for one, 2 for ten, and so on.
    private static func height(_ count: Int) -> Double {
        count >= 1 ? 1 + log10(Double(count)) : 0
    }

    var drawing: Drawing {
        let (left, right, top, bottom) = (46.0, Drawing.width - 8, 22.0, 190.0)
        let levels = max(Self.height(counts.max() ?? 0).rounded(.up), 1)
        let end = start + width * Double(max(counts.count, 1))
        let scale = ChartScale(covering: [], fixed: start...end, from: left, to: right)
        var drawing = Drawing(height: bottom + 36)
        func y(_ height: Double) -> Double { bottom - (bottom - top) * height / levels }
        var power = 1
        for level in 0...Int(levels) {
            drawing.line(left, y(Double(level)), right, y(Double(level)), "grid")
            drawing.text(
                level == 0 ? "0" : Numerals.count(power), left - 5, y(Double(level)) + 4, .end,
                "soft")
            if level > 0 { power *= 10 }
        }
        for (index, count) in counts.enumerated() where count > 0 {
            let x = scale.place(start + width * Double(index))
            let next = scale.place(start + width * Double(index + 1))
            let height = Self.height(count)
            drawing.box(x + 0.5, y(height), max(next - x - 1, 0.5), bottom - y(height), "bar plain")
        }
        for tick in scale.ticks {
            drawing.text(
                scale.tickText(tick), scale.place(tick), bottom + 14, scale.anchor(tick), "soft")
        }
        drawing.text(axis, (left + right) / 2, bottom + 31, .middle, "soft")
        for line in lines where line.at >= start && line.at <= end {
            drawing.line(scale.place(line.at), top - 4, scale.place(line.at), bottom, "limit")
            drawing.text(line.label, scale.place(line.at), 13, scale.anchor(line.at), "soft")
        }
        return drawing
    }
}
