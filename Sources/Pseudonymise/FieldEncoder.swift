import EncodedExtract
import Hashing
import Identifiers

/// The keys and tables for one field of the specification.
struct FieldEncoder: Sendable {
    let field: EncodingSpecification.Field
    let filter: BigramFilter?
    let formalFilter: BigramFilter?
    private let hardening: Encodings.Hardening
    private let neighbourhood: DeletionNeighbourhood?
    private let tokens: [DerivedToken]
    /// The key of the values of this field and of the fields that hold its former values, where
    /// there are such.
    private let anyHasher: KeyedHasher?
    /// The same key, where there are fields of values with which this one must never be linked.
    private let mustNotLinkHasher: KeyedHasher?

    init(
        _ field: EncodingSpecification.Field, specification: EncodingSpecification,
        keys: KeySchedule
    ) {
        self.field = field
        hardening = specification.hardening.ofFilters
        let name = field.name
        tokens = DerivedToken.forms(
            of: field.kind, hasYear: specification.salts.contains(name + ".year")
        ).map { suffix, form in
            // A swapped date is keyed as the date itself, so that it equals the date of another
            // source in which day and month changed places.
            DerivedToken(
                name: name + suffix, form: form,
                hasher: keys.hasher(.token, field: form == .swapped ? name : name + suffix))
        }
        func bigrams(_ name: String) -> BigramFilter? {
            guard field.kind.isWords else { return nil }
            return BigramFilter(
                hasher: keys.filterHasher(name, salt: field.salt), specification: specification,
                salt: field.salt)
        }
        filter = bigrams(name)
        // A key of its own: equal filters would say that the name is no short form.
        formalFilter = field.part == .given ? bigrams(name + ".formal") : nil
        neighbourhood =
            field.near || field.kind == .postcode
            ? DeletionNeighbourhood(hasher: keys.hasher(.near, field: name)) : nil
        anyHasher =
            specification.fields.contains { $0.formerOf == name }
            ? keys.hasher(.token, field: name) : nil
        mustNotLinkHasher =
            specification.fields.contains { $0.mustNotLink == name }
            ? keys.hasher(.token, field: name) : nil
    }

    /// The tokens of a column and its deletion neighbourhoods; nothing for a field of words but
    /// the latter.
    func tokens(_ column: NormalColumn, firstRows: [Int]) -> [Encodings.Field] {
        var fields: [Encodings.Field] = []
        for token in tokens {
            fields.append(.init(token.name, .token(token.values(column, firstRows: firstRows))))
        }
        if let neighbourhood {
            let sets = neighbourhood.tokenSets(
                column, firstRows: firstRows, skipsSpaces: field.kind == .postcode)
            fields.append(
                .init(
                    field.name + ".near", .tokenSet(offsets: sets.offsets, tokens: sets.tokens)))
        }
        return fields
    }

    /// The filters of a column of words, and the band of how common each name is.
    ///
    /// - Parameters:
    ///   - column: The normal forms.
    ///   - firstRows: For each row the first row with the same normal form.
    ///   - subjects: Whose each row is.
    ///   - years: The year of birth of each row; 0 where it is missing.
    ///   - salting: The tokens of a field that may salt; `nil` where the extract lacks it, and then
    ///     there are no filters.
    func filters(
        _ column: NormalColumn, firstRows: [Int], subjects: [(UInt64, UInt64)],
        years: [Int], salting: (_ field: String) -> Salts?
    ) -> [Encodings.Field] {
        var fields: [Encodings.Field] = []
        let salts = field.salt.map { salting($0) } ?? Salts.unsalted
        if let filter, let salts {
            fields.append(
                .init(
                    field.name,
                    .filter(
                        bits: filter.bits,
                        words: WordColumn(
                            filter.words(column, salts: salts, subjects: subjects))),
                    salt: field.salt, hardening: hardening))
        }
        if let formalFilter, let salts {
            let formal = column.formalNames(firstRows: firstRows)
            fields.append(
                .init(
                    field.name + ".formal",
                    .filter(
                        bits: formalFilter.bits,
                        words: WordColumn(
                            formalFilter.words(formal, salts: salts, subjects: subjects))),
                    salt: field.salt, hardening: hardening))
        }
        if let part = field.part {
            let frequencies = NameFrequencies.of(part)
            var bands = [UInt64](repeating: 0, count: column.count)
            // One look into the table for each name.
            var known = [NameFrequencies.Standing?](repeating: nil, count: column.count)
            for row in 0..<column.count where !column.isEmpty(row) {
                let first = firstRows[row]
                let standing =
                    known[first] ?? column.withRow(row) { frequencies.standing(of: Array($0)) }
                known[first] = standing
                bands[row] = UInt64(standing.band(bornIn: part == .given ? years[row] : 0))
            }
            fields.append(.init(field.name + ".band", .token(bands)))
        }
        return fields
    }

    /// The set of a row's value and former values; `nil` where the specification has none.
    ///
    /// What must not be linked is followed no more, even where it is also a former value.
    ///
    /// - Parameters:
    ///   - current: This field's column, where the extract has it.
    ///   - former: Those of the fields that hold its former values.
    ///   - replaced: Those of the fields of values with which it must never be linked.
    func anyValue(_ current: NormalColumn?, former: [NormalColumn], replaced: [NormalColumn])
        -> Encodings.Field?
    {
        let own = [current].compactMap(\.self)
        guard let anyHasher, let rows = (own + former).first?.count else { return nil }
        return tokenSet(".any", rows: rows) { row in
            values(former, row, anyHasher).subtracting(values(replaced, row, anyHasher))
                .union(values(own, row, anyHasher))
        }
    }

    /// The set of values with which a row must never be linked; `nil` where the specification
    /// has none.
    ///
    /// The row's own current value is never among them: a source that repeats it there has no
    /// replaced identity to protect.
    ///
    /// - Parameters:
    ///   - replaced: The columns of the fields that hold them.
    ///   - current: This field's column, where the extract has it.
    func mustNotLink(_ replaced: [NormalColumn], current: NormalColumn?) -> Encodings.Field? {
        guard let mustNotLinkHasher, let rows = replaced.first?.count else { return nil }
        let own = [current].compactMap(\.self)
        return tokenSet(EncodingSpecification.mustNotLinkSuffix, rows: rows) { row in
            values(replaced, row, mustNotLinkHasher)
                .subtracting(values(own, row, mustNotLinkHasher))
        }
    }

    private func tokenSet(
        _ suffix: String, rows: Int, _ tokens: (_ row: Int) -> Set<UInt64>
    ) -> Encodings.Field {
        var offsets = [0]
        var set: [UInt64] = []
        for row in 0..<rows {
            set += tokens(row).sorted()
            offsets.append(set.count)
        }
        return .init(field.name + suffix, .tokenSet(offsets: offsets, tokens: set))
    }

    private func values(
        _ columns: [NormalColumn], _ row: Int, _ hasher: KeyedHasher
    ) -> Set<UInt64> {
        var values: Set<UInt64> = []
        var message = Message()
        for column in columns where !column.isEmpty(row) {
            message.removeAll()
            column.withRow(row) { message.add($0) }
            values.insert(hasher.token(message.bytes))
        }
        return values
    }
}
