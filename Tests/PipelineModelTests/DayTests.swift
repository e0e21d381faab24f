import PipelineModel
import Testing

@Suite struct DayTests {
    @Test(arguments: [
        (Day(0), 1, Day(1)), (Day.open, 1, .open), (Day.missing, -1, .missing),
        (Day(5), Int.max, .open), (Day(5), Int.min, .missing),
        (Day(5), Int(Int32.max), .open),
    ])
    func additionEndsWithTheClock(day: Day, days: Int, sum: Day) {
        #expect(day + days == sum)
    }

    @Test func subtractionEndsWithTheClock() {
        #expect(Day(5) - 7 == Day(-2))
        #expect(Day(5) - Int.max == .missing)
        #expect(Day.open - Int.min == .open)
        #expect(Day.open - Day.missing == Int(Int32.max) - Int(Int32.min))
    }
}
