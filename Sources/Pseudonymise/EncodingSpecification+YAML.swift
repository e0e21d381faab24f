import Identifiers
public import PipelineModel
public import StrictYAML

extension EncodingSpecification {
    /// Reads the `encoding:` section; every fault goes to `faults`.
    ///
    /// ```yaml
    /// filter: {bits: 512, positions_per_bigram: 10}
    /// hardening: {salt: date_of_birth, fold: false, diffusion: 3, flip: 0}
    /// fields:
    ///   given_name: {kind: name}
    ///   surname: {kind: name}
    ///   date_of_birth: {kind: date_of_birth}
    ///   street: {kind: text, near: true, salt: none}
    ///   upn: {kind: upn}
    ///   former_upn: {kind: upn, former_of: upn}
    ///   replaced_upn: {kind: upn, must_not_link: upn}
    /// compounds:
    ///   names: {fields: [given_name, surname], salts: [date_of_birth.year_month, date_of_birth.year_day]}
    /// blocking:
    ///   surname_birth: [surname.soundex, date_of_birth]
    ///   home: [postcode, "given_name[1]"]
    /// ```
    ///
    /// Without `compounds` there is one, `names`, of all fields that are a part of a person's
    /// name, salted by each pair of the parts of the date of birth, where the fields exist, and by
    /// nothing where no part of the name is salted.
    public init(_ node: YAMLNode, faults: inout FaultList) {
        var reader = MappingReader(node, what: "encoding", faults: &faults)
        filterBits = 512
        positionsPerBigram = 10
        if let filter = reader.node("filter") {
            var filterReader = MappingReader(filter, what: "filter", faults: &faults)
            filterBits = filterReader.integer("bits", in: 256...4096, default: 512, &faults)
            if filterBits.nonzeroBitCount != 1 {
                faults.add(
                    "“bits” must be a power of two.", at: filter.place,
                    remedy: "Write 256, 512, 1024, 2048 or 4096.")
            }
            positionsPerBigram = filterReader.integer(
                "positions_per_bigram", in: 1...32, default: 10, &faults)
            filterReader.finish(&faults)
        }
        hardening = .none
        fields = []
        compounds = []
        blocking = []
        let entries = reader.mapping("fields", &faults)
        for entry in entries {
            if let field = Self.field(entry, &faults) { fields.append(field) }
        }
        if fields.isEmpty {
            faults.add(
                "The encoding has no fields.", at: node.place,
                remedy: "Name the fields of the identity under “fields:”.")
        }
        hardening = Self.hardening(reader.node("hardening"), fields: fields, &faults)
        salt(entries, &faults)
        checkFormer(entries, &faults)
        if let section = reader.entry("compounds") {
            compounds = Self.compounds(section.value, fields: fields, &faults)
        } else {
            compounds = Self.derivedCompounds(fields: fields)
        }
        for entry in reader.mapping("blocking", &faults) {
            if let key = Self.blockingKey(entry, fields: fields, &faults) { blocking.append(key) }
        }
        reader.finish(&faults)
    }

    /// Notes a fault for each name in an `identity:` mapping that is no field of the encoding.
    public func check(
        identityField name: String, at place: StileError.Place, _ faults: inout FaultList
    ) {
        guard self[name] == nil else { return }
        let known = fields.map { "“\($0.name)”" }.sorted().joined(separator: ", ")
        faults.add(
            "The encoding has no field “\(name)”.", at: place,
            remedy: "Add it under “encoding: fields:”, or use one of \(known).")
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7a).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
        }
    }

    /// Names that mean something else where fields are named.
    private static let taken = ["trusted", "block", Compound.unsalted]

    static func checkName(_ entry: YAMLNode.Entry, _ faults: inout FaultList) {
        guard !isName(entry.key) || taken.contains(entry.key) else { return }
        faults.add(
            "“\(entry.key)” cannot be a name here.", at: entry.place,
            remedy:
                "Use small letters, digits and “_”, beginning with a letter; \(taken.map { "“\($0)”" }.joined(separator: ", ")) are taken."
        )
    }

    private static func field(_ entry: YAMLNode.Entry, _ faults: inout FaultList) -> Field? {
        checkName(entry, &faults)
        var reader = MappingReader(entry.value, what: "field", faults: &faults)
        let kind = reader.choice("kind", of: Kind.self, &faults)
        let near = reader.boolean("near", default: false, &faults)
        let part = reader.choice(
            "part", of: NamePart.self, default: defaultPart(entry.key), &faults)
        let former = reader.optionalString("former_of", &faults)
        let mustNotLink = reader.optionalString("must_not_link", &faults)
        // Read once all fields are known.
        _ = reader.node("salt")
        reader.finish(&faults)
        guard let kind else { return nil }
        if near, kind != .text, kind != .code {
            faults.add(
                "“near” is for fields of kind text or code, not \(kind.rawValue).",
                at: entry.place,
                remedy: kind == .postcode
                    ? "Remove it; a postcode always has its neighbourhood." : "Remove it.")
        }
        return Field(
            name: entry.key, kind: kind, near: near,
            part: kind == .name
                ? part.flatMap { NameFrequencies.Part(rawValue: $0.rawValue) } : nil,
            formerOf: former, mustNotLink: mustNotLink, salt: nil)
    }

    /// What `part:` may say.
    private enum NamePart: String, CaseIterable {
        case given
        case family
        case none
    }

    private static func defaultPart(_ name: String) -> NamePart {
        switch name {
        case "given_name", "forename", "first_name": .given
        case "surname", "family_name", "last_name": .family
        default: .none
        }
    }

    private static func blockingKey(
        _ entry: YAMLNode.Entry, fields: [Field], _ faults: inout FaultList
    ) -> BlockingKey? {
        checkName(entry, &faults)
        let texts: [(String, StileError.Place)]
        switch entry.value.content {
        case .scalar(let text): texts = [(text, entry.value.place)]
        case .sequence(let items):
            texts = items.compactMap { item in
                item.text(entry.key, &faults).map { ($0, item.place) }
            }
        case .mapping: texts = []
        }
        let parts = texts.compactMap { part($0.0, at: $0.1, fields: fields, &faults) }
        guard !texts.isEmpty, parts.count == texts.count else {
            if texts.isEmpty {
                faults.add(
                    "The blocking key “\(entry.key)” has no parts.", at: entry.place,
                    remedy: "Write a list such as [surname.soundex, date_of_birth].")
            }
            return nil
        }
        let key = BlockingKey(name: entry.key, parts: parts)
        checkNames(of: key, fields: fields, at: entry.place, &faults)
        return key
    }

    /// Refuses a key whose token would be that of one name: alone, or cut in the few parts that codes
    /// such as a sex have.
    ///
    /// How many values a code has, the specification does not say, but for one with a deletion
    /// neighbourhood: that is for codes of many.
    private static func checkNames(
        of key: BlockingKey, fields: [Field], at place: StileError.Place, _ faults: inout FaultList
    ) {
        let used = Set(key.parts.map(\.field))
        let kinds = fields.filter { used.contains($0.name) }
        let words = kinds.filter(\.kind.isWords)
        guard words.count == 1, let only = words.first?.name else { return }
        guard used.count > 1 else {
            faults.add(
                "The blocking key “\(key.name)” is made of the one field “\(only)”: its token would give names away by their frequency.",
                at: place, remedy: "Add a part of another field, such as the year of birth.")
            return
        }
        let near = Set(kinds.filter(\.near).map(\.name))
        let isCut = key.parts.allSatisfy { part in
            guard let field = kinds.first(where: { $0.name == part.field }) else { return true }
            guard field.kind == .code else { return field.kind.isWords }
            return part.form != .whole || !near.contains(field.name)
        }
        guard isCut else { return }
        let codes = used.subtracting([only]).sorted().map { "“\($0)”" }.joined(separator: ", ")
        faults.add(
            "The blocking key “\(key.name)” puts “\(only)” beside \(codes) alone: where such a code has few values, its token would give names away by their frequency.",
            at: place,
            remedy:
                "Add a part of a second name, a date of birth, a postcode or a number; a whole code of many values is one with “near: true”."
        )
    }

    /// Reads `field`, `field[n]` or `field.form`.
    private static func part(
        _ text: String, at place: StileError.Place, fields: [Field], _ faults: inout FaultList
    ) -> Part? {
        let name = text.prefix { $0 != "." && $0 != "[" }
        let rest = text.dropFirst(name.count)
        guard let field = fields.first(where: { $0.name == name }) else {
            faults.add(
                "A blocking key names the unknown field “\(name)”.", at: place,
                remedy: "Use a field of “encoding: fields:”.")
            return nil
        }
        guard field.mustNotLink == nil else {
            faults.add(
                "A blocking key names “\(name)”, which must not be linked.", at: place,
                remedy: "Leave it out: its token would bring together what is to be kept apart.")
            return nil
        }
        func allowed(_ kinds: Kind...) -> Bool { kinds.contains(field.kind) }
        let form: Part.Form?
        switch rest {
        case "": form = .whole
        case ".soundex": form = allowed(.name, .text) ? .soundex : nil
        case ".year": form = allowed(.dateOfBirth) ? .year : nil
        case ".month_day": form = allowed(.dateOfBirth) ? .monthDay : nil
        case ".sector": form = allowed(.postcode) ? .sector : nil
        case ".district": form = allowed(.postcode) ? .district : nil
        default:
            let length =
                rest.hasPrefix("[") && rest.hasSuffix("]")
                ? Int(rest.dropFirst().dropLast()) : nil
            form = length.flatMap {
                (1...20).contains($0) && allowed(.name, .text, .code) ? .prefix($0) : nil
            }
        }
        guard let form else {
            faults.add(
                "“\(text)” is not a part of a \(field.kind.rawValue) field.", at: place,
                remedy:
                    "Write the field, field[n] or field.soundex for words, .year or .month_day for dates, .sector or .district for postcodes."
            )
            return nil
        }
        return Part(field: field.name, form: form)
    }
}
