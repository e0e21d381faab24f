import PipelineModel
import Scoring

/// The scores of a night as they are kept.
struct ScoreTable {
    var scored: ScoredMatrix

    init(_ scored: ScoredMatrix) { self.scored = scored }

    /// The table as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "scores", version: 1,
            columns: [
                Column("unit", .pseudonym(scored.rows.map(\.unit))),
                Column("as_of", .day(scored.rows.map(\.asOf))),
                Column("person", .pseudonym(scored.rows.map { $0.person.cast() })),
                Column("linear_predictor", .number(scored.linearPredictor)),
                Column("probability", .number(scored.probability)),
                Column("rank", .integer(scored.rank.map(Int64.init))),
                Column("shared_rank", .integer(scored.sharedRank.map(Int64.init))),
            ])
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "scores", table.version == 1,
            case .pseudonym(let unit)? = table["unit"], case .day(let asOf)? = table["as_of"],
            case .pseudonym(let person)? = table["person"],
            case .number(let predictor)? = table["linear_predictor"],
            case .number(let probability)? = table["probability"],
            case .integer(let rank)? = table["rank"],
            case .integer(let shared)? = table["shared_rank"]
        else {
            throw StileError(
                .integrity, "The file does not hold scores that this program knows.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        scored = ScoredMatrix(
            rows: unit.indices.map {
                RowKey(unit: unit[$0], asOf: asOf[$0], person: person[$0].cast())
            }, linearPredictor: predictor, probability: probability, rank: rank.map(Int.init),
            sharedRank: shared.map(Int.init))
    }
}
