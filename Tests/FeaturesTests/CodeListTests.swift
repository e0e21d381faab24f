import Testing

@testable import Features

@Suite struct CodeListTests {
    @Test(arguments: [
        ("250.xx", "250.83", true), ("250", "250", true), ("250", "251", false),
        ("250.1", "250.13", true), ("250.1", "250.23", false), ("25", "250", false),
        ("390-459", "390", true), ("390-459", "459.9", true), ("390-459", "460", false),
        ("390-459", "V45", false), ("390-459", "E390", false), ("1-99", "041", true),
        ("I50", "I501", true), ("I50", "i50.1", true), ("I50", "I51", false),
        ("I50.1", "I501", true), ("I20-I25", "I25.9", true), ("I20-I25", "I26", false),
        ("I20-I25", "250", false), ("V01-V91", "V57", true), ("800-999", "E909", false),
    ])
    func anEntryHoldsItsCodes(entry: String, code: String, expected: Bool) {
        #expect(CodeList([entry])?.contains(code) == expected)
    }

    @Test(arguments: ["", "-", "459-390", "I25-I20", "I2-I25", "1-2-3", "390-I20"])
    func anEntryOfNoFormIsRefused(entry: String) { #expect(CodeList([entry]) == nil) }
}
