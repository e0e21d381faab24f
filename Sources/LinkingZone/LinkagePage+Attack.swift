import Features
import Linkage
import Report

extension LinkagePage {
    /// The dial, and what attacks read at it, beside what the linkage is expected to be worth.
    static func attack(_ report: LinkageReport, _ detail: LinkageReport.Detail) -> [Block] {
        var blocks: [Block] = [
            .text(
                "What makes names easier to compare makes them easier to read: precision and recall belong to the dial at which they were reached, and to what the known attacks read at it. Whoever holds the key reads everything."
            )
        ]
        if let dial = detail.dial {
            blocks.append(
                dial.isEmpty
                    ? .text("Nothing is compared by filters.")
                    : .items(dial.map { [.text($0.words)] }))
        }
        if let quality = detail.quality {
            let (precision, recall) = (quality.precision.value, quality.recall.value)
            let f1 =
                precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
            blocks.append(
                .pairs([
                    Pair(
                        "Expected at this dial",
                        "precision \(fine(precision)), recall \(fine(recall)), F1 \(fine(f1))")
                ]))
        }
        guard let attack = report.attack else {
            return blocks + [
                .text(
                    "What attacks read at it is not on file here. The source zone, which alone knows the truth, finds out; bring its file here and name it under linkage, report, attack:"
                ), .code("stile attack --config source/stile.yaml --json > attack.json"),
            ]
        }
        guard
            attack.isOf(
                keyEpoch: detail.keyEpoch, encodingSpecification: detail.encodingSpecification)
        else {
            return blocks + [
                .note(
                    Note(
                        .warning, "The attack rate on file is of other encodings",
                        [
                            .text(
                                "It is of \(attack.day), at \(attack.hardening), under other keys or another specification than what was linked, so it is not shown. Run stile attack --json in the source zone again."
                            )
                        ]))
            ]
        }
        return blocks + [.table(table(attack))]
    }

    private static func table(_ attack: AttackRate) -> Table {
        func share(_ count: Int, _ reading: AttackRate.Reading) -> Cell {
            .text(fine(reading.records > 0 ? Double(count) / Double(reading.records) : 0))
        }
        return Table(
            "Read without the key, of \(Numerals.count(attack.records)) records, on \(attack.day): where most was read of each kind of value",
            columns: [
                .init("Value"), .init("Records", .number), .init("Read", .number),
                .init("Without looking", .number), .init("From"), .init("By"),
            ],
            rows: attack.worst.map { reading in
                [
                    .text(ValueWords.readable(reading.of)), .count(reading.records),
                    share(reading.namedInOne, reading), share(reading.namedBlind, reading),
                    .text(reading.field),
                    .text(
                        ValueWords.readable(reading.attack)
                            + (reading.readByCounting ? "; anybody who counts" : "")),
                ]
            })
    }
}
