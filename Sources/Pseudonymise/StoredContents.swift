import Identifiers

extension EncodingSpecification {
    /// What each row of an encoded field holds, before any key: the normal form of the value, of
    /// the part of it that is stored, or of several values together.
    ///
    /// Only who sees identities can have it: it is the truth by which an attack is counted. Rows
    /// have one content exactly where they would have one token, one set of tokens, or one filter
    /// before salt and noise.
    ///
    /// - Parameters:
    ///   - encodedField: As encodings name it, such as `postcode.sector`, `names.year_month` or
    ///     `block.home`.
    ///   - identities: By field the values that each row was made from, as the source wrote them;
    ///     `nil` where there is none. Every column has one value for each row.
    /// - Returns: One for each row, as UTF-8, empty where there is none; a set and several names
    ///   have a zero byte between their values. `nil` where the field is none that holds values of
    ///   `identities`: a band, a trusted key, or a field that the specification does not have.
    public func contents(
        of encodedField: String, identities: [String: [String?]]
    ) -> [[UInt8]]? {
        func normal(_ name: String) -> NormalColumn? {
            guard let kind = self[name]?.kind, let values = identities[name] else { return nil }
            var column = NormalColumn(emptyRows: 0)
            var tally = RuleTally()
            column.append(values, rows: values.indices, kind: kind, tally: &tally)
            return column
        }
        let base = String(encodedField.prefix { $0 != "." })
        if let key = blocking.first(where: { "block.\($0.name)" == encodedField }) {
            return Self.contents(of: key, key.parts.compactMap { normal($0.field) })
        }
        if let compound = compounds.first(where: { $0.name == base }) {
            guard compound.encodedNames.contains(encodedField) else {
                return nil
            }
            let columns = compound.fields.compactMap(normal)
            return columns.count < 2 ? nil : NormalColumn.together(columns).contents
        }
        guard let field = self[base], field.isEncoded else { return nil }
        let suffix = String(encodedField.dropFirst(base.count))
        if suffix == ".any" || suffix == Self.mustNotLinkSuffix {
            let isAny = suffix == ".any"
            guard fields.contains(where: { (isAny ? $0.formerOf : $0.mustNotLink) == base }) else {
                return nil
            }
            let former = fields.filter { $0.formerOf == base }.compactMap { normal($0.name) }
            let replaced = fields.filter { $0.mustNotLink == base }.compactMap { normal($0.name) }
            return Self.sets(
                isAny ? former : replaced, without: isAny ? replaced : [], own: normal(base),
                isOwnIn: isAny)
        }
        guard let column = normal(base) else { return nil }
        switch suffix {
        case "" where field.kind.isWords: return column.contents
        case ".formal" where field.part == .given:
            return column.formalNames(firstRows: column.firstRows()).contents
        case ".near" where field.near || field.kind == .postcode: return column.contents
        default:
            return DerivedToken.forms(of: field.kind, hasYear: true)
                .first { $0.suffix == suffix }.map { Self.contents($0.form, of: column) }
        }
    }

    /// Whether an encoded field is a joint filter.
    public func isJoint(_ encodedField: String) -> Bool {
        compounds.contains { $0.isJoint && $0.jointName == encodedField }
    }

    /// How many positions each element of an encoded filter has: a bigram, or of a joint filter a
    /// pair of them.
    public func positions(of encodedField: String) -> Int {
        isJoint(encodedField) ? Compound.positionsPerPair : positionsPerBigram
    }

    /// What a joint filter is made of: numbers of pairs of bigrams, one of either name.
    ///
    /// - Parameter names: Normal forms, as UTF-8, with a zero byte between them.
    public static func jointElements(of names: [UInt8]) -> Set<UInt64> {
        JointBigrams.pairs(of: names)
    }

    private static func contents(_ form: DerivedToken.Form, of column: NormalColumn) -> [[UInt8]] {
        (0..<column.count).map { row in
            var bytes: [UInt8] = []
            let isThere = column.withRow(row) { DerivedToken.append(form, of: $0, to: &bytes) }
            return isThere ? bytes : []
        }
    }

    private static func contents(
        of key: BlockingKey, _ columns: [NormalColumn]
    ) -> [[UInt8]]? {
        guard columns.count == key.parts.count, let rows = columns.first?.count else { return nil }
        var contents = [[UInt8]](repeating: [], count: rows)
        BlockingTokens.messages(of: key.parts, columns, rows: rows) { contents[$0] = $1 }
        return contents
    }

    /// The values of some columns as sets, as ``FieldEncoder`` makes them of tokens.
    private static func sets(
        _ columns: [NormalColumn], without others: [NormalColumn], own: NormalColumn?,
        isOwnIn: Bool
    ) -> [[UInt8]]? {
        guard let rows = (columns + [own].compactMap(\.self)).first?.count else { return nil }
        func values(_ columns: [NormalColumn], _ row: Int) -> Set<[UInt8]> {
            Set(columns.filter { !$0.isEmpty(row) }.map { $0.withRow(row) { Array($0) } })
        }
        return (0..<rows).map { row in
            let mine = values([own].compactMap(\.self), row)
            let set = values(columns, row).subtracting(values(others, row))
            let kept = isOwnIn ? set.union(mine) : set.subtracting(mine)
            return Array(kept.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0]))
        }
    }
}

extension NormalColumn {
    /// The normal forms, one a row.
    fileprivate var contents: [[UInt8]] {
        (0..<count).map { row in withRow(row) { Array($0) } }
    }
}
