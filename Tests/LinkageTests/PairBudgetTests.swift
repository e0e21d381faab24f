import PipelineModel
import Testing

@testable import Linkage

@Suite("How many pairs are held at once")
struct PairBudgetTests {
    private let encodings = ["a", "b"].map { source in
        SyntheticEncodings.encode(
            source,
            (0..<60).map {
                Identity(subject: UInt64($0), given: "given \($0)", surname: "surname")
            })
    }

    private func store() throws -> FieldStore {
        try FieldStore(encodings, firstNew: encodings.map { _ in 0 })
    }

    @Test("Without a bound as many as usual; with one, fewer; never too few to get on")
    func most() throws {
        let store = try store()
        var specification = LinkageSpecification()
        #expect(PairBudget(specification, store).most == PairBudget.usual)
        specification.memory = 100
        #expect(PairBudget(specification, store).most < 2_500_000)
        specification.memory = 1
        #expect(PairBudget(specification, store).most == PairBudget.fewest)
    }

    @Test("Too little memory to do anything is refused, and what is needed is said")
    func tooLittle() throws {
        var specification = LinkageSpecification()
        specification.memory = 1
        let store = try store()
        #expect {
            try PairBudget.check(specification, store)
        } throws: {
            let error = $0 as? StileError
            return error?.code == .configuration && "\($0)".contains("is 1 MB")
        }
        specification.memory = 1_000
        try PairBudget.check(specification, store)
    }
}
