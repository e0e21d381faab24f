import PipelineModel

/// How far the test rows have moved from those of the fit, as `evaluation.json` has it.
extension EvaluationHeadline {
    /// Population stability indices; `nil` where one cannot be had.
    public struct Drift: Sendable, Equatable {
        public var score: Double?
        /// Inputs with an index, largest first, then by name.
        public var inputs: [Input]

        public struct Input: Sendable, Equatable {
            public var name: String
            public var index: Double
        }
    }

    static func drift(_ root: JSONTree) -> Drift? {
        guard let node = root.value(at: "stability"),
            case .array(let inputs)? = node.value(at: "inputs")
        else { return nil }
        let indices = inputs.compactMap { input -> Drift.Input? in
            guard case .string(let name)? = input.value(at: "name"),
                let index = input.number(at: "stability.index")
            else { return nil }
            return Drift.Input(name: name, index: index)
        }
        return Drift(
            score: node.number(at: "score.index"),
            inputs: indices.sorted {
                $0.index != $1.index ? $0.index > $1.index : $0.name < $1.name
            })
    }
}

extension ModelFacts {
    /// How the rows of the test differ from those of the fit, in a sentence.
    var drift: String {
        guard let drift = evaluation?.drift else {
            return Self.blank("how these rows differ from those of the development")
        }
        let score =
            drift.score.map {
                "Population stability index of the score \(Decimals.fixed($0, decimals: 4))."
            }
            ?? "The index of the score cannot be had; see evaluation.json."
        let moved = drift.inputs.filter { $0.index >= 0.1 }
        let inputs =
            moved.isEmpty
            ? drift.inputs.first.map {
                "No input has one of 0.1 or more; the largest is `\($0.name)` with \(Decimals.fixed($0.index, decimals: 4))."
            } ?? "No input has one."
            : "Inputs with 0.1 or more: "
                + moved.map { "`\($0.name)` \(Decimals.fixed($0.index, decimals: 3))" }
                .joined(separator: ", ") + "."
        return
            "\(score) \(inputs) Fit and test side by side: the table of characteristics in card.md"
    }

    /// The table of characteristics; empty where no row was at hand.
    var characteristics: [String] {
        guard let table = data.characteristics else { return [] }
        return table.table(
            Dictionary(
                model.terms.map { ($0.name, $0.title) }, uniquingKeysWith: { first, _ in first }))
    }
}
