import EncodedExtract
import Testing

@testable import Pseudonymise

@Suite("Dates of birth with a part that cannot be used")
struct PartialDateTests {
    private static let suffixes = ["", ".year_month", ".year_day", ".month_day", ".swapped"]

    /// A text, and what its tokens stand for: the whole, year and month, year and day, month and
    /// day, day and month exchanged; a hyphen where there is none.
    @Test(
        "are encoded by the parts that they have, whole ones as ever",
        arguments: [
            ("1990-05-12", ["19900512", "199005", "199012", "0512", "19901205"]),
            ("12/05/1990", ["19900512", "199005", "199012", "0512", "19901205"]),
            ("1990-05-13", ["19900513", "199005", "199013", "0513", "-"]),
            ("1990-05-00", ["-", "199005", "-", "-", "-"]),
            ("1990-05-32", ["-", "199005", "-", "-", "-"]),
            ("??/05/1990", ["-", "199005", "-", "-", "-"]),
            ("1990-05", ["-", "199005", "-", "-", "-"]),
            // The day may be right and the month not; or they have changed places.
            ("1990-13-05", ["-", "-", "199005", "-", "19900513"]),
            ("1990-00-05", ["-", "-", "199005", "-", "-"]),
            ("0000-05-12", ["-", "-", "-", "0512", "-"]),
            ("2011-02-30", ["-", "201102", "201130", "-", "-"]),
            ("2011-02-29", ["-", "201102", "201129", "0229", "-"]),
            ("1990", ["-", "-", "-", "-", "-"]),
            ("1900", ["-", "-", "-", "-", "-"]),
            ("nonsense", ["-", "-", "-", "-", "-"]),
        ])
    func parts(text: String, expected: [String]) throws {
        let pseudonymiser = try Fixtures.pseudonymiser()
        let encoded = try Fixtures.encode("date_of_birth", [text], with: pseudonymiser).encodings
        for (suffix, value) in zip(Self.suffixes, expected) {
            // A swapped date is keyed as the date itself.
            let key = suffix == ".swapped" ? "date_of_birth" : "date_of_birth" + suffix
            var message = Message()
            message.add(Array(value.utf8))
            let token =
                value == "-"
                ? 0 : pseudonymiser.keys.hasher(.token, field: key).token(message.bytes)
            #expect(
                Fixtures.tokens(encoded, "date_of_birth" + suffix) == [token], "\(text)\(suffix)")
        }
    }

    @Test("Rules are counted by part, and no value is in what is counted")
    func counts() throws {
        let texts = ["1990-05-32", "1990-13-05", "1990-00-00", "1990-05", "nonsense", "1990-05-12"]
        let counts = try Fixtures.encode(
            "date_of_birth", texts, with: Fixtures.pseudonymiser()
        ).counts
        #expect(
            counts.counts.filter { $0.field == "date_of_birth" }.map { "\($0.rule) \($0.count)" }
                == [
                    "date_of_birth.day 2", "date_of_birth.month 2", "date_of_birth.partial 1",
                    "date_of_birth.shape 1",
                ])
    }

    private static let yaml = """
        fields:
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
        blocking:
          surname_birth: [surname.soundex, date_of_birth]
          names_year: [given_name.soundex, surname.soundex, date_of_birth.year]
          names_month_day: [given_name.soundex, surname.soundex, date_of_birth.month_day]
        """

    @Test("Keys and filters need the parts that they are made with, and none is of a name alone")
    func keysAndFilters() throws {
        let dates = ["1990-05-12", "1990-05-32", "1990", "0000-05-12", "nonsense"]
        let encodings = try Fixtures.encode(
            dates.map { ["given_name": "Ann", "surname": "Smith", "date_of_birth": $0] },
            with: Fixtures.pseudonymiser(Self.yaml))
        func isThere(_ field: String) -> [Bool] {
            switch encodings[field] {
            case .token(let tokens)?: Array(tokens).map { $0 != 0 }
            default: Fixtures.filters(encodings, field).map { $0.contains { $0 != 0 } }
            }
        }
        let expected = [
            "surname": [true, false, false, false, false],
            "given_name.formal": [true, false, false, false, false],
            "block.surname_birth": [true, false, false, false, false],
            "block.names_year": [true, true, true, false, false],
            "block.names_month_day": [true, false, false, true, false],
            "names.year_month": [true, true, false, false, false],
            "names.year_day": [true, false, false, false, false],
            "names.month_day": [true, false, false, true, false],
        ]
        for (field, rows) in expected { #expect(isThere(field) == rows, "\(field)") }
        let years = Fixtures.tokens(encodings, "block.names_year")
        #expect(Set(years.prefix(3)).count == 1)
        let compounds = Fixtures.filters(encodings, "names.year_month")
        #expect(compounds[0] == compounds[1])
    }
}
