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

    @Test("Dates that are none, and dates that stand for none")
    func refusedDates() {
        for text in ["2011-02-29", "2011-13-01", "28/02/11", "02-28-2011", "2011-2-8", "soon"] {
            #expect(BirthDate.read(text) == .invalid(.birthDateShape))
        }
        #expect(BirthDate.read("1900-01-01") == .missing(.birthDatePlaceholder))
        #expect(BirthDate.read("") == .missing(.absent))
    }
}
