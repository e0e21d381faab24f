public import Foundation
public import PipelineModel

/// Reads column files.
public enum ColumnFileReader {
    /// The bytes of the file at `path`.
    ///
    /// - Parameters:
    ///   - path: Where it lies.
    ///   - mapped: Whether to map it into memory instead of reading it.
    /// - Throws: `StileError` with code `inputOutput` where it cannot be opened.
    static func data(at path: String, mapped: Bool) throws -> Data {
        do {
            return try Data(
                contentsOf: URL(fileURLWithPath: path), options: mapped ? .alwaysMapped : [])
        } catch {
            throw StileError(
                .inputOutput, "The column file cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
    }

    /// Reads a table from the bytes of a column file, checking every length before it is used.
    ///
    /// Columns of bytes stay where they are, the others are copied.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - file: What messages call it.
    ///   - isMapped: Whether `data` is a mapped file, so that its pages may be let go of.
    /// - Throws: `StileError` with code `integrity` where the bytes are not those of a column file.
    public static func table(
        _ data: Data, file: String, isMapped: Bool = false
    ) throws -> ColumnTable {
        try table(data, file: file, isMapped: isMapped) { _ in true }
    }

    /// As ``table(_:file:isMapped:)``, of the columns that are wanted.
    static func table(
        _ data: Data, file: String, isMapped: Bool, where isWanted: (String) -> Bool
    ) throws -> ColumnTable {
        try data.withUnsafeBytes {
            try table($0, of: data, file: file, isMapped: isMapped, where: isWanted)
        }
    }

    /// Where the columns of a file lie.
    struct Layout {
        struct Place {
            var name: String
            var kind: String
            /// Where its parts lie, in bytes from the beginning of the file.
            var parts: [Range<Int>]
        }

        var rows: Int
        var columns: [Place]
    }

    /// Where the columns of a file lie, without reading them.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - file: What messages call it.
    /// - Throws: `StileError` with code `integrity` where it is no column file or was cut short.
    static func layout(_ data: Data, file: String) throws -> Layout {
        let damaged = damaged(file)
        return try data.withUnsafeBytes { raw in
            let (header, start) = try header(raw, damaged)
            var position = start
            var places: [Layout.Place] = []
            for column in header.columns {
                guard holds(column, rows: header.rows) else { throw damaged }
                var place = Layout.Place(
                    name: column.name, kind: column.kind, parts: [])
                for length in column.parts {
                    guard length >= 0, length <= raw.count - position else { throw damaged }
                    place.parts.append(position..<(position + length))
                    position += length + ColumnFileFormat.padding(after: length)
                }
                places.append(place)
            }
            return Layout(rows: header.rows, columns: places)
        }
    }

    /// Whether the parts of a column are as long as so many rows need.
    ///
    /// A column that is mostly zero may have more rows than the file has bytes.
    private static func holds(_ column: ColumnFileFormat.ColumnHeader, rows: Int) -> Bool {
        func fits(_ part: Int, _ width: Int?, _ count: Int) -> Bool {
            guard let width, width > 0 else { return false }
            return part.isMultiple(of: width) && part / width == count
        }
        let parts = column.parts
        guard let first = parts.first, parts.allSatisfy({ $0 >= 0 }) else { return false }
        return switch column.kind {
        case "number": parts.count == 1 && fits(first, MemoryLayout<Double>.stride, rows)
        case "sparse":
            parts.count == 2 && rows <= Int(UInt32.max)
                && first / MemoryLayout<UInt32>.stride <= rows
                && fits(
                    parts[1], MemoryLayout<Double>.stride, first / MemoryLayout<UInt32>.stride)
        case "code": parts.count == 1 && fits(first, MemoryLayout<UInt32>.stride, rows)
        case "day": parts.count == 1 && fits(first, MemoryLayout<Int32>.stride, rows)
        case "integer": parts.count == 1 && fits(first, MemoryLayout<Int64>.stride, rows)
        case "pseudonym": parts.count == 1 && fits(first, MemoryLayout<UnitPseudonym>.size, rows)
        case "fixed": parts.count == 1 && fits(first, column.width, rows)
        // One offset before the first row.
        case "variable": parts.count == 2 && fits(first - 8, MemoryLayout<UInt64>.stride, rows)
        // Of a kind that this release does not know only the place is of use.
        default: true
        }
    }

    /// Checks a column that is mostly zero before its rows are used where they lie.
    ///
    /// - Throws: `StileError` with code `integrity` where they are not those of such a column.
    static func check(
        _ column: Layout.Place, rows count: Int, in mapped: Data, file: String
    ) throws {
        let width = MemoryLayout<UInt32>.stride
        guard column.parts.count == 2, column.parts[0].count.isMultiple(of: width),
            column.parts[0].count / width * MemoryLayout<Double>.stride == column.parts[1].count
        else { throw damaged(file) }
        let ascends = mapped.withUnsafeBytes { raw in
            let rows = UnsafeRawBufferPointer(rebasing: raw[column.parts[0]])
                .assumingMemoryBound(to: UInt32.self)
            return zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 }
                && rows.last.map { Int($0) < count } ?? true
        }
        guard ascends else { throw damaged(file) }
    }

    private static func damaged(_ file: String) -> StileError {
        StileError(
            .integrity, "The column file is damaged or was cut short.", at: .init(file: file),
            remedy: "Restore it from the backup, or remove it and run the stage again.")
    }

    /// The header, and where the columns begin.
    private static func header(
        _ raw: UnsafeRawBufferPointer, _ damaged: StileError
    ) throws -> (ColumnFileFormat.Header, Int) {
        guard raw.count >= 16, raw.prefix(8).elementsEqual(ColumnFileFormat.magic) else {
            throw damaged
        }
        let size = Int(
            truncatingIfNeeded: UInt64(
                littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        guard size > 0, size <= raw.count - 16,
            let header = try? JSONDecoder().decode(
                ColumnFileFormat.Header.self, from: Data(raw[16..<(16 + size)])),
            header.rows >= 0,
            Set(header.columns.map(\.name)).count == header.columns.count
        else { throw damaged }
        return (header, 16 + size + ColumnFileFormat.padding(after: 16 + size))
    }

    private static func table(
        _ raw: UnsafeRawBufferPointer, of data: Data, file: String, isMapped: Bool,
        where isWanted: (String) -> Bool
    ) throws -> ColumnTable {
        let damaged = damaged(file)
        let (header, start) = try header(raw, damaged)
        var position = start

        func part(_ length: Int) throws -> UnsafeRawBufferPointer {
            guard length >= 0, length <= raw.count - position else { throw damaged }
            defer { position += length + ColumnFileFormat.padding(after: length) }
            return UnsafeRawBufferPointer(rebasing: raw[position..<(position + length)])
        }
        func bytes(_ length: Int) throws -> ColumnBytes {
            let from = data.startIndex + position
            _ = try part(length)
            return ColumnBytes(data[from..<(from + length)], isMapped: isMapped)
        }
        func array<Element: BitwiseCopyable>(_ length: Int, _: Element.Type) throws -> [Element] {
            let from = data.startIndex + position
            let bytes = try part(length)
            let stride = MemoryLayout<Element>.stride
            guard length % stride == 0 else { throw damaged }
            // What has been copied need not be in memory twice.
            defer { ColumnBytes(data[from..<(from + length)], isMapped: isMapped).letGo() }
            return [Element](unsafeUninitializedCapacity: length / stride) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                count = length / stride
            }
        }

        var columns: [Column] = []
        for column in header.columns {
            let lengths = column.parts
            guard !lengths.isEmpty else { throw damaged }
            guard isWanted(column.name) else {
                for length in lengths { _ = try part(length) }
                continue
            }
            let values: ColumnValues
            switch column.kind {
            case "number": values = .number(try array(lengths[0], Double.self))
            case "sparse":
                guard lengths.count == 2,
                    let column = SparseColumn(
                        count: header.rows, rows: try array(lengths[0], UInt32.self),
                        values: try array(lengths[1], Double.self))
                else { throw damaged }
                values = .sparse(column)
            case "code":
                guard let vocabulary = column.vocabulary else { throw damaged }
                let codes = try array(lengths[0], UInt32.self)
                guard
                    codes.allSatisfy({
                        $0 == ColumnValues.missingCode || $0 < UInt32(vocabulary.count)
                    })
                else { throw damaged }
                values = .code(vocabulary: vocabulary, codes: codes)
            case "day": values = .day(try array(lengths[0], Int32.self).map(Day.init))
            case "integer": values = .integer(try array(lengths[0], Int64.self))
            case "pseudonym":
                let words = try array(lengths[0], UInt64.self)
                guard words.count.isMultiple(of: 2) else { throw damaged }
                values = .pseudonym(
                    (0..<(words.count / 2)).map {
                        UnitPseudonym(
                            high: UInt64(bigEndian: words[2 * $0]),
                            low: UInt64(bigEndian: words[2 * $0 + 1]))
                    })
            case "fixed":
                guard let width = column.width, width > 0, lengths[0].isMultiple(of: width)
                else { throw damaged }
                values = .fixedBytes(width: width, bytes: try bytes(lengths[0]))
            case "variable":
                guard lengths.count == 2 else { throw damaged }
                let offsets = try array(lengths[0], UInt64.self)
                let bytes = try bytes(lengths[1])
                guard offsets.first == 0, offsets.last == UInt64(bytes.count),
                    zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
                else { throw damaged }
                values = .variableBytes(offsets: offsets, bytes: bytes)
            default:
                throw StileError(
                    .integrity,
                    "The column file has a kind of column, “\(column.kind)”, that this release of Stile does not know.",
                    at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
            }
            guard values.count == header.rows else { throw damaged }
            columns.append(Column(column.name, values))
        }
        return ColumnTable(
            schema: header.schema, version: header.version, attributes: header.attributes,
            columns: columns)
    }
}
