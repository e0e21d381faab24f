import Evaluation
import Foundation
import Linkage
import PipelineModel

/// What is put in front of the reviewers beside the list: `evidence.json`.
///
/// It holds nothing that depends on the clock of the machine, so that the same inputs give the
/// same bytes.
struct Evidence: Encodable {
    struct Model: Encodable {
        var name: String
        var title: String
        var version: Int
        /// `fitted` or `published equation`.
        var kind: String
        var specification: String
        var equation: String
    }

    struct Cohort: Encodable {
        var rows: Int
        /// Different people, households or settings.
        var units: Int
        /// Those of them who are listed.
        var listed: Int
        /// Households that rank high enough and have nobody whom the list may name.
        var nobodyToRefer: Int
        /// Rows whose linear predictor equals that of the last one listed.
        var tiedAtTheCut: Int
        var lowestProbabilityListed: Double
        var highestProbabilityListed: Double
    }

    /// How a group stands on the list beside the cohort; small numbers are withheld.
    struct GroupShare: Encodable {
        var group: String
        var level: String
        /// Rows of the cohort, or nothing where there are fewer than ``smallestCount``.
        var cohort: Int?
        /// Rows of the list, or nothing where there are fewer than ``smallestCount``.
        var listed: Int?
    }

    struct Change: Encodable {
        var previousList: String
        var stayed: Int
        var joined: Int
        var left: Int
    }

    /// A term of the equation, as people read it.
    struct Term: Encodable {
        var name: String
        var title: String
        /// `source.file` of its facts.
        var source: String
        var aboutSomeoneElse: Bool
        /// What one unit adds to the linear predictor, in log odds.
        var coefficient: Double
        /// The value against which reasons are measured.
        var reference: Double
    }

    /// The smallest count of people that evidence shows.
    static let smallestCount = 10

    var format = 1
    var asOf: String
    var purpose: String
    var recipients: [String]
    var model: Model
    /// What the rows are about: `person`, `spell`, `household` or `setting`.
    var unit: String
    var cohort: Cohort
    var sources: [LinkingNight.SourceState]
    /// People out of the cohort by register.
    var exclusions: [String: Int]
    var groups: [GroupShare]
    /// Nothing where no list of the model came before.
    var change: Change?
    var linkage: LinkageReport?
    var intercept: Double
    var equation: [Term]
    /// Nothing where the model has no test rows here, such as a published equation.
    var evaluation: EvaluationReport?
    /// What the reviewers must bear in mind.
    var caveats: [String]

    /// What holds for every list, with what the model itself expects of this one.
    static func caveats(
        expected: Double, of listed: Int, _ unit: UnitKind, isExploratory: Bool
    ) -> [String] {
        let events = Int(expected.rounded())
        return [
            standingCaveats[0],
            "The model expects about \(events) of these \(listed) \(unit.plural) to have the outcome, and \(listed - events) not.",
        ] + (isExploratory ? [exploratoryCaveat] : []) + standingCaveats.dropFirst()
    }

    private static let exploratoryCaveat =
        "The model is marked exploratory: it was fitted on fewer people than its number of terms asks for, so its chances are less certain than they look."

    private static let standingCaveats = [
        "This is a prompt to look, not a finding.",
        "Do not copy the score or this list into a case record, a court document or a referral.",
        "Speak to the family; their account outranks this page.",
        "Absence from the list says nothing about safety.",
    ]

    /// `count`, or nothing where it could single people out.
    static func shown(_ count: Int) -> Int? { count >= smallestCount || count == 0 ? count : nil }
}
