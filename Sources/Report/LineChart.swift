/// Curves, a band and points on two axes: a ROC curve, calibration, net benefit.
///
/// Curves differ by their dashes as well as by their colour, and each is named below the chart.
public struct LineChart: Sendable {
    /// How a curve is drawn.
    public enum Stroke: String, Sendable {
        case first, second, third
        /// A line to compare with, such as the diagonal.
        case guide
    }

    public struct Place: Sendable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    public struct Curve: Sendable {
        public var name: String
        public var stroke: Stroke
        public var places: [Place]

        public init(_ name: String, _ stroke: Stroke, _ places: [Place]) {
            self.name = name
            self.stroke = stroke
            self.places = places
        }
    }

    /// A value between two bounds at one place: a part of a band, or a point with its interval.
    public struct Span: Sendable {
        public var x: Double
        public var value: Double
        public var lower: Double
        public var upper: Double

        public init(x: Double, value: Double, lower: Double, upper: Double) {
            self.x = x
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    /// A place on the horizontal axis that is marked by an upright line with its name.
    public struct Mark: Sendable {
        public var x: Double
        public var name: String

        public init(_ x: Double, _ name: String) {
            self.x = x
            self.name = name
        }
    }

    /// What the chart is of.
    public var title: String
    /// What can be seen on it, in a sentence, for who cannot see it.
    public var description: String
    public var xAxis: String
    public var yAxis: String
    public var curves: [Curve]
    /// Shaded between its bounds.
    public var band: [Span]
    /// What the band is, below the chart.
    public var bandName: String
    /// Dots with their intervals.
    public var points: [Span]
    /// What the dots are, below the chart.
    public var pointName: String
    public var marks: [Mark]
    /// The ends of the axes; `nil` takes them from what is drawn.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?

    public init(
        _ title: String, description: String, xAxis: String, yAxis: String, curves: [Curve],
        band: [Span] = [], bandName: String = "", points: [Span] = [], pointName: String = "",
        marks: [Mark] = [],
        xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil
    ) {
        self.title = title
        self.description = description
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.curves = curves
        self.band = band
        self.bandName = bandName
        self.points = points
        self.pointName = pointName
        self.marks = marks
        self.xRange = xRange
        self.yRange = yRange
    }

    private var names: [(stroke: Stroke?, isBand: Bool, name: String)] {
        curves.filter { !$0.name.isEmpty }.map { ($0.stroke, false, $0.name) }
            + (band.isEmpty || bandName.isEmpty ? [] : [(nil, true, bandName)])
            + (points.isEmpty || pointName.isEmpty ? [] : [(nil, false, pointName)])
    }

    var drawing: Drawing {
        let (left, right, top, bottom) = (46.0, Drawing.width - 10, 26.0, 300.0)
        let spans = band + points
        let places = curves.flatMap(\.places)
        let x = ChartScale(
            covering: (places.map(\.x) + spans.map(\.x)).filter(\.isFinite), fixed: xRange,
            from: left, to: right)
        let y = ChartScale(
            covering: (places.map(\.y) + spans.flatMap { [$0.lower, $0.upper] })
                .filter(\.isFinite), fixed: yRange, from: bottom, to: top)
        var drawing = Drawing(height: bottom + 42 + 18 * Double(names.count))
        for tick in x.ticks {
            drawing.line(x.place(tick), top, x.place(tick), bottom, "grid")
            drawing.text(x.tickText(tick), x.place(tick), bottom + 15, x.anchor(tick), "soft")
        }
        for tick in y.ticks {
            drawing.line(left, y.place(tick), right, y.place(tick), "grid")
            drawing.text(y.tickText(tick), left - 5, y.place(tick) + 4, .end, "soft")
        }
        drawing.text(yAxis, 6, 14, .start, "soft")
        drawing.text(xAxis, (left + right) / 2, bottom + 32, .middle, "soft")
        drawing.area(
            band.map { (x.place($0.x), y.place($0.upper)) }
                + band.reversed().map { (x.place($0.x), y.place($0.lower)) }, "band")
        for (index, mark) in marks.enumerated() {
            drawing.line(x.place(mark.x), top, x.place(mark.x), bottom, "limit")
            // A name for each line of its own height, on the side where there is more room.
            let isLeft = x.place(mark.x) > (left + right) / 2
            drawing.text(
                mark.name, x.place(mark.x) + (isLeft ? -4 : 4), top + 12 + 15 * Double(index),
                isLeft ? .end : .start, "")
        }
        for curve in curves {
            drawing.path(
                curve.places.map { (x.place($0.x), y.place($0.y)) },
                "curve \(curve.stroke.rawValue)")
        }
        for point in points {
            drawing.line(
                x.place(point.x), y.place(point.lower), x.place(point.x), y.place(point.upper),
                "whisker")
            drawing.dot(x.place(point.x), y.place(point.value))
        }
        for (index, entry) in names.enumerated() {
            let height = bottom + 52 + 18 * Double(index)
            if let stroke = entry.stroke {
                drawing.path([(left, height), (left + 34, height)], "curve \(stroke.rawValue)")
            } else if entry.isBand {
                drawing.area(
                    [
                        (left, height - 5), (left + 34, height - 5), (left + 34, height + 5),
                        (left, height + 5),
                    ], "band")
            } else {
                drawing.dot(left + 17, height)
            }
            drawing.text(entry.name, left + 42, height + 4, .start, "")
        }
        return drawing
    }
}
