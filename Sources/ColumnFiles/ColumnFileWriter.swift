import Foundation
public import PipelineModel

/// Lays a table out as the bytes of a column file.
public enum ColumnFileWriter {
    /// The bytes of `table`; equal tables give equal bytes.
    public static func bytes(of table: ColumnTable) throws -> [UInt8] {
        var body: [UInt8] = []
        var headers: [ColumnFileFormat.ColumnHeader] = []
        for column in table.columns {
            var header = ColumnFileFormat.ColumnHeader(
                kind: column.values.kind, name: column.name, parts: [])
            func append(_ raw: UnsafeRawBufferPointer) {
                header.parts.append(raw.count)
                body.append(contentsOf: raw)
                body.append(
                    contentsOf: [UInt8](
                        repeating: 0, count: ColumnFileFormat.padding(after: raw.count)))
            }
            switch column.values {
            case .number(let values): values.withUnsafeBytes(append)
            case .sparse(let column):
                column.rows.withUnsafeBytes(append)
                column.values.withUnsafeBytes(append)
            case .code(let vocabulary, let codes):
                header.vocabulary = vocabulary
                codes.withUnsafeBytes(append)
            case .day(let days): days.withUnsafeBytes(append)
            case .integer(let values): values.withUnsafeBytes(append)
            case .pseudonym(let values):
                var raw: [UInt8] = []
                raw.reserveCapacity(values.count * 16)
                for value in values {
                    for word in [value.high, value.low] {
                        withUnsafeBytes(of: word.bigEndian) { raw.append(contentsOf: $0) }
                    }
                }
                raw.withUnsafeBytes(append)
            case .fixedBytes(let width, let bytes):
                header.width = width
                bytes.withUnsafeBytes(append)
            case .variableBytes(let offsets, let bytes):
                offsets.withUnsafeBytes(append)
                bytes.withUnsafeBytes(append)
            }
            headers.append(header)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = try encoder.encode(
            ColumnFileFormat.Header(
                attributes: table.attributes, columns: headers, rows: table.rowCount,
                schema: table.schema, version: table.version))
        var result = ColumnFileFormat.magic
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { result.append(contentsOf: $0) }
        result.append(contentsOf: header)
        result.append(
            contentsOf: [UInt8](
                repeating: 0, count: ColumnFileFormat.padding(after: result.count)))
        result.append(contentsOf: body)
        return result
    }
}
