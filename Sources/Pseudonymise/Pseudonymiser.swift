import EncodedExtract
import Hashing
public import Intake
import PipelineModel

/// Checked rows in; tokens, filters and identities to seal out.
///
/// Everything is a function of the specification, the keyring, the delta and what was held: the
/// same inputs give the same bytes.
public struct Pseudonymiser: Sendable {
    /// The epoch of every token and filter that this makes.
    public let keyEpoch: Int
    public let specification: EncodingSpecification
    /// Makes the pseudonyms of subjects and records, for `Intake`.
    public let pseudonyms: PseudonymHasher
    private let digest: ContentDigest
    let keys: KeySchedule
    let encoders: [FieldEncoder]
    let compounds: [CompoundFilter]
    private let blocking: [(key: EncodingSpecification.BlockingKey, tokens: BlockingTokens)]

    /// A compound under one salt.
    struct CompoundFilter: Sendable {
        let name: String
        let fields: [String]
        let salt: String?
        let filter: BigramFilter
    }

    /// - Parameters:
    ///   - specification: Which fields are encoded, and how.
    ///   - keyring: The project's keys.
    ///   - epoch: The token epoch; the current one of the keyring where `nil`.
    /// - Throws: `StileError` with code `configuration` where the keyring has no such epoch.
    public init(
        specification: EncodingSpecification, keyring: Keyring, epoch: Int? = nil
    ) throws {
        let keys = try KeySchedule(keyring, epoch: epoch)
        self.keys = keys
        keyEpoch = keys.epoch
        self.specification = specification
        digest = specification.digest
        pseudonyms = try keyring.pseudonymHasher()
        encoders = specification.fields.map {
            FieldEncoder($0, specification: specification, keys: keys)
        }
        compounds = specification.compounds.flatMap { compound in
            let salted = compound.salts.map { salt in
                (
                    name: compound.encodedName(salt), isJoint: false,
                    salt: salt == EncodingSpecification.Compound.unsalted ? nil : salt
                )
            }
            let joint = (name: compound.jointName, isJoint: true, salt: String?.none)
            return (salted + (compound.isJoint ? [joint] : [])).map { filter in
                CompoundFilter(
                    name: filter.name, fields: compound.fields, salt: filter.salt,
                    filter: BigramFilter(
                        hasher: keys.filterHasher(filter.name, salt: filter.salt),
                        specification: specification, salt: filter.salt, isJoint: filter.isJoint))
            }
        }
        blocking = specification.blocking.map { key in
            (
                key,
                BlockingTokens(hasher: keys.hasher(.block, field: key.name), parts: key.parts)
            )
        }
    }

    /// Encodes what a delivery changes.
    ///
    /// A version of an identity is opened when the first record holds it and closed when no record
    /// does; a correction of the payload alone gives no row of the encodings. Where a key is
    /// trusted, the key belongs to the identity.
    ///
    /// - Parameters:
    ///   - delta: The delta of one extract.
    ///   - held: What the source zone held of this extract's identities; empty for the first
    ///     delivery and when every subject is encoded anew.
    ///   - trustedKey: The name of the trusted key, the same in every source that names it;
    ///     empty where the source is linked by encodings.
    ///   - sealsIdentities: Whether identities are handed out to be sealed.
    /// - Throws: `StileError` with code `configuration` where the delta has a field that the
    ///   specification does not know.
    public func encode(
        _ delta: ExtractDelta, held: IdentityVersionsHeld, trustedKey: String = "",
        sealsIdentities: Bool
    ) throws -> EncodedDelta {
        for column in delta.identity where specification[column.name] == nil {
            throw StileError(
                .configuration, "The encoding has no field “\(column.name)”.",
                at: .init(file: delta.name, column: column.name),
                remedy: "Add it under “encoding: fields:”.")
        }
        let identity = delta.identity.sorted { $0.name < $1.name }
        let changes = IdentityChanges(
            versions(delta, identity), held: held,
            spare: { version in
                let words = self.pseudonyms(
                    domain: "version:\(delta.name)",
                    bytes: version.subject.bytes + version.content.bytes)
                return RecordPseudonym(high: words.0, low: words.1)
            })
        let rows = changes.changes

        var counts: [IdentifierCounts.Count] = []
        var encodings = Encodings(
            source: delta.source, keyEpoch: keyEpoch, specification: digest,
            subject: rows.map(\.version.subject), record: rows.map(\.carrier),
            operation: rows.map(\.operation), happened: rows.map { delta.happened[$0.row] },
            known: rows.map { delta.known[$0.row] })
        encodings.fields = fields(identity, rows, &counts)
        if !trustedKey.isEmpty {
            encodings.fields.append(trusted(delta.trusted, rows, key: trustedKey))
        }
        let opened = rows.filter { $0.operation == .open }
        return EncodedDelta(
            encodings: encodings,
            payload: Payload(
                source: delta.source, name: delta.name, keyEpoch: keyEpoch,
                subject: delta.subject, record: delta.record,
                operation: delta.operation.map { $0 == .open ? .open : .close },
                happened: delta.happened, known: delta.known, columns: delta.payload),
            identities: sealsIdentities ? identities(identity, opened) : [],
            held: changes.held,
            counts: IdentifierCounts(
                versions: opened.count,
                counts: counts.sorted { ($0.field, $0.rule) < ($1.field, $1.rule) }))
    }

    /// The version that each row of the delta holds.
    private func versions(
        _ delta: ExtractDelta, _ identity: [IdentityColumn]
    ) -> [(record: RecordPseudonym, version: IdentityVersionsHeld.Version?)] {
        let domain = "identity:\(delta.name)"
        let names = identity.map { Array($0.name.utf8) }
        var content = Message()
        var scratch = Message()
        return (0..<delta.count).map { row in
            let record = delta.record[row]
            guard delta.operation[row] == .open else { return (record, nil) }
            content.removeAll()
            let trusted = delta.trusted.isEmpty ? nil : delta.trusted[row]
            content.add(trusted ?? [])
            var isEmpty = trusted == nil
            for index in identity.indices {
                guard let value = identity[index].values[row] else { continue }
                content.add(names[index])
                content.add(value.utf8)
                isEmpty = false
            }
            guard !isEmpty else { return (record, nil) }
            let words = pseudonyms.pseudonym(
                domain: domain, bytes: content.bytes, &scratch)
            return (
                record,
                .init(
                    subject: delta.subject[row],
                    content: UnitPseudonym(high: words.0, low: words.1))
            )
        }
    }

    /// The encoded fields of the columns, then the compounds and the blocking keys whose parts
    /// are all there.
    private func fields(
        _ identity: [IdentityColumn], _ rows: [IdentityChanges.Change],
        _ counts: inout [IdentifierCounts.Count]
    ) -> [Encodings.Field] {
        // The rows that close have no values and must not count as missing.
        let closed = rows.prefix { $0.operation == .close }.count
        let opened = rows.dropFirst(closed).map(\.row)
        let subjects = rows.map { ($0.version.subject.high, $0.version.subject.low) }
        var normal: [String: NormalColumn] = [:]
        var firstRows: [String: [Int]] = [:]
        var fields: [Encodings.Field] = []
        for encoder in encoders {
            let name = encoder.field.name
            guard let column = identity.first(where: { $0.name == name }) else { continue }
            var tally = RuleTally()
            var texts = NormalColumn(emptyRows: closed)
            texts.append(
                column.values, rows: opened, kind: encoder.field.kind, tally: &tally)
            counts += tally.counts(field: name)
            normal[name] = texts
            guard encoder.field.isEncoded else { continue }
            let first = texts.firstRows()
            firstRows[name] = first
            fields += encoder.tokens(texts, firstRows: first)
        }
        var known: [String: Salts] = [:]
        func salting(_ name: String) -> Salts? {
            if let salts = known[name] { return salts }
            guard case .token(let tokens)? = fields.first(where: { $0.name == name })?.values
            else { return nil }
            let salts = Salts(tokens.withUnsafeBufferPointer { Array($0) })
            known[name] = salts
            return salts
        }
        let date = specification.fields.first { $0.kind == .dateOfBirth }.map(\.name)
        let years =
            date.flatMap { normal[$0] }?.years ?? [Int](repeating: 0, count: rows.count)
        for encoder in encoders where encoder.field.isEncoded {
            let name = encoder.field.name
            let former = specification.fields.filter { $0.formerOf == name }
                .compactMap { normal[$0.name] }
            let replaced = specification.fields.filter { $0.mustNotLink == name }
                .compactMap { normal[$0.name] }
            if let any = encoder.anyValue(normal[name], former: former, replaced: replaced) {
                fields.append(any)
            }
            if let never = encoder.mustNotLink(replaced, current: normal[name]) {
                fields.append(never)
            }
            guard encoder.field.kind.isWords, let texts = normal[name],
                let first = firstRows[name]
            else { continue }
            fields += encoder.filters(
                texts, firstRows: first, subjects: subjects, years: years, salting: salting)
        }
        var bags: [[String]: NormalColumn] = [:]
        for compound in compounds {
            let columns = compound.fields.compactMap { normal[$0] }
            guard columns.count >= 2,
                let salts = compound.salt.map({ salting($0) }) ?? Salts.unsalted
            else { continue }
            let bag = bags[compound.fields] ?? .together(columns)
            bags[compound.fields] = bag
            fields.append(
                .init(
                    compound.name,
                    .filter(
                        bits: compound.filter.bits,
                        words: WordColumn(
                            compound.filter.words(bag, salts: salts, subjects: subjects))),
                    salt: compound.salt, parts: compound.fields,
                    hardening: specification.hardening.ofFilters))
        }
        for (key, tokens) in blocking {
            let columns = key.parts.compactMap { normal[$0.field] }
            guard columns.count == key.parts.count else { continue }
            fields.append(
                .init(
                    "block.\(key.name)", .token(tokens.tokens(columns, rows: rows.count)),
                    salt: specification.salt(of: key), parts: key.parts.map(\.field)))
        }
        return fields
    }

    private func trusted(
        _ values: [[UInt8]?], _ rows: [IdentityChanges.Change], key: String
    ) -> Encodings.Field {
        let hasher = keys.hasher(.trusted, field: key)
        var message = Message()
        let tokens = rows.map { row -> UInt64 in
            guard row.operation == .open, !values.isEmpty, let value = values[row.row],
                !value.isEmpty
            else { return 0 }
            message.removeAll()
            message.add(value)
            return hasher.token(message.bytes)
        }
        return .init("trusted", .token(tokens))
    }

    private func identities(
        _ identity: [IdentityColumn], _ opened: [IdentityChanges.Change]
    ) -> [IdentityToSeal] {
        // What leads from a new identity to the one it replaced travels nowhere, sealed or not.
        let identity = identity.filter { specification[$0.name]?.mustNotLink == nil }
        var writer = IdentityToSeal.Writer(identity)
        return opened.compactMap { change in
            writer.json(change.row).map {
                IdentityToSeal(
                    subject: change.version.subject, record: change.carrier, bytes: $0)
            }
        }
    }
}

extension Pseudonymiser: CustomStringConvertible, CustomReflectable {
    public var description: String { "pseudonymiser of epoch \(keyEpoch)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
