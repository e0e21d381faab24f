extension LinkageSpecification {
    /// What a field of the encodings is, by name.
    public enum FieldKind: Sendable, Equatable { case token, filter, tokenSet }

    /// The specification with everything that the configuration left out derived from
    /// the fields that there are.
    ///
    /// - Filters: equal, and Dice similarity of at least 0.8, 0.65 and 0.45.
    /// - Date of birth: equal, day and month exchanged, two of its three parts equal.
    /// - Postcodes and codes with `near`: equal, one edit apart, then sector and district.
    /// - Other tokens: equal.
    /// - Blocking: every `block.*` field and the identifiers.
    /// - Conflicts: an identifier disagrees; the same surname and date of birth with
    ///   another given name (twins); the given name and the date of birth both disagree,
    ///   even with one identifier (a baby with its mother's number).
    public func resolved(fields: [String: FieldKind]) -> LinkageSpecification {
        var result = self
        let compared = comparisons ?? Self.comparisons(for: fields)
        let names = Set(compared.map(\.name))
        result.comparisons = compared
        result.identifiers = (identifiers ?? ["nhs_number", "upn"]).filter(names.contains)
        result.blocking =
            blocking
            ?? (fields.keys.filter { $0.hasPrefix("block.") }.sorted()
                + (result.identifiers ?? []).filter { fields[$0] == .token })
        if conflicts == nil {
            var derived = (result.identifiers ?? []).map { Conflict(disagree: [$0]) }
            if names.isSuperset(of: ["given_name", "surname", "date_of_birth"]) {
                derived.append(
                    Conflict(disagree: ["given_name"], agree: ["surname", "date_of_birth"]))
            }
            if names.isSuperset(of: ["given_name", "date_of_birth"]) {
                derived.append(
                    Conflict(
                        disagree: ["given_name", "date_of_birth"], evenWithIdentifier: true))
            }
            result.conflicts = derived
        }
        return result
    }

    private static func comparisons(for fields: [String: FieldKind]) -> [Comparison] {
        fields.keys.sorted().compactMap { name in
            guard !name.contains("."), name != "trusted", let kind = fields[name] else {
                return nil
            }
            switch kind {
            case .filter:
                return Comparison(
                    name,
                    [1, 0.8, 0.65, 0.45].map { .similar(name, atLeast: $0) })
            case .tokenSet: return Comparison(name, [.shares(name)])
            case .token:
                var levels: [Level] = [.equal(name)]
                if fields["\(name).swapped"] == .token {
                    levels.append(.crossed(name, "\(name).swapped"))
                }
                let parts = ["year_month", "year_day", "month_day"].map { "\(name).\($0)" }
                    .filter { fields[$0] == .token }
                if !parts.isEmpty { levels.append(.anyEqual(parts)) }
                if fields["\(name).near"] == .tokenSet { levels.append(.shares("\(name).near")) }
                for area in ["sector", "district"] where fields["\(name).\(area)"] == .token {
                    levels.append(.equal("\(name).\(area)"))
                }
                return Comparison(name, levels, termFrequency: name == "postcode")
            }
        }
    }
}
