import Foundation
import TestSupport
import Testing

@Suite struct HamletTests {
    @Test func twoNightsOfTheHamletMakeTwoLists() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        #expect(hamlet.lists().count == 1)
        try hamlet.night(Hamlet.secondDay)
        #expect(hamlet.lists().count == 2)
        #expect(try hamlet.newestList() == Deployment.undisturbed())
        #expect(hamlet.names("source/drop/gp").isEmpty)
    }
}
