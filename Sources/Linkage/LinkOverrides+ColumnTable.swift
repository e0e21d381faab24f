import Foundation
public import PipelineModel

extension LinkOverrides {
    /// The schema of the table that holds overrides.
    public static let schema = "link_overrides"
    /// The version of that schema.
    public static let schemaVersion = 1

    /// One row for each entry.
    public var table: ColumnTable {
        let authors = Set(entries.map(\.grounds.who)).sorted()
        let place = Dictionary(uniqueKeysWithValues: zip(authors, authors.indices))
        func codes<Value: RawRepresentable & CaseIterable>(
            _ value: (LinkOverride) -> Value
        ) -> ColumnValues where Value.RawValue == String {
            let vocabulary = Value.allCases.map(\.rawValue).sorted()
            return .code(
                vocabulary: vocabulary,
                codes: entries.map { UInt32(vocabulary.firstIndex(of: value($0).rawValue) ?? 0) })
        }
        func bytes(_ value: (LinkOverride) -> [UInt8]) -> ColumnValues {
            var offsets: [UInt64] = [0]
            var all: [UInt8] = []
            for entry in entries {
                all += value(entry)
                offsets.append(UInt64(all.count))
            }
            return .variableBytes(offsets: offsets, bytes: all)
        }
        return ColumnTable(
            schema: Self.schema, version: Self.schemaVersion,
            columns: [
                Column("number", .integer(entries.map { Int64($0.number) })),
                Column("kind", codes(\.kind)),
                Column("left", bytes { $0.left.flatMap(\.bytes) }),
                Column("right", bytes { $0.right.flatMap(\.bytes) }),
                Column("undoes", .integer(entries.map { Int64($0.undoes ?? 0) })),
                Column(
                    "who",
                    .code(
                        vocabulary: authors,
                        codes: entries.map { UInt32(place[$0.grounds.who] ?? 0) })),
                Column(
                    "at", .integer(entries.map { Int64($0.grounds.at.timeIntervalSince1970) })),
                Column("reason", bytes { Array($0.grounds.reason.utf8) }),
                Column("origin", codes(\.grounds.origin)),
            ])
    }

    /// Reads what ``table`` gives; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity` where the table is damaged or of a version
    ///   that this program does not know.
    public init(_ table: ColumnTable, file: String) throws {
        guard table.schema == Self.schema, table.version == Self.schemaVersion else {
            throw StileError(
                .integrity,
                "The overrides of linkage have version \(table.version) of “\(table.schema)”; this program knows version \(Self.schemaVersion) of “\(Self.schema)”.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote them.")
        }
        let damaged = StileError(
            .integrity, "The overrides of linkage are damaged.", at: .init(file: file),
            remedy: "Restore the column files of the state from the backup.")
        guard case .integer(let number)? = table["number"],
            case .code(let kinds, let kind)? = table["kind"],
            case .variableBytes(let leftEnds, let left)? = table["left"],
            case .variableBytes(let rightEnds, let right)? = table["right"],
            case .integer(let undoes)? = table["undoes"],
            case .code(let authors, let who)? = table["who"],
            case .integer(let at)? = table["at"],
            case .variableBytes(let reasonEnds, let reasons)? = table["reason"],
            case .code(let origins, let origin)? = table["origin"]
        else { throw damaged }
        func part(_ bytes: [UInt8], _ ends: [UInt64], _ row: Int) throws -> ArraySlice<UInt8> {
            guard ends[row] <= ends[row + 1], ends[row + 1] <= UInt64(bytes.count) else {
                throw damaged
            }
            return bytes[Int(ends[row])..<Int(ends[row + 1])]
        }
        func subjects(_ bytes: ArraySlice<UInt8>) -> [SubjectPseudonym] {
            stride(from: bytes.startIndex, to: bytes.endIndex, by: 16).compactMap {
                SubjectPseudonym(bytes: bytes[$0..<min($0 + 16, bytes.endIndex)])
            }
        }
        func text(_ vocabulary: [String], _ code: UInt32) throws -> String {
            guard Int(code) < vocabulary.count else { throw damaged }
            return vocabulary[Int(code)]
        }
        var entries: [LinkOverride] = []
        for row in number.indices {
            guard number[row] == Int64(row + 1),
                let kind = LinkOverride.Kind(rawValue: try text(kinds, kind[row])),
                let origin = LinkOverride.Origin(rawValue: try text(origins, origin[row])),
                (kind == .undo) == (undoes[row] != 0), undoes[row] < number[row]
            else { throw damaged }
            entries.append(
                LinkOverride(
                    number: row + 1, kind: kind, left: subjects(try part(left, leftEnds, row)),
                    right: subjects(try part(right, rightEnds, row)),
                    undoes: kind == .undo ? Int(undoes[row]) : nil,
                    grounds: LinkOverride.Grounds(
                        who: try text(authors, who[row]),
                        at: Date(timeIntervalSince1970: Double(at[row])),
                        reason: String(
                            decoding: try part(reasons, reasonEnds, row), as: UTF8.self),
                        origin: origin)))
        }
        self.init(entries: entries)
    }
}
