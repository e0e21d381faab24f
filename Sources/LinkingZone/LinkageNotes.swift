import Features
import Linkage
import Report

/// What a link has found that somebody should see to: a sentence each, with no value and no
/// pseudonym in it.
enum LinkageNotes {
    /// Of fewer identities all may lack a value by chance.
    static let leastIdentities = 10
    /// From this share of matches on, what the model expects rests on too little.
    static let muchUncompared = 0.1

    /// The notes of a run, in the order of its report.
    static func sentences(_ report: LinkageReport) -> [String] {
        // That a sex or a year is common is nothing to see to.
        report.skippedBlocks.filter { $0.isBlocking == true }.map(skipped)
            + (report.detail?.completeness ?? []).flatMap(missing)
            + [uncompared(report.detail?.quality)].compactMap { $0.map { "  " + $0 } }
    }

    /// That names are often not compared; `nil` where they mostly are.
    static func uncompared(_ quality: LinkageReport.ModelledQuality?) -> String? {
        guard let share = quality?.uncompared, share >= muchUncompared else { return nil }
        return
            "in \(Numerals.number(100 * share, decimals: 0)) % of the likely matches names could not be compared, since the two records have no value of the salt in common (another date of birth, or none); precision and recall as expected are not to be relied on before clerks have reviewed a sample, and another “hardening” finds more and gives more away: see “The dial” in docs/Encoding.md"
    }

    private static func skipped(_ blocks: LinkageReport.SkippedBlocks) -> String {
        let records = Numerals.count(blocks.records)
        let what =
            blocks.blocks == 1
            ? "one value is shared by \(records) records, so that it brings none of them together"
            : "\(Numerals.count(blocks.blocks)) values are shared by \(records) records, too many for each, so that they bring none of them together"
        return
            "  key \(blocks.field): \(what); where a value stands for none, name it under “missing” in the source zone"
    }

    private static func missing(_ source: LinkageReport.Completeness) -> [String] {
        source.fields.filter { $0.present.of >= leastIdentities && $0.present.count == 0 }.map {
            "  source \(source.source): none of its \(Numerals.count($0.present.of)) identities has a value of \($0.field), so that it says nothing for or against a link; see whether its column is the right one"
        }
    }
}
