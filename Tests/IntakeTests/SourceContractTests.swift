import Intake
import PipelineModel
import Testing

@Suite struct SourceContractTests {
    @Test func theWholeContractIsRead() throws {
        let contract = try contract()
        #expect(contract.deployment == .sample)
        #expect(contract.project == "meadowshire")
        #expect(contract.folders.archive == "archive")
        #expect(contract.retainDays == 400)
        #expect(contract.encoding != nil)
        let source = contract.sources[0]
        #expect(source.name == "gp")
        #expect(source.link == .encodings)
        #expect(source.register == .facts)
        #expect(
            source.legalBasis.text
                == "Article 6(1)(e); Article 9(2)(h); Children Act 2004 s.10")
        #expect(source.legalBasis.expires == Day(iso: "2031-03-31"))
        let extract = source.extracts[0]
        #expect(extract.name == "gp.patients")
        #expect(extract.identity.map(\.field) == ["date_of_birth", "given_name", "surname"])
        #expect(extract.payload.map(\.name) == ["birth_month", "imd_decile", "sex"])
        #expect(extract.payload[2].type == .code(allow: ["F", "M", "X"]))
        #expect(extract.largestChange == 0.5)
    }

    @Test(arguments: [
        ("arrives: nightly", "arives: nightly", "A file has no key “arives”."),
        ("zone: source", "zone: linking", "This file is for another zone."),
        ("expires: 2031-03-31", "expires: soon", "“expires” must be a date."),
        ("article_6: e", "article_6: z", "“article_6” must be a letter of Article 6(1)."),
        ("key: [patient_id]", "key: []", "“key” must name one or more different columns."),
        ("subject: patient_id", "subject: \"\"", "“subject” names no column."),
        ("delivery: snapshot", "delivery: delta", "A delta needs an “operation”."),
        (
            "known: delivery",
            "known: delivery\n        operation: {column: op, open: [I], close: [D]}",
            "“snapshot” has no “operation”."
        ),
        ("delimiter: \",\"", "delimiter: \",,\"", "“delimiter” must be one ASCII character."),
        (
            "patients_{date}.csv", "patients.csv",
            "A file that comes again needs {date} in its “name”."
        ),
        (
            "patients_{date}.csv", "../{date}.csv",
            "“name” must be a file name with {date} at most once."
        ),
        ("minimum: 1, maximum: 10", "minimum: 11, maximum: 10", "“minimum” is above “maximum”."),
        (
            "type: day, coarsen: month", "type: day",
            "“birth_month” would let a column that says who somebody is pass as it stands."
        ),
        ("type: code, allow", "type: number, allow", "“allow” is for the type “code”."),
        ("link: encodings", "link: [a]", "“link” must be “encodings” or a trusted key."),
        (
            "quarantine_limit: 0.02", "quarantine_limit: 2",
            "“quarantine_limit” must be a number from 0.0 to 1.0."
        ),
        ("text: utf-8", "text: latin", "“text” cannot be “latin”."),
        ("clock: calendar", "clock: ordinal", "An ordinal clock has no months or years."),
        ("  gp:", "  GP:", "“GP” cannot be the name of a source."),
    ])
    func aFaultIsNamedWithItsPlace(old: String, new: String, message: String) {
        let error = fault { _ = try contract([(old, new)]) }
        let all = error.map { [$0] + $0.others } ?? []
        #expect(all.contains { $0.message == message }, "\(all.map(\.message))")
        #expect(all.allSatisfy { $0.code == .configuration && $0.place?.line != nil })
    }

    @Test(arguments: ["happened", "known"])
    func anOrdinalFileWithoutADayInItsNameHasNoDayOfDelivery(key: String) {
        let error = fault {
            _ = try contract([
                ("clock: calendar", "clock: ordinal"), (", coarsen: month", ""),
                ("birth_month: {column: date_of_birth", "when: {column: when"),
                ("arrives: nightly", "arrives: once"), ("patients_{date}.csv", "patients.csv"),
                (
                    "happened: registered_on\n        known: delivery",
                    key == "happened"
                        ? "happened: delivery\n        known: registered_on"
                        : "happened: registered_on\n        known: delivery"
                ),
            ])
        }
        #expect(
            error?.message == "On an ordinal clock a file without {date} has no day of delivery.")
        #expect(error?.others.isEmpty == true)
        #expect(error?.remedy == "Name a column in “\(key)”, or put {date} into “name”.")
    }

    @Test func allFaultsComeAtOnce() {
        let error = fault {
            _ = try contract([
                ("deployment: sample", "deployment: toy"), ("maximum_age_days: 3", "max_age: 3"),
                ("sex: {column: sex,", "sex: {columns: sex,"),
            ])
        }
        #expect((error?.others.count ?? 0) >= 4)
        #expect(error?.description.contains("stile.yaml:3:13") == true)
    }

    @Test func aTrustedKeyNeedsNoIdentityAndNoEncoding() throws {
        let contract = try contract([
            ("link: encodings", "link: {trusted_key: patient_id}"),
            ("seal_identities: true", "seal_identities: false"),
            ("encoding:\n  filter: {bits: 1024}\n", ""),
            (
                "identity: {surname: surname, given_name: forename, date_of_birth: date_of_birth}\n",
                "\n"
            ),
        ])
        #expect(contract.sources[0].extracts[0].trustedKey == "patient_id")
    }
}
