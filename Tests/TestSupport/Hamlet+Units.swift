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
                """)

    /// The configuration of the linking zone with a model of households and one of settings.
    public static let linkingWithUnits = linking.replacing(
        "  - specification: ../Models/hamlet\n    recipients: [early-help-hub]\n",
        with: """
              - specification: ../Models/homes
                recipients: [early-help-hub]
              - specification: ../Models/practices
                recipients: [early-help-hub]

            """)

    /// The home of a person.
    public static func home(_ person: Int) -> Int { person / 3 }

    /// The practice of a person.
    public static func practice(_ person: Int) -> String { "G\(person % 3)" }

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
