import Foundation
import TestSupport
import Testing

/// `stile attack` through the program, on the sample's contract and a county of sixty.
@Suite struct AttackCommandTests {
    private static let headings = [
        "Frequency ranking", "Pattern mining", "Graph matching",
        "Dictionary, the salts known, the key not", "Dictionary, the key known",
    ]

    /// The sample deployment after its first extracts were encoded, and the names, homes and numbers in
    /// them.
    private func encoded() throws -> (county: Deployment, values: Set<String>) {
        let folder = TemporaryFolder("synth")
        try Deployment.expectSuccess(
            Command.run([
                "synth", "\(folder.path)/county", "--people", "60", "--seed", "5", "--nights", "1",
                "--first-night", "2025-06-02",
            ]))
        let county = try Deployment.make(
            from: [
                "source.yaml": Deployment.repository("SampleData/source.yaml"),
                "linking.yaml": Deployment.repository("SampleData/linking.yaml"),
                "release.yaml": Deployment.repository("SampleData/release.yaml"),
            ], models: [:])
        let before = try Command.run(["attack", "--config", county.source])
        #expect(before.status == 3)
        #expect(before.err.contains("No encodings of the current keys have been handed over."))
        #expect(before.out.isEmpty)
        try county.deliver(URL(fileURLWithPath: "\(folder.path)/county/nights/2025-06-02"))
        // So few people leave some source without a delivery, which stops that source alone.
        let night = try county.runSource("2025-06-02")
        #expect([0, 3].contains(night.status), "\(night.err)")
        var values: Set<String> = []
        let nights = "\(folder.path)/county/nights/2025-06-02"
        for source in try FileManager.default.contentsOfDirectory(atPath: nights) {
            for file in try FileManager.default.contentsOfDirectory(atPath: "\(nights)/\(source)")
            where file.hasSuffix(".csv") {
                let bytes = try Data(
                    contentsOf: URL(fileURLWithPath: "\(nights)/\(source)/\(file)"))
                let rows = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                    .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
                for column in ["forename", "surname", "postcode", "nhs_number", "uprn"] {
                    guard let place = rows.first?.firstIndex(where: { $0 == column }) else {
                        continue
                    }
                    values.formUnion(
                        rows.dropFirst().filter { $0.count > place }.map { String($0[place]) })
                }
            }
        }
        return (county, values.filter { $0.count > 3 })
    }

    @Test func theFindingsAreCountsOfEveryAttack() throws {
        let (county, values) = try encoded()
        func kept() throws -> [String: String] {
            try county.digests(
                "exchange", "source/archive", "source/drop", "source/keys", "source/pages",
                "source/state/columns", "source/state/log")
        }
        let files = try kept()

        let told = try Command.run(["attack", "--config", county.source])
        #expect(told.status == 0, "\(told.err)")
        for heading in Self.headings { #expect(told.out.contains(heading), "\(heading)") }
        #expect(told.out.contains("These are personal data"))
        #expect(!told.out.lowercased().contains("anonymous"))
        // The short table comes first.
        let short = try #require(told.out.range(of: "Without the key: where most was read"))
        let long = try #require(told.out.range(of: "All findings."))
        #expect(short.lowerBound < long.lowerBound)
        #expect(told.out.contains("a token of 2 values is read by anybody who counts"))
        #expect(told.out.contains("idealised (no published table)"))
        #expect(told.out.contains("; extrapolated, all of about 909000000 in"))

        let json = try Command.run(["attack", "--config", county.source, "--json"])
        #expect(json.status == 0)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        let records = try #require(object["records"] as? Int)
        #expect(records > 60 && object["without_truth"] as? Int == 0)
        #expect((object["hardening"] as? String)?.contains("salt: date_of_birth") == true)
        let findings = try #require(object["findings"] as? [[String: Any]])
        var found: [String: [[String: Any]]] = [:]
        for finding in findings {
            let attack = try #require(finding["attack"] as? String)
            found[attack, default: []].append(finding)
            for key in ["field", "form", "target", "knowledge"] {
                #expect((finding[key] as? String)?.isEmpty == false)
            }
            let counts = try ["named_in_one", "named_in_five", "records"].map {
                try #require(finding[$0] as? Int)
            }
            #expect(0 <= counts[0] && counts[0] <= counts[1] && counts[1] <= counts[2])
            #expect(counts[2] <= records)
            let (recovered, all) = (finding["values_recovered"], finding["values"])
            #expect(try #require(recovered as? Int) <= #require(all as? Int))
        }
        // Each stored value is ranked for what it itself holds, but the bands, which are no secret.
        let contents = (found["ranking"] ?? []).filter { $0["target"] as? String == "content" }
        let held = Set(contents.compactMap { $0["field"] as? String })
        #expect(
            held.isSuperset(of: [
                "date_of_birth", "date_of_birth.year_month", "date_of_birth.month_day",
                "date_of_birth.year_day", "date_of_birth.swapped", "sex", "postcode",
                "postcode.sector", "postcode.district", "postcode.near", "uprn", "nhs_number",
                "upn",
                "given_name.formal", "block.surname_birth", "block.nhs",
            ]))
        let worst = try #require(object["worst"] as? [[String: Any]])
        let kinds = worst.compactMap { $0["of"] as? String }
        #expect(
            kinds == [
                "given name", "surname", "given name and surname", "date_of_birth",
                "formal given name", "nhs_number", "postcode", "several values in a key", "sex",
                "upn", "uprn",
            ])
        let sex = try #require(worst.first { $0["of"] as? String == "sex" })
        #expect(sex["read_by_counting"] as? Bool == true && sex["records"] as? Int ?? 0 > 60)
        #expect(sex["named_in_one"] as? Int == sex["records"] as? Int)
        // What is stored as a token of no name is ranked too; a dictionary needs the filters.
        #expect(found["ranking"]?.contains { $0["form"] as? String == "token" } == true)
        let salted = try #require(found["dictionary_leaked_salt"])
        let keyed = try #require(found["dictionary_leaked_key"])
        let numbers = keyed.filter { $0["form"] as? String == "token" }
        #expect(
            Set(numbers.compactMap { $0["field"] as? String }) == [
                "date_of_birth", "nhs_number", "postcode", "sex", "upn", "uprn",
            ])
        for finding in numbers {
            #expect(finding["named_in_one"] as? Int == finding["records"] as? Int)
        }
        #expect(salted.count == keyed.count - numbers.count && !salted.isEmpty)
        func share(_ findings: [[String: Any]]) -> Double {
            let sum = { (key: String) in
                Double(findings.reduce(0) { $0 + ($1[key] as? Int ?? 0) })
            }
            return sum("named_in_one") / sum("records")
        }
        // The attacks do attack: who holds the key reads nearly everybody, who does not reads few.
        #expect(share(keyed) > 0.9 && share(salted) < 0.2)
        for finding in salted + keyed {
            #expect((finding["encoded"] as? Int ?? 0) > 0 && finding["seconds"] is Double)
        }

        // It changes nothing, and names nobody.
        #expect(try kept() == files)
        let page = try shown(json.out, in: county)
        #expect(page.contains("Read without the key, of \(records) records, on "))
        #expect(page.contains("ranking; anybody who counts"))
        #expect(page.contains("names.year_month: salted by date_of_birth.year_month"))
        #expect(values.count > 50)
        for value in values {
            for text in [told.out, told.err, json.out, json.err, page] {
                #expect(!text.contains(value))
            }
        }
    }

    /// The page of a linkage to whose zone the findings were brought.
    private func shown(_ findings: String, in county: Deployment) throws -> String {
        try county.folder.write(findings, to: "d/linking/attack.json")
        try county.edit("linking/stile.yaml", "  report:\n", "  report:\n    attack: attack.json\n")
        try Deployment.expectSuccess(
            Command.run(["link", "--config", county.linking, "--as-of", "2025-06-03"]))
        let name = try #require(county.names("linking/pages").first { $0.hasPrefix("linkage-") })
        return try String(
            contentsOfFile: "\(county.path)/linking/pages/\(name)", encoding: .utf8)
    }

    @Test func onlyTheSourceZoneIsAttacked() throws {
        let hamlet = try Deployment.hamlet()
        for zone in [hamlet.linking, hamlet.release] {
            let refused = try Command.run(["attack", "--config", zone])
            #expect(refused.status == 64 && refused.err.contains("Only the source zone"))
        }
        let absent = try Command.run(["attack", "--config", "\(hamlet.path)/none.yaml"])
        #expect(absent.status == 2)
    }
}
