import Hashing

extension Pseudonymiser {
    /// The filters of many words under one value of the salt, without noise: what whoever holds the
    /// key can make of a dictionary.
    ///
    /// - Parameters:
    ///   - words: Normal forms, as UTF-8; a zero byte parts the words of a compound.
    ///   - field: The encoded field, such as `surname` or `names.year_month`.
    ///   - salt: The token that salts; any number where nothing does.
    /// - Returns: The words of each filter one after another; `nil` where `field` is no filter.
    public func filters(
        of words: some Collection<[UInt8]>, field: String, salt: UInt64
    ) -> [UInt64]? {
        guard let filter = filter(field) else { return nil }
        var column = NormalColumn(emptyRows: 0)
        for word in words { column.append(words: CollectionOfOne(word)) }
        return filter.words(
            column, salts: Salts([UInt64](repeating: salt, count: column.count)), subjects: [])
    }

    private func filter(_ field: String) -> BigramFilter? {
        if let compound = compounds.first(where: { $0.name == field }) { return compound.filter }
        for encoder in encoders {
            if encoder.field.name == field { return encoder.filter }
            if "\(encoder.field.name).formal" == field { return encoder.formalFilter }
        }
        return nil
    }

    /// The tokens of many values of an identifier or a date.
    ///
    /// - Parameters:
    ///   - values: Normal forms, as UTF-8.
    ///   - field: A field of the specification that is no field of words.
    /// - Returns: `nil` where there is no token of this field.
    public func tokens(of values: some Collection<[UInt8]>, field: String) -> [UInt64]? {
        guard let kind = specification[field]?.kind, !kind.isWords else { return nil }
        let hasher = keys.hasher(.token, field: field)
        var message = Message()
        return values.map { value in
            message.removeAll()
            message.add(value)
            return hasher.token(message.bytes)
        }
    }
}
