import Foundation
import Hashing
import NightRun
import PipelineModel
import Storage
import TestSupport
import Testing

@Suite struct RunPageTests {
    private let record = RunRecord(
        id: "20260329T013000Z-4f1c", zone: .source, began: moment, ended: moment + 61, day: 20_541,
        process: 7, state: .stopped, versions: ["SQLite": "3.40.1", "BLAS": "openblas"],
        stages: [
            StageRecord(
                stage: "intake", scope: "gp", fingerprint: .sha256("f"), rowsIn: 12_345,
                rowsOut: 12_300, rowsRefused: 45, seconds: 0.42,
                inputs: [
                    Artefact("extract", name: "patients.csv", kind: .file, digest: .sha256("a"))
                ], outputs: [Artefact("facts", digest: .sha256("b"))],
                counts: [
                    NamedCount(.refused, "date_of_birth: not a date", 45),
                    NamedCount(.excluded, "opt-out", 3), NamedCount(.other, "people", 9_000),
                ]),
            StageRecord(
                stage: "intake", scope: "school", fingerprint: .sha256("g"), status: .refused),
            StageRecord(stage: "link", fingerprint: .sha256("h"), status: .unchanged),
        ],
        faults: [
            FaultRecord(
                StileError(
                    .input, "The file <b>is</b> empty.", at: .init(file: "school.csv", line: 1),
                    remedy: "Ask for it again."), stage: "intake", scope: "school")
        ])

    @Test func whatStoppedComesFirst() throws {
        let html = RunPage.html(for: record)
        let stopped = try #require(html.firstRange(of: "The file &lt;b&gt;is&lt;/b&gt; empty."))
        let table = try #require(html.firstRange(of: "<table>"))
        #expect(stopped.lowerBound < table.lowerBound)
        for part in [
            "<h1>Source zone, 2026-03-29</h1>",
            "Stopped in part: 1 stage ran, 1 stage had nothing to do, 1 stage was refused.",
            "intake · school: the input was refused", "What to do: Ask for it again.",
            "<code>school.csv:1</code>", "date_of_birth: not a date", "opt-out", "3.40.1",
            ContentDigest.sha256("b").short, ContentDigest.sha256("b").hex,
            ContentDigest.sha256("f").hex, "12\u{202f}345",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(html == RunPage.html(for: record))
        // A developer may look at the page: STILE_SAMPLE_PAGE names where to put it.
        if let path = ProcessInfo.processInfo.environment["STILE_SAMPLE_PAGE"] {
            try Data(html.utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    @Test func aNightWithoutFaultsSaysSo() {
        var clean = record
        clean.faults = []
        clean.state = .finished
        #expect(RunPage.html(for: clean).contains("Nothing stopped"))
        clean.stages = []
        #expect(RunPage.summary(clean) == "Finished: no stage ran.")
        clean.state = .killed
        #expect(RunPage.html(for: clean).contains("ended before it could say why"))
    }

    @Test func anOrdinalDayIsWrittenAsOne() {
        #expect(RunPage.html(for: record, clock: .ordinal).contains("<h1>Source zone, 20541</h1>"))
    }
}
