import Foundation
import PipelineModel
import Testing

@Suite("Bytes of a column")
struct ColumnBytesTests {
    @Test("What is let go of a mapped part is read again")
    func letGo() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("column-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        try Data(bytes).write(to: path)
        let mapped = try Data(contentsOf: path, options: .alwaysMapped)
        let part = 1_000..<45_000
        let columns = [
            ColumnBytes(mapped[part], isMapped: true), ColumnBytes(Array(bytes[part])),
        ]
        for column in columns {
            for range in [0..<0, 17..<18, 3_000..<20_001, 43_999..<44_000, 0..<44_000] {
                #expect(column.elementsEqual(bytes[part]))
                column.letGo(range)
            }
            column.letGo()
            #expect(column.elementsEqual(bytes[part]))
        }
    }
}
