import Hashing

/// An encoded field that is one token worked out from the normal form.
struct DerivedToken: Sendable {
    enum Form: Sendable {
        case whole, year, yearMonth, yearDay, monthDay, swapped, sector, district

        /// Whether values that differ have it in common, so that there are few of it.
        var isShared: Bool { self != .whole && self != .swapped }
    }

    let name: String
    let form: Form
    let hasher: KeyedHasher

    /// The tokens of a column, 0 where the value or this part of it is missing.
    ///
    /// - Parameter firstRows: For each row the first row with the same normal form.
    func values(_ column: NormalColumn, firstRows: [Int]) -> [UInt64] {
        var values = [UInt64](repeating: 0, count: column.count)
        var message = Message()
        // Parts of up to eight bytes, the length in the message's first four.
        var known: [UInt64: UInt64] = [:]
        for row in 0..<column.count {
            guard firstRows[row] == row else {
                values[row] = values[firstRows[row]]
                continue
            }
            message.removeAll()
            let found = column.withRow(row) { value in
                message.add { Self.append(form, of: value, to: &$0) }
            }
            guard found else { continue }
            let part = message.bytes.dropFirst(4)
            guard form.isShared, part.count < 8 else {
                values[row] = hasher.token(message.bytes)
                continue
            }
            let key = part.reduce(UInt64(part.count)) { $0 << 8 | UInt64($1) }
            if let token = known[key] {
                values[row] = token
            } else {
                values[row] = hasher.token(message.bytes)
                known[key] = values[row]
            }
        }
        return values
    }

    /// What is worked out of a value of this kind, each with what the name of its field adds to the
    /// value's own.
    ///
    /// - Parameter hasYear: Whether the year of a date is one of them.
    static func forms(
        of kind: EncodingSpecification.Kind, hasYear: Bool
    ) -> [(suffix: String, form: Form)] {
        switch kind {
        case .name, .text: []
        case .code, .uprn, .nhsNumber, .upn, .localID: [("", .whole)]
        case .dateOfBirth:
            [
                ("", .whole), (".year_month", .yearMonth), (".year_day", .yearDay),
                (".month_day", .monthDay), (".swapped", .swapped),
            ] + (hasYear ? [(".year", .year)] : [])
        case .postcode: [("", .whole), (".sector", .sector), (".district", .district)]
        }
    }

    /// Appends what a token stands for; false where it is missing.
    static func append(
        _ form: Form, of value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty else { return false }
        switch form {
        case .whole:
            guard DateParts.isWhole(value) else { return false }
            bytes.append(contentsOf: value)
        case .year: return DateParts.append(.year, of: value, to: &bytes)
        case .yearMonth: return DateParts.append(.yearMonth, of: value, to: &bytes)
        case .yearDay: return DateParts.append(.yearDay, of: value, to: &bytes)
        case .monthDay: return DateParts.append(.monthDay, of: value, to: &bytes)
        case .swapped: return DateParts.append(.swapped, of: value, to: &bytes)
        case .district: bytes.append(contentsOf: PostcodeParts.district(value))
        case .sector:
            guard let sector = PostcodeParts.sector(value) else { return false }
            bytes.append(contentsOf: sector)
        }
        return true
    }
}
