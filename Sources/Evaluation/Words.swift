import Foundation

/// Figures as the terminal shows them.
enum Words {
    static func figure(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    /// Four digits that count, whatever the size.
    static func significant(_ value: Double) -> String { String(format: "%.4g", value) }

    static func percent(_ share: Double) -> String { figure(100 * share, 1) + " %" }

    /// A probability of a test, never as 0.
    static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : figure(value, 4)
    }

    static func assessed<Value>(
        _ value: Assessed<Value>, _ write: (Value) -> String
    ) -> String {
        switch value {
        case .value(let value): write(value)
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    static func share(_ value: Assessed<Share>) -> String {
        value.value.map { percent($0.estimate) } ?? "–"
    }

    static func interval(_ interval: Interval) -> String {
        "\(figure(interval.estimate, 6)) (95 % \(figure(interval.lower, 6)) to "
            + "\(figure(interval.upper, 6)))"
    }

    static func interval(_ interval: Assessed<Interval>) -> String {
        assessed(interval, Words.interval)
    }

    static func estimate(_ estimate: Assessed<Estimate>, _ places: Int) -> String {
        assessed(estimate) {
            "\(figure($0.estimate, places)) (95 % \(figure($0.lower, places)) to "
                + "\(figure($0.upper, places)))"
        }
    }

    static func bounds(_ bounds: ListQuality.Bounds, _ write: (Double) -> String) -> String {
        bounds.worst == bounds.best
            ? write(bounds.listed)
            : "\(write(bounds.listed)) (ties: worst \(write(bounds.worst)), expected "
                + "\(write(bounds.expected)), best \(write(bounds.best)))"
    }

    static func calibration(_ calibration: Assessed<Calibration>) -> [String] {
        switch calibration {
        case .value(let value):
            [
                "Calibration in the large \(interval(value.inTheLarge)); 0 is right",
                "Calibration slope \(interval(value.slope)); 1 is right",
            ]
        case .notAssessable(let reason): ["Calibration not assessable: \(reason)"]
        }
    }

    static func row(_ cells: [String], widths: [Int]) -> String {
        zip(cells, widths).map { cell, width in
            String(repeating: " ", count: max(0, width - cell.count)) + cell
        }.joined()
    }
}

extension String {
    /// With a capital in front.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
