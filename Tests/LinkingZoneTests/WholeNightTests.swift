import Foundation
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import Testing

/// Nights that follow on each other, with what goes wrong between them.
@Suite struct WholeNightTests {
    let county: Deployment

    init() throws { county = try Deployment() }

    @Test func aListIsSignedAndReleased() throws {
        try county.firstNight()
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        let outcome = try county.released(list, asOf: "2025-06-03")
        #expect(outcome.rows == 5)
        let text = try String(contentsOfFile: outcome.file, encoding: .utf8)
        #expect(text.contains("1969-03-20"))
        _ = try LinkingZone.audit(configuration: county.linking, list: list)
    }

    @Test func anOptOutOfTonightIsOffTheNextList() throws {
        try county.firstNight()
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [19])
        try county.night("2025-06-04")
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        let outcome = try county.released(list, asOf: "2025-06-04")
        let text = try String(contentsOfFile: outcome.file, encoding: .utf8)
        #expect(!text.contains("1969-03-20"))
        #expect(outcome.rows == 5)
    }
}
