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
    ///     `--memory` in megabytes; `--rate` to have, instead of the delta, the pairs that one processor
    ///     compares and weighs in a second.
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
        var state = LinkState()
        func link(_ what: String, _ files: [String]) throws {
            let clock = ContinuousClock()
            var (before, after) = (rusage(), rusage())
            let encodings = try files.map(read)
            getrusage(0, &before)
            let start = clock.now
            let outcome = try Linker.link(
                state: state, delta: encodings, specification: specification, mint: mint)
            let taken = start.duration(to: clock.now)
            getrusage(0, &after)
            print(
                String(
                    format:
                        "%@: %d versions new; %d people; %.2f s wall, %.2f s of processors; peak %d MB",
                    what, outcome.report.newVersions, outcome.report.people, taken / .seconds(1),
                    seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime)
                        - seconds(before.ru_stime), after.ru_maxrss / 1024))
            let pairs = outcome.report.candidatePairs.reduce(0) { $0 + $1.pairs }
            print(
                "\(pairs) candidate pairs; \(outcome.state.pairs.count) kept; "
                    + String(format: "result %016llx", digest(outcome.state)))
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
            let changed = state.memberships.count {
                people[$0.subject].map { [person = $0.person] in $0 != person } ?? false
            }
            print("subjects that were there and have another person now: \(changed)")
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
                var (before, after) = (rusage(), rusage())
                getrusage(0, &before)
                let kept = study.kept(screened: screened)
                getrusage(0, &after)
                let taken =
                    seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime)
                    - seconds(before.ru_stime)
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

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
    }
}

extension Encodings {
    /// Some of the rows.
    fileprivate func rows(_ range: Range<Int>) -> Encodings {
        var part = Encodings(
            source: source, keyEpoch: keyEpoch, specification: specification,
            subject: Array(subject[range]), record: Array(record[range]),
            operation: Array(operation[range]), happened: Array(happened[range]),
            known: Array(known[range]))
        part.fields = fields.map { field in
            var field = field
            switch field.values {
            case .token(let tokens): field.values = .token(Array(tokens[range]))
            case .filter(let bits, let words):
                let width = bits / 64
                field.values = .filter(
                    bits: bits,
                    words: WordColumn(
                        Array(words[(range.lowerBound * width)..<(range.upperBound * width)])))
            case .tokenSet(let offsets, let tokens):
                let first = offsets[range.lowerBound]
                field.values = .tokenSet(
                    offsets: offsets[range.lowerBound...range.upperBound].map { $0 - first },
                    tokens: Array(tokens[first..<offsets[range.upperBound]]))
            }
            return field
        }
        return part
    }
}
