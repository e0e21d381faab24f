import Foundation
import LinkingZone
import ModelFolder
import NightRun
import PipelineModel
import ReleaseZone
import SourceZone
import TestSupport
import Testing

/// A whole night of a model of people who live together, three in a home: trained, evaluated and
/// scored, with figures by home.
@Suite struct HouseholdNightTests {
    private let home = TemporaryFolder("homes")

    private static let model = """
        model: neighbours
        title: Emergency admission of people who live together
        purpose: offer-early-help
        version: 1
        unit: person
        cohort:
          from: gp.patients
        as_of:
          train: {from: 2025-01-01, to: 2025-10-01, every_months: 3}
          test: {from: 2026-01-01, to: 2026-01-01, every_months: 1}
        outcome:
          from: hospital.admissions
          horizon_days: 60
        list:
          size: 5
        fit: {method: irls, exploratory: true}

        """
    private static let features = """
        features:
          - name: emergencies
            title: Emergency admissions in the last year
            from: hospital.admissions
            aggregate: count
            within_days: 365

        """

    private var linking: String { "\(home.path)/linking/stile.yaml" }

    init() throws {
        try home.write(Hamlet.sourceWithUnits, to: "source/stile.yaml")
        try home.write(
            Hamlet.linking.replacingOccurrences(of: "Models/hamlet", with: "Models/neighbours"),
            to: "linking/stile.yaml")
        try home.write(Hamlet.release, to: "release/stile.yaml")
        try home.write(Self.model, to: "Models/neighbours/model.yaml")
        try home.write(Self.features, to: "Models/neighbours/features.yaml")
        try SourceZone.makeKeyring(
            project: "hamlet", path: "\(home.path)/source/keys/project.keyring")
        let logKey = try LinkingZone.makeKeys(folder: "\(home.path)/linking")
        let keys = try ReleaseZone.makeKeys(folder: "\(home.path)/release")
        try home.write("", to: "Ethics/README.md")
        try ReleaseZone.makeSamplePolicy(
            path: "\(home.path)/Ethics/policy.yaml", reviewers: "\(home.path)/reviewers",
            roles: ["ig"], purposes: ["offer-early-help"], recipients: ["early-help-hub"],
            maximumRows: 100, linkingLogKey: logKey.hex, release: keys)
        try LinkingZone.beginLog(configuration: linking)
        let day = Hamlet.firstDay
        try home.write(
            Hamlet.patientsWithUnits(day), to: "source/drop/gp/patients_\(day).csv")
        try home.write(
            Hamlet.admissionsWithUnits(), to: "source/drop/hospital/admissions_\(day).csv")
        try home.write(
            Hamlet.optOuts(of: [6, 12]), to: "source/drop/opt_outs/register_\(day).csv")
        let night = try SourceZone.night(
            configuration: "\(home.path)/source/stile.yaml", environment: environment)
        if let error = night.error { throw error }
    }

    private var environment: NightEnvironment {
        NightEnvironment(version: "test", asOf: Hamlet.asOf(Hamlet.firstDay))
    }

    private func run(_ through: LinkingZone.Through, model: String? = nil) throws {
        let night = try LinkingZone.night(
            configuration: linking, environment: environment, through: through, model: model)
        if let error = night.error { throw error }
    }

    private func json(_ name: String) throws -> [String: Any] {
        let path = "\(home.path)/linking/models/neighbours/\(name).json"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func number(_ object: [String: Any], _ path: String...) throws -> Double {
        let found = path.dropLast().reduce(object as [String: Any]?) {
            $0?[$1] as? [String: Any]
        }
        return try #require(found?[path.last ?? ""] as? Double)
    }

    /// 38 people of whom nobody opted out, in fourteen homes; a row each at four dates and one.
    @Test func theFiguresOfANightAreByHome() throws {
        try run(.propose)
        let fit = try json("coefficients")
        #expect(fit["rows"] as? Int == 152 && fit["clusters"] as? Int == 14)
        let size = try #require(fit["sample_size"] as? [String: Any])
        let clustering = try #require(size["clustering"] as? [String: Any])
        #expect(clustering["rows"] as? Int == 152 && clustering["clusters"] as? Int == 14)
        let effect = try number(clustering, "design_effect")
        #expect(effect >= 1)
        #expect(size["rows"] as? Int == min(14, Int(152 / effect)))

        let evaluation = try json("evaluation")
        #expect(evaluation["rows"] as? Int == 38 && evaluation["people"] as? Int == 38)
        #expect(evaluation["households"] as? Int == 14)
        #expect(evaluation["people_also_trained_on"] as? Int == 38)
        #expect(evaluation["households_also_trained_on"] as? Int == 14)
        let area = try #require(evaluation["discrimination"] as? [String: Any])
        #expect(area["method"] as? String == "clustered_delong")
        let ratio = try #require(evaluation["observed_to_expected"] as? [String: Any])
        #expect(ratio["method"] as? String == "clustered_wilson")
        let calibration = try #require(evaluation["calibration"] as? [String: Any])
        let large = try #require(calibration["in_the_large"] as? [String: Any])
        #expect(large["method"] as? String == "cluster_sandwich", "\(calibration)")
        let draws = try #require(evaluation["bootstrap"] as? [String: Any])
        #expect(draws["not_assessable"] as? String == "fewer than 20 different households")
        let page = try String(
            contentsOfFile: "\(home.path)/linking/models/neighbours/evaluation.html",
            encoding: .utf8)
        #expect(page.contains("Of 14 households, 14 have somebody among the rows of the fit"))
        let card = try String(
            contentsOfFile: "\(home.path)/linking/models/neighbours/folder/card.md",
            encoding: .utf8)
        #expect(card.contains("152 rows of 14 people, households or settings that are kept"))
        #expect(try LinkingZone.waiting(configuration: linking).lists.count == 1)

        // The same rows by person: the same equation and area, other errors.
        let path = "Models/neighbours/model.yaml"
        try home.write(Self.model + "cluster: person\n", to: path)
        try run(.train, model: "neighbours")
        try run(.evaluate, model: "neighbours")
        let (apart, people) = (try json("evaluation"), try json("coefficients"))
        #expect(apart["households"] == nil && apart["households_also_trained_on"] == nil)
        #expect(people["clusters"] as? Int == 38)
        #expect(try number(people, "intercept") == number(fit, "intercept"))
        #expect(
            try number(people, "clustered_intercept_standard_error")
                != number(fit, "clustered_intercept_standard_error"))
        #expect(
            try number(apart, "discrimination", "estimate") == number(area, "estimate"))
        #expect(
            try number(apart, "discrimination", "standard_error")
                != number(area, "standard_error"))
    }

    /// Too few homes, though there are rows enough.
    @Test func peopleWhoLiveTogetherAreCountedOnce() throws {
        try home.write(
            Self.model.replacingOccurrences(of: ", exploratory: true", with: ""),
            to: "Models/neighbours/model.yaml")
        let error = #expect(throws: StileError.self) { try run(.train, model: "neighbours") }
        let message = error?.message ?? ""
        #expect(error?.code == .policy, "\(message)")
        #expect(message.contains("independent ones (152 rows of 14 who are kept together"))
    }

    /// With a penalty, for a draw of so few homes may separate the outcomes: the keys are new each
    /// time, and with them the order of the homes.
    private func specify(fit: String, _ features: String) throws {
        try home.write(
            Self.model.replacingOccurrences(
                of: "method: irls", with: "method: ridge, strength: 0.01, \(fit)")
                + "resampling: {refits: 10, by_person: {folds: 3}}\n",
            to: "Models/neighbours/model.yaml")
        try home.write(
            Self.features + features,
            to: "Models/neighbours/features.yaml")
    }

    /// An offset through the whole night: the fit, the refits, the scores, the folder.
    @Test func anOffsetIsAPartOfTheEquation() throws {
        try specify(
            fit: "offset: known",
            """
              - name: known
                title: Emergencies ever, as log odds
                from: hospital.admissions
                aggregate: count
                transform: log1p

            """)
        try run(.propose)
        let fit = try json("coefficients")
        #expect(fit["parameters"] as? [String] == ["(intercept)", "emergencies"])
        let terms = try #require(fit["terms"] as? [[String: Any]])
        let known = try #require(terms.first { $0["name"] as? String == "known" })
        #expect(known["coefficient"] as? Double == 1 && known["is_offset"] as? Bool == true)
        #expect(known["standard_error"] == nil)
        #expect((fit["sample_size"] as? [String: Any])?["candidates"] as? Int == 1)
        let equation = try json("folder/equation")
        let written = try #require(equation["terms"] as? [[String: Any]])
        #expect(written.first { $0["name"] as? String == "known" }?["coefficient"] as? Double == 1)
        let folder = "\(home.path)/linking/models/neighbours/folder"
        #expect(try FolderCheck(folderAt: folder).faults.isEmpty)
        for (file, text) in [
            ("card.md", "an offset: its coefficient is 1 and no estimate"),
            ("model.pmml", "name=\"known\""), ("equation.txt", "known"),
        ] {
            let found = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            #expect(found.contains(text), "\(file)")
        }
        let evaluation = try json("evaluation")
        #expect(evaluation["person_split"] is [String: Any])
        let refits = try #require(evaluation["refits"] as? [String: Any])
        #expect((refits["optimism"] as? [String: Any])?["not_assessable"] == nil)
        #expect(try LinkingZone.waiting(configuration: linking).lists.count == 1)
    }

    /// Weights through the whole night: the fit, its size, the refits, the page, the folder.
    @Test func weightsAreNoPartOfTheEquation() throws {
        try specify(
            fit: "weights: stands_for",
            """
              - name: stands_for
                title: People who are like this one
                from: gp.patients
                aggregate: latest
                of: imd_decile
                missing: 1

            """)
        try run(.propose)
        let fit = try json("coefficients")
        #expect(fit["parameters"] as? [String] == ["(intercept)", "emergencies"])
        #expect((fit["aliased"] as? [String])?.isEmpty == true)
        let weighting = try #require(fit["weighting"] as? [String: Any])
        #expect(weighting["column"] as? String == "stands_for")
        // Of one to ten people each.
        #expect(try number(weighting, "design_effect") > 1.1)
        let size = try #require(fit["sample_size"] as? [String: Any])
        #expect(size["candidates"] as? Int == 1)
        #expect(
            try number(size, "clustering", "weight_effect") == number(weighting, "design_effect"))
        let equation = try json("folder/equation")
        let terms = try #require(equation["terms"] as? [[String: Any]])
        #expect(terms.map { $0["name"] as? String } == ["emergencies"])
        let folder = "\(home.path)/linking/models/neighbours/folder"
        #expect(try FolderCheck(folderAt: folder).faults.isEmpty)
        let evaluation = try json("evaluation")
        #expect(evaluation["fit_weights"] as? String == "stands_for")
        let stability = try #require(evaluation["stability"] as? [String: Any])
        let inputs = try #require(stability["inputs"] as? [[String: Any]])
        #expect(inputs.map { $0["name"] as? String } == ["emergencies"])
        // How many of ten draws of homes carry a slope hangs on the order of the homes.
        #expect(
            evaluation["refits"] is [String: Any] && evaluation["person_split"] is [String: Any])
        for (file, text) in [
            ("folder/card.md", "The fit weighted its rows by `stands_for`"),
            ("folder/card.md", "The evaluation counts each row once"),
            ("folder/tripod-ai.md", "weighted by `stands_for`"),
            ("folder/probast-ai.md", "weighted by `stands_for`"),
            ("evaluation.html", "In every figure here a row counts once"),
        ] {
            let found = try String(
                contentsOfFile: "\(home.path)/linking/models/neighbours/\(file)", encoding: .utf8)
            #expect(found.contains(text), "\(file)")
        }
        #expect(try LinkingZone.waiting(configuration: linking).lists.count == 1)

        // The same rows, each counted once: another equation.
        try specify(fit: "tolerance: 1e-9", "")
        try run(.train, model: "neighbours")
        let alike = try json("coefficients")
        #expect(alike["weighting"] == nil)
        let slope = try #require((fit["terms"] as? [[String: Any]])?.first)
        let other = try #require((alike["terms"] as? [[String: Any]])?.first)
        #expect(
            [slope, other].map { $0["name"] as? String } == ["emergencies", "emergencies"])
        #expect(
            try (number(slope, "coefficient") - number(other, "coefficient")).magnitude > 1e-3)
    }

    /// The refits by person and at earlier dates are fitted on test rows too: on those alone the weight
    /// is missing, or 0, since everybody registered longer ago.
    @Test(arguments: [
        (
            "latest\n    of: imd_decile\n    missing: 1",
            "38 rows have no value of the weight “recent”"
        ),
        ("count", "38 rows have a weight “recent” that is not above 0."),
    ])
    func aWeightOfTestRowsIsAskedFor(aggregate: String, message: String) throws {
        try specify(
            fit: "weights: recent",
            """
              - name: recent
                title: People who are like this one
                from: gp.patients
                within_days: 2130
                aggregate: \(aggregate)

            """)
        let error = #expect(throws: StileError.self) { try run(.train, model: "neighbours") }
        #expect(error?.code == .input)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.place?.file.contains("neighbours") == true)
    }

    /// A fit that is not the one that was written stops the evaluation while no label is read.
    @Test func aDamagedFitOpensNoLabels() throws {
        try run(.train, model: "neighbours")
        let name = "linking/models/neighbours/coefficients.json"
        let whole = try String(contentsOfFile: "\(home.path)/\(name)", encoding: .utf8)
        try home.write(whole + " ", to: name)
        let error = #expect(throws: StileError.self) { try run(.evaluate) }
        #expect(error?.code == .integrity && error?.message.contains("fit of the model") == true)
        try home.write(whole, to: name)
        try run(.evaluate)
        let evaluation = try json("evaluation")
        #expect((evaluation["openings"] as? [String: Any])?["count"] as? Int == 1)
    }

    /// What is filled in for a missing weight or offset is nobody's.
    @Test(arguments: [("weights", "weight"), ("offset", "offset")])
    func aMissingNumberOfTheRowIsRefused(key: String, what: String) throws {
        try specify(
            fit: "\(key): since",
            """
              - name: since
                title: Days since the last emergency
                from: hospital.admissions
                aggregate: days_since_latest
                within_days: 100
                missing: 900

            """)
        let error = #expect(throws: StileError.self) { try run(.train, model: "neighbours") }
        #expect(error?.code == .input)
        #expect(error?.message.contains("rows have no value of the \(what) “since”") == true)
    }
}
