import PipelineModel
import Testing

@testable import Synth

@Suite struct TestIdentifiersTests {
    @Test func nhsNumbersAreValidDistinctAndInTheTestRange() {
        let numbers = TestIdentifiers.nhsNumbers(20_000)
        #expect(Set(numbers).count == 20_000)
        for number in numbers {
            #expect(number >= 9_990_000_000 && number <= 9_999_999_999)
            // Weights 10 to 1 over all ten digits make a multiple of eleven.
            let digits = String(number).compactMap(\.wholeNumberValue)
            let sum = zip(digits, stride(from: 10, through: 1, by: -1)).reduce(0) {
                $0 + $1.0 * $1.1
            }
            #expect(sum % 11 == 0)
        }
    }

    // Published examples: 943 476 5919, 485 777 3457, 400 000 0004; no number begins with 999 000 000.
    @Test(arguments: [(943_476_591, 9), (485_777_345, 7), (400_000_000, 4), (999_000_000, nil)])
    func checkDigit(stem: Int, expected: Int?) {
        #expect(TestIdentifiers.checkDigit(stem) == expected)
    }

    @Test func upnsHaveTheirCheckLetter() {
        let table = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)
        for pupil in stride(from: 0, to: 50_000, by: 37) {
            for temporary in [false, true] {
                let upn = TestIdentifiers.upn(pupil: pupil, year: 2015, temporary: temporary)
                #expect(upn.count == 13)
                var sum = 0
                for position in 1...12 {
                    let value =
                        upn[position] < 65
                        ? Int(upn[position]) - 48 : table.firstIndex(of: upn[position]) ?? 0
                    sum += value * (position + 1)
                }
                #expect(table[sum % 23] == upn[0])
            }
        }
    }

    @Test func postcodesHaveTheirShapeAndAreDistinct() {
        var seen = Set<String>()
        for number in 0..<30_000 {
            let text = String(decoding: TestIdentifiers.postcode(number), as: UTF8.self)
            #expect(text.wholeMatch(of: /MS[1-9][0-9]? [0-9][A-BD-HJLNP-UW-Z]{2}/) != nil)
            seen.insert(text)
        }
        #expect(seen.count == 30_000)
    }
}
