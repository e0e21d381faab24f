import Foundation
import PipelineModel

/// The value as JSON with sorted keys and a final newline; equal values give equal bytes.
///
/// - Throws: `StileError` with code `integrity` where a number is not finite.
func canonicalJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
        throw StileError(
            .integrity, "A report holds a number that is not finite.",
            remedy: "Report the run record as a defect; nothing was written.")
    }
}
