import PipelineModel
import Testing

@testable import ModelFolder

struct PublishableFitTests {
    /// 100 rows of 60 people; events, rows and people as asked.
    private func fit(rows: Int = 100, events: Int = 30, people: Int = 60) -> [UInt8] {
        Array(
            """
            {"clusters":\(people),"covariance":[0.25,0.1],"deviance":91.5,"events":\(events),\
            "intercept":-1.5,"null_deviance":99.25,"rows":\(rows),"terms":[],\
            "test_precision":{"events":20,"rows":40},"total_weight":\(rows)}

            """.utf8)
    }

    private func evaluation(events: Int) -> [UInt8] {
        Array(#"{"events":\#(events),"rows":40}"#.utf8)
    }

    private func isRefused(_ fit: [UInt8], _ evaluation: [UInt8]? = nil) -> Bool {
        do {
            try PublishableFit.check(fit, evaluation: evaluation)
            return false
        } catch {
            return (error as? StileError)?.code == .policy
        }
    }

    // One below the smallest count, the count itself, and one above.
    @Test(arguments: [(9, true), (10, false), (11, false), (0, false), (1, true)])
    func fewOfAnythingAreNotPublished(count: Int, isFew: Bool) {
        #expect(isRefused(fit(events: count)) == isFew)
        #expect(isRefused(fit(events: 100 - count)) == isFew)
        #expect(isRefused(fit(), evaluation(events: count)) == isFew)
        #expect(isRefused(fit(), evaluation(events: 40 - count)) == isFew)
        if count > 0 { #expect(isRefused(fit(people: count)) == isFew) }
    }

    @Test func aModelWithoutCountsIsPublished() {
        #expect(!isRefused(Array(#"{"intercept":-1.5,"terms":[]}"#.utf8)))
    }
}
