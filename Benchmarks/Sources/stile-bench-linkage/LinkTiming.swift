import ColumnFiles
import EncodedExtract
import Foundation
import Linkage
import PipelineModel

/// How long a linkage takes and what memory, by itself: encodings come from column files that
/// another process has written.
enum LinkTiming {
    /// Writes the encodings as column files: `<source>.stilecol`, and the last `heldBack` rows of
    /// the last source as `delta.stilecol`.
    static func write(_ encodings: [Encodings], to folder: String, heldBack: Int) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        func write(_ table: ColumnTable, _ name: String) throws {
            let bytes = try ColumnFileWriter.bytes(of: table)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).stilecol"))
        }
        for (index, source) in encodings.enumerated() {
            let isLast = index == encodings.count - 1
            let end = source.count - (isLast ? heldBack : 0)
            try write(source.rows(0..<end).table, source.source)
            if isLast { try write(source.rows(end..<source.count).table, "delta") }
        }
    }

    /// Links what ``write(_:to:heldBack:)`` wrote and prints seconds and memory.
    ///
    /// - Parameters:
    ///   - folder: Where the column files lie.
    ///   - options: `--duplicates`, sources with commas between; `--candidates` for each record;
    ///     `--memory` in megabytes; `--rate yes` to have, instead of the delta, the pairs that one
    ///     processor compares and weighs in a second; `--as-night yes` to have the report's detail, and the
    ///     state written and read between the two runs; `--json` and the `--set` that it names.
    static func run(_ folder: String, _ options: [String: String]) throws {
        func read(_ name: String) throws -> Encodings {
            let file = "\(folder)/\(name)"
            let data = try Data(
                contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
            return try Encodings(
                ColumnFileReader.table(data, file: file, isMapped: true), file: file)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".stilecol") && $0 != "delta.stilecol" }.sorted()
        var specification = LinkageSpecification()
        specification.sourcesWithDuplicates = Set(
            (options["--duplicates"] ?? "").split(separator: ",").map(String.init))
        if let number = options["--candidates"].flatMap(Double.init) {
            specification.candidatesPerRecord = number
        }
        specification.memory = options["--memory"].flatMap { Int($0) }
        let mint = try Minter(seed: [UInt8](repeating: 7, count: 32))
        let isNight = options["--as-night"].map { $0 != "no" } ?? false
        var night = isNight ? try NightState(below: "\(folder)/night") : nil
        defer { try? night?.remove() }
        var state = LinkState()
        var runs: [TimedLink] = []
        func link(_ what: String, _ files: [String]) throws {
            let (encodings, reading) = try LinkingCost.of {
                if let night {
                    // A night begins without what the last one had in memory.
                    state = LinkState()
                    state = try night.read()
                }
                return try files.map(read)
            }
            let (outcome, cost) = try LinkingCost.of {
                try Linker.link(
                    state: state, delta: encodings, specification: specification, mint: mint,
                    detail: isNight)
            }
            let pairs = outcome.report.candidatePairs.reduce(0) { $0 + $1.pairs }
            var run = TimedLink(
                name: what, newVersions: outcome.report.newVersions, people: outcome.report.people,
                candidatePairs: pairs, cost: cost)
            print(
                String(
                    format:
                        "%@: %d versions new; %d people; %.2f s wall, %.2f s of processors; peak %.0f MB",
                    what, run.newVersions, run.people, cost.seconds, cost.processorSeconds,
                    cost.peakMegabytes))
            print(
                "\(pairs) candidate pairs; \(outcome.state.pairs.count) kept; "
                    + String(format: "result %016llx", digest(outcome.state)))
            if isNight {
                let ((), writing) = try LinkingCost.of { try night?.write(outcome) ?? () }
                run.night = .init(reading: reading, writing: writing)
                print(run.nightText ?? "")
            }
            runs.append(run)
            state = outcome.state
        }
        try link("all", names)
        if options["--rate"] != nil, let parameters = state.parameters {
            return try rate(try names.map(read), specification, parameters)
        }
        if FileManager.default.fileExists(atPath: "\(folder)/delta.stilecol") {
            let people = Dictionary(
                uniqueKeysWithValues: state.memberships.map { ($0.subject, $0.person) })
            try link("delta", ["delta.stilecol"])
            let moved = MovedSubjects(
                before: people, state: state,
                new: Set(try read("delta.stilecol").subject))
            runs[runs.count - 1].moved = moved
            print(
                "subjects that were there and have another person now: \(moved.all), "
                    + "of whom no new record touches \(moved.untouched)")
        }
        if let file = options["--json"] {
            var values: [String: Any] = [
                "set": options["--set"] ?? "", "system": "Stile", "kind": "linking",
                "as_night": isNight, "processors": ProcessInfo.processInfo.activeProcessorCount,
                "runs": runs.map(\.values),
            ]
            values["candidates_per_record"] = options["--candidates"].flatMap(Double.init)
            try Results.write(values, to: file)
        }
    }

    /// Prints how many pairs one processor compares and weighs in a second, without finding them.
    private static func rate(
        _ encodings: [Encodings], _ specification: LinkageSpecification,
        _ parameters: LinkageParameters
    ) throws {
        let study = try PairScoringStudy(
            encodings, specification, parameters: parameters, most: 8_000_000)
        for screened in [false, true] {
            for _ in 0..<5 {
                let (kept, cost) = LinkingCost.of { study.kept(screened: screened) }
                let taken = cost.processorSeconds
                print(
                    String(
                        format:
                            "%d pairs %@, %d kept: %.2f s of one processor, %.2f million a second",
                        study.pairs, screened ? "screened, the rest compared" : "compared in full",
                        kept, taken, Double(study.pairs) / taken / 1e6))
            }
        }
    }

    /// A number that two runs share where they gave the same people, pairs and weights to the last
    /// bit.
    private static func digest(_ state: LinkState) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0x0000_0100_0000_01b3
            hash ^= hash >> 29
        }
        func mix(_ subject: SubjectPseudonym) {
            mix(subject.high)
            mix(subject.low)
        }
        for member in state.memberships {
            mix(member.subject)
            mix(member.serial)
            mix(member.person.high)
            mix(member.person.low)
        }
        for pair in state.pairs {
            mix(pair.left)
            mix(pair.right)
            mix(pair.weight.bitPattern)
            mix(pair.conflict ? 1 : 0)
        }
        for call in state.closeCalls {
            for subject in [call.left, call.right, call.insteadOf, call.rival] { mix(subject) }
            mix(call.margin.bitPattern)
        }
        for comparison in state.parameters?.comparisons ?? [] {
            for share in comparison.m + comparison.r + comparison.u { mix(share.bitPattern) }
        }
        mix((state.parameters?.neverCompared ?? 0).bitPattern)
        mix((state.parameters?.linkThreshold ?? 0).bitPattern)
        return hash
    }
}
