import Attestation
public import PipelineModel

/// The sealed identities of one batch, read and checked; nothing in it is open.
public struct SealedBatch: Sendable {
    static let schema = "sealed"
    /// The version of the schema.
    public static let schemaVersion = 1

    public let context: SealingContext
    /// The roles whose shares together open a record, in ascending order.
    public let roles: [String]
    public let keyEpoch: Int
    public let rowCount: Int
    let wraps: [RoleWrap]
    private let subjects: [UnitPseudonym]
    private let records: [UnitPseudonym]
    private let nonces: ColumnBytes
    private let offsets: [UInt64]
    private let ciphertexts: ColumnBytes
    /// Row numbers in ascending order of record.
    private let order: [Int32]

    /// Reads a table; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity`.
    public init(_ table: ColumnTable, file: String) throws {
        func damaged(_ what: String) -> StileError {
            StileError(
                .integrity, "The sealed identities are damaged: \(what).", at: .init(file: file),
                remedy: "Remove the batch and let the source zone write it again.")
        }
        guard table.schema == Self.schema, table.version == Self.schemaVersion else {
            throw damaged("it is not a sealed table of version \(Self.schemaVersion)")
        }
        guard let batch = table.attributes["batch"], !batch.isEmpty,
            let policy = table.attributes["policy"].flatMap({ ContentDigest(hex: $0) }),
            let names = table.attributes["roles"],
            let epoch = table.attributes["key_epoch"].flatMap({ Int($0) }),
            let wrapText = table.attributes["wraps"]
        else { throw damaged("its header is not complete") }
        context = SealingContext(batch: batch, policy: policy)
        keyEpoch = epoch
        roles = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !roles.isEmpty, roles.allSatisfy(Identifier.isValid), roles == Set(roles).sorted()
        else { throw damaged("its roles cannot be read") }
        guard case .array(let items) = try StrictJSON.read(Array(wrapText.utf8), file: file) else {
            throw damaged("its wrapped secrets cannot be read")
        }
        wraps = try items.map { try RoleWrap($0, file: file) }
        guard Set(wraps.map(\.role)) == Set(roles),
            Set(wraps.map { "\($0.role)/\($0.person)" }).count == wraps.count
        else { throw damaged("its wrapped secrets do not fit its roles") }
        guard case .pseudonym(let subjects)? = table["subject"],
            case .pseudonym(let records)? = table["record"],
            case .fixedBytes(12, let nonces)? = table["nonce"],
            case .variableBytes(let offsets, let ciphertexts)? = table["ciphertext"],
            table.columns.count == 4, offsets.first == 0,
            offsets.last == UInt64(ciphertexts.count),
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 < $1 && ($1 - $0) % 256 == 16 })
        else { throw damaged("its columns are not those of sealed identities") }
        self.subjects = subjects
        self.records = records
        self.nonces = nonces
        self.offsets = offsets
        self.ciphertexts = ciphertexts
        rowCount = subjects.count
        order = records.indices.sorted { (records[$0], $0) < (records[$1], $1) }
            .map { Int32(truncatingIfNeeded: $0) }
    }

    /// The sealed rows of one record and subject, in the order written.
    public func rows(record: RecordPseudonym, subject: SubjectPseudonym) -> [SealedRow] {
        let wanted: UnitPseudonym = record.cast()
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if records[Int(order[middle])] < wanted { low = middle + 1 } else { high = middle }
        }
        var found: [SealedRow] = []
        while low < order.count, records[Int(order[low])] == wanted {
            let row = Int(order[low])
            if subjects[row] == subject.cast() {
                found.append(
                    SealedRow(
                        subject: subject, record: record,
                        nonce: Array(nonces[(row * 12)..<(row * 12 + 12)]),
                        ciphertext: Array(ciphertexts[Int(offsets[row])..<Int(offsets[row + 1])])))
            }
            low += 1
        }
        return found
    }

    /// The people to whom the secret of `role` is wrapped, in ascending order.
    public func holders(of role: String) -> [String] {
        wraps.filter { $0.role == role }.map(\.person).sorted()
    }
}
