import EncodedExtract

/// The keys and tables for one field of the specification.
struct FieldEncoder: Sendable {
    let field: EncodingSpecification.Field
    private let filter: BigramFilter?
    private let neighbourhood: DeletionNeighbourhood?
    private let tokens: [DerivedToken]

    /// An encoded field that is one token worked out from the normal form.
    private struct DerivedToken: Sendable {
        enum Form: Sendable {
            case whole, yearMonth, yearDay, monthDay, swapped, sector, district
        }

        let name: String
        let form: Form
        let hasher: KeyedHasher
    }

    init(
        _ field: EncodingSpecification.Field, specification: EncodingSpecification,
        keys: KeySchedule
    ) {
        self.field = field
        let name = field.name
        func token(_ suffix: String, _ form: DerivedToken.Form) -> DerivedToken {
            DerivedToken(
                name: name + suffix, form: form, hasher: keys.hasher(.token, field: name + suffix))
        }
        switch field.kind {
        case .name, .text: tokens = []
        case .code, .uprn, .nhsNumber, .upn, .localID: tokens = [token("", .whole)]
        case .dateOfBirth:
            // A swapped date is keyed as the date itself, so that it equals the date of another
            // source in which day and month changed places.
            tokens = [
                token("", .whole), token(".year_month", .yearMonth), token(".year_day", .yearDay),
                token(".month_day", .monthDay),
                DerivedToken(
                    name: name + ".swapped", form: .swapped,
                    hasher: keys.hasher(.token, field: name)),
            ]
        case .postcode:
            tokens = [
                token("", .whole), token(".sector", .sector), token(".district", .district),
            ]
        }
        filter =
            field.kind.isWords
            ? BigramFilter(
                hasher: keys.hasher(.filter, field: name), bits: specification.filterBits,
                positionsPerBigram: specification.positionsPerBigram) : nil
        neighbourhood =
            field.near || field.kind == .postcode
            ? DeletionNeighbourhood(hasher: keys.hasher(.near, field: name)) : nil
    }

    /// Whether many rows are expected to have the same value.
    private var repeats: Bool {
        field.kind == .dateOfBirth || field.kind == .postcode || field.kind == .code
    }

    /// The encoded fields of a column.
    func encode(_ column: NormalColumn) -> [Encodings.Field] {
        var fields: [Encodings.Field] = []
        if let filter {
            fields.append(
                .init(field.name, .filter(bits: filter.bits, words: filter.words(column))))
        }
        var message = Message()
        let earlier = repeats ? column.earlierRows() : Array(0..<column.count)
        for token in tokens {
            var values = [UInt64](repeating: 0, count: column.count)
            for row in 0..<column.count {
                guard earlier[row] == row else {
                    values[row] = values[earlier[row]]
                    continue
                }
                message.removeAll()
                let found = column.withRow(row) { value in
                    message.add { Self.append(token.form, of: value, to: &$0) }
                }
                if found { values[row] = token.hasher.token(message.bytes) }
            }
            fields.append(.init(token.name, .token(values)))
        }
        if let neighbourhood {
            let sets = neighbourhood.tokenSets(
                column, earlier: earlier, skipsSpaces: field.kind == .postcode)
            fields.append(
                .init(
                    field.name + ".near", .tokenSet(offsets: sets.offsets, tokens: sets.tokens)))
        }
        return fields
    }

    /// Appends what a token stands for; false where it is missing.
    private static func append(
        _ form: DerivedToken.Form, of value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty else { return false }
        switch form {
        case .whole: bytes.append(contentsOf: value)
        case .yearMonth: bytes.append(contentsOf: value[..<6])
        case .yearDay:
            bytes.append(contentsOf: value[..<4])
            bytes.append(contentsOf: value[6...])
        case .monthDay: bytes.append(contentsOf: value[4...])
        case .swapped:
            // The day must be able to stand as a month.
            guard value[6] == 0x30 || value[6] == 0x31 && value[7] <= 0x32 else { return false }
            bytes.append(contentsOf: value[..<4])
            bytes.append(contentsOf: value[6...])
            bytes.append(contentsOf: value[4..<6])
        case .district: bytes.append(contentsOf: PostcodeParts.district(value))
        case .sector:
            guard let sector = PostcodeParts.sector(value) else { return false }
            bytes.append(contentsOf: sector)
        }
        return true
    }
}
