public import EncodedExtract
import Identifiers
import PipelineModel
public import Pseudonymise

/// Encodings as they are stored, and beside them the truth that only the source zone has.
///
/// The attacks see the encodings; the truth serves to count what they got right, and to give the
/// idealised attacker the frequencies that no real one knows so well.
public struct AttackedRecords: Sendable {
    /// What an attack is after.
    public enum Target: String, Sendable, CaseIterable {
        case given
        case family
        /// Given name and surname together.
        case whole
        /// What the stored field itself holds, where that is no name: a date of birth, a sector, the
        /// several values of a key.
        case content
    }

    let encodings: Encodings
    let specification: EncodingSpecification
    let given: TrueValues
    let family: TrueValues
    let whole: TrueValues
    private let identities: [String: [String?]]
    /// The year of birth of each row, which the payload tells the linking zone; 0 where unknown.
    let year: [Int32]
    /// A number for each value of the sex, which the payload tells as well; 0 where unknown.
    let sex: [Int32]

    /// What the column of trusted keys is called, among identities and among encodings.
    public static let trusted = "trusted"

    /// The number of records.
    public var count: Int { encodings.count }

    /// - Parameters:
    ///   - encodings: Rows of one key epoch and specification, of any number of sources.
    ///   - specification: How they were encoded.
    ///   - identities: By field of the specification the values that each row was made from, as
    ///     the source wrote them; `nil` where there is none. Under ``trusted`` the trusted keys,
    ///     where some source has them.
    /// - Precondition: Every column has one value for each row.
    public init(
        _ encodings: Encodings, specification: EncodingSpecification,
        identities: [String: [String?]]
    ) {
        self.encodings = encodings
        self.specification = specification
        self.identities = identities
        let rows = encodings.count
        func column(_ field: String?) -> [String?] {
            field.flatMap { identities[$0] } ?? Array(repeating: nil, count: rows)
        }
        func names(_ part: NameFrequencies.Part) -> [[UInt8]] {
            var form = NormalForm()
            return column(specification.fields.first { $0.part == part }?.name).map { value in
                var bytes: [UInt8] = []
                form.append(name: value ?? "", to: &bytes)
                return bytes
            }
        }
        let (given, family) = (names(.given), names(.family))
        self.given = TrueValues(given)
        self.family = TrueValues(family)
        whole = TrueValues(
            zip(given, family).map { $0.isEmpty || $1.isEmpty ? [] : $0 + [0] + $1 })
        year = column(specification.fields.first { $0.kind == .dateOfBirth }?.name).map { value in
            let text = value ?? ""
            return Int32(
                BirthDate.read(text).value?.year ?? PartialBirthDate.read(text).value?.possibleYear
                    ?? 0)
        }
        var sexes: [String: Int32] = [:]
        sex = column(specification["sex"]?.name).map { value in
            guard let value, !value.isEmpty else { return 0 }
            let number = sexes[value.uppercased()] ?? Int32(sexes.count + 1)
            sexes[value.uppercased()] = number
            return number
        }
    }

    /// What an attack on a stored field is after; `nil` where the field holds nothing of the
    /// identities.
    func truth(_ target: Target, of field: String) -> TrueValues? {
        switch target {
        case .given: given
        case .family: family
        case .whole: whole
        case .content:
            (field == Self.trusted
                ? identities[field]?.map { Array(($0 ?? "").utf8) }
                : specification.contents(of: field, identities: identities)).map(TrueValues.init)
        }
    }

    /// What a stored field is of: one of the names, both, or something else.
    func ownTarget(of field: String) -> Target {
        let base = String(field.prefix { $0 != "." })
        func name(_ part: NameFrequencies.Part) -> String? {
            specification.fields.first { $0.part == part }?.name
        }
        if base == field, field == name(.given) { return .given }
        if base == field, field == name(.family) { return .family }
        guard let compound = specification.compounds.first(where: { $0.name == base }),
            compound.fields.count == 2,
            Set(compound.fields) == Set([name(.given), name(.family)].compactMap(\.self))
        else { return .content }
        return .whole
    }

    /// The tokens of a field.
    func tokens(_ field: String) -> [UInt64]? {
        guard case .token(let tokens)? = encodings[field] else { return nil }
        return Array(tokens)
    }
}

extension AttackedRecords: CustomStringConvertible, CustomReflectable {
    public var description: String { "(\(count) attacked records)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
