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

    private func evaluation(
        rows: Int = 40, events: Int = 20, people: Int = 40, listed: Double = 10, size: Int = 25
    ) -> [UInt8] {
        Array(
            """
            {"events":\(events),"list":{"events":{"expected":\(listed)},"size":\(size)},\
            "people":\(people),"rows":\(rows)}

            """.utf8)
    }

    private func recalibration(rows: Int = 40, events: Int = 20, people: Int = 30) -> [UInt8] {
        Array(#"{"clusters":\#(people),"events":\#(events),"kind":"slope","rows":\#(rows)}"#.utf8)
    }

    private func isRefused(
        _ fit: [UInt8]? = nil, evaluation: [UInt8]? = nil, recalibration: [UInt8]? = nil,
        as code: StileError.Code = .policy
    ) -> Bool {
        do {
            try PublishableFit.check(
                fit: fit, evaluation: evaluation, recalibration: recalibration)
            return false
        } catch {
            return (error as? StileError)?.code == code
        }
    }

    // One below the smallest count, the count itself, and one above.
    @Test(arguments: [(9, true), (10, false), (11, false), (0, false), (1, true)])
    func fewOfAnythingAreNotPublished(count: Int, isFew: Bool) {
        #expect(isRefused(fit(events: count)) == isFew)
        #expect(isRefused(fit(events: 100 - count)) == isFew)
        if count > 0 { #expect(isRefused(fit(people: count)) == isFew) }
    }

    // Of an equation that was published elsewhere there are no coefficients of a fit.
    @Test(arguments: [(9, true), (10, false), (11, false), (0, false), (1, true)])
    func fewOfAnythingAreNotPublishedOfAFrozenModel(count: Int, isFew: Bool) {
        let none = (listed: 0.0, size: 0)
        func tested(_ events: Int) -> [UInt8] {
            evaluation(events: events, listed: none.listed, size: none.size)
        }
        #expect(isRefused(evaluation: tested(count)) == isFew)
        #expect(isRefused(evaluation: tested(40 - count)) == isFew)
        // On the list with the event, on it without, and with the event and not on it.
        #expect(isRefused(evaluation: evaluation(events: 40, listed: Double(count))) == isFew)
        #expect(isRefused(evaluation: evaluation(events: 40, listed: 25 - Double(count))) == isFew)
        #expect(
            isRefused(
                evaluation: evaluation(
                    rows: 90, events: 40, people: 90, listed: 40 - Double(count), size: 60))
                == isFew)
        #expect(isRefused(recalibration: recalibration(events: count)) == isFew)
        #expect(isRefused(recalibration: recalibration(events: 40 - count)) == isFew)
        if count > 0 {
            #expect(isRefused(evaluation: evaluation(people: count)) == isFew)
            #expect(isRefused(recalibration: recalibration(people: count)) == isFew)
        }
    }

    // Of 90 rows those for which the outcome cannot happen, and of 60 places those that they take.
    @Test(arguments: [(9, true), (10, false), (11, false), (0, false), (1, true)])
    func fewForWhomItCannotHappenAreNotPublished(count: Int, isFew: Bool) {
        func evaluation(_ rows: Int, _ listed: Int, size: Int = 60) -> [UInt8] {
            Array(
                #"{"cannot_happen":{"list_size":\#(size),"listed":\#(listed),"rows":\#(rows)},"rows":90}"#
                    .utf8)
        }
        // Rows, others, places, rows that are not listed, and places that others take.
        #expect(isRefused(evaluation: evaluation(count, 0)) == isFew)
        #expect(isRefused(evaluation: evaluation(90 - count, 30)) == isFew)
        #expect(isRefused(evaluation: evaluation(50, count)) == isFew)
        #expect(isRefused(evaluation: evaluation(40, 40 - count)) == isFew)
        #expect(isRefused(evaluation: evaluation(70, 30, size: 30 + count)) == isFew)
    }

    // Of rows that depend on each other those that they stand for are a count of nobody; the rows and
    // the people are.
    @Test(arguments: [(9, true), (10, false), (1, true)])
    func independentRowsAreNoCount(count: Int, isFew: Bool) {
        func fit(_ part: String, _ clustering: String?, rows: Int = 5) -> [UInt8] {
            let inner = clustering.map { #","clustering":{\#($0)}"# } ?? ""
            return Array(
                #"{"events":30,"rows":100,"\#(part)":{"events":1.5,"rows":\#(rows)\#(inner)}}"#
                    .utf8)
        }
        for part in ["sample_size", "test_precision"] {
            #expect(!isRefused(fit(part, #""clusters":60,"rows":100"#)))
            #expect(isRefused(fit(part, #""clusters":\#(count),"rows":100"#)) == isFew)
            #expect(isRefused(fit(part, #""clusters":60,"rows":\#(count)"#)) == isFew)
            #expect(isRefused(fit(part, nil, rows: count)) == isFew)
        }
    }

    @Test func aFileThatCannotBeReadIsNotPublished() {
        #expect(isRefused(recalibration: [0x7b], as: .integrity))
        #expect(!isRefused(fit(), recalibration: recalibration()))
    }

    @Test func aModelWithoutCountsIsPublished() {
        #expect(!isRefused())
        #expect(!isRefused(Array(#"{"intercept":-1.5,"terms":[]}"#.utf8)))
    }
}
