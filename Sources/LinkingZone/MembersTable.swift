import Features
import PipelineModel

/// Who stands behind the rows of a matrix of households, or the codes of those of settings, as
/// it is kept for the list.
struct MembersTable {
    var members: RowMembers

    init(_ members: RowMembers) { self.members = members }

    /// The table as a column file holds it; `nil` where each row is about one person.
    var table: ColumnTable? {
        if !members.setting.isEmpty {
            let vocabulary = Set(members.setting).sorted()
            let number = Dictionary(
                uniqueKeysWithValues: vocabulary.enumerated().map { ($1, UInt32($0)) })
            return ColumnTable(
                schema: "settings", version: 1,
                columns: [
                    Column(
                        "setting",
                        .code(
                            vocabulary: vocabulary,
                            codes: members.setting.map {
                                number[$0] ?? ColumnValues.missingCode
                            }))
                ])
        }
        guard !members.row.isEmpty else { return nil }
        return ColumnTable(
            schema: "members", version: 1,
            columns: [
                Column("row", .integer(members.row.map(Int64.init))),
                Column("person", .pseudonym(members.person.map { $0.cast() })),
                Column("referred", .integer(members.isReferred.map { $0 ? 1 : 0 })),
            ])
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        members = RowMembers()
        if table.schema == "settings", table.version == 1,
            case .code(let vocabulary, let codes)? = table["setting"],
            codes.allSatisfy({ $0 != ColumnValues.missingCode })
        {
            members.setting = codes.map { vocabulary[Int($0)] }
        } else if table.schema == "members", table.version == 1,
            case .integer(let row)? = table["row"],
            case .pseudonym(let person)? = table["person"],
            case .integer(let referred)? = table["referred"]
        {
            members.row = row.map(Int.init)
            members.person = person.map { $0.cast() }
            members.isReferred = referred.map { $0 == 1 }
        } else {
            throw StileError(
                .integrity, "The file does not hold the members of a model's rows.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
    }
}
