extension Encodings {
    /// Adds the rows of `other`; a field that one of them lacks is missing there.
    public mutating func append(_ other: Encodings) {
        let rows = count
        for field in other.fields where self[field.name] == nil {
            fields.append(
                Field(
                    field.name, field.values.missing(rows), salt: field.salt, parts: field.parts,
                    hardening: field.hardening))
        }
        fields.sort { $0.name < $1.name }
        for index in fields.indices {
            // Encodings of an earlier version do not say what stands beside names in a key, nor how
            // filters were hardened.
            fields[index].salt = fields[index].salt ?? other.field(fields[index].name)?.salt
            if fields[index].hardening == .none {
                fields[index].hardening = other.field(fields[index].name)?.hardening ?? .none
            }
            let more = other[fields[index].name] ?? fields[index].values.missing(other.count)
            fields[index].values.append(more)
        }
        subject += other.subject
        record += other.record
        operation += other.operation
        happened += other.happened
        known += other.known
    }
}

extension Encodings.Values {
    /// A column of this kind with `rows` missing values.
    public func missing(_ rows: Int) -> Encodings.Values {
        switch self {
        case .token: .token([UInt64](repeating: 0, count: rows))
        case .filter(let bits, _):
            .filter(
                bits: bits,
                words: [UInt64](repeating: 0, count: rows * bits / 64))
        case .tokenSet: .tokenSet(offsets: [Int](repeating: 0, count: rows + 1), tokens: [])
        }
    }

    /// Adds values of the same kind; a column of another kind makes no sense of its own
    /// here and is refused when the kinds of all fields are compared.
    public mutating func append(_ other: Encodings.Values) {
        switch (self, other) {
        case (.token(let mine), .token(let more)): self = .token(Array(mine) + more)
        case (.filter(let bits, let mine), .filter(_, let more)):
            self = .filter(bits: bits, words: Array(mine) + more)
        case (.tokenSet(let offsets, let mine), .tokenSet(let moreOffsets, let more)):
            self = .tokenSet(
                offsets: offsets + moreOffsets.dropFirst().map { $0 + mine.count },
                tokens: Array(mine) + more)
        default: break
        }
    }
}
