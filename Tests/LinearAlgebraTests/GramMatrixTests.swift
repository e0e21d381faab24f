import LinearAlgebra
import PipelineModel
import Testing

struct GramMatrixTests {
    private func random(_ count: Int, _ label: String) -> [Double] {
        var generator = SeededGenerator(seed: 7, label: label)
        return (0..<count).map { _ in generator.uniform() * 4 - 2 }
    }

    @Test(arguments: [1, 5, 1_023, 1_024, 1_025, 40_000])
    func agreesWithThePlainSum(rows: Int) throws {
        let columns = 4
        let values = random(rows * columns, "values")
        let weights = random(rows, "weights").map(\.magnitude)
        let gram = try GramMatrix.weighted(
            values, rows: rows, columns: columns, weights: weights, threads: 2)
        for left in 0..<columns {
            for right in 0..<columns {
                var sum = 0.0
                for row in 0..<rows {
                    sum += weights[row] * values[left * rows + row] * values[right * rows + row]
                }
                #expect((gram[left, right] - sum).magnitude <= 1e-11 * Double(rows))
            }
        }
    }

    @Test func hasTheSameBitsForAnyNumberOfThreads() throws {
        let rows = 150_000
        let values = random(rows * 3, "bits")
        let one = try GramMatrix.weighted(values, rows: rows, columns: 3, threads: 1)
        for threads in [2, 3, 8] {
            let many = try GramMatrix.weighted(values, rows: rows, columns: 3, threads: threads)
            #expect(one.values.map(\.bitPattern) == many.values.map(\.bitPattern))
        }
    }

    @Test func aWeightOfTwoIsARowTwice() throws {
        let once = try GramMatrix.weighted([1, 2, 3, 5], rows: 2, columns: 2, weights: [2, 1])
        let twice = try GramMatrix.weighted([1, 1, 2, 3, 3, 5], rows: 3, columns: 2)
        for index in 0..<4 { #expect((once.values[index] - twice.values[index]).magnitude < 1e-14) }
    }

    @Test func noRowAndNoColumnAreZeros() throws {
        #expect(try GramMatrix.weighted([], rows: 0, columns: 2).values == [0, 0, 0, 0])
        #expect(try GramMatrix.weighted([], rows: 3, columns: 0).values == [])
    }

    @Test func aMatrixTooWideForTheLibraryIsRefused() throws {
        let error = #expect(throws: StileError.self) {
            try GramMatrix.weighted([], rows: 0, columns: 5_000_000)
        }
        #expect(error?.message.contains("columns of a matrix are too many") == true)
    }

    @Test func theLibraryHasAName() {
        #expect(!BLASIdentity.name.isEmpty)
        #expect(BLASIdentity.name != "unknown")
        #expect(!BLASIdentity.name.contains("/"))
    }

    @Test func theProcessorHasAName() {
        #expect(!ProcessorIdentity.name.isEmpty && ProcessorIdentity.name != "unknown")
        #expect(ProcessorIdentity.name.allSatisfy { $0.isASCII && !$0.isNewline })
    }
}
