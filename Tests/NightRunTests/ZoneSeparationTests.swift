import Foundation
import NightRun
import PipelineModel
import TestSupport
import Testing

@Suite struct ZoneSeparationTests {
    @Test func aSampleIsToldThatOneAccountReadsBothZones() throws {
        let other = TemporaryFolder()
        var told: [String] = []
        try ZoneSeparation.check(isSample: true, own: "linking", other: other.path) {
            told.append($0)
        }
        #expect(told.count == 1)
        #expect(told.first?.contains("A real deployment refuses that.") == true)
    }

    @Test func aRealDeploymentIsRefusedWhereItCanReadTheOtherZone() throws {
        let other = TemporaryFolder()
        let fault = #expect(throws: StileError.self) {
            try ZoneSeparation.check(isSample: false, own: "linking", other: other.path) { _ in }
        }
        #expect(fault?.code == .policy)
        // Root reads every zone, whatever their permissions are.
        let expected =
            geteuid() == 0 ? "was started by root" : "starts the linking zone can read the other"
        #expect(fault?.message.contains(expected) == true)
    }

    @Test(.enabled(if: geteuid() != 0, "root reads every folder"))
    func aZoneOutOfReachIsNoFault() throws {
        let other = TemporaryFolder()
        let closed: [FileAttributeKey: Any] = [.posixPermissions: 0o000]
        try FileManager.default.setAttributes(closed, ofItemAtPath: other.path)
        defer {
            try? FileManager.default.setAttributes(
                [.posixPermissions: 0o700], ofItemAtPath: other.path)
        }
        try ZoneSeparation.check(isSample: false, own: "linking", other: other.path) { _ in
            Issue.record("nothing is to be told")
        }
    }
}
