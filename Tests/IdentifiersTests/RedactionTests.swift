import Identifiers
import Testing

@Suite("Identifiers do not print themselves")
struct RedactionTests {
    @Test("Neither printing nor dumping shows a value")
    func redacted() {
        var printed = ""
        dump(NHSNumber.read("9434765919"), to: &printed)
        dump(UPN.read("B801200005001"), to: &printed)
        dump(UPRN.read("199356"), to: &printed)
        dump(Postcode.read("LE1 4AB"), to: &printed)
        dump(BirthDate.read("2011-02-28"), to: &printed)
        dump(PartialBirthDate.read("2011-02-30"), to: &printed)
        printed += "\(Postcode.read("LE1 4AB")) \(String(reflecting: UPRN.read("199356")))"
        for value in ["9434765919", "B801200005001", "199356", "LE1", "4AB", "2011"] {
            #expect(!printed.contains(value))
        }
        #expect(printed.contains("nhsNumberTestRange"))
    }
}
