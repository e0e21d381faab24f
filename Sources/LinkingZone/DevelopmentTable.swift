import Features
import ColumnFiles
import PipelineModel

/// The rows that a model is fitted and evaluated on, as they are kept between the stages:
/// a matrix with outcomes, folds, groups and the baseline's ranks.
struct DevelopmentTable {
    var matrix: DesignMatrix
    var outcome: [Double]
    var fold: [Int32]
    var groups: [ScoredTable.Group]
    var baselineRank: [Double]
    /// What each row is kept together with; empty where that is whom or what it is about.
    var together: [UnitPseudonym] = []
    /// For each feature that can be missing, the rows in which it was.
    var missing: [ScoredTable.Flag] = []
    /// For each further source of the model, the rows whose person was found in it.
    var linked: [ScoredTable.Flag] = []

    init(_ set: FeatureSet) {
        matrix = set.matrix
        outcome = set.outcomes.values
        fold = set.fold
        groups = set.groups
        baselineRank = set.baselineRank
        missing = set.missing
        together = set.together
    }

    /// What each row is kept together with wherever rows are drawn, split or their errors worked out.
    var clusterKeys: [UnitPseudonym] {
        together.isEmpty ? matrix.rows.map(\.about) : together
    }

    /// The table as a column file holds it: the matrix with further columns.
    var table: ColumnTable {
        let matrix = matrix.table
        var columns = matrix.columns
        columns.append(Column("outcome", .number(outcome)))
        columns.append(Column("fold", .integer(fold.map(Int64.init))))
        for group in groups {
            columns.append(
                Column("group.\(group.name)", .code(vocabulary: group.levels, codes: group.codes)))
        }
        if !baselineRank.isEmpty { columns.append(Column("baseline_rank", .number(baselineRank))) }
        if !together.isEmpty { columns.append(Column("together", .pseudonym(together))) }
        columns += missing.map { Self.column("missing.", $0) }
        columns += linked.map { Self.column("linked.", $0) }
        return ColumnTable(
            schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
            columns: columns)
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        matrix = try DesignMatrix(table, file: file)
        guard case .number(let outcome)? = table["outcome"],
            case .integer(let fold)? = table["fold"]
        else {
            throw StileError(
                .integrity, "The file does not hold the rows of a model's development.",
                at: .init(file: file), remedy: "Run stile train again.")
        }
        self.outcome = outcome
        self.fold = fold.map { Int32(truncatingIfNeeded: $0) }
        groups = table.columns.compactMap { column in
            guard column.name.hasPrefix("group."),
                case .code(let levels, let codes) = column.values
            else { return nil }
            return ScoredTable.Group(
                name: String(column.name.dropFirst("group.".count)), levels: levels, codes: codes)
        }
        if case .number(let ranks)? = table["baseline_rank"] {
            baselineRank = ranks
        } else {
            baselineRank = []
        }
        if case .pseudonym(let keys)? = table["together"] { together = keys }
        missing = Self.flags("missing.", table)
        linked = Self.flags("linked.", table)
    }

    private static func column(_ prefix: String, _ flag: ScoredTable.Flag) -> Column {
        Column(
            prefix + flag.name,
            .code(
                vocabulary: ["yes"], codes: flag.holds.map { $0 ? 0 : ColumnValues.missingCode }))
    }

    private static func flags(_ prefix: String, _ table: ColumnTable) -> [ScoredTable.Flag] {
        table.columns.compactMap { column in
            guard column.name.hasPrefix(prefix), case .code(_, let codes) = column.values else {
                return nil
            }
            return ScoredTable.Flag(
                name: String(column.name.dropFirst(prefix.count)),
                holds: codes.map { $0 != ColumnValues.missingCode })
        }
    }

    /// The rows of the matrix, outcomes and all, at these indices.
    func rows(_ keep: [Int]) -> DevelopmentTable {
        var part = self
        let count = matrix.rows.count
        var values: [Double] = []
        values.reserveCapacity(keep.count * matrix.columns.count)
        for column in matrix.columns.indices {
            for row in keep { values.append(matrix.values[column * count + row]) }
        }
        part.matrix = DesignMatrix(
            unitKind: matrix.unitKind, rows: keep.map { matrix.rows[$0] },
            columns: matrix.columns, values: values)
        part.outcome = keep.map { outcome[$0] }
        part.fold = keep.map { fold[$0] }
        part.groups = groups.map { group in
            ScoredTable.Group(
                name: group.name, levels: group.levels, codes: keep.map { group.codes[$0] })
        }
        if !baselineRank.isEmpty { part.baselineRank = keep.map { baselineRank[$0] } }
        if !together.isEmpty { part.together = keep.map { together[$0] } }
        func kept(_ flag: ScoredTable.Flag) -> ScoredTable.Flag {
            .init(name: flag.name, holds: keep.map { flag.holds[$0] })
        }
        part.missing = missing.map(kept)
        part.linked = linked.map(kept)
        return part
    }
}

/// The rows of a development as a fit reads them: keys, outcomes and folds in memory, the features
/// left in their file and read range by range.
struct DevelopmentRows {
    let keys: [RowKey]
    let outcome: [Double]
    let fold: [Int32]
    /// What each row is kept together with.
    let clusterKeys: [UnitPseudonym]
    /// For each feature that can be missing, the rows in which it was.
    let missing: [ScoredTable.Flag]
    let design: ColumnFileRows
    let digest: ContentDigest

    /// Opens the file of a table that `DevelopmentTable.table` wrote, and checks the bytes of what it
    /// opened.
    init(_ digest: ContentDigest, in store: ColumnStore) throws {
        let (rows, others) = try store.rows(of: digest, prefix: DesignMatrix.featurePrefix)
        let facts = try DevelopmentTable(others, file: store.path(of: digest))
        keys = facts.matrix.rows
        outcome = facts.outcome
        fold = facts.fold
        clusterKeys = facts.clusterKeys
        missing = facts.missing
        design = rows
        self.digest = digest
    }
}
