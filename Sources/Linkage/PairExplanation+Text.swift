import Foundation

extension PairExplanation {
    /// The waterfall as text: a line for each step, weights in bits.
    public var text: String {
        let names = steps.map(\.name) + ["match weight"]
        let width = names.map(\.count).max() ?? 0
        func column(_ text: String) -> String {
            String(repeating: " ", count: max(10 - text.count, 0)) + text
        }
        func line(_ name: String, _ values: [String], _ words: String) -> String {
            "  " + name + String(repeating: " ", count: width - name.count)
                + values.map(column).joined() + "  " + words
        }
        var lines = [
            "\(left.subject) of \(left.source), \(Self.versions(left.versions))",
            "\(right.subject) of \(right.source), \(Self.versions(right.versions))", "",
            line("", ["bits", "relatives", "strangers", "so far"], "").trimmedRight,
        ]
        lines += steps.map { step in
            line(
                step.name,
                [step.bits, step.againstRelatives, step.againstStrangers, step.total]
                    .map(Self.signed), step.level)
        }
        lines.append(
            line(
                "match weight", [Self.signed(weight)],
                "probability \(Self.plain(probability, 4)) of one person, by the model"
            ).trimmedRight)
        lines += [
            "",
            "  Link from \(Self.signed(linkThreshold)) bits, review from \(Self.signed(reviewThreshold)). “relatives” and “strangers” are what a step says",
            "  of a match against each; “bits” is what it adds to the weight against both together.",
            "", "\(decision.words): \(reason)",
        ]
        if let runnerUp {
            lines.append(
                "Runner-up: \(runnerUp.subject) in place of \(runnerUp.insteadOf), weight \(Self.signed(runnerUp.weight)), margin \(Self.signed(runnerUp.margin)) bits."
            )
        } else {
            lines.append("Runner-up: none; no other subject of either source comes near.")
        }
        return lines.joined(separator: "\n")
    }

    private static func versions(_ count: Int) -> String {
        count == 1 ? "1 version held" : "\(count) versions held"
    }

    /// Two decimals with a sign.
    static func signed(_ value: Double) -> String {
        (value < 0 ? "−" : "+") + plain(abs(value), 2)
    }

    private static func plain(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }
}

extension PairExplanation.Decision {
    /// The decision in words, as a sentence begins.
    public var words: String {
        switch self {
        case .link: "Linked"
        case .review: "For review"
        case .tooCloseToCall: "Too close to call"
        case .apart: "Apart"
        }
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
