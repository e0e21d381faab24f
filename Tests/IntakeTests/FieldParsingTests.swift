import PipelineModel
import Testing

@testable import Intake

@Suite struct FieldParsingTests {
    func day(_ text: String, _ style: ExtractContract.DateStyle) -> Day? {
        Array(text.utf8).withUnsafeBufferPointer { FieldParsing.day($0, style) }
    }

    func number(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer(FieldParsing.number)
    }

    @Test func everyDayOfACenturyIsRead() {
        for number in Int32(0)..<36_525 {
            let expected = Day(number)
            let parts = expected.iso.split(separator: "-")
            #expect(day(expected.iso, .iso) == expected)
            #expect(day("\(parts[2])/\(parts[1])/\(parts[0])", .uk) == expected)
            #expect(day(parts.joined(), .compact) == expected)
        }
    }

    @Test(arguments: [
        "2026-02-30", "2026-13-01", "2026-00-10", "2025-02-29", "2026-1-1", "2026-01-01 ", "",
        "01/01/2026", "20260101", "2026-01-0x", "0000-01-01", "２０２６-01-01",
    ])
    func impossibleDaysAreRefused(text: String) { #expect(day(text, .iso) == nil) }

    @Test func coarseningGoesToTheFirstDay() throws {
        let some = try #require(Day(iso: "2026-03-17"))
        #expect(FieldParsing.coarsened(some, .month).iso == "2026-03-01")
        #expect(FieldParsing.coarsened(some, .year).iso == "2026-01-01")
    }

    @Test func numbersAreThoseOfTheStandardLibrary() {
        var generator = SeededGenerator(seed: 5, label: "numbers")
        for _ in 0..<20_000 {
            let whole = generator.below(1 << (1 + generator.below(50)))
            let sign = generator.chance(0.3) ? "-" : ""
            var text = "\(sign)\(whole)"
            if generator.chance(0.6) { text += ".\(generator.below(1_000_000_000))" }
            if generator.chance(0.1) { text += "e\(generator.below(40) - 20)" }
            #expect(number(text) == Double(text), "\(text)")
        }
        #expect(number("-0")?.sign == .plus)
    }

    @Test(arguments: [
        "", "-", ".", "1,5", "1.2.3", "0x10", "nan", "inf", "1e", "1e+", "1 2", "1e999", "--1",
        "e5",
    ])
    func whatIsNoNumberIsRefused(text: String) { #expect(number(text) == nil) }

    @Test func ordinalsKeepClearOfMissingAndOpen() {
        func ordinal(_ text: String) -> Day? {
            Array(text.utf8).withUnsafeBufferPointer(FieldParsing.ordinal)
        }
        #expect(ordinal("443867222") == Day(443_867_222))
        #expect(ordinal("-7") == Day(-7))
        for text in ["2147483647", "-2147483648", "99999999999", "1.0", "-", ""] {
            #expect(ordinal(text) == nil, "\(text)")
        }
    }

    @Test func theInternerNumbersByAppearance() {
        var interner = ByteInterner()
        for round in 0..<2 {
            for value in 0..<500 {
                let code = Array("code \(value)".utf8).withUnsafeBufferPointer {
                    interner.intern($0)
                }
                #expect(code == UInt32(value), "round \(round)")
            }
        }
        #expect(interner.count == 500)
        #expect(interner.text(499) == "code 499")
        #expect(Array("code".utf8).withUnsafeBufferPointer { interner.find($0) } == nil)
    }
}
