import Foundation
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import SourceZone
import TestSupport

/// A small deployment of all three zones: a practice with twenty patients, a register of
/// opt-outs, and one published equation that scores them.
struct Deployment {
    let home = TemporaryFolder("zones")
    static let roles = ["ig", "lived"]

    var folder: String { home.path }
    var source: String { "\(folder)/source/stile.yaml" }
    var linking: String { "\(folder)/linking/stile.yaml" }
    var release: String { "\(folder)/release/stile.yaml" }

    init() throws {
        try home.write(Self.sourceConfiguration, to: "source/stile.yaml")
        try home.write(Self.linkingConfiguration, to: "linking/stile.yaml")
        try home.write(Self.releaseConfiguration, to: "release/stile.yaml")
        try writeModel()
        try SourceZone.makeKeyring(
            project: "county", path: "\(folder)/source/keys/project.keyring")
        let logKey = try LinkingZone.makeKeys(folder: "\(folder)/linking")
        let keys = try ReleaseZone.makeKeys(folder: "\(folder)/release")
        try home.write("", to: "Ethics/README.md")
        try ReleaseZone.makeSamplePolicy(
            path: "\(folder)/Ethics/policy.yaml", reviewers: "\(folder)/reviewers",
            roles: Self.roles, purposes: ["help"], recipients: ["hub"], maximumRows: 100,
            linkingLogKey: logKey.hex, release: keys)
        try LinkingZone.beginLog(configuration: linking)
    }

    // MARK: Extracts

    static let forenames = [
        "Ada", "Bram", "Cleo", "Dov", "Edie", "Finn", "Gwen", "Hugo", "Ines", "Jude",
    ]
    static let surnames = ["Quillfeather", "Ravensworth"]

    /// Patient `number` of the practice, from 0.
    static func identity(_ number: Int) -> String {
        let given = forenames[number % forenames.count]
        let family = surnames[number / forenames.count % surnames.count]
        let day = number % 27 + 1
        return
            "\(given),\(family),19\(50 + number)-03-\(day < 10 ? "0" : "")\(day),LS1 \(number % 9 + 1)AB"
    }

    /// Puts the practice's register of patients into the drop folder.
    func dropPatients(_ day: String, _ numbers: some Sequence<Int> = 0..<20) throws {
        var text = "id,given,family,born,postcode,registered,points\n"
        for number in numbers {
            text += "p\(number),\(Self.identity(number)),2020-01-01,\(number)\n"
        }
        try home.write(text, to: "source/drop/gp/patients_\(day).csv")
    }

    /// Puts the register of opt-outs into the drop folder.
    func dropOptOuts(_ day: String, _ numbers: [Int]) throws {
        var text = "id,given,family,born,postcode,registered\n"
        // One entry that is nobody's keeps the file from being empty.
        text += "o-none,Zed,Nobody,1901-01-01,YO1 1AA,2020-01-01\n"
        for number in numbers { text += "p\(number),\(Self.identity(number)),2020-01-01\n" }
        try home.write(text, to: "source/drop/opt_outs/register_\(day).csv")
    }

    // MARK: Nights

    @discardableResult
    func sourceNight(_ asOf: String) throws -> NightOutcome {
        try SourceZone.night(
            configuration: source, environment: NightEnvironment(version: "test", asOf: asOf))
    }

    @discardableResult
    func linkingNight(
        _ asOf: String, through: LinkingZone.Through = .propose, model: String? = nil
    ) throws -> NightOutcome {
        try LinkingZone.night(
            configuration: linking, environment: NightEnvironment(version: "test", asOf: asOf),
            through: through, model: model)
    }

    /// A whole night in both zones; what stops one is thrown.
    func night(_ asOf: String) throws {
        if let error = try sourceNight(asOf).error { throw error }
        if let error = try linkingNight(asOf).error { throw error }
    }

    /// The first night: everybody arrives, and one list waits.
    func firstNight() throws {
        try dropPatients("2025-06-02")
        try dropOptOuts("2025-06-02", [])
        try night("2025-06-03")
    }

    // MARK: Deciding

    /// The lists that wait.
    func waiting() throws -> [String] {
        try LinkingZone.waiting(configuration: linking).lists.map(\.id)
    }

    @discardableResult
    func sign(
        _ list: String, _ role: String, _ decision: String = "approve",
        because reason: String = "It is a test and nobody here is real."
    ) throws -> String {
        try LinkingZone.sign(
            configuration: linking, list: list, role: role,
            keyFile: "\(folder)/reviewers/\(role).key", decision: decision,
            reason: reason
        ).state
    }

    func signAll(_ list: String) throws { for role in Self.roles { try sign(list, role) } }

    @discardableResult
    func released(_ list: String, asOf: String) throws -> ReleaseZone.Outcome {
        try ReleaseZone.release(
            configuration: release, list: list,
            environment: NightEnvironment(version: "test", asOf: asOf))
    }

    // MARK: Files

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// Replaces a text in a file; it must be there.
    func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try read(name)
        guard text.contains(old) else {
            throw StileError(.input, "The text is not in \(name).", remedy: "Mend the test.")
        }
        try home.write(text.replacingOccurrences(of: old, with: new), to: name)
    }

    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(self.folder)/\(folder)")) ?? [])
            .sorted()
    }

    /// Subject and person of everybody, as the spine has them.
    func exportedPeople() throws -> [String] {
        let path = "\(folder)/spine.csv"
        try LinkingZone.exportSpine(configuration: linking, to: path)
        return try read("spine.csv").split(separator: "\n").dropFirst().map(String.init).sorted()
    }

    func holderKeys() throws -> [String] {
        try read("Ethics/policy.yaml").split(separator: "\n").map(String.init)
            .filter { $0.contains("signing_key") }
    }

    /// Puts a new person with new keys into the place of the holder of a role.
    func replaceHolder(of role: String, by person: String) throws {
        let path = "\(folder)/reviewers/\(role).key"
        let old = try read("reviewers/\(role).key")
        try FileManager.default.removeItem(atPath: path)
        let lines = try ReleaseZone.makeHolderKey(person: person, throwAway: true, path: path)
        func value(_ key: String, in text: String, _ quote: String) throws -> String {
            guard let start = text.range(of: "\(key)\(quote)"),
                let end = text.range(of: "\"", range: start.upperBound..<text.endIndex)
            else { throw StileError(.input, "No \(key).", remedy: "Mend the test.") }
            return String(text[start.upperBound..<end.lowerBound])
        }
        for key in ["signing_key", "sealing_key"] {
            try edit(
                "Ethics/policy.yaml", value(key, in: old, "\":\""),
                value(key, in: lines, ": \""))
        }
        try edit("Ethics/policy.yaml", value("person", in: old, "\":\""), person)
        try edit("Ethics/policy.yaml", "epoch: 1", "epoch: 2")
    }

    // MARK: Configuration

    func writeModel(pointsWeight: Double = 0.1, size: Int = 5) throws {
        try home.write(
            """
            model: helped
            title: Help
            purpose: help
            version: 1
            unit: person
            cohort:
              from: gp.patients
            as_of:
              train: {from: 2024-01-01, to: 2024-04-01, every_months: 3}
              test: {from: 2024-07-01, to: 2025-01-01, every_months: 3}
            list:
              size: \(size)
            coefficients:
              intercept: -1
              terms:
                points: \(pointsWeight)

            """, to: "Models/helped/model.yaml")
        try home.write(
            """
            features:
              - name: points
                title: Points
                from: gp.patients
                aggregate: latest
                of: points
                missing: 0

            """, to: "Models/helped/features.yaml")
    }

    private static let sourceConfiguration = """
        version: 1
        zone: source
        deployment: sample
        project: county
        clock: calendar
        drop: drop
        archive: {folder: archive, retain_days: 400}
        exchange: ../exchange
        state: state
        pages: pages
        keyring: keys/project.keyring
        policy: ../Ethics/policy.yaml
        encoding:
          filter: {bits: 512, positions_per_bigram: 10}
          fields:
            given_name: {kind: name}
            surname: {kind: name}
            date_of_birth: {kind: date_of_birth}
            postcode: {kind: uk_postcode}
          blocking:
            surname_birth: [surname.soundex, date_of_birth]
            home_birth: [postcode, date_of_birth]
        sources:
          gp:
            purpose: help
            legal_basis: {article_6: e, article_9: h, reference: "test", expires: 2031-03-31}
            maximum_age_days: 3
            link: {trusted_key: id}
            seal_identities: true
            files:
              patients:
                name: "patients_{date}.csv"
                arrives: nightly
                text: utf-8
                delimiter: ","
                dates: iso
                delivery: snapshot
                key: [id]
                subject: id
                happened: registered
                known: delivery
                missing: [""]
                volume: {minimum_rows: 1, largest_change: 100}
                quarantine_limit: 0.02
                identity: {given_name: given, surname: family, date_of_birth: born, postcode: postcode}
                payload:
                  points: {column: points, type: number, minimum: 0, maximum: 1000}
          opt_outs:
            purpose: help
            legal_basis: {article_6: c, article_9: h, reference: "test", expires: 2031-03-31}
            maximum_age_days: 3
            link: {trusted_key: id}
            seal_identities: false
            register: opt_out
            files:
              register:
                name: "register_{date}.csv"
                arrives: nightly
                text: utf-8
                delimiter: ","
                dates: iso
                delivery: snapshot
                key: [id]
                subject: id
                happened: registered
                known: delivery
                missing: [""]
                volume: {minimum_rows: 1, largest_change: 100}
                quarantine_limit: 0.02
                identity: {given_name: given, surname: family, date_of_birth: born, postcode: postcode}

        """

    private static let linkingConfiguration = """
        version: 1
        zone: linking
        deployment: sample
        project: county
        clock: calendar
        models:
          - specification: ../Models/helped
            recipients: [hub]

        """

    private static let releaseConfiguration = """
        version: 1
        zone: release
        deployment: sample
        project: county

        """
}
