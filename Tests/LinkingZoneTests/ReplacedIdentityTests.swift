import Foundation
import LinkingZone
import NightRun
import PipelineModel
import TestSupport
import Testing

/// A number that was issued anew, from the contract of its source to the people of the linking
/// zone.
@Suite struct ReplacedIdentityTests {
    let county: Deployment
    private static let (new, old) = ("4000000004", "4010232137")

    init() throws {
        county = try Deployment()
        try county.edit(
            "source/stile.yaml", "    postcode: {kind: uk_postcode}",
            """
                postcode: {kind: uk_postcode}
                nhs_number: {kind: nhs_number}
                superseded_number: {kind: nhs_number, former_of: nhs_number}
                replaced_number: {kind: nhs_number, must_not_link: nhs_number}
            """)
        let identity =
            "identity: {given_name: given, surname: family, date_of_birth: born, postcode: postcode"
        let file = try county.read("source/stile.yaml")
        try county.home.write(
            file.replacing(
                identity,
                with: identity
                    + ", nhs_number: nhs, superseded_number: {column: nhs_before, when: {column: nhs_why, in: [superseded]}}, replaced_number: {column: nhs_before, when: {column: nhs_why, in: [reissued]}}"
            ).replacing("link: {trusted_key: id}", with: "link: encodings"),
            to: "source/stile.yaml")
    }

    /// Twelve patients, of whom the first has had another number before, which the register knows.
    private func deliver(_ day: String, why: String) throws {
        var patients = "id,given,family,born,postcode,registered,points,nhs,nhs_before,nhs_why\n"
        var register = "id,given,family,born,postcode,registered,nhs,nhs_before,nhs_why\n"
        for number in 0..<12 {
            let identity = Deployment.identity(number)
            patients += "p\(number),\(identity),2020-01-01,1,"
            patients += number == 0 ? "\(Self.new),\(Self.old),\(why)\n" : ",,\n"
            register += "o\(number),\(identity),2020-01-01,\(number == 0 ? Self.old : ""),,\n"
        }
        try county.home.write(patients, to: "source/drop/gp/patients_\(day).csv")
        try county.home.write(register, to: "source/drop/opt_outs/register_\(day).csv")
    }

    private func link(_ day: String) throws {
        if let error = try county.sourceNight(day).error { throw error }
        if let error = try county.linkingNight(day, through: .link).error { throw error }
    }

    /// How many people the register's entries share with the practice's patients.
    private func shared() throws -> Int {
        let rows = try county.exportedPeople().map { $0.split(separator: ",").map(String.init) }
        let people = Dictionary(grouping: rows) { $0[1] }
        return people.values.count { Set($0.map { $0[2] }).count == 2 }
    }

    @Test func aSupersededNumberIsFollowedAndAReissuedOneNever() throws {
        try deliver("2025-06-02", why: "superseded")
        try link("2025-06-03")
        #expect(try shared() == 12)
        try deliver("2025-06-03", why: "reissued")
        try link("2025-06-04")
        #expect(try shared() == 11)
        let report = try county.read("linking/state/linkage.json")
        #expect(report.contains("\"keepsReplacedIdentitiesApart\" : true"))
        // The source says nothing any more; the protection stays.
        try deliver("2025-06-04", why: "")
        try link("2025-06-05")
        #expect(try shared() == 11)
        // Not the number, nor the pair, stands in anything that is printed or kept for people.
        let subjects = try county.exportedPeople().compactMap { $0.split(separator: ",").first }
        for folder in ["linking/pages", "linking/state/log"] {
            for name in county.names(in: folder) {
                let text = try county.read("\(folder)/\(name)")
                for part in [Self.new, Self.old] + subjects.map(String.init) {
                    #expect(!text.contains(part), "\(name)")
                }
            }
        }
    }
}
