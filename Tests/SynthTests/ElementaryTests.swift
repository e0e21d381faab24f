import Foundation
import Testing

@testable import Synth

@Suite struct ElementaryTests {
    @Test func exponentialAgreesWithTheLibraryOfThisMachine() {
        for step in -3000...3000 {
            let x = Double(step) / 100
            #expect(abs(Elementary.exp(x) / Foundation.exp(x) - 1) < 4e-15)
        }
        #expect(Elementary.exp(0) == 1)
    }

    @Test func logarithmAgreesWithTheLibraryOfThisMachine() {
        for step in 1...5000 {
            let x = Double(step) / 7
            #expect(abs(Elementary.log(x) - Foundation.log(x)) < 2e-15 * max(1, abs(log(x))))
        }
        #expect(Elementary.log(1) == 0)
    }

    @Test func logisticIsSymmetric() {
        for step in 0...300 {
            let x = Double(step) / 10
            #expect(abs(Elementary.logistic(x) + Elementary.logistic(-x) - 1) < 1e-15)
        }
    }
}
