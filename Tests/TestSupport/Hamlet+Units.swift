public import PipelineModel

extension Hamlet {
    /// The hamlet with the number of everyone's property and practice: three people in a home,
    /// and three practices.
    public static let sourceWithUnits =
        source
        .replacing(
            "    nhs_number: {kind: nhs_number}\n",
            with: "    nhs_number: {kind: nhs_number}\n    uprn: {kind: uprn}\n"
        )
        .replacing(
            """
            {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number}
                    payload:
                      birth_month
            """,
            with: """
                {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number, uprn: uprn}
                        payload:
                          practice: {column: practice, type: code}
                          birth_month
                """
        )
        .replacing(
            "happened: registered_on\n        known: delivery\n        missing: [\"\"]\n        volume: {minimum_rows: 1, largest_change: 0.5}",
            with:
                "happened: registered_on\n        known: registered_on\n        missing: [\"\"]\n        volume: {minimum_rows: 1, largest_change: 0.5}"
        )
        .replacing(
            "happened: admitted_on\n        known: delivery",
            with: "happened: admitted_on\n        known: admitted_on")

    /// The configuration of the linking zone with a model of households and one of settings.
    public static let linkingWithUnits = linking.replacing(
        "  - specification: ../Models/hamlet\n    recipients: [early-help-hub]\n",
        with: """
              - specification: ../Models/homes
                recipients: [early-help-hub]
              - specification: ../Models/homes_fitted
                recipients: [early-help-hub]
              - specification: ../Models/practices
                recipients: [early-help-hub]

            """)

    /// The home of a person.
    public static func home(_ person: Int) -> Int { person / 3 }

    /// Whether a person has not completed 79 years, by the month of birth as the contract has it.
    public static func isBelow79(_ person: Int, _ asOf: Day) -> Bool {
        guard let turns = Day(year: 1940 + person + 79, month: person % 12 + 1, day: 1) else {
            return false
        }
        return asOf < turns
    }

    /// The practice of a person.
    public static func practice(_ person: Int) -> String { "G\(person % 3)" }

    /// The days of the emergencies of a person: three of everyone, scattered over two years.
    public static func emergencies(_ person: Int) -> [Day] {
        (0..<3).map { number in
            (Day(iso: "2024-04-01") ?? Day(0)) + (person * person * 7 + person * 53 + number * 211)
                % 690
        }
    }

    /// All emergencies, delivered on the first day.
    public static func admissionsWithUnits() -> String {
        var rows: [String] = []
        for person in 0..<people {
            for (number, day) in emergencies(person).enumerated() {
                rows.append(
                    (["A\(person)-\(number)", "H\(person)"] + identity(person) + [day.iso, "21"])
                        .joined(separator: ","))
            }
        }
        return text(admissionsHeader, rows)
    }

    public static func patientsWithUnits(_ day: String) -> String {
        text(
            patientsHeader + ",uprn,practice",
            patientRows(day).enumerated().map { person, row in
                "\(row),\(100_000_000 + home(person)),\(practice(person))"
            })
    }

    /// The register of a day on which these people have opted out.
    public static func optOuts(of people: [Int]) -> String {
        text(
            "register_id,forename,surname,date_of_birth,sex,postcode,nhs_number,registered_on",
            people.map { person in
                (["R\(person)"] + identity(person) + ["2025-11-03"]).joined(separator: ",")
            })
    }

    /// Homes with somebody below 79 years, everyone in them to be named.
    public static let homes = unitModel(
        "homes", "household",
        """
        cohort:
          from: gp.patients
          age: {of: birth_month, below: 79}
        largest_household: 6
        refer: members
        """)

    /// The same homes, with coefficients to be fitted.
    public static let homesFitted =
        homes
        .replacing("model: homes\n", with: "model: homes_fitted\n")
        .replacing(
            "  test: {from: 2026-02-01, to: 2026-02-01, every_months: 1}\n",
            with: """
                  train: {from: 2025-01-01, to: 2025-10-01, every_months: 3}
                  test: {from: 2026-01-01, to: 2026-01-01, every_months: 1}
                outcome:
                  from: hospital.admissions
                  horizon_days: 60
                  of: members

                """
        )
        .replacing(
            """
            coefficients:
              intercept: -3
              terms:
                emergencies: 0.2
                share: 1

            """, with: "fit: {method: irls, exploratory: true}\n")

    /// The test cases of the homes.
    public static let homesTests = """
        households:
          - name: an older person who objects, with somebody younger
            as_of: 2026-03-03
            members:
              - objects: true
                facts:
                  gp.patients: [{happened: 2020-01-01, birth_month: 1940-01-01}]
                  hospital.admissions: [{happened: 2026-01-01, method: 21}]
              - facts:
                  gp.patients: [{happened: 2020-01-01, birth_month: 1960-01-01}]
                  hospital.admissions: [{happened: 2026-02-01, method: 21}, {happened: 2026-02-02, method: 11}]
              - {}
            refers: 2
            expect: {emergencies: 1, share: 0.5}
          - name: the younger person objects
            as_of: 2026-03-03
            members:
              - {objects: true, facts: {gp.patients: [{happened: 2020-01-01, birth_month: 1960-01-01}]}}
              - {}
            in_cohort: false

        """

    /// The test cases of the practices.
    public static let practicesTests = """
        settings:
          - name: ten people, one of whom has moved to another practice
            as_of: 2026-03-03
            setting: G1
            members:
              - {people: 10, facts: {gp.patients: [{happened: 2020-01-01, practice: G1}]}}
              - facts:
                  gp.patients: [{happened: 2020-01-01, practice: G1}, {happened: 2021-01-01, practice: G2}]
                  hospital.admissions: [{happened: 2026-02-01, method: 21}]
            expect: {emergencies: 0, share: 0}

        """

    public static let practices = unitModel(
        "practices", "setting",
        """
        cohort:
          from: gp.patients
          setting: practice
        """)

    public static let unitFeatures = """
        features:
          - name: emergencies
            title: Emergency admissions in the last year
            from: hospital.admissions
            aggregate: count
            where: [{column: method, in: ["21"]}]
            within_days: 365
          - name: share
            title: Share of people with an emergency
            from: hospital.admissions
            aggregate: any
            per_person: true

        """

    private static func unitModel(_ name: String, _ unit: String, _ cohort: String) -> String {
        """
        model: \(name)
        title: Emergency admissions by \(unit), in the hamlet of the tests
        purpose: offer-early-help
        version: 1
        unit: \(unit)
        \(cohort)
        as_of:
          test: {from: 2026-02-01, to: 2026-02-01, every_months: 1}
        baseline: emergencies
        groups:
          - {name: decile, from: gp.patients, of: imd_decile}
        list:
          size: 2
        coefficients:
          intercept: -3
          terms:
            emergencies: 0.2
            share: 1

        """
    }
}
