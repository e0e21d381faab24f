import Testing

@testable import Linkage
@testable import LinkingZone

/// What a link says of a report.
@Suite struct LinkageNotesTests {
    @Test func aValueThatManyShareAndAFieldWithoutValuesAreSaid() {
        var report = LinkageReport()
        report.detail = LinkageReport.Detail()
        report.skippedBlocks = [
            .init(field: "block.home", blocks: 1, records: 1_500, isBlocking: true),
            .init(field: "uprn", blocks: 3, records: 4_500, isBlocking: true),
            .init(field: "sex", blocks: 2, records: 4_500, isBlocking: false),
            .init(field: "block.before", blocks: 2, records: 4_500),
        ]
        func field(_ name: String, _ count: Int, of total: Int) -> LinkageReport.Completeness.Field
        {
            .init(field: name, present: Proportion(count, of: total))
        }
        report.detail?.completeness = [
            .init(
                source: "gp", fields: [field("upn", 0, of: 60), field("sex", 1, of: 60)]),
            .init(source: "school", fields: [field("upn", 0, of: 9)]),
        ]
        #expect(
            LinkageNotes.sentences(report) == [
                "  key block.home: one value is shared by 1500 records, so that it brings none of them together; where a value stands for none, name it under “missing” in the source zone",
                "  key uprn: 3 values are shared by 4500 records, too many for each, so that they bring none of them together; where a value stands for none, name it under “missing” in the source zone",
                "  source gp: none of its 60 identities has a value of upn, so that it says nothing for or against a link; see whether its column is the right one",
            ])
        #expect(LinkageNotes.sentences(LinkageReport()).isEmpty)
    }

    @Test func thatNamesAreOftenNotComparedIsSaid() {
        var report = LinkageReport()
        report.detail = LinkageReport.Detail()
        let range = QualityEstimate.Range(value: 0.9, low: 0.8, high: 0.95)
        report.detail?.quality = .init(
            linkedPairs: 100, precision: range, recall: range, neverCompared: 0.01, heldBack: 0,
            belowReview: 0, uncompared: 0.31)
        let sentences = LinkageNotes.sentences(report)
        #expect(sentences.count == 1)
        #expect(
            sentences.first?.hasPrefix(
                "  in 31 % of the likely matches names could not be compared")
                == true)
        // Who is told of a dial that finds more is told its price.
        #expect(sentences.first?.contains("finds more and gives more away") == true)
        report.detail?.quality?.uncompared = 0.09
        #expect(LinkageNotes.sentences(report).isEmpty)
        report.detail?.quality?.uncompared = nil
        #expect(LinkageNotes.sentences(report).isEmpty)
    }
}
