import PipelineModel

/// `equation.txt`: the equation for a person with a calculator.
enum PlainEquation {
    /// The digits of a coefficient that count; `equation.json` has all of them.
    private static let digits = 6

    static func text(_ equation: StoredEquation, example: TestPack.Row) -> String {
        let widest = equation.terms.map(\.name.count).max() ?? 0
        var lines = [
            "\(equation.title)",
            "model \(equation.model), version \(equation.version); specification \(equation.specification)",
            "",
            "The chance is worked out in three steps.",
            "",
            "1. Begin with \(shown(equation.intercept)).",
            "2. For each line below multiply the value by the number beside it, and add it.",
            "3. The chance is 1 ÷ (1 + e^−S), where S is the sum and e is 2.71828….",
            "",
        ]
        for term in equation.terms {
            lines.append(
                "  \(padded(term.name, widest))  \(leading(shown(term.coefficient), 12))  × \(term.title)"
            )
            lines.append(
                "  \(padded("", widest))  \(leading("", 12))    the value is: \(term.scale)\(term.source.isEmpty ? "" : ", from \(term.source)")"
            )
        }
        lines += [
            "",
            "A number above 0 raises the chance, one below 0 lowers it. The numbers are rounded to \(digits) digits;",
            "equation.json has all of them, and is what Stile uses.",
            "",
            "Worked example",
            "",
            "The row “\(example.name)” of test-pack.csv; it is made up, and nobody's record.",
            "",
            "  \(padded("begin with", widest))  \(leading("", 12))  \(leading("", 12))  \(leading(part(rounded(equation.intercept)), 12))",
        ]
        var sum = rounded4(rounded(equation.intercept))
        for (term, value) in zip(equation.terms, example.values) {
            let added = rounded4(rounded(term.coefficient) * value)
            sum += added
            lines.append(
                "  \(padded(term.name, widest))  \(leading(Decimals.roundTrip(value), 12)) × \(leading(shown(term.coefficient), 12)) \(leading(part(added), 12))"
            )
        }
        let chance = Logistic.probability(rounded4(sum))
        lines += [
            "  \(padded("S", widest))  \(leading("", 12))   \(leading("", 12)) \(leading(part(rounded4(sum)), 12))",
            "",
            "  1 ÷ (1 + e^\(part(-rounded4(sum)))) = \(Decimals.fixed(chance, decimals: 4)), or \(Decimals.percent(chance))",
            "",
            "With all digits: S = \(example.linearPredictor.description), chance = \(example.probability.description).",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    private static func shown(_ value: Double) -> String {
        Decimals.significant(value, digits: digits)
    }

    private static func rounded(_ value: Double) -> Double { Double(shown(value)) ?? value }

    private static func part(_ value: Double) -> String { Decimals.fixed(value, decimals: 4) }

    private static func rounded4(_ value: Double) -> Double { Double(part(value)) ?? value }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
