/// A chart that can stand on a page or in a file of its own.
public enum Chart: Sendable {
    case bars(BarChart)
    case columns(ColumnChart)
    case curves(LineChart)
    case dots(DotChart)

    var title: String {
        switch self {
        case .bars(let chart): chart.frame.title
        case .columns(let chart): chart.title
        case .curves(let chart): chart.title
        case .dots(let chart): chart.frame.title
        }
    }

    var description: String {
        switch self {
        case .bars(let chart): chart.frame.description
        case .columns(let chart): chart.description
        case .curves(let chart): chart.description
        case .dots(let chart): chart.frame.description
        }
    }

    private var drawing: Drawing {
        switch self {
        case .bars(let chart): chart.drawing
        case .columns(let chart): chart.drawing
        case .curves(let chart): chart.drawing
        case .dots(let chart): chart.drawing
        }
    }

    /// The chart as it stands on a page, whose style sheet colours it.
    var inline: String {
        let label = Escaping.escape("\(title). \(description)")
        let words =
            "<title>\(Escaping.escape(title))</title>\n<desc>\(Escaping.escape(description))</desc>\n"
        return
            "<svg \(drawing.frame) role=\"img\" aria-label=\"\(label)\">\n\(words)\(drawing.body)</svg>"
    }

    /// The chart as an SVG file that needs nothing from elsewhere.
    ///
    /// The same chart gives the same bytes on every machine.
    public func svg() -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" \(drawing.frame) role="img" \
        aria-labelledby="title description">
        <title id="title">\(Escaping.escape(title))</title>
        <desc id="description">\(Escaping.escape(description))</desc>
        <style>
        \(Self.fileStyle)</style>
        <rect class="ground" x="0" y="0" width="100%" height="100%"/>
        \(drawing.body)</svg>

        """
    }

    private static let fileStyle = """
        svg { --ground: #ffffff; --ink: #1c2321; --soft: #4d5753; --line: #cfd4d0; --accent: #17505a; --good: #1f6b3a; --stop: #a3201c; }
        @media (prefers-color-scheme: dark) { svg { --ground: #141817; --ink: #e8ebe9; --soft: #a9b3ae; --line: #3a433f; --accent: #8cc7d0; --good: #86d19f; --stop: #ff9d96; } }
        .ground { fill: var(--ground); }
        text { font: 12px "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif; }

        """ + Stylesheet.chart
}

/// Shapes on a canvas of ``width`` units; coordinates are written with one decimal.
struct Drawing {
    static let width = 440.0

    enum Anchor: String { case start, middle, end }

    private(set) var body = ""
    let height: Double

    init(height: Double) { self.height = height }

    var frame: String { "viewBox=\"0 0 \(Self.number(Self.width)) \(Self.number(height))\"" }

    static func number(_ value: Double) -> String {
        let tenths = Int((min(max(value, -9_999), 99_999) * 10).rounded())
        let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
        return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
    }

    private func n(_ value: Double) -> String { Self.number(value) }

    mutating func line(_ x: Double, _ y: Double, _ toX: Double, _ toY: Double, _ style: String) {
        body +=
            "<line class=\"\(style)\" x1=\"\(n(x))\" y1=\"\(n(y))\" x2=\"\(n(toX))\" y2=\"\(n(toY))\"/>\n"
    }

    mutating func box(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String
    ) {
        body +=
            "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"/>\n"
    }

    mutating func dot(_ x: Double, _ y: Double) {
        body += "<circle class=\"point\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"4\"/>\n"
    }

    /// A line through places in order.
    mutating func path(_ places: [(x: Double, y: Double)], _ style: String) {
        guard places.count > 1 else { return }
        body += "<polyline class=\"\(style)\" points=\"\(list(places))\"/>\n"
    }

    /// What lies within places in order.
    mutating func area(_ places: [(x: Double, y: Double)], _ style: String) {
        guard places.count > 2 else { return }
        body += "<polygon class=\"\(style)\" points=\"\(list(places))\"/>\n"
    }

    private func list(_ places: [(x: Double, y: Double)]) -> String {
        places.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor, _ style: String
    ) {
        let name = style.isEmpty ? "" : " class=\"\(style)\""
        body +=
            "<text\(name) x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\">\(Escaping.escape(text))</text>\n"
    }
}

/// From values to places along an axis, with round ticks.
struct ChartScale {
    let low: Double
    let high: Double
    let from: Double
    let to: Double
    let step: Double

    /// - Parameter fixed: The ends, where they are not taken from `values` and 0.
    init(covering values: [Double], fixed: ClosedRange<Double>?, from: Double, to: Double) {
        var low = fixed?.lowerBound ?? min(values.min() ?? 0, 0)
        var high = fixed?.upperBound ?? max(values.max() ?? 1, 0)
        if high - low < 1e-12 { high = low + 1 }
        var step = 1.0
        while (high - low) / step > 8 { step *= step == 2 || step == 20 || step == 200 ? 2.5 : 2 }
        // 0.5, 0.25, 0.1, 0.05 and so on.
        var finer = 0
        while (high - low) / step < 3 {
            step /= finer % 3 == 2 ? 2.5 : 2
            finer += 1
        }
        if fixed == nil {
            low = (low / step).rounded(.down) * step
            high = (high / step).rounded(.up) * step
        }
        (self.low, self.high, self.from, self.to, self.step) = (low, high, from, to, step)
    }

    var ticks: [Double] {
        let first = Int((low / step - 1e-9).rounded(.up))
        let last = Int((high / step + 1e-9).rounded(.down))
        return first <= last ? (first...last).map { Double($0) * step } : []
    }

    func place(_ value: Double) -> Double {
        from + (min(max(value, low), high) - low) / (high - low) * (to - from)
    }

    /// With as many decimals as the step has.
    func tickText(_ tick: Double) -> String {
        var (decimals, scaled) = (0, step)
        while decimals < 6, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
            decimals += 1
            scaled *= 10
        }
        return Numerals.number(tick, decimals: decimals)
    }

    /// Words near an end of the axis stay on the canvas.
    func anchor(_ value: Double) -> Drawing.Anchor {
        let share = (value - low) / (high - low)
        return share < 0.08 ? .start : share > 0.92 ? .end : .middle
    }
}
