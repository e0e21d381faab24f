import PipelineModel
import StrictYAML

/// The rules that a specification must keep whatever the tables hold.
struct SpecificationRules {
    private let specification: ModelSpecification

    init(_ specification: ModelSpecification) { self.specification = specification }

    /// Words by which a table or column of offers and answers is known: a declined offer is
    /// never a feature.
    private static let answerWords: Set<String> = [
        "decline", "declined", "declines", "offer", "offered", "offers", "refusal", "refusals",
        "refused", "response", "responses",
    ]

    static func isAboutAnswers(_ name: String) -> Bool {
        name.lowercased().split(whereSeparator: { !$0.isLetter })
            .contains { answerWords.contains(String($0)) }
    }

    func check(baselinePlace: StileError.Place, _ faults: inout FaultList) {
        names(&faults)
        answers(&faults)
        outcomeColumns(&faults)
        dates(&faults)
        let offset = ownNumber("offset", &faults)
        let weight = ownNumber("weights", &faults)
        somethingToFit(besides: [offset, weight].compactMap(\.self), &faults)
        Self.impossibilities(specification, &faults)
        if let baseline = specification.baselineColumn,
            !specification.columns.contains(where: { $0.name == baseline })
        {
            faults.add(
                "The baseline “\(baseline)” is not a column of the model.", at: baselinePlace,
                remedy: "Write the name of one of its features.")
        }
    }

    /// `offset:` and `weights:` under `fit:` are numbers of each row's own: the one column of a feature.
    ///
    /// - Returns: Where it is written; `nil` where it is not, or is at fault.
    private func ownNumber(_ key: String, _ faults: inout FaultList) -> StileError.Place? {
        guard case .mapping(let entries)? = specification.fit?.content,
            let node = entries.first(where: { $0.key == key })?.value,
            let name = node.text(key, &faults)
        else { return nil }
        let what = key == "weights" ? "weight" : key
        guard let column = specification.columns.first(where: { $0.name == name }),
            let feature = specification.features.first(where: { $0.name == column.feature })
        else {
            faults.add(
                "The \(what) “\(name)” is not a column of the model.", at: node.place,
                remedy: "Write the name of one of its features.")
            return nil
        }
        if feature.columns.count > 1 || !feature.levels.isEmpty {
            faults.add(
                "The \(what) “\(name)” is one of several columns of the feature “\(feature.name)”.",
                at: node.place,
                remedy: "Take a feature that is a number, without levels, bands or a missing flag.")
            return nil
        }
        return node.place
    }

    private func somethingToFit(besides taken: [StileError.Place], _ faults: inout FaultList) {
        guard let place = taken.first, specification.features.count <= taken.count else { return }
        faults.add(
            "The model has \(taken.count == 2 ? "an offset, a weight" : "an offset or a weight") and nothing to fit.",
            at: place, remedy: "Declare features beside it, or recalibrate a published equation.")
    }

    private func names(_ faults: inout FaultList) {
        var seen: Set<String> = []
        for feature in specification.features {
            let isNew = seen.insert(feature.name).inserted
            if !isNew {
                faults.add(
                    "The feature “\(feature.name)” is declared twice.", at: feature.place,
                    remedy: "Give each feature a name of its own.")
            }
        }
        var columns: [String: String] = ["(Intercept)": ""]
        for column in specification.columns {
            if let owner = columns[column.name], owner != column.feature {
                let place = specification.features.first { $0.name == column.feature }?.place
                faults.add(
                    "The features “\(owner)” and “\(column.feature)” both make a column “\(column.name)”.",
                    at: place ?? specification.place, remedy: "Rename a feature or a level.")
            }
            columns[column.name] = column.feature
        }
        var groups: Set<String> = []
        for group in specification.groups where !groups.insert(group.name).inserted {
            faults.add(
                "The group “\(group.name)” is declared twice.", at: group.feature.place,
                remedy: "Give each group a name of its own.")
        }
    }

    private func answers(_ faults: inout FaultList) {
        for feature in specification.features {
            let names = [feature.table] + feature.readColumns
            guard let name = names.first(where: Self.isAboutAnswers) else { continue }
            faults.add(
                "The feature “\(feature.name)” is made from “\(name)”, which tells what was offered or answered.",
                at: feature.place,
                remedy: "Remove the feature: a declined offer must never raise or lower a score.")
        }
    }

    /// What tells a spell's outcome may not be read from the spell's table at all.
    private func outcomeColumns(_ faults: inout FaultList) {
        guard let outcome = specification.outcome, case .index = outcome.kind else { return }
        let told = Set(outcome.conditions.map(\.column))
        for feature in specification.features where feature.table == specification.cohort.table {
            for column in feature.readColumns where told.contains(column) {
                faults.add(
                    "The feature “\(feature.name)” reads “\(column)”, which tells the outcome.",
                    at: feature.place, remedy: "Remove the feature: it would look into the future.")
            }
        }
    }

    private func dates(_ faults: inout FaultList) {
        guard case .dates(let train, let test) = specification.timing,
            case .facts(_, let horizon, let settle) = specification.outcome?.kind,
            let last = train.last, let first = test.first, first < last + (horizon + settle)
        else { return }
        faults.add(
            "The first test date comes before the outcomes of the last training date are known.",
            at: specification.place,
            remedy: "Begin the test dates \(horizon + settle) days or more after \(last.iso).")
    }
}

extension FeatureDeclaration {
    /// The columns that the feature reads, filters first.
    var readColumns: [String] { conditions.map(\.column) + [column].compactMap(\.self) }
}
