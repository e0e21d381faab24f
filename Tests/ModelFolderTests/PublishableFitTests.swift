import Foundation
import Testing

@testable import ModelFolder

struct PublishableFitTests {
    /// 100 rows of 60 people; events, rows and people as asked.
    private func fit(rows: Int = 100, events: Int = 30, people: Int = 60) -> [UInt8] {
        Array(
            """
            {"clusters":\(people),"covariance":[0.25,0.1],"deviance":91.5,"events":\(events),\
            "intercept":-1.5,"null_deviance":99.25,"rows":\(rows),\
            "sample_size":{"events":\(events * people / rows),"rows":\(people)},"terms":[],\
            "test_precision":{"events":20,"rows":40},"total_weight":\(rows)}

            """.utf8)
    }

    private func published(_ bytes: [UInt8]) throws -> [String: Any] {
        let data = Data(try PublishableFit.bytes(bytes))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    // One below the smallest count, the count itself, and one above.
    @Test(arguments: [(9, true), (10, false), (11, false), (0, false), (1, true)])
    func fewEventsAreWithheldWithWhatTheyFollowFrom(events: Int, isWithheld: Bool) throws {
        // Everybody has one row, so that only this count is small.
        for (rows, events) in [(100, events), (100, 100 - events)] {
            let bytes = fit(rows: rows, events: events, people: rows)
            let found = try published(bytes)
            for field in ["events", "deviance", "null_deviance", "sample_size", "test_precision"] {
                #expect((found[field] == nil) == isWithheld, "\(field) of \(events)")
            }
            #expect(found["rows"] as? Int == 100 && found["intercept"] as? Double == -1.5)
            #expect(found["covariance"] as? [Double] == [0.25, 0.1])
            #expect((found["withheld"] != nil) == isWithheld)
            #expect(try isWithheld || PublishableFit.bytes(bytes) == bytes)
        }
    }

    @Test(arguments: [(9, true), (10, false), (11, false)])
    func fewPeopleAreWithheld(people: Int, isWithheld: Bool) throws {
        var bytes = fit(people: people)
        let text = String(decoding: bytes, as: UTF8.self)
            .replacing(
                "\"sample_size\":{\"events\":\(30 * people / 100),", with: "\"sample_size\":{")
        bytes = Array(text.utf8)
        let found = try published(bytes)
        for field in ["clusters", "rows", "total_weight", "events"] {
            #expect((found[field] == nil) == isWithheld, "\(field)")
        }
        guard isWithheld else { return }
        let withheld = try #require(found["withheld"] as? [String: Any])
        #expect(withheld["fewer_than"] as? Int == 10)
        let fields = try #require(withheld["fields"] as? [String])
        #expect(fields == fields.sorted() && fields.contains("clusters"))
        // What is left is still a fit.
        #expect(StoredFit(try PublishableFit.bytes(bytes)) != nil)
    }
}
