import EncodedExtract
import PipelineModel
import Testing

@testable import Pseudonymise

@Suite("What encoded fields hold")
struct StoredContentsTests {
    private static let yaml = """
        hardening: {salt: none, diffusion: 0}
        fields:
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
          sex: {kind: code}
          postcode: {kind: uk_postcode}
          uprn: {kind: uprn}
          nhs_number: {kind: nhs_number}
          former: {kind: nhs_number, former_of: nhs_number}
          replaced: {kind: nhs_number, must_not_link: nhs_number}
          street: {kind: text, near: true}
          patient: {kind: local_id}
        blocking:
          surname_birth: [surname.soundex, date_of_birth]
          home: [postcode.sector, "given_name[1]"]
          nhs: [nhs_number]
        """

    private static let rows: [[String: String]] = [
        [
            "given_name": "Bill", "surname": "O'Neill", "date_of_birth": "1980-02-07", "sex": "f",
            "postcode": "le1 4ab", "uprn": "100023336956", "nhs_number": "943 476 5919",
            "former": "4000000004", "street": "12 Mill Lane", "patient": "a1",
        ],
        [
            "given_name": "BILL", "surname": "ONeill", "date_of_birth": "07/02/1980", "sex": "F",
            "postcode": "LE1 4AB", "uprn": "100023336956", "nhs_number": "9434765919",
            "former": "4505577104", "street": "12 MILL LANE", "patient": "A1",
        ],
        [
            "given_name": "William", "surname": "Smith", "date_of_birth": "1980-07-02",
            "sex": "M", "postcode": "LE1 4AC", "nhs_number": "4000000004",
            "replaced": "9434765919", "street": "14 Mill Lane", "patient": "a1 ",
        ],
        [
            "given_name": "Ann", "surname": "Smith", "date_of_birth": "1980-02-31",
            "postcode": "LE11 4AB", "nhs_number": "9434765919", "former": "4000000004",
        ],
        [
            "surname": "Smith", "date_of_birth": "1980-02", "nhs_number": "1",
            "postcode": "ZZ99 3VZ",
        ],
        ["given_name": "Ann", "street": "12, Mill Lane"],
    ]

    private static func identities(_ order: [Int]) -> [String: [String?]] {
        Dictionary(
            uniqueKeysWithValues: Set(rows.flatMap(\.keys)).map { field in
                (field, order.map { rows[$0][field] })
            })
    }

    /// The oracle is the encoding itself: without salt and noise one stored value is one content.
    @Test("Rows have one content exactly where one value is stored for them")
    func sameAsStored() throws {
        let pseudonymiser = try Fixtures.pseudonymiser(Self.yaml)
        let encodings = try Fixtures.encode(Self.rows, with: pseudonymiser)
        let identities = Self.identities(encodings.record.map { Int($0.low) - 1 })
        let fields = encodings.fields.filter { !$0.name.hasSuffix(".band") }
        #expect(fields.count == 24)
        for field in fields {
            let contents = try #require(
                pseudonymiser.specification.contents(of: field.name, identities: identities),
                "\(field.name)")
            #expect(Set(contents).count > 1, "\(field.name)")
            let stored = (0..<encodings.count).map { row -> [UInt64] in
                switch field.values {
                case .token(let tokens): return tokens[row] == 0 ? [] : [tokens[row]]
                case .tokenSet(let offsets, let tokens):
                    return Array(tokens[offsets[row]..<offsets[row + 1]])
                case .filter(let bits, let words):
                    let filter = Array(words[(row * bits / 64)..<((row + 1) * bits / 64)])
                    return filter.allSatisfy { $0 == 0 } ? [] : filter
                }
            }
            for left in stored.indices {
                #expect(contents[left].isEmpty == stored[left].isEmpty, "\(field.name) \(left)")
                for right in stored.indices {
                    #expect(
                        (contents[left] == contents[right]) == (stored[left] == stored[right]),
                        "\(field.name) \(left) \(right)")
                }
            }
        }
    }

    @Test(
        "A content is the normal form of what is stored",
        arguments: [
            ("surname", "oneill"), ("date_of_birth", "19800207"),
            ("date_of_birth.year_month", "198002"), ("date_of_birth.year_day", "198007"),
            ("date_of_birth.month_day", "0207"), ("date_of_birth.swapped", "19800702"),
            ("sex", "F"), ("postcode", "LE1 4AB"), ("postcode.near", "LE1 4AB"),
            ("postcode.sector", "LE1 4"), ("postcode.district", "LE1"),
            ("nhs_number.any", "4000000004\u{0}9434765919"), ("street", "12 mill lane"),
            ("names.none", "bill\u{0}oneill"),
        ])
    func normalForms(field: String, expected: String) throws {
        let contents = try #require(
            Fixtures.specification(Self.yaml).contents(
                of: field, identities: Self.identities([0])))
        #expect(contents.map { String(decoding: $0, as: UTF8.self) } == [expected])
    }

    @Test(
        "What holds no identity has no content",
        arguments: [
            "given_name.band", "trusted", "block.unknown", "names.year_month", "former", "replaced",
            "surname.formal", "sex.near", "uprn.any", "unknown",
        ])
    func nothing(field: String) throws {
        let specification = try Fixtures.specification(Self.yaml)
        let identities = Self.identities([0, 1])
        #expect(specification.contents(of: field, identities: identities) == nil)
    }
}
