import PipelineModel
import StrictYAML

extension EncodingSpecification {
    /// The token fields that may salt a filter: those of dates of birth, postcodes and codes.
    static func saltTokens(_ fields: [Field]) -> [String] {
        fields.flatMap { field -> [String] in
            guard field.formerOf == nil else { return [] }
            switch field.kind {
            case .dateOfBirth:
                return [field.name]
                    + ["year", "year_month", "year_day", "month_day"].map { "\(field.name).\($0)" }
            case .postcode:
                return [field.name] + ["sector", "district"].map { "\(field.name).\($0)" }
            case .code: return [field.name]
            default: return []
            }
        }
    }

    /// Reads `hardening:`.
    ///
    /// Without a salt there, the date of birth salts names, where there is one, and without a diffusion
    /// it is ``usualDiffusion``: see docs/Encoding.md.
    static func hardening(
        _ node: YAMLNode?, fields: [Field], _ faults: inout FaultList
    ) -> Hardening {
        var result = Hardening.none
        result.salt = fields.first { $0.kind == .dateOfBirth }?.name
        result.diffusion = usualDiffusion
        guard let node else { return result }
        var reader = MappingReader(node, what: "hardening", faults: &faults)
        if let entry = reader.entry("salt") {
            result.salt = salt(entry, fields: fields, &faults)
        }
        result.fold = reader.boolean("fold", default: false, &faults)
        result.diffusion = reader.integer(
            "diffusion", in: 0...16, default: usualDiffusion, &faults)
        result.flip = reader.number("flip", in: 0...0.25, default: 0, &faults)
        if result.diffusion == 1 {
            faults.add(
                "A diffusion of 1 only rearranges the bits.", at: node.place,
                remedy: "Write 0 for none, or 2 or more; 3 is usual.")
        }
        reader.finish(&faults)
        return result
    }

    private static func salt(
        _ entry: YAMLNode.Entry, fields: [Field], _ faults: inout FaultList
    ) -> String? {
        guard let text = entry.value.text("salt", &faults), text != "none" else { return nil }
        let known = saltTokens(fields)
        guard known.contains(text) else {
            faults.add(
                "“\(text)” cannot salt a filter.", at: entry.place,
                remedy:
                    "Write none\(known.isEmpty ? "" : " or one of \(known.joined(separator: ", "))")."
            )
            return nil
        }
        return text
    }

    /// How many bits are mixed where `hardening:` does not say.
    static let usualDiffusion = 3

    /// Gives every field of words its salt: its own, or for names that of `hardening:`.
    ///
    /// Other texts are places, of which postcodes tell as much; under a date of birth that is wrong
    /// neither names nor homes could be compared.
    mutating func salt(_ entries: [YAMLNode.Entry], _ faults: inout FaultList) {
        for index in fields.indices {
            guard let entry = entries.first(where: { $0.key == fields[index].name }),
                case .mapping(let settings) = entry.value.content
            else { continue }
            let own = settings.first { $0.key == "salt" }
            guard fields[index].kind.isWords else {
                if let own {
                    faults.add(
                        "“salt” is for fields of kind name or text, not \(fields[index].kind.rawValue).",
                        at: own.place, remedy: "Remove it.")
                }
                continue
            }
            fields[index].salt =
                own.map { Self.salt($0, fields: fields, &faults) }
                ?? (fields[index].kind == .name ? hardening.salt : nil)
        }
    }

    /// Checks `former_of:` and `must_not_link:`: a field of the same kind, which is encoded itself.
    func checkFormer(_ entries: [YAMLNode.Entry], _ faults: inout FaultList) {
        for field in fields where !field.isEncoded {
            guard let entry = entries.first(where: { $0.key == field.name }) else { continue }
            if field.formerOf != nil, field.mustNotLink != nil {
                faults.add(
                    "“\(field.name)” is both “former_of” and “must_not_link”.", at: entry.place,
                    remedy:
                        "Make two fields of it: a superseded value is followed, that of a replaced identity never."
                )
            }
            let current = field.formerOf ?? field.mustNotLink ?? ""
            guard let target = self[current], target.kind == field.kind, target.isEncoded,
                target.name != field.name, field.kind.hasFormerValues
            else {
                faults.add(
                    "“\(field.name)” cannot hold \(field.formerOf != nil ? "former" : "must-not-link") values of “\(current)”.",
                    at: entry.place,
                    remedy: "Name a field of the same kind: nhs_number, upn or local_id.")
                continue
            }
        }
    }

    // MARK: Compounds

    /// The pairs of the parts of a date: with one part wrong, one pair still agrees.
    private static let pairs = ["year_month", "year_day", "month_day"]

    /// `names` of every part of a person's name, where there are two.
    ///
    /// Salted by the pairs of the parts of a date of birth, where there is one, and joint: where the date is
    /// missing or wrong, names are compared by that alone. Where the names themselves have no salt, there is one of
    /// the letters of all names without a salt: a part of the date would protect nothing, and would
    /// hide that names changed places wherever the date is missing or wrong.
    static func derivedCompounds(fields: [Field]) -> [Compound] {
        let parts = fields.filter { $0.part != nil }
        guard parts.count >= 2, !fields.contains(where: { $0.name == "names" }) else { return [] }
        let names = parts.map(\.name)
        if parts.allSatisfy({ $0.salt == nil }) {
            return [Compound(name: "names", fields: names, salts: [Compound.unsalted])]
        }
        let date = fields.first { $0.kind == .dateOfBirth }?.name
        return [
            Compound(
                name: "names", fields: names,
                salts: date.map { date in pairs.map { "\(date).\($0)" } } ?? [], isJoint: true)
        ]
    }

    /// Reads `compounds:`.
    static func compounds(
        _ node: YAMLNode, fields: [Field], _ faults: inout FaultList
    ) -> [Compound] {
        guard case .mapping(let entries) = node.content else {
            faults.add(
                "“compounds” must be a mapping.", at: node.place,
                remedy: "Write it as {names: {fields: […], salts: […]}}, or {} for none.")
            return []
        }
        var joint: String?
        return entries.compactMap { entry in
            checkName(entry, &faults)
            var reader = MappingReader(entry.value, what: "compound", faults: &faults)
            let compound = Compound(
                name: entry.key, fields: reader.strings("fields", &faults),
                salts: reader.strings("salts", &faults),
                isJoint: reader.boolean("joint", default: false, &faults))
            reader.finish(&faults)
            if compound.isJoint {
                if let joint {
                    faults.add(
                        "The compounds “\(joint)” and “\(compound.name)” are both joint, and one is compared.",
                        at: entry.place, remedy: "Write “joint: true” for one of them.")
                }
                joint = joint ?? compound.name
            }
            let words = fields.filter { $0.kind == .name }.map(\.name)
            if fields.contains(where: { $0.name == compound.name }) {
                faults.add(
                    "“\(compound.name)” is a field and cannot be a compound too.", at: entry.place,
                    remedy: "Give the compound another name.")
            }
            if Set(compound.fields).count < 2 || !Set(compound.fields).isSubset(of: words) {
                faults.add(
                    "The compound “\(compound.name)” must have two or more fields of kind name.",
                    at: entry.place,
                    remedy: "Use fields such as [\(words.joined(separator: ", "))].")
            }
            let isSalted = fields.contains {
                compound.fields.contains($0.name) && $0.salt != nil
            }
            let known = saltTokens(fields) + (isSalted ? [] : [Compound.unsalted])
            if isSalted, compound.salts.contains(Compound.unsalted) {
                faults.add(
                    "The compound “\(compound.name)” has the salt none, but a name in it is salted.",
                    at: entry.place,
                    remedy:
                        "Salt the compound by a part of the date of birth, since a filter of the letters of the names without a salt would undo theirs, or write “joint: true”, whose filter has no salt and gives away far less of a single name."
                )
                return compound
            }
            if (compound.salts.isEmpty && !compound.isJoint)
                || !Set(compound.salts).isSubset(of: known)
                || Set(compound.encodedNames).count < compound.encodedNames.count
            {
                faults.add(
                    "The compound “\(compound.name)” must have salts, each once and of another form, or “joint: true”.",
                    at: entry.place,
                    remedy: "Use some of \(known.joined(separator: ", ")).")
            }
            return compound
        }
    }
}
