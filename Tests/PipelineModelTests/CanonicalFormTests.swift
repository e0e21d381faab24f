import PipelineModel
import Testing

struct CanonicalFormTests {
    private struct Sample: Codable, Equatable {
        var zeta = 0.1
        var alphaShare: Double? = 2
        var path = "a/b"
        var missing: Int?
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func keysAreSortedAndANewlineEndsIt() throws {
        #expect(
            try text(CanonicalForm.bytes(Sample(), lines: .one))
                == #"{"alphaShare":2,"path":"a/b","zeta":0.1}"# + "\n")
        #expect(
            try text(CanonicalForm.bytes(Sample(), keys: .snakeCase)) == """
                {
                  "alpha_share" : 2,
                  "path" : "a/b",
                  "zeta" : 0.1
                }

                """)
    }

    @Test(arguments: [CanonicalForm.Keys.asDeclared, .snakeCase], [1, 2])
    func whatIsWrittenReadsBack(_ keys: CanonicalForm.Keys, _ lines: Int) throws {
        let sample = Sample(zeta: 0.1 + 0.2, alphaShare: .leastNonzeroMagnitude)
        let bytes = try CanonicalForm.bytes(
            sample, keys: keys, lines: lines == 1 ? .one : .oneForEach)
        #expect(CanonicalForm.value(Sample.self, bytes, keys: keys) == sample)
        #expect(CanonicalForm.value(Sample.self, bytes.dropLast(3), keys: keys) == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aNumberThatIsNotFiniteIsTheCallersFault(_ number: Double) {
        let fault = StileError(.input, "It is not finite.", remedy: "Look.")
        let error = #expect(throws: StileError.self) {
            try CanonicalForm.bytes(Sample(zeta: number), otherwise: fault)
        }
        #expect(error?.message == "It is not finite.")
        #expect(throws: StileError.self) { try CanonicalForm.bytes(Sample(zeta: number)) }
    }
}
