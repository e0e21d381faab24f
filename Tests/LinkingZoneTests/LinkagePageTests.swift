import Foundation
import Testing

@testable import Linkage
@testable import LinkingZone

/// What the page of a linkage says of a report.
@Suite struct LinkagePageTests {
    private static func report() -> LinkageReport {
        var report = LinkageReport()
        report.sources = ["gp", "school"].map {
            LinkageReport.Source(
                name: $0, versions: 60, subjects: 50, linked: 40, linkageRate: 0.8,
                withoutBlockingToken: 3, unmatchedCloses: 0)
        }
        report.pairsTooCloseToCall = 1_234
        report.unsettledGroups = 77
        report.overrides = 19
        var detail = LinkageReport.Detail()
        detail.margin = 3
        detail.crossRates = [
            .init(source: "gp", other: "school", count: 30, of: 50),
            .init(source: "school", other: "gp", count: 31, of: 50),
            .init(source: "register", other: "gp", count: 3, of: 9),
        ]
        detail.selfWeights = [
            .init(source: "gp", below: Proportion(6, of: 60)),
            .init(source: "school", below: Proportion(0, of: 60)),
        ]
        report.detail = detail
        return report
    }

    /// The page without its markup.
    private static func text(_ report: LinkageReport) -> String {
        let page = LinkagePage.html(report, run: "r1", day: "2026-03-03")
        return page.replacing(#/<[^>]*>/#, with: " ").replacing(#/\s+/#, with: " ")
    }

    @Test func whatKeepsPeopleApartIsThere() {
        let text = Self.text(Self.report())
        for part in [
            "Of these, too close to call 1234",
            "Groups that compete in sets too large to be settled together 77",
            "Decisions by people that stand 19",
            "at least 3.0 bits better than the best with something else in its place",
            "the heaviest pairs were linked first",
            "No source says that an identity was replaced",
        ] { #expect(text.contains(part), "\(part): \(text)") }
        var other = Self.report()
        other.keepsReplacedIdentitiesApart = true
        other.unsettledGroups = 0
        other.detail?.margin = 0
        let changed = Self.text(other)
        #expect(changed.contains("Identities that a source has replaced are kept apart"))
        #expect(!changed.contains("No source says") && !changed.contains("bits better"))
        #expect(!changed.contains("the heaviest pairs were linked first"))
    }

    @Test func eachSourceStandsBesideEachOther() {
        let text = Self.text(Self.report())
        // Wilson's intervals of 30 and 31 of 50, from R's prop.test(correct = FALSE).
        #expect(text.contains("– 60.0 (46.2–72.4)"), "\(text)")
        #expect(text.contains("50 62.0 (48.2–74.1) –"), "\(text)")
        #expect(text.contains("register suppressed suppressed –"), "\(text)")
    }

    @Test func recordsThatSayTooLittleAreCounted() {
        let text = Self.text(Self.report())
        #expect(text.contains("less than the link threshold even against themselves"))
        #expect(text.contains("60 10.0 % 4.7 % to 20.1 %"), "\(text)")
    }

    /// A report of a release that told none of it is read and shown as it is.
    @Test func anOlderReportIsShown() throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self.report()))
                as? [String: Any])
        var detail = try #require(object["detail"] as? [String: Any])
        for key in ["margin", "crossRates", "selfWeights"] { detail[key] = nil }
        object["detail"] = detail
        let report = try JSONDecoder().decode(
            LinkageReport.self, from: JSONSerialization.data(withJSONObject: object))
        let text = Self.text(report)
        #expect(!text.contains("even against themselves") && !text.contains("bits better"))
        #expect(text.contains("too close to call 1234"))
    }
}
