import PipelineModel

/// Takes typed columns out of a table that came from the other zone, trusting nothing.
struct ExtractReader {
    let table: ColumnTable
    let file: String

    init(_ table: ColumnTable, schema: String, version: Int, file: String) throws {
        self.table = table
        self.file = file
        guard table.schema == schema else {
            throw damaged("it holds “\(table.schema)”, not “\(schema)”")
        }
        guard table.version == version else {
            throw StileError(
                .integrity,
                "The file has version \(table.version) of the schema “\(schema)”; this program knows version \(version).",
                at: .init(file: file), remedy: "Use the same release of Stile in both zones.")
        }
    }

    func damaged(_ what: String) -> StileError {
        StileError(
            .integrity, "The encoded extract is damaged: \(what).", at: .init(file: file),
            remedy: "Remove the batch and let the source zone write it again.")
    }

    func attribute(_ name: String) throws -> String {
        guard let value = table.attributes[name] else { throw damaged("it does not say “\(name)”") }
        return value
    }

    func keyEpoch() throws -> Int {
        guard let epoch = Int(try attribute("key_epoch")) else {
            throw damaged("its key epoch is not a number")
        }
        return epoch
    }

    func digest(_ name: String) throws -> ContentDigest {
        guard let digest = ContentDigest(hex: try attribute(name)) else {
            throw damaged("“\(name)” is not a digest")
        }
        return digest
    }

    func pseudonyms<Kind>(_ name: String) throws -> [Pseudonym<Kind>] {
        guard case .pseudonym(let values)? = table[name] else {
            throw damaged("it has no column “\(name)”")
        }
        return values.map { $0.cast() }
    }

    func days(_ name: String) throws -> [Day] {
        guard case .day(let days)? = table[name] else {
            throw damaged("it has no column “\(name)”")
        }
        return days
    }

    func operations() throws -> [Operation] {
        guard case .code(Operation.vocabulary, let codes)? = table["operation"] else {
            throw damaged("it has no column “operation”")
        }
        return try codes.map {
            guard let operation = Operation(rawValue: $0) else {
                throw damaged("an operation is missing")
            }
            return operation
        }
    }
}
