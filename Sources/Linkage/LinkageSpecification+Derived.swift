import EncodedExtract

extension LinkageSpecification {
    /// What a field of the encodings is, by name.
    public enum FieldKind: Sendable, Equatable { case token, filter, tokenSet }

    /// The specification with everything that the configuration left out derived from
    /// the fields that there are.
    ///
    /// - Filters: equal, in bands of frequency where there are any; the formal name equal; Dice
    ///   similarity of at least 0.8, 0.65 and 0.45; for names also the compound filter alike.
    /// - Date of birth: equal, day and month exchanged, two of its three parts equal.
    /// - Postcodes and codes with `near`: equal, one edit apart, then sector and district.
    /// - Other tokens: equal; identifiers with former values: then one of any shared.
    /// - Names under a salt: also the joint filter, where nothing else compares the names; without one,
    ///   a blocking key of names alone, or of names within an area.
    /// - Blocking: every `block.*` field and the identifiers.
    /// - Conflicts: an identifier disagrees; the same surname and date of birth with
    ///   another given name (twins), unless the data say that they are not twins; where there are
    ///   identifiers, the given name and the date of birth both disagree, even with one identifier
    ///   (a baby with its mother's number).
    ///
    /// - Parameters:
    ///   - fields: The encoded fields of all sources.
    ///   - salts: Of filters and blocking keys, the token field that must agree before they are
    ///     compared.
    ///   - parts: Of blocking keys, the identity fields that they are made from.
    public func resolved(
        fields: [String: FieldKind], salts: [String: String] = [:], parts: [String: [String]] = [:]
    ) -> LinkageSpecification {
        var result = self
        let compared = comparisons ?? Self.comparisons(for: fields, salts: salts, parts: parts)
        let names = Set(compared.map(\.name))
        result.comparisons = compared
        result.identifiers = (identifiers ?? ["nhs_number", "upn"]).filter(names.contains)
        result.blocking =
            blocking
            ?? (fields.keys.filter { $0.hasPrefix("block.") }.sorted()
                + (result.identifiers ?? []).filter { fields[$0] == .token })
        result.household =
            household
            ?? compared.map(\.name).filter { name in
                Self.shared.contains { name.hasPrefix($0) }
            }
        if conflicts == nil {
            var derived = (result.identifiers ?? []).map { Conflict(disagree: [$0]) }
            if names.isSuperset(of: ["given_name", "surname", "date_of_birth"]) {
                derived.append(
                    Conflict(
                        disagree: ["given_name"], agree: ["surname", "date_of_birth"],
                        ofTwins: true))
            }
            if names.isSuperset(of: ["given_name", "date_of_birth"]),
                result.identifiers?.isEmpty == false
            {
                derived.append(
                    Conflict(
                        disagree: ["given_name", "date_of_birth"], evenWithIdentifier: true))
            }
            result.conflicts = derived
        }
        return result
    }

    /// The specification with everything derived from the fields of some encodings.
    ///
    /// - Throws: `StileError` with code `integrity` where a field is encoded in two ways.
    func resolved(over sources: [Encodings]) throws -> LinkageSpecification {
        resolved(
            fields: try FieldStore.kinds(sources), salts: FieldStore.salts(sources),
            parts: Dictionary(
                sources.flatMap { $0.fields.map { ($0.name, $0.parts) } },
                uniquingKeysWith: { first, _ in first }))
    }

    private static func comparisons(
        for fields: [String: FieldKind], salts: [String: String], parts: [String: [String]]
    ) -> [Comparison] {
        let ofSeveral = fields.keys.filter { fields[$0] == .filter && $0.contains(".") }
            .filter { !$0.hasSuffix(".formal") }.sorted()
        let joint = ofSeveral.first { $0.hasSuffix(Self.joint) }
        let compounds = ofSeveral.filter { !$0.hasSuffix(Self.joint) }
        // The names changed places, or went into one field.
        let exchanged: Level? =
            joint.map { Level.anySimilar([$0], atLeast: 0.8) }
            ?? (compounds.isEmpty ? nil : .anySimilar(compounds, atLeast: 0.9))
        var found = fields.keys.sorted().compactMap { name -> Comparison? in
            guard !name.contains("."), name != "trusted", let kind = fields[name] else {
                return nil
            }
            switch kind {
            case .filter: return words(name, fields, exchanged)
            case .tokenSet: return Comparison(name, [.shares(name)])
            case .token: return tokens(name, fields)
            }
        }
        let own = found.map(\.name).filter(names.contains)
        if !compounds.isEmpty, !own.isEmpty {
            found.append(
                Comparison(
                    "names", [0.95, 0.8, 0.65, 0.5].map { .anySimilar(compounds, atLeast: $0) },
                    unless: own))
        }
        if let joint, !own.isEmpty {
            found.append(
                Comparison(
                    "names_joint", jointLevels.map { .similar(joint, atLeast: $0) },
                    termFrequency: true, exact: 2,
                    unless: own + (compounds.isEmpty ? [] : ["names"])))
        }
        if joint == nil, let level = namesKey(fields, salts, parts) {
            found.append(
                Comparison(
                    "names_key", [level],
                    unless: own + (compounds.isEmpty ? [] : ["names"])))
        }
        return found
    }

    /// A blocking key that compares names where what salts their filters does not agree, as where one
    /// record lacks the date of birth: one of nothing but names says so anywhere, another only of two
    /// records that agree on the area in it.
    private static func namesKey(
        _ fields: [String: FieldKind], _ salts: [String: String], _ parts: [String: [String]]
    ) -> Level? {
        func base(_ field: String) -> Substring { field.prefix { $0 != "." } }
        let salting = Set(
            fields.keys.filter { fields[$0] == .filter && names.contains(String(base($0))) }
                .map { salts[$0].map(base) })
        // Names without a salt are compared wherever they are there.
        guard !salting.isEmpty, !salting.contains(nil) else { return nil }
        let keys = fields.keys.sorted().filter { $0.hasPrefix("block.") && fields[$0] == .token }
        if let key = keys.first(where: { key in
            let parts = Set(parts[key] ?? [])
            return parts.count >= 2 && parts.isSubset(of: names)
        }) {
            return .equal(key)
        }
        return keys.lazy.compactMap { field in salts[field].map { (field: field, salt: $0) } }
            .first { fields[$0.salt] == .token && !salting.contains(base($0.salt)) }
            .map { .equalUnder($0.field, under: $0.salt) }
    }

    /// How the names of joint filters end.
    static let joint = ".joint"

    /// From how alike joint filters are, levels of the names: equal, equal but for noise, and the
    /// squares of 0.8, 0.65 and 0.5, since what two names have in common is the product of what either has.
    private static let jointLevels = [1, sameness * sameness, 0.64, 0.42, 0.25]

    /// Fields that hold a person's name, of which compound filters are made.
    private static let names: Set<String> = [
        "given_name", "first_name", "forename", "surname", "last_name", "family_name",
    ]
    /// How the names of fields begin that people under one roof share.
    private static let shared = [
        "surname", "last_name", "family_name", "postcode", "uprn", "address", "street", "house",
        "suburb", "locality", "city", "town", "county", "state",
    ]

    /// The levels of a filter: equal, in bands where there are any, then ever less alike.
    private static func words(
        _ name: String, _ fields: [String: FieldKind], _ exchanged: Level?
    ) -> Comparison {
        var levels: [Level] = []
        if fields["\(name).band"] == .token {
            levels = stride(from: bands, to: 0, by: -1).map { .inBand(name, $0) }
        }
        levels += [.similar(name, atLeast: 1), .similar(name, atLeast: sameness)]
        let exact = levels.count
        if fields["\(name).formal"] == .filter {
            levels.append(.similar("\(name).formal", atLeast: 1))
        }
        levels += [0.8, 0.65, 0.45].map { .similar(name, atLeast: $0) }
        if names.contains(name), let exchanged { levels.append(exchanged) }
        return Comparison(name, levels, termFrequency: true, exact: exact)
    }

    /// The Dice similarity from which two filters are of the same value but for noise: a name of
    /// twelve letters with one of them wrong is less alike, and two noisy filters of one value are
    /// more.
    static let sameness = 0.92

    /// The bands of the table of name frequencies.
    static let bands = 3

    private static func tokens(_ name: String, _ fields: [String: FieldKind]) -> Comparison {
        var levels: [Level] = [.equal(name)]
        // A superseded value is as good as the current one: the source says so, or it is not here.
        if fields["\(name).any"] == .tokenSet { levels.append(.shares("\(name).any")) }
        let exact = levels.count
        if fields["\(name).swapped"] == .token {
            levels.append(.crossed(name, "\(name).swapped"))
        }
        let parts = ["year_month", "year_day", "month_day"].map { "\(name).\($0)" }
            .filter { fields[$0] == .token }
        if !parts.isEmpty { levels.append(.anyEqual(parts)) }
        if fields["\(name).year"] == .token { levels.append(.equal("\(name).year")) }
        if fields["\(name).near"] == .tokenSet { levels.append(.shares("\(name).near")) }
        for area in ["sector", "district"] where fields["\(name).\(area)"] == .token {
            levels.append(.equal("\(name).\(area)"))
        }
        return Comparison(name, levels, termFrequency: true, exact: exact)
    }
}
