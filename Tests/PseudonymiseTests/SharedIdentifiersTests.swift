import Intake
import PipelineModel
import StrictYAML
import TestSupport
import Testing

@testable import Pseudonymise

@Suite("Identifiers that several subjects of a delivery share")
struct SharedIdentifiersTests {
    private static let contract = """
        version: 1
        zone: source
        deployment: sample
        project: meadowshire
        clock: calendar
        drop: drop
        archive: {folder: archive, retain_days: 400}
        exchange: ../exchange
        state: state
        pages: pages
        keyring: keys/project.keyring
        policy: ../Ethics/policy.yaml
        encoding: {fields: {nhs: {kind: nhs_number}}}
        sources:
          schools:
            purpose: offer-early-help
            legal_basis: {article_6: e, reference: "test", expires: 2031-03-31}
            maximum_age_days: 3
            link: encodings
            seal_identities: false
            files:
              pupils:
                name: "pupils_{date}.csv"
                arrives: nightly
                text: utf-8
                delimiter: ","
                dates: iso
                delivery: snapshot
                key: [row]
                subject: child
                happened: entered
                known: delivery
                missing: [""]
                volume: {minimum_rows: 1, largest_change: 1}
                quarantine_limit: 1
                identity: {nhs: nhs, upn: upn, former: former}
                payload: {}

        """

    private static let fields = """
        fields:
          nhs: {kind: nhs_number}
          upn: {kind: upn}
          former: {kind: upn, former_of: upn}
          code: {kind: code}
        """

    /// The counts of a delivery, as “field rule count”.
    private func counts(_ rows: [String]) throws -> [String] {
        let folder = TemporaryFolder("shared")
        let header = "row,child,nhs,upn,former,entered\n"
        let body = rows.enumerated().map { "\($0.offset),\($0.element),2025-01-01\n" }
        let path = try folder.write(header + body.joined(), to: "pupils.csv")
        let source = try SourceContract(
            YAMLDocument.parse(Array(Self.contract.utf8), file: "stile.yaml"))
        let hasher = try Fixtures.keyring().pseudonymHasher()
        let checked = try ExtractCheck(
            contract: source.sources[0].extracts[0], clock: .calendar, digest: hasher.closure
        ).check(
            Delivery(extract: "schools.pupils", file: "pupils.csv", day: .init(20_000)),
            path: path, heldRows: 0)
        #expect(checked.rowCount == rows.count)
        return try Fixtures.specification(Self.fields).sharedIdentifiers(in: checked)
            .map { "\($0.field) \($0.rule) \($0.count)" }
    }

    @Test("Two children with one number are two, three are three; each number is looked at")
    func shared() throws {
        #expect(
            try counts([
                "a,9434765919,B801200005001,", "b,943 476 5919,Q801200005002,",
                "c,4000000004,q801200005002,", "d,4857773457,Q801200005002,", "e,,,",
            ]) == ["nhs nhs_number.shared 2", "upn upn.shared 3"])
    }

    @Test(
        "Several rows of one child, temporary and former UPNs, and broken values count for nothing")
    func notShared() throws {
        #expect(
            try counts([
                "a,9434765919,B801200005001,", "a,9434765919,B801200005001,",
                "b,4000000004,M80120000500A,B801200005001",
                "c,4857773457,M80120000500A,B801200005001",
                "d,0000000000,UN1,", "e,0000000000,UN1,", "f,9434765918,B801200005009,",
                "g,9434765918,B801200005009,",
            ]) == [])
    }
}
