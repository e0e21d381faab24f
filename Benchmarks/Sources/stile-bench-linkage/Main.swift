import EncodedExtract
import Foundation
import Linkage
import PipelineModel

/// `stile-bench-linkage --data DIR --set NAME [--input DIR] [--json OUT]`: how well and how fast
/// a set is linked from its encodings.
///
/// `--clear yes` compares the names' own pairs of letters, neither hashed together nor hardened:
/// the same model in the clear. `--dial default` leaves out the set's own hardening, `--dial none`
/// all hardening, `--hardening` states another. `--seed N` draws other keys. `--conflicts none` leaves
/// out those that a run derives. Attacked is what was linked, at the same settings, but with `--attack no`.
///
/// `--write DIR [--hold-back N]` writes the encodings and ends; `--link DIR` links them, then the
/// rows held back, and prints seconds and memory; with `--rate yes` it prints how many pairs one processor
/// compares and weighs in a second.
@main
struct Main {
    static func main() {
        do { try run() } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        var options: [String: String] = [:]
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() { options[name] = rest.popFirst() ?? "" }
        if let folder = options["--link"] {
            return try LinkTiming.run(folder, options)
        }
        var set = try DataSet.load(
            options["--set"] ?? "", data: options["--data"] ?? ".", input: options["--input"])
        let isClear = options["--clear"].map { $0 != "no" } ?? false
        if isClear {
            // The pairs of letters themselves: one bit for each, hardly two at one place.
            options["--filter"] = "{bits: 4096, positions_per_bigram: 1}"
        }
        let dial = try DataSet.Dial(options, set, isClear: isClear)
        if !dial.hardening.isEmpty { set.encoding += "\n  hardening: \(dial.hardening)" }
        for part in ["filter", "compounds"] {
            if let dial = options["--\(part)"] { set.encoding += "\n  \(part): \(dial)" }
        }
        let seed = options["--seed"].flatMap(UInt64.init) ?? 1
        let (encoded, encoding) = try LinkingCost.of { try EncodedSet(set, seed: seed) }
        if let folder = options["--write"] {
            return try LinkTiming.write(
                encoded.encodings, to: folder, heldBack: Int(options["--hold-back"] ?? "0") ?? 0)
        }
        var specification = LinkageSpecification()
        specification.sourcesWithDuplicates = Set(
            set.sources.filter(\.hasDuplicates).map(\.name))
        if let text = options["--candidates"], let number = Double(text) {
            specification.candidatesPerRecord = number
        }
        if options["--conflicts"] == "none" { specification.conflicts = [] }
        let (linked, cost) = try LinkingCost.of {
            try LinkageStudy(encoded.encodings, specification)
        }
        guard let study = linked else { throw DataSet.Misuse(what: "no pair was found") }
        let attack =
            isClear || options["--attack"] == "no"
            ? nil : try EncodingAttack(encoded, set, seed: seed)
        try report(set, encoded, study, dial.name, encoding, cost, attack, options)
    }

    private static func report(
        _ set: DataSet, _ encoded: EncodedSet, _ study: LinkageStudy, _ variant: String,
        _ encoding: LinkingCost, _ linking: LinkingCost, _ attack: EncodingAttack?,
        _ options: [String: String]
    ) throws {
        var numbers: [String: Int] = [:]
        let names = study.subjects.map { encoded.names[$0] }
        let entity = names.map { name -> Int in
            let entity = name?.entity ?? "?"
            if let known = numbers[entity] { return known }
            numbers[entity] = numbers.count
            return numbers.count - 1
        }
        // Pairs within a source count where there is one source only.
        func counts(_ left: Int32, _ right: Int32) -> Bool {
            set.hasDuplicates || names[Int(left)]?.source != names[Int(right)]?.source
        }
        let sources = names.map { name in
            set.hasDuplicates ? 0 : set.sources.firstIndex { $0.name == name?.source } ?? 0
        }
        let wanted = Quality.pairs(entity, sources, within: set.hasDuplicates)
        let weighed = study.pairs.filter { counts($0.left, $0.right) }.map {
            (weight: $0.weight, isMatch: entity[Int($0.left)] == entity[Int($0.right)])
        }
        let reached = weighed.count { $0.isMatch }
        let pairs = Quality.pairs(weighed, wanted: wanted, at: 2)
        let groups = Quality.groups(
            study.merges.map { (Int($0.left), Int($0.right), $0.weight) }, entity: entity,
            sources: sources, within: set.hasDuplicates, wanted: wanted,
            at: [4.25, 2, 0])
        func line(_ what: String, _ quality: Quality) {
            print(
                String(
                    format: "%@ F1 %.4f P %.4f R %.4f at %.2f", what, quality.f1,
                    quality.precision, quality.recall, quality.threshold))
        }
        print(
            "\(set.name): \(study.subjects.count) records, \(wanted) true pairs, "
                + "\(study.pairs.count) pairs kept, \(study.parameters.pairs) compared, reached "
                + String(format: "%.4f", Double(reached) / Double(max(wanted, 1))))
        print("  \(variant): \(encoded.dial)")
        if let attack { print(attack.text) }
        line("  pairs  best  ", pairs.best)
        line("  pairs  2 bits", pairs.chosen)
        line("  groups best  ", groups.best)
        line("  groups 2 bits", groups.chosen[1])
        let decided = study.decided.map { decision in
            var quality = Quality(
                groups: decision.group, entity, sources, within: set.hasDuplicates)
            quality.threshold = decision.threshold
            return quality
        }
        for (decision, quality) in zip(study.decided, decided) {
            line("  people, margin \(decision.margin), \(decision.closeCalls) too close", quality)
        }
        let expected = study.estimate.quality(at: study.decided[0].threshold)
        let grouped = GroupedQuality.all(
            study.decided[0].group, entity: entity, sources: sources, within: set.hasDuplicates,
            attributes: set.attributes.map(\.name), values: names.map { $0?.values ?? [] })
        for row in grouped {
            print(
                String(
                    format: "    %@ %@: %d records, P %.4f R %.4f", row.attribute, row.value,
                    row.records, row.precision, row.recall))
        }
        print(
            String(
                format:
                    "  expected there, at %.2f: P %.4f (%.4f–%.4f) R %.4f (%.4f–%.4f) F1 %.4f",
                expected.threshold, expected.precision.value, expected.precision.low,
                expected.precision.high, expected.recall.value, expected.recall.low,
                expected.recall.high, expected.f1))
        print(
            String(
                format: "  true pairs compared %.4f, together in groups of any weight %.4f",
                Double(reached) / Double(max(wanted, 1)),
                Double(groups.last.found) / Double(max(wanted, 1))))
        if let heterogeneity = study.parameters.heterogeneity {
            print("  careless: \(heterogeneity.share) of matches, shift \(heterogeneity.shift)")
        }
        print(
            String(
                format:
                    "  encoded in %.2f s, linked in %.2f s; never compared as estimated %.4f; rounds %d",
                encoding.seconds, linking.seconds, study.parameters.neverCompared,
                study.parameters.rounds))
        var twins: Double?
        if let folder = options["--input"] {
            twins = try Twins(table: "\(folder)/twins.csv").linked(
                names: names.map { $0?.entity ?? "" }, sources: sources,
                groups: study.decided[0].group)
            print(String(format: "  twins falsely linked: %.4f", twins ?? 0))
        }
        if let file = options["--json"] {
            try Results(
                set: set.name, variant: variant, dial: encoded.dial, pairs: pairs.best,
                groups: groups.best,
                isOneToOne: !set.hasDuplicates,
                sure: groups.chosen[0], likely: groups.chosen[2],
                chosen: decided[0], grouped: grouped, expected: expected,
                compared: Double(reached) / Double(max(wanted, 1)),
                comparedPairs: study.parameters.pairs, twins: twins, cost: linking,
                attack: attack
            ).write(to: file)
        }
        if let file = options["--pairs-out"] {
            var text = "source_l,id_l,source_r,id_r,weight\n"
            for pair in study.pairs where counts(pair.left, pair.right) {
                guard let left = names[Int(pair.left)], let right = names[Int(pair.right)]
                else { continue }
                text += "\(left.source),\(left.id),\(right.source),\(right.id),\(pair.weight)\n"
            }
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        if options["--show"] != nil {
            print(study.parameters.keys.map { $0.joined(separator: "+") }.joined(separator: "\n"))
            for comparison in study.parameters.comparisons {
                print(comparison.name)
                for level in comparison.levels.indices {
                    print(
                        String(
                            format: "   m %.5f r %.5f u %.7f  %@", comparison.m[level],
                            comparison.r[level], comparison.u[level], comparison.levels[level]))
                }
            }
            print(
                "held back \(study.parameters.heldBack ?? 0), below \(study.parameters.belowReview ?? 0), uncompared \(study.parameters.uncompared ?? 0)"
            )
            print("M \(study.parameters.prevalence) R \(study.parameters.relatives)")
        }
    }
}
