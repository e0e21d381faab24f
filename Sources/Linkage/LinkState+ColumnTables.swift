import EncodedExtract
public import PipelineModel

extension LinkState {
    /// The state as column tables: `link_people`, `link_aliases`, `link_pairs`,
    /// `link_close_calls` where there are any, `link_households` once the keys have changed, `link_overrides` once there are any, and one of `encodings` for each
    /// piece, which says its number in the attribute `piece`, with one of `link_keys` where they are
    /// kept.
    public var tables: [ColumnTable] { tables(without: []) }

    /// The tables without those of some pieces, such as ``LinkOutcome/unchangedPieces``.
    ///
    /// - Parameters:
    ///   - pieces: Pieces whose encodings are left out.
    ///   - keysOf: Pieces whose fingerprints of keys are left out.
    public func tables(
        without pieces: Set<PieceName>, keysOf: Set<PieceName> = []
    ) -> [ColumnTable] {
        var attributes = [
            "next_serial": String(nextSerial), "trained_versions": String(trainedVersions),
        ]
        attributes["parameters"] = parameters?.text
        attributes["specification"] = specification?.hex
        let sources = sources
        return [
            ColumnTable(
                schema: "link_people", version: Self.schemaVersion, attributes: attributes,
                columns: [
                    Column("subject", .pseudonym(memberships.map { $0.subject.cast() })),
                    Column("person", .pseudonym(memberships.map { $0.person.cast() })),
                    Column("serial", .integer(memberships.map { Int64($0.serial) })),
                    Column(
                        "source", .code(vocabulary: sources, codes: memberships.map(\.source))),
                ]),
            ColumnTable(
                schema: "link_aliases", version: Self.schemaVersion,
                columns: [
                    Column("alias", .pseudonym(aliases.map { $0.alias.cast() })),
                    Column("person", .pseudonym(aliases.map { $0.person.cast() })),
                    Column("since", .day(aliases.map(\.since))),
                ]),
            ColumnTable(
                schema: "link_pairs", version: Self.schemaVersion,
                columns: [
                    Column("left", .pseudonym(pairs.map { $0.left.cast() })),
                    Column("right", .pseudonym(pairs.map { $0.right.cast() })),
                    Column("weight", .number(pairs.map(\.weight))),
                    Column("conflict", .integer(pairs.map { $0.conflict ? 1 : 0 })),
                ]),
        ] + (closeCalls.isEmpty ? [] : [closeCallsTable])
            + (homes.isEmpty ? [] : [householdsTable])
            + (overrides.isEmpty ? [] : [overrides.table]) + pieceTables(without: pieces)
            + (keys?.tables(PieceName.of(held).map { keysOf.contains($0) ? nil : $0 }) ?? [])
    }

    private func pieceTables(without left: Set<PieceName>) -> [ColumnTable] {
        zip(PieceName.of(held), held).compactMap { name, piece in
            guard !left.contains(name) else { return nil }
            let table = piece.table
            return ColumnTable(
                schema: table.schema, version: table.version,
                attributes: table.attributes.merging(["piece": String(name.number)]) { $1 },
                columns: table.columns)
        }
    }

    private var closeCallsTable: ColumnTable {
        ColumnTable(
            schema: "link_close_calls", version: Self.schemaVersion,
            columns: [
                Column("left", .pseudonym(closeCalls.map { $0.left.cast() })),
                Column("right", .pseudonym(closeCalls.map { $0.right.cast() })),
                Column("instead_of", .pseudonym(closeCalls.map { $0.insteadOf.cast() })),
                Column("rival", .pseudonym(closeCalls.map { $0.rival.cast() })),
                Column("margin", .number(closeCalls.map(\.margin))),
            ])
    }

    private var householdsTable: ColumnTable {
        ColumnTable(
            schema: "link_households", version: Self.schemaVersion,
            columns: [
                Column("token", .integer(homes.map { Int64(bitPattern: $0.token) })),
                Column("household", .pseudonym(homes.map { $0.household.cast() })),
            ])
    }

    /// Reads what ``tables`` gives, in any order; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity` where a table is missing or of a
    ///   version that this program does not know.
    public init(tables: [ColumnTable], file: String) throws {
        self.init()
        let reader = StateReader(tables: tables, file: file)
        held = try tables.filter { $0.schema == "encodings" }
            .map { (try PieceName($0, file: file), try Encodings($0, file: file)) }
            .sorted { $0.0 < $1.0 }.map(\.1)
        let sources = sources
        keys = try HeldKeys(
            tables.filter { $0.schema == HeldKeys.schema }, of: held, file: file)

        let people = try reader.table("link_people")
        guard let serial = people.attributes["next_serial"].flatMap(UInt64.init),
            let trained = people.attributes["trained_versions"].flatMap(Int.init)
        else { throw reader.damaged("it does not say where it stands") }
        nextSerial = serial
        trainedVersions = trained
        parameters = try people.attributes["parameters"].map {
            try LinkageParameters.read($0, file: file)
        }
        specification = people.attributes["specification"].flatMap { ContentDigest(hex: $0) }

        guard case .pseudonym(let subject)? = people["subject"],
            case .pseudonym(let person)? = people["person"],
            case .integer(let serials)? = people["serial"],
            case .code(sources, let source)? = people["source"]
        else { throw reader.damaged("the table of people is not whole") }
        memberships = try subject.indices.map { row in
            guard serials[row] >= 0, UInt64(serials[row]) < nextSerial,
                Int(source[row]) < sources.count
            else { throw reader.damaged("a person in it was never minted") }
            return Membership(
                subject: subject[row].cast(), source: source[row], serial: UInt64(serials[row]),
                person: person[row].cast())
        }

        let former = try reader.table("link_aliases")
        guard case .pseudonym(let alias)? = former["alias"],
            case .pseudonym(let current)? = former["person"],
            case .day(let since)? = former["since"]
        else { throw reader.damaged("the table of aliases is not whole") }
        aliases = alias.indices.map {
            Alias(alias: alias[$0].cast(), person: current[$0].cast(), since: since[$0])
        }

        if tables.contains(where: { $0.schema == "link_households" }) {
            let kept = try reader.table("link_households")
            guard case .integer(let token)? = kept["token"],
                case .pseudonym(let household)? = kept["household"]
            else { throw reader.damaged("the table of households is not whole") }
            homes = token.indices.map {
                Home(token: UInt64(bitPattern: token[$0]), household: household[$0].cast())
            }
        }

        if tables.contains(where: { $0.schema == "link_close_calls" }) {
            let calls = try reader.table("link_close_calls")
            guard case .pseudonym(let left)? = calls["left"],
                case .pseudonym(let right)? = calls["right"],
                case .pseudonym(let insteadOf)? = calls["instead_of"],
                case .pseudonym(let rival)? = calls["rival"],
                case .number(let margin)? = calls["margin"]
            else { throw reader.damaged("the table of close calls is not whole") }
            closeCalls = left.indices.map {
                CloseCall(
                    left: left[$0].cast(), right: right[$0].cast(),
                    insteadOf: insteadOf[$0].cast(), rival: rival[$0].cast(), margin: margin[$0])
            }
        }

        overrides =
            try tables.first { $0.schema == LinkOverrides.schema }.map {
                try LinkOverrides($0, file: file)
            } ?? LinkOverrides()

        let scored = try reader.table("link_pairs")
        guard case .pseudonym(let left)? = scored["left"],
            case .pseudonym(let right)? = scored["right"],
            case .number(let weight)? = scored["weight"],
            case .integer(let conflict)? = scored["conflict"]
        else { throw reader.damaged("the table of pairs is not whole") }
        pairs = left.indices.map {
            ScoredSubjects(
                left: left[$0].cast(), right: right[$0].cast(), weight: weight[$0],
                conflict: conflict[$0] == 1)
        }
    }
}

/// Finds the tables of a state.
private struct StateReader {
    let tables: [ColumnTable]
    let file: String

    func damaged(_ what: String) -> StileError {
        StileError(
            .integrity, "The state of linkage is damaged: \(what).", at: .init(file: file),
            remedy: "Restore the column files of the state from the backup.")
    }

    func table(_ schema: String) throws -> ColumnTable {
        guard let table = tables.first(where: { $0.schema == schema }) else {
            throw damaged("the table “\(schema)” is missing")
        }
        guard table.version == LinkState.schemaVersion else {
            throw StileError(
                .integrity,
                "The state of linkage has version \(table.version) of “\(schema)”; this program knows version \(LinkState.schemaVersion).",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        return table
    }
}
