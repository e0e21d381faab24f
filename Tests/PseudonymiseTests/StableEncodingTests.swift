import ColumnFiles
import EncodedExtract
import Hashing
import Intake
import PipelineModel
import Testing

@testable import Pseudonymise

/// What a made extract is encoded to, byte for byte: encodings of two releases are compared with
/// each other, so that a faster way must give the same.
@Suite("Encodings stay as they are")
struct StableEncodingTests {
    private static let people = """
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
        """

    /// One specification for each way in which filters are made, and one with every kind of field.
    private static let specifications = [
        "usual": """
        fields:
        \(people)
          postcode: {kind: uk_postcode}
          street: {kind: text}
        """,
        "salted": "hardening: {diffusion: 0}\nfields:\n\(people)",
        "unsalted": """
        hardening: {salt: none, diffusion: 0}
        compounds:
          names:
            fields: [given_name, surname]
            salts: [date_of_birth.year_month, date_of_birth.year_day, date_of_birth.month_day]
        fields:
        \(people)
        """,
        "compound": "hardening: {salt: none, diffusion: 0}\nfields:\n\(people)",
        "year": """
        filter: {bits: 4096, positions_per_bigram: 17}
        hardening: {salt: date_of_birth.year, fold: true, diffusion: 0}
        fields:
        \(people)
        """,
        "noisy": """
        filter: {bits: 256, positions_per_bigram: 7}
        hardening: {diffusion: 3, flip: 0.05}
        fields:
        \(people)
        """,
        "folded": """
        filter: {bits: 1024, positions_per_bigram: 20}
        hardening: {salt: none, fold: true, diffusion: 2, flip: 0.02}
        compounds: {}
        fields:
        \(people)
        """,
        "whole": """
        hardening: {diffusion: 0}
        compounds:
          names:
            fields: [given_name, surname]
            salts: [date_of_birth.year_month, date_of_birth.year_day, date_of_birth.month_day]
        fields:
        \(people)
          sex: {kind: code, near: true}
          postcode: {kind: uk_postcode}
          uprn: {kind: uprn}
          nhs_number: {kind: nhs_number}
          nhs_before: {kind: nhs_number, former_of: nhs_number}
          nhs_replaced: {kind: nhs_number, must_not_link: nhs_number}
          upn: {kind: upn}
          street: {kind: text, near: true, salt: postcode.sector}
          patient: {kind: local_id}
        blocking:
          surname_birth: [surname.soundex, date_of_birth]
          names_year: [given_name.soundex, surname.soundex, date_of_birth.year]
          names_home: [given_name.soundex, surname.soundex, postcode.sector]
          home: [postcode, "given_name[1]"]
          town: [postcode.district, date_of_birth.month_day, "surname[3]"]
          nhs: [nhs_number]
        """,
    ]

    /// Warnings that came after the digests; they change no encoding.
    private static let laterRules = [
        "nhs_number.scottish_chi", "nhs_number.northern_irish", "nhs_number.unassigned_range",
    ]

    /// The digests were written down before any of this was made faster, but those of the compound
    /// without a salt and of the usual dial, which came later.
    @Test(
        "The same column file of every specification",
        arguments: [
            (
                "unsalted",
                "95478bd88bc8cc908ec4261fff28b350f51186f487fdbc6cf60d7b9c2a2caa1d"
            ),
            (
                "compound",
                "517c0084516e3cfcdd4e276c3a1bfaa81ab6448e897b702f86ee17c1de309251"
            ),
            (
                "usual",
                "8d635ca9436497e408190adfa6a8eb7f542df8642e2e1967dd0f7b90b80fea75"
            ),
            (
                "salted",
                "93837619034f3af6d3ff8d72f84292b60187f104cf3f6de80f48d5f56a66b7b5"
            ),
            (
                "noisy",
                "e6658328f17230d140315fd21eaa6fd754b38db7429afa6afe20154412d2adbc"
            ),
            (
                "year",
                "5ba047972aa81832e75b85c03bff9f9c6924efbf03acfbb479664fde25ba41d5"
            ),
            (
                "folded",
                "ff7d29da3ab014fb3aa7c1ebc4b233018610df67d578fd9db59b3cbe66e34772"
            ),
            (
                "whole",
                "81115a8a85a68345f590f40ef1e9ec7d3d65ab7695cec1a83fce57019f5f7f6d"
            ),
        ])
    func digests(name: String, digest: String) throws {
        let yaml = try #require(Self.specifications[name])
        let specification = try Fixtures.specification(yaml)
        let pseudonymiser = try Pseudonymiser(
            specification: specification, keyring: Fixtures.keyring())
        let fields = Set(specification.fields.map(\.name))
        let first = try pseudonymiser.encode(
            Self.delta(people: 700, seed: 1, of: fields), held: .init(), trustedKey: "case",
            sealsIdentities: true)
        // A second night, in which some close, some change and some are new.
        let second = try pseudonymiser.encode(
            Self.delta(people: 900, seed: 2, of: fields, closing: 150), held: first.held,
            trustedKey: "case", sealsIdentities: true)
        var print = Fingerprint("test")
        for delta in [first, second] {
            // That files say how they were hardened came later.
            var encodings = delta.encodings
            for index in encodings.fields.indices { encodings.fields[index].hardening = .none }
            print.add("encodings", try ColumnFileWriter.bytes(of: encodings.table))
            print.add("held", try ColumnFileWriter.bytes(of: delta.held.table))
            for identity in delta.identities { print.add("identity", identity.bytes) }
            for count in delta.counts.counts where !Self.laterRules.contains(count.rule) {
                print.add(count.field, "\(count.rule) \(count.count)")
            }
        }
        #expect(first.encodings.count > 600 && second.encodings.operation.contains(.close))
        #expect(print.digest.hex == digest)
    }

    /// People with all that comes in registers: short forms, accents, other scripts, titles,
    /// placeholders, dates of which a part is missing, mended and pseudo-postcodes, gaps.
    private static func delta(
        people: Int, seed: UInt64, of fields: Set<String>, closing: Int = 0
    ) -> ExtractDelta {
        var generator = SeededGenerator(seed: seed, label: "stable encodings")
        func pick(_ values: [String]) -> String { values[generator.below(values.count)] }
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in "\(generator.below(10))" }.joined()
        }
        func nhs() -> String {
            let nine = (0..<9).map { _ in generator.below(10) }
            var sum = 0
            for (place, digit) in nine.enumerated() { sum += (10 - place) * digit }
            return nine.map(String.init).joined() + String((11 - sum % 11) % 11 % 10)
        }
        var rows: [Fixtures.Row] = []
        for person in 0..<closing {
            rows.append(
                .init(
                    operation: .close, record: UInt64(4 * person + 1),
                    subject: UInt64(2 * person + 1)))
        }
        for person in 0..<people {
            let given = pick([
                "Bill", "kate louise", "Zoë", "Ann-Marie", "Mr. Mohammed", "Éloïse", "Сергей",
                "Twin 1",
                "baby of Smith", "Liz (Beth)", "李", "Olivia", "José María", "Jack", "x",
                "not known",
            ])
            let family =
                pick([
                    "O'Brien", "van der Berg", "Smith", "Mac Donald", "Saint John", "Øster",
                    "Straße", "Patel",
                    "Jones-Smith née Brown", "Müller", "Łukasz", "Williams jnr", "Nguyễn",
                    "de la Cruz", "Li", "",
                ]) + (generator.chance(0.3) ? pick(["son", "ton", " ley", "3"]) : "")
            let year = 1930 + generator.below(90)
            let month = "0\(1 + generator.below(12))".suffix(2)
            let day = "0\(1 + generator.below(28))".suffix(2)
            let born = pick([
                "\(year)-\(month)-\(day)", "\(year)\(month)\(day)", "\(day)/\(month)/\(year)",
                "\(year)-\(month)-\(day)", "\(year)-\(month)-??", "\(year)-13-\(day)", "1900-01-01",
                "\(year)", "soon",
            ])
            let postcode = pick([
                "LE1 \(generator.below(10))AB", "le\(1 + generator.below(20)) 4ab", "SW1A 1AA",
                "LEI 4AB",
                "ZZ99 3CZ", "BFPO \(generator.below(900))", "nowhere",
                "MS\(generator.below(40)) 1QZ",
            ])
            let all: [String: String] = [
                "given_name": given, "surname": family, "date_of_birth": born,
                "sex": pick(["F", "m", " x ", ""]), "postcode": postcode,
                "uprn": pick([digits(11), "0", "UPRN"]),
                "nhs_number": pick([nhs(), nhs(), "943 476 5919", "0000000000", "12"]),
                "nhs_before": nhs(), "nhs_replaced": pick([nhs(), "9434765919"]),
                "upn": pick(["A\(digits(12))", "H801200001001", "UN3", ""]),
                "street": pick(["12 High St", "Flat 3, Mill Lane", "Café Road", "Щорса 4"]),
                "patient": pick(["p\(digits(3))", "P \(digits(2))"]),
            ]
            var identity: [String: String] = [:]
            for name in all.keys.sorted() where fields.contains(name) && !generator.chance(0.1) {
                identity[name] = all[name]
            }
            rows.append(
                .init(
                    record: UInt64(2 * person + 1), subject: UInt64(person + 1),
                    trusted: generator.chance(0.5) ? digits(4) : nil, identity: identity))
        }
        return Fixtures.delta(rows, fields: Array(fields), trusted: true)
    }
}
