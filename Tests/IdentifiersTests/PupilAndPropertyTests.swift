import Identifiers
import Testing

@Suite("UPN and UPRN")
struct PupilAndPropertyTests {
    @Test(
        "Valid UPNs; a letter at the end makes one temporary",
        arguments: [
            ("B801200005001", false), ("M80120000500A", true), ("A938400115012", false),
            ("P207000016049", false), ("p207 0000 16049", false),
        ])
    func valid(text: String, isTemporary: Bool) {
        let verdict = UPN.read(text)
        #expect(verdict.value?.isTemporary == isTemporary)
        #expect(verdict.rule == (isTemporary ? .upnTemporary : nil))
    }

    @Test(
        "Refused UPNs, each by its rule",
        arguments: [
            // The worked example of two vendors' help pages, whose sum is wrong.
            ("Q207000016049", IdentifierRule.upnCheck), ("A801200005001", .upnCheck),
            ("B80120000500", .upnShape), ("B8012000050O1", .upnShape),
            ("I801200005001", .upnShape), ("B80120000500I", .upnShape), ("UN0", .upnShape),
            ("UN11", .upnShape),
        ])
    func invalid(text: String, rule: IdentifierRule) {
        #expect(UPN.read(text) == .invalid(rule))
    }

    @Test("Codes for “no UPN” are missing")
    func unknownCodes() {
        for number in 1...10 { #expect(UPN.read("UN\(number)") == .missing(.upnUnknown)) }
    }

    /// The number with its right check letter, worked out anew.
    private func upn(authority: String) -> String {
        let body = authority + "400115012"
        let sum = zip(2..., body).reduce(0) { $0 + $1.0 * (Int(String($1.1)) ?? 0) }
        return String(Array("ABCDEFGHJKLMNPQRTUVWXYZ")[sum % 23]) + body
    }

    @Test("Authorities of recent reorganisations are known, unknown ones are not")
    func authorities() {
        for code in ["838", "839", "840", "940", "941", "942", "943", "001", "896"] {
            #expect(UPN.read(upn(authority: code)).value != nil, "\(code)")
        }
        for code in ["000", "006", "300", "944", "999"] {
            #expect(UPN.read(upn(authority: code)) == .invalid(.upnAuthority), "\(code)")
        }
    }

    @Test(
        "UPRNs without leading zeros",
        arguments: [
            ("000000199356", "199356"), ("199356", "199356"), ("1", "1"),
            ("999999999999", "999999999999"),
        ])
    func uprn(text: String, normal: String) { #expect(UPRN.read(text).value?.text == normal) }

    @Test("Refused UPRNs")
    func refusedUPRN() {
        #expect(UPRN.read("0") == .invalid(.uprnZero))
        #expect(UPRN.read("1000000000000") == .invalid(.uprnShape))
        #expect(UPRN.read("199356.0") == .invalid(.uprnShape))
        #expect(UPRN.read("") == .missing(.absent))
    }

    @Test(
        "Dates of birth in the three forms of a contract",
        arguments: ["2011-02-28", "20110228", "28/02/2011"])
    func birthDate(text: String) {
        let date = BirthDate.read(text).value
        #expect(date?.year == 2011 && date?.month == 2 && date?.day == 28)
    }

    /// A text, the parts that can be used of it (a hyphen where there are none) and the rules.
    @Test(
        "What can be used of a date of which a part is not given or impossible",
        arguments: [
            ("1990-05-00", "1990 5 -", ["date_of_birth.day"]),
            ("1990-05-32", "1990 5 -", ["date_of_birth.day"]),
            ("32/05/1990", "1990 5 -", ["date_of_birth.day"]),
            ("19900532", "1990 5 -", ["date_of_birth.day"]),
            ("1990-13-05", "1990 - 5", ["date_of_birth.month"]),
            ("05/00/1990", "1990 - 5", ["date_of_birth.month"]),
            ("1990-00-00", "1990 - -", ["date_of_birth.month", "date_of_birth.day"]),
            ("0000-05-12", "- 5 12", ["date_of_birth.year"]),
            ("2011-02-30", "2011 2 30", ["date_of_birth.day"]),
            ("2011-02-29", "2011 2 29", ["date_of_birth.day"]),
            ("??/05/1990", "1990 5 -", ["date_of_birth.partial"]),
            ("--/05/1990", "1990 5 -", ["date_of_birth.partial"]),
            ("12/05/", "- 5 12", ["date_of_birth.partial"]),
            ("1990-05-xx", "1990 5 -", ["date_of_birth.partial"]),
            ("1990-05-", "1990 5 -", ["date_of_birth.partial"]),
            ("199005??", "1990 5 -", ["date_of_birth.partial"]),
            ("19??-05-12", "- 5 12", ["date_of_birth.partial"]),
            ("1990-1?-12", "1990 - 12", ["date_of_birth.partial"]),
            ("1990-05", "1990 5 -", ["date_of_birth.partial"]),
            ("05/1990", "1990 5 -", ["date_of_birth.partial"]),
            ("1990", "1990 - -", ["date_of_birth.partial"]),
            ("1990-13", "1990 - -", ["date_of_birth.partial", "date_of_birth.month"]),
        ])
    func partialBirthDate(text: String, expected: String, rules: [String]) throws {
        #expect(BirthDate.read(text) == .invalid(.birthDateShape))
        let date = try #require(PartialBirthDate.read(text).value)
        let parts = [date.possibleYear, date.possibleMonth, date.possibleDay]
        #expect(parts.map { $0.map(String.init) ?? "-" }.joined(separator: " ") == expected)
        #expect(date.rules.map(\.rawValue) == rules)
    }

    @Test("Days and months that are possible together, and dates that are when they are exchanged")
    func possibleTogether() {
        for (text, anniversary, exchanged) in [
            ("2011-02-29", true, false), ("2011-02-30", false, false),
            ("2011-04-31", false, false), ("1990-13-05", false, true),
            ("1990-31-04", false, false), ("1990-13-00", false, false),
            ("0000-05-12", true, false),
        ] {
            let date = PartialBirthDate.read(text).value
            #expect(date?.hasPossibleAnniversary == anniversary, "\(text)")
            #expect(date?.isPossibleExchanged == exchanged, "\(text)")
        }
    }

    @Test("Nothing is kept of what is no date, or has a single month or day")
    func noPartOfADate() {
        for text in [
            "soon", "28/02/11", "2011-2-8", "02-28-2011", "??/??/????", "0000-05-00", "05",
            "12/??/????", "????-05-??", "1990-ab-12", "201105", "1990-05-12-01", "-05-", "",
        ] {
            #expect(PartialBirthDate.read(text) == .invalid(.birthDateShape), "\(text)")
        }
        for text in ["1900", "1901-01", "1800-00-00", "1900-01-??", "01/??/1900"] {
            #expect(PartialBirthDate.read(text) == .missing(.birthDatePlaceholder), "\(text)")
        }
    }

    @Test("Dates that are none, and dates that stand for none")
    func refusedDates() {
        for text in ["2011-02-29", "2011-13-01", "28/02/11", "02-28-2011", "2011-2-8", "soon"] {
            #expect(BirthDate.read(text) == .invalid(.birthDateShape))
        }
        #expect(BirthDate.read("1900-01-01") == .missing(.birthDatePlaceholder))
        #expect(BirthDate.read("") == .missing(.absent))
    }
}
