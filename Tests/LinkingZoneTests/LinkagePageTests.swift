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
        detail.dial = []
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

    // MARK: Charts

    /// Two comparisons, the second of which says more.
    private static func weighed() -> LinkageReport {
        var report = report()
        report.parameters = LinkageParameters(
            prevalence: 0.001, relatives: 0.01,
            comparisons: [
                .init(
                    name: "sex", levels: ["sex equal", "disagreement"], m: [0.99, 0.01],
                    r: [0.5, 0.5], u: [0.5, 0.5]),
                .init(
                    name: "nhs_number", levels: ["disagreement", "nhs_number equal"],
                    m: [0.02, 0.98], r: [0.999, 0.001], u: [0.9999, 0.0001]),
            ], keys: [["block.a"]], neverCompared: 0.01, pairs: 900, rounds: 9, converged: true)
        report.detail?.linkThreshold = 2
        report.detail?.quality = .init(
            linkedPairs: 40, precision: .init(value: 0.96, low: 0.9, high: 0.99),
            recall: .init(value: 0.8, low: 0.7, high: 0.9), neverCompared: 0.01)
        report.detail?.sensitivity = [
            .init(threshold: -2, pairs: 60, people: 50, precision: 0.81, recall: 0.99),
            .init(threshold: 2, pairs: 40, people: 60, precision: 0.96, recall: 0.8),
            .init(threshold: 6, pairs: 20, people: 80, precision: 1, recall: 0.42),
        ]
        report.detail?.keyEpoch = 3
        report.detail?.encodingSpecification = "abc"
        return report
    }

    @Test func levelsStandByWhatTheySay() throws {
        let page = LinkagePage.html(Self.weighed(), run: "r1", day: "2026-03-03")
        let text = Self.text(Self.weighed())
        // The comparison that says more comes first, its heaviest level before the others.
        let order = [
            "nhs number equal", "nhs number: disagreement", "sex equal", "sex: disagreement",
        ]
        let chart = try #require(page.range(of: "<title>Match weights"))
        let places = try order.map { name in
            try #require(page.range(of: ">\(name)</text>", range: chart.upperBound..<page.endIndex))
                .lowerBound
        }
        #expect(places == places.sorted())
        // The bar of the number reaches from −4 to nearly 0 of five decades, and the dot is at m.
        #expect(text.contains("m and u of each level"))
        #expect(page.contains("m 0.9800, u 0.0001"))
        let bars = try #require(page.range(of: "<title>m and u of each level"))
        let box = try #require(
            page[bars.upperBound...].firstMatch(
                of: #/<rect class="bar good" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/#))
        let (start, width) = try (
            #require(Double(box.output.1)), #require(Double(box.output.2))
        )
        #expect(
            abs(start - 6) < 0.2 && abs(start + width - (6 + 428 * (4 + log10(0.98)) / 4)) < 0.2)
    }

    @Test func thresholdsAreDrawn() throws {
        let page = LinkagePage.html(Self.weighed(), run: "r1", day: "2026-03-03")
        let text = Self.text(Self.weighed())
        let chart = try #require(
            page.range(of: "<title>Expected precision, recall and F1 by link threshold"))
        let end = try #require(page.range(of: "</svg>", range: chart.upperBound..<page.endIndex))
        let drawn = page[chart.upperBound..<end.lowerBound]
        let curves = drawn.matches(of: #/class="curve (first|second|third)" points="([^"]+)"/#)
            .map { $0.output.2.split(separator: " ").count }
        // Three curves over three thresholds, and three lines that name them.
        #expect(curves == [3, 3, 3, 2, 2, 2])
        #expect(drawn.contains(">in use</text>"))
        #expect(text.contains("F1 is largest, 89.10 %, at −2.00; 2.00 is in use."), "\(text)")
        #expect(text.contains("2.00 (in use) 40 60 96.00 % 80.00 % 87.27 %"), "\(text)")
        // Where nothing was linked there is nothing to draw.
        #expect(!Self.text(Self.report()).contains("by link threshold Three"))
    }

    @Test func keysStandWithWhatTheyFound() {
        var report = Self.weighed()
        report.candidatePairs = [
            .init(field: "block.a", pairs: 77), .init(field: "block.b", pairs: 5),
        ]
        #expect(!Self.text(report).contains("Found by no other key"))
        report.detail?.keyYields = [
            .init(
                field: "block.a", found: Proportion(30, of: 40), alone: Proportion(10, of: 40))
        ]
        let text = Self.text(report)
        #expect(text.contains("block.a 77 75.00 % 25.00 %"), "\(text)")
        #expect(text.contains("block.b 5 – –"))
        #expect(text.contains("Of 40 pairs of subjects at the link threshold"))
    }

    // MARK: What the encodings give away

    @Test func anAttackRateStandsBesideWhatIsExpected() {
        var report = Self.weighed()
        report.detail?.dial = [
            FilterDial(
                fields: ["given_name", "surname"], salt: "date_of_birth", mixed: 3, flip: 0.05)
        ]
        let without = Self.text(report)
        for part in [
            "given_name, surname: salted by date_of_birth, each stored bit of 3 secret ones, inverted with probability 0.05",
            "Expected at this dial precision 96.00 %, recall 80.00 %, F1 87.27 %",
            "is not on file here",
            "stile attack --config source/stile.yaml --json &gt; attack.json",
        ] { #expect(without.contains(part), "\(part): \(without)") }

        report.attack = AttackRate(
            day: "2026-03-01", keyEpoch: 3, encodingSpecification: "abc", hardening: "salt: none",
            records: 1_234,
            worst: [
                .init(
                    of: "given name", field: "given_name", attack: "graph_matching", records: 200,
                    namedInOne: 50, namedBlind: 7, readByCounting: false),
                .init(
                    of: "sex", field: "sex", attack: "ranking", records: 0, namedInOne: 0,
                    namedBlind: 0, readByCounting: true),
            ])
        let with = Self.text(report)
        #expect(with.contains("Read without the key, of 1234 records, on 2026-03-01"))
        #expect(with.contains("given name 200 25.00 % 3.50 % given_name graph matching"), "\(with)")
        #expect(with.contains("sex 0 0.00 % 0.00 % sex ranking; anybody who counts"), "\(with)")
        #expect(!with.contains("is not on file here"))
        // What was read of other encodings says nothing of these.
        for other in [(2, "abc"), (3, "abd")] {
            report.attack?.keyEpoch = other.0
            report.attack?.encodingSpecification = other.1
            let stale = Self.text(report)
            #expect(stale.contains("is of other encodings") && stale.contains("of 2026-03-01"))
            #expect(!stale.contains("Read without the key"))
        }
    }

    /// A report of a release that told none of it is read and shown as it is.
    @Test func anOlderReportIsShown() throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self.report()))
                as? [String: Any])
        var detail = try #require(object["detail"] as? [String: Any])
        for key in ["margin", "crossRates", "selfWeights", "dial"] { detail[key] = nil }
        object["detail"] = detail
        let report = try JSONDecoder().decode(
            LinkageReport.self, from: JSONSerialization.data(withJSONObject: object))
        let text = Self.text(report)
        #expect(!text.contains("even against themselves") && !text.contains("bits better"))
        #expect(text.contains("too close to call 1234"))
    }
}
