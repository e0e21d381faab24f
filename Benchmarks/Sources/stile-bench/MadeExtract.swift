import Intake
import PipelineModel
import StrictYAML

/// An extract of people who do not exist, and the contract that it keeps.
enum MadeExtract {
    /// The contract of one source, as a data team would write it.
    static func contract(source: String) throws -> SourceContract {
        let text = """
            version: 1
            zone: source
            deployment: sample
            project: benchmark
            drop: drop
            archive: {folder: archive, retain_days: 1}
            exchange: exchange
            state: state
            pages: pages
            keyring: keyring
            policy: policy
            encoding:
              fields:
                given_name: {kind: name}
                surname: {kind: name}
                date_of_birth: {kind: date_of_birth}
                sex: {kind: code}
                postcode: {kind: uk_postcode}
                nhs_number: {kind: nhs_number}
              blocking:
                surname_birth: [surname.soundex, date_of_birth]
                names_year: [given_name.soundex, surname.soundex, date_of_birth.year]
                home: [postcode, "given_name[1]"]
                nhs: [nhs_number]
            sources:
              \(source):
                purpose: benchmark
                legal_basis: {article_6: e, reference: none, expires: 2099-12-31}
                maximum_age_days: 1
                link: encodings
                seal_identities: false
                files:
                  people:
                    name: "people_{date}.csv"
                    arrives: nightly
                    delivery: snapshot
                    key: [id]
                    subject: id
                    happened: registered_on
                    known: recorded_on
                    identity: {given_name: forename, surname: surname, date_of_birth: born, sex: sex, postcode: postcode, nhs_number: nhs_number}
                    payload:
                      sex: {column: sex, type: code, allow: [F, M, X]}
                      birth_month: {column: born, type: day, coarsen: month}
                      ethnicity: {column: ethnicity, type: code}
                      imd_decile: {column: imd_decile, type: number, minimum: 1, maximum: 10}
            """
        return try SourceContract(YAMLDocument.parse(Array(text.utf8), file: "benchmark.yaml"))
    }

    /// The bytes of an extract of so many people; `slips` is the share of fields that are
    /// typed wrongly, so that two extracts of one seed are alike and not equal.
    static func csv(people: Int, seed: UInt64, slips: Double) -> [UInt8] {
        var makers = SeededGenerator(seed: seed, label: "people")
        var typist = SeededGenerator(seed: seed &+ UInt64(slips * 1000), label: "slips")
        var text =
            "id,forename,surname,born,sex,postcode,nhs_number,ethnicity,imd_decile,registered_on,recorded_on,note\n"
        text.reserveCapacity(people * 128)
        for person in 0..<people {
            let forename = name(&makers, syllables: 2)
            let surname = name(&makers, syllables: 3)
            let born = day(&makers, from: 1930, years: 90)
            let postcode =
                "MS\(1 + makers.below(40)) \(makers.below(10))\(letter(&makers))\(letter(&makers))"
            let number = nhsNumber(person)
            let sex = makers.chance(0.5) ? "F" : "M"
            let decile = 1 + makers.below(10)
            let ethnicity = String(letter(&makers))
            func typed(_ value: String) -> String {
                typist.chance(slips) ? slip(value, &typist) : value
            }
            text += "\(person),\(typed(forename)),\(typed(surname)),\(born),\(sex),"
            text += typist.chance(slips) ? "" : postcode
            text += ",\(typist.chance(slips) ? "" : number),\(ethnicity),\(decile),"
            text += "\(day(&makers, from: 2010, years: 15)),2025-06-01,"
            text += person % 10 == 0 ? "\"moved, see \"\"notes\"\"\"\n" : "none\n"
        }
        return Array(text.utf8)
    }

    private static let starts = Array("bcdfghjklmnprstvw")
    private static let vowels = Array("aeiou")

    private static func letter(_ generator: inout SeededGenerator) -> Character {
        Array("ABDEFGHJLNPQRSTUWXYZ")[generator.below(20)]
    }

    /// Squared so that some names are common and many are rare.
    private static func name(_ generator: inout SeededGenerator, syllables: Int) -> String {
        var text = ""
        for _ in 0..<syllables {
            let skewed = generator.uniform() * generator.uniform()
            text.append(starts[Int(skewed * Double(starts.count))])
            text.append(vowels[generator.below(vowels.count)])
        }
        return text
    }

    private static func slip(_ value: String, _ generator: inout SeededGenerator) -> String {
        var letters = Array(value)
        letters[generator.below(letters.count)] = starts[generator.below(starts.count)]
        return String(letters)
    }

    private static func day(_ generator: inout SeededGenerator, from year: Int, years: Int)
        -> String
    {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(year + generator.below(years))-\(two(1 + generator.below(12)))-\(two(1 + generator.below(28)))"
    }

    /// A number of the range kept for tests, 999 000 0000 onwards, with its check digit.
    private static func nhsNumber(_ person: Int) -> String {
        var digits =
            [9, 9, 9] + String(1_000_000 + person).compactMap(\.wholeNumberValue).suffix(6)
        let sum = zip(digits, stride(from: 10, to: 1, by: -1)).reduce(0) { $0 + $1.0 * $1.1 }
        let check = 11 - sum % 11
        guard check != 10 else { return "" }
        digits.append(check == 11 ? 0 : check)
        return digits.map(String.init).joined()
    }
}
