extension Hamlet {
    /// The configuration of the source zone.
    public static let source = """
        version: 1
        zone: source
        deployment: sample
        project: hamlet
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
            sex: {kind: code}
            postcode: {kind: uk_postcode}
            nhs_number: {kind: nhs_number}
          blocking:
            surname_birth: [surname.soundex, date_of_birth]
            nhs: [nhs_number]
        sources:
          gp:
            purpose: offer-early-help
            legal_basis: {article_6: e, article_9: h, reference: "NHS Act 2006 s.251B", expires: 2031-03-31}
            maximum_age_days: 3
            link: encodings
            seal_identities: true
            files:
              patients:
                name: "patients_{date}.csv"
                arrives: nightly
                text: utf-8
                delimiter: ","
                dates: iso
                delivery: snapshot
                key: [patient_id]
                subject: patient_id
                happened: registered_on
                known: delivery
                missing: [""]
                volume: {minimum_rows: 1, largest_change: 0.5}
                quarantine_limit: 0.1
                identity: {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number}
                payload:
                  birth_month: {column: date_of_birth, type: day, coarsen: month}
                  imd_decile: {column: imd_decile, type: number, minimum: 1, maximum: 10}
          hospital:
            purpose: offer-early-help
            legal_basis: {article_6: e, article_9: h, reference: "NHS Act 2006 s.251B", expires: 2031-03-31}
            maximum_age_days: 7
            link: encodings
            seal_identities: true
            files:
              admissions:
                name: "admissions_{date}.csv"
                arrives: optional
                text: utf-8
                delimiter: ","
                dates: iso
                delivery: append
                key: [admission_id]
                subject: local_patient_id
                happened: admitted_on
                known: delivery
                missing: [""]
                quarantine_limit: 0.1
                identity: {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number}
                payload:
                  method: {column: method, type: code, allow: ["11", "21"]}
          opt_outs:
            purpose: offer-early-help
            legal_basis: {article_6: c, article_9: h, reference: "National data opt-out", expires: 2031-03-31}
            maximum_age_days: 3
            link: encodings
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
                key: [register_id]
                subject: register_id
                happened: registered_on
                known: delivery
                missing: [""]
                volume: {minimum_rows: 1}
                quarantine_limit: 0.1
                identity: {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number}
                payload: {}

        """

    /// The configuration of the linking zone.
    public static let linking = """
        version: 1
        zone: linking
        deployment: sample
        project: hamlet
        clock: calendar
        exchange: ../exchange
        policy: ../Ethics/policy.yaml
        source_zone: ../source
        models:
          - specification: ../Models/hamlet
            recipients: [early-help-hub]

        """

    /// The configuration of the release zone.
    public static let release = """
        version: 1
        zone: release
        deployment: sample
        project: hamlet
        exchange: ../exchange
        lists: ../linking/lists
        log: ../linking/state/log
        policy: ../Ethics/policy.yaml
        release_key: keys/release.key
        log_key: keys/log.key
        state: state
        released: released
        exclusions_maximum_age_days: 1

        """

    /// A model with coefficients of its own, so that nothing has to be fitted.
    public static let model = """
        model: hamlet
        title: Emergency admission, in the hamlet of the tests
        purpose: offer-early-help
        version: 1
        unit: person
        cohort:
          from: gp.patients
        as_of:
          test: {from: 2026-02-01, to: 2026-02-01, every_months: 1}
        baseline: emergencies
        list:
          size: 5
        coefficients:
          intercept: -3
          terms:
            age_decades: 0.1
            emergencies: 0.7
            imd_decile: -0.05

        """

    public static let features = """
        features:
          - name: age_decades
            title: Age, in tens of years
            from: gp.patients
            aggregate: days_since_latest
            of: birth_month
            divide_by: 3652.5
            missing: 5
          - name: emergencies
            title: Emergency admissions in the last year
            from: hospital.admissions
            aggregate: count
            where:
              - {column: method, in: [21]}
            within_days: 365
            cap: 5
          - name: imd_decile
            title: Deprivation decile of the home
            from: gp.patients
            aggregate: latest
            of: imd_decile
            missing: 5.5

        """
}
