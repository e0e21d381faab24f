/// What the tuning and the selection of a fit chose anew on each resample.
///
/// A λ that jumps, or a term that is chosen on half of the resamples, is a matter of chance; the
/// optimism is only honest where this was done again each time. Source: W. Sauerbrei and
/// M. Schumacher, "A bootstrap resampling procedure for model building", Statistics in Medicine 11
/// (1992); G. Heinze, C. Wallisch and D. Dunkler, "Variable selection", Biometrical Journal 60
/// (2018).
public struct Tuning: Codable, Sendable, Equatable {
    /// What one fit chose.
    public struct Choice: Sendable {
        /// λ.
        public var strength: Double
        /// Whether λ was the largest or the least that was tried.
        public var isAtPathEnd: Bool
        /// By term, in the order of the design: whether it has a coefficient other than 0; empty
        /// where the penalty never makes one 0.
        public var isKept: [Bool]

        public init(strength: Double, isAtPathEnd: Bool, isKept: [Bool]) {
            self.strength = strength
            self.isAtPathEnd = isAtPathEnd
            self.isKept = isKept
        }
    }

    /// How often one term was chosen.
    public struct Term: Codable, Sendable, Equatable {
        public var name: String
        public var inModel: Bool
        /// Refits that kept it.
        public var refits: Int
    }

    public var refits: Int
    /// The model's own λ.
    public var strength: Double
    /// λ of the refits: median, least and most.
    public var strengths: Estimate
    /// Refits whose λ was the largest or the least that was tried, where another may be better.
    public var atPathEnd: Int
    /// In the order of the design; absent where the penalty never leaves a term out.
    public var terms: [Term]?

    /// - Parameters:
    ///   - names: The terms, in the order of the design.
    ///   - model: What the fit on all rows chose.
    ///   - refits: What each refit chose.
    public static func assess(
        names: [String], model: Choice, refits: [Choice]
    ) -> Assessed<Tuning> {
        guard !refits.isEmpty else { return .notAssessable("there is no refit") }
        let ordered = refits.map(\.strength).sorted()
        let middle = ordered.count / 2
        let median =
            ordered.count.isMultiple(of: 2)
            ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
        let selects = model.isKept.count == names.count && !names.isEmpty
        return .value(
            Tuning(
                refits: refits.count, strength: model.strength,
                strengths: Estimate(
                    median, lower: ordered[0], upper: ordered[ordered.count - 1]),
                atPathEnd: refits.count(where: \.isAtPathEnd),
                terms: selects
                    ? names.indices.map { index in
                        Term(
                            name: names[index], inModel: model.isKept[index],
                            refits: refits.count { index < $0.isKept.count && $0.isKept[index] })
                    } : nil))
    }
}

extension EvaluationReport {
    /// The tuning for a terminal.
    var tuningText: [String] {
        switch refits?.tuning {
        case nil: return []
        case .notAssessable(let reason)?: return ["Tuning not assessable: \(reason)"]
        case .value(let tuning)?:
            let strengths = tuning.strengths
            var lines = [
                "Tuning, done anew in each of \(tuning.refits) refits: λ of the model "
                    + "\(Words.significant(tuning.strength)), of the refits "
                    + "\(Words.significant(strengths.estimate)) (least "
                    + "\(Words.significant(strengths.lower)), most "
                    + "\(Words.significant(strengths.upper))), at an end of what was tried in "
                    + "\(tuning.atPathEnd)"
            ]
            guard let terms = tuning.terms else { return lines }
            func line(_ what: String, _ terms: [String]) {
                guard !terms.isEmpty else { return }
                lines.append("Terms chosen in \(what): " + terms.joined(separator: ", "))
            }
            func name(_ term: Tuning.Term) -> String {
                term.name + (term.inModel ? " (in the model)" : "")
            }
            line("every refit", terms.filter { $0.refits == tuning.refits }.map(name))
            line(
                "some refits",
                terms.filter { $0.refits > 0 && $0.refits < tuning.refits }
                    .map { "\(name($0)) \($0.refits)" })
            line("none", terms.filter { $0.refits == 0 }.map(name))
            return lines
        }
    }
}
