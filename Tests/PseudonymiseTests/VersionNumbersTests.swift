import PipelineModel
import Testing

@testable import Pseudonymise

@Suite("Numbers of versions")
struct VersionNumbersTests {
    @Test("Each version has one number, in the order of the first, where their bits collide too")
    func numbers() {
        var generator = SeededGenerator(seed: 2, label: "versions")
        // Few low bits, so that most share a slot, and one content under several subjects.
        let versions = (0..<400).map { _ in
            IdentityVersionsHeld.Version(
                subject: .init(
                    high: UInt64(generator.below(3)), low: UInt64(generator.below(4)) << 40),
                content: .init(high: UInt64(generator.below(9)), low: UInt64(generator.below(3))))
        }
        var expected: [IdentityVersionsHeld.Version: Int] = [:]
        var numbers = VersionNumbers(capacity: Set(versions).count)
        for version in versions {
            #expect(numbers.find(version) == expected[version])
            let number = expected[version] ?? expected.count
            expected[version] = number
            #expect(numbers.number(version) == number)
            #expect(numbers.find(version) == number)
        }
        #expect(expected.count > 100 && expected.count < 400)
    }

    @Test("Without room for any version none is found")
    func empty() {
        let numbers = VersionNumbers(capacity: 0)
        #expect(numbers.find(.init(subject: .none, content: .none)) == nil)
    }
}
