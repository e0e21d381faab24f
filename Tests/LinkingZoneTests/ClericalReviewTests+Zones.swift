import ClericalReview
import Foundation
import Linkage
import LinkingZone
import NightRun
import PipelineModel
import TestSupport
import Testing

@testable import SourceZone

/// Clerical review with several source zones: each is asked about what it holds.
extension ClericalReviewTests {
    /// Four sources of two source zones, and a request that is sent to each.
    private func askedInTwoZones() throws -> (zones: Deployment, notes: [String]) {
        let zones = try Deployment()
        let marker = "  opt_outs:\n"
        let text = try String(contentsOfFile: zones.source, encoding: .utf8)
        let block = try #require(text.range(of: marker)).lowerBound
        let others = ["clinic", "ward"].map { name in
            text[block...].replacing(marker, with: "  \(name):\n")
                .replacing("    register: opt_out\n", with: "")
        }.joined()
        try (text + others).write(toFile: zones.source, atomically: true, encoding: .utf8)
        try edit(zones.source, "encoding:", "review: {}\nencoding:")
        // The other source zone: the same records, for a test, and a key of its own.
        let south = "\(zones.folder)/source/south.yaml"
        try (text + others).replacing(
            "encoding:", with: "review: {key: keys/south.key}\nencoding:", maxReplacements: 1
        ).write(toFile: south, atomically: true, encoding: .utf8)
        for (path, name) in [(zones.source, "north"), (south, "south")] {
            try FileManager.default.copyItem(
                atPath: try SourceZone.makeReviewKey(configuration: path),
                toPath: "\(zones.folder)/linking/keys/\(name).pub")
        }
        try edit(
            zones.linking, "version: 1",
            """
            version: 1
            linkage: {review: {size: 60}}
            review_zones:
              - {name: north, key: keys/north.pub, sources: [gp, opt_outs]}
              - {name: south, key: keys/south.pub, sources: [clinic, ward]}
            """)
        try zones.dropPatients("2025-06-02")
        for source in ["opt_outs", "clinic", "ward"] {
            try zones.dropOptOuts("2025-06-02", Array(0..<10))
            if source != "opt_outs" {
                let register = try zones.read("source/drop/opt_outs/register_2025-06-02.csv")
                try zones.home.write(
                    register, to: "source/drop/\(source)/register_2025-06-02.csv")
            }
        }
        if let error = try zones.sourceNight(Self.day).error { throw error }
        let night = try zones.linkingNight(Self.day, through: .sample)
        if let error = night.error { throw error }
        return (zones, night.notes)
    }

    /// Both clerks of a source zone find every pair to be one person.
    private func decideAll(_ zones: Deployment, _ file: String, _ clerks: [String]) throws {
        for clerk in clerks {
            var session = try SourceZone.review(
                configuration: "\(zones.folder)/source/\(file)", clerk: clerk)
            for pair in session.pairs.indices { try session.answer(pair, .link, .movedHome) }
            _ = try session.finish()
        }
    }

    @Test func eachSourceZoneIsAskedAboutWhatItHoldsWholly() throws {
        let (zones, notes) = try askedInTwoZones()
        let requests = zones.names(in: "reviews")
        #expect(requests.count == 2)
        #expect(requests.first?.hasSuffix(".north") == true)
        #expect(requests.last?.hasSuffix(".south") == true)
        // A person is in four sources: of the six pairs two lie in one zone.
        #expect(notes.contains { $0.contains("pairs lie between source zones") })
        for (file, own) in [
            ("stile.yaml", ["gp", "opt_outs"]), ("south.yaml", ["clinic", "ward"]),
        ] {
            let session = try SourceZone.review(
                configuration: "\(zones.folder)/source/\(file)", clerk: "c-1")
            #expect(!session.pairs.isEmpty)
            for side in session.pairs.flatMap({ [$0.left, $0.right] }) {
                #expect(own.contains(side.source))
            }
        }
        let strangers = fault {
            _ = try SourceZone.review(
                configuration: zones.source, clerk: "c-2", request: requests.last)
        }
        #expect(strangers?.message.contains("another review key") == true)
    }

    @Test func theAnswersOfOneZoneAreTakenAndThoseOfTheOtherAddedToThem() throws {
        let (zones, _) = try askedInTwoZones()
        try decideAll(zones, "stile.yaml", ["c-1", "c-2"])
        let first = try zones.linkingNight(Self.day, through: .link)
        #expect(first.error == nil)
        #expect(first.notes.contains { $0.contains("linked pairs, recall of") })
        let half = try review(zones)
        let asked = try #require(half.zones)
        #expect(asked.map(\.name) == ["north", "south", ""])
        #expect(asked[0].answered == asked[0].drawn && asked[1].answered == 0)
        #expect(asked[2].population > 0 && asked[2].drawn == 0)
        // What nobody has answered yet was neither seen nor left unsettled.
        #expect(half.quality.pairs == asked[0].drawn)
        #expect(half.classes.allSatisfy { $0.unsettled == 0 })
        #expect(half.quality.precision?.value == 1)
        let coverage = try #require(half.quality.coverage)
        #expect(coverage.all == asked[0].population)
        #expect(coverage.population == asked.reduce(0) { $0 + $1.population })

        try decideAll(zones, "south.yaml", ["c-1", "c-3"])
        #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
        let whole = try review(zones)
        #expect(whole.zones?.map(\.answered) == [asked[0].drawn, asked[1].drawn, 0])
        #expect(whole.quality.settled == asked[0].drawn + asked[1].drawn)
        #expect(whole.quality.coverage?.all == asked[0].population + asked[1].population)
        #expect(whole.agreement.agreed.of == whole.quality.settled)
        let again = try zones.linkingNight(Self.day, through: .link)
        #expect(again.error == nil && !again.notes.contains { $0.contains("clerks agree") })
        _ = try LinkingZone.audit(configuration: zones.linking, list: nil)
        let pages = zones.names(in: "linking/pages").filter { $0.hasPrefix("linkage-") }
        let page = try zones.read("linking/pages/\(try #require(pages.last))")
        #expect(page.contains("between source zones: nobody may see both names"))
    }

    @Test func badAnswersOfOneZoneDoNotHoldUpTheOther() throws {
        let (zones, _) = try askedInTwoZones()
        try decideAll(zones, "stile.yaml", ["c-1", "c-2"])
        try decideAll(zones, "south.yaml", ["c-1", "c-3"])
        let south = "reviews/\(try #require(zones.names(in: "reviews").last))/answers.json"
        let good = try zones.read(south)
        try zones.home.write(good.replacingOccurrences(of: "link", with: "lunk"), to: south)
        #expect(try zones.linkingNight(Self.day, through: .link).error?.code == .integrity)
        #expect(try review(zones).zones?[0].answered != 0)
        // What was taken in must be there when more comes.
        try zones.home.write(good, to: south)
        let north = "\(zones.folder)/reviews/\(try #require(zones.names(in: "reviews").first))"
        try FileManager.default.moveItem(
            atPath: "\(north)/answers.json", toPath: "\(north)/elsewhere")
        let gone = try zones.linkingNight(Self.day, through: .link)
        #expect(gone.error?.message.contains("are not there any more") == true)
        try FileManager.default.moveItem(
            atPath: "\(north)/elsewhere", toPath: "\(north)/answers.json")
        #expect(try zones.linkingNight(Self.day, through: .link).error == nil)
        #expect(try review(zones).zones?[1].answered != 0)
    }

    @Test func reviewZonesThatCannotBeMeantAreRefused() throws {
        for (zone, message) in [
            ("{name: North, key: k, sources: [gp]}", "no name of its own"),
            ("{name: n, key: k, sources: []}", "can see no pair"),
            ("{name: n, key: k, sources: [gp, gp]}", "is in the review zones"),
            ("{name: \(String(repeating: "n", count: 45)), key: k, sources: [gp]}", "is too long"),
        ] {
            let zones = try Deployment()
            try edit(
                zones.linking, "version: 1",
                "version: 1\nreview_key: keys/review.pub\nreview_zones:\n  - \(zone)")
            let error = fault { _ = try LinkingConfiguration.read(fileAt: zones.linking) }
            let said = ([error].compactMap(\.self) + (error?.others ?? [])).map(\.message)
            #expect(said.contains { $0.contains(message) }, "\(said)")
            #expect(said.contains { $0.contains("both “review_key” and “review_zones”") })
        }
    }
}
