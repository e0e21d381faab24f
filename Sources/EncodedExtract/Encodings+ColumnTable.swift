public import PipelineModel

extension Encodings {
    /// The table as a column file holds it.
    public var table: ColumnTable {
        var attributes = [
            "source": source, "key_epoch": String(keyEpoch), "specification": specification.hex,
        ]
        var columns = [
            Column("subject", .pseudonym(subject.map { $0.cast() })),
            Column("record", .pseudonym(record.map { $0.cast() })),
            Column(
                "operation",
                .code(vocabulary: Operation.vocabulary, codes: operation.map(\.rawValue))),
            Column("happened", .day(happened)),
            Column("known", .day(known)),
        ]
        for field in fields {
            let key = "field.\(field.name)"
            attributes["salt.\(field.name)"] = field.salt
            attributes["parts.\(field.name)"] = field.parts.joined(separator: " ")
            switch field.values {
            case .token(let tokens):
                attributes[key] = "token"
                columns.append(
                    Column(key, .fixedBytes(width: 8, bytes: tokens.bytes)))
            case .filter(let bits, let words):
                attributes[key] = "filter:\(bits)"
                if field.hardening != .none {
                    attributes["hardening.\(field.name)"] = field.hardening.description
                }
                columns.append(
                    Column(key, .fixedBytes(width: bits / 8, bytes: words.bytes)))
            case .tokenSet(let offsets, let tokens):
                attributes[key] = "token_set"
                columns.append(
                    Column(
                        key,
                        .variableBytes(
                            offsets: offsets.map { UInt64($0 * 8) },
                            bytes: tokens.bytes)))
            }
        }
        return ColumnTable(
            schema: "encodings", version: Self.schemaVersion, attributes: attributes,
            columns: columns)
    }

    /// Reads a table; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity` where the table is not one of encodings,
    ///   or of a version that this program does not know.
    public init(_ table: ColumnTable, file: String) throws {
        let reader = try ExtractReader(
            table, schema: "encodings", version: Self.schemaVersion, file: file)
        self.init(
            source: try reader.attribute("source"), keyEpoch: try reader.keyEpoch(),
            specification: try reader.digest("specification"),
            subject: try reader.pseudonyms("subject"), record: try reader.pseudonyms("record"),
            operation: try reader.operations(), happened: try reader.days("happened"),
            known: try reader.days("known"))
        for column in table.columns where column.name.hasPrefix("field.") {
            let kind = try reader.attribute(column.name)
            let name = String(column.name.dropFirst("field.".count))
            let salt = table.attributes["salt.\(name)"]
            let parts = table.attributes["parts.\(name)"].map {
                $0.split(separator: " ").map(String.init)
            }
            switch column.values {
            case .fixedBytes(8, let bytes) where kind == "token":
                fields.append(Field(name, .token(WordColumn(bytes)), salt: salt, parts: parts))
            case .fixedBytes(let width, let bytes)
            where kind == "filter:\(width * 8)" && width % 8 == 0:
                let text = table.attributes["hardening.\(name)"]
                guard let hardening = text.map(Hardening.init) ?? Hardening.none else {
                    throw reader.damaged("the hardening of the field “\(name)” is unknown")
                }
                fields.append(
                    Field(
                        name, .filter(bits: width * 8, words: WordColumn(bytes)), salt: salt,
                        parts: parts, hardening: hardening))
            case .variableBytes(let offsets, let bytes)
            where kind == "token_set" && offsets.allSatisfy { $0 % 8 == 0 }:
                fields.append(
                    Field(
                        name,
                        .tokenSet(offsets: offsets.map { Int($0) / 8 }, tokens: WordColumn(bytes)),
                        parts: parts))
            default: throw reader.damaged("the field “\(name)” is of the wrong kind")
            }
        }
    }
}
