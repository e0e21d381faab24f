import Foundation
import Intake
import PipelineModel
import Pseudonymise
import StrictYAML
import Synth

/// Two sources of a synthetic county without a common identifier: the register of the practices,
/// which knows everybody, and the schools.
struct County {
    /// What a source delivered on the first night.
    struct Extract {
        var source: String
        var delta: ExtractDelta
        /// The person behind each subject.
        var truth: [SubjectPseudonym: Int]
    }

    /// What the addresses are called, which no contract of the sample lets pass.
    static let address = "address"

    /// The contract as it is written, and with the addresses of the practices' patients as a text.
    let text: String
    let keyring: Keyring
    let practices: Extract
    let schools: Extract

    var records: Int { practices.delta.count }

    init(people: Int, contract path: String) throws {
        text = try Self.withAddresses(String(contentsOfFile: path, encoding: .utf8))
        let contract = try SourceContract(
            YAMLDocument.parse(Array(text.utf8), file: "contract"))
        var generator = SeededGenerator(seed: 1, label: "keys")
        let night = Day(iso: "2025-06-02") ?? .missing
        keyring = Keyring.create(project: "frontier", created: night, using: &generator)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-frontier-\(ProcessInfo.processInfo.processIdentifier)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var truth: [String: [String: Int]] = [:]
        _ = try SyntheticCounty.generate(
            people: people, seed: 1, nights: 1, firstNight: night, into: folder,
            write: { path, bytes in
                if path.hasSuffix("truth/subjects.csv") {
                    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                        let cells = line.split(separator: ",").map(String.init)
                        if cells.count == 3, let person = Int(cells[2]) {
                            truth[cells[0], default: [:]][cells[1]] = person
                        }
                    }
                }
                guard path.contains("/gp/patients") || path.contains("/school/pupils") else {
                    return
                }
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
                try Data(bytes).write(to: URL(fileURLWithPath: path))
            })
        let hasher = try keyring.pseudonymHasher()
        func extract(_ source: String, _ file: String, _ contract: SourceContract) throws -> Extract
        {
            guard
                let extract = contract.sources.first(where: { $0.name == source })?.extracts
                    .first(where: { $0.file == file })
            else { throw Absent(what: "\(source).\(file)") }
            let place = "\(folder)/nights/\(night.iso)/\(source)"
            guard
                let name = try FileManager.default.contentsOfDirectory(atPath: place)
                    .first(where: { $0.hasPrefix(file) })
            else { throw Absent(what: "the extract of \(source)") }
            let checked = try ExtractCheck(
                contract: extract, clock: contract.clock, digest: hasher.closure
            ).check(
                Delivery(extract: extract.name, file: name, day: night), path: "\(place)/\(name)",
                heldRows: 0)
            let delta = try HeldRows(name: extract.name, keyEpoch: 1).delta(of: checked).delta
            var people: [SubjectPseudonym: Int] = [:]
            for (id, person) in truth[source] ?? [:] {
                let (high, low) = hasher(domain: "subject:\(source)", bytes: Array(id.utf8))
                people[SubjectPseudonym(high: high, low: low)] = person
            }
            return Extract(source: source, delta: delta, truth: people)
        }
        practices = try extract("gp", "patients", contract)
        schools = try extract("school", "pupils", contract)
    }

    /// The contract with the address of the practices' patients among the identity.
    private static func withAddresses(_ text: String) throws -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // The patients' identity is the first.
        guard let fields = lines.firstIndex(of: "  fields:"),
            let identity = lines.firstIndex(where: { $0.hasPrefix("        identity: {") })
        else { throw Absent(what: "fields or an identity") }
        lines[identity] = lines[identity].replacingOccurrences(
            of: "identity: {", with: "identity: {\(address): address, ")
        lines.insert("    \(address): {kind: text}", at: fields + 1)
        return lines.joined(separator: "\n")
    }

    /// The contract's encoding at another setting of the dial.
    func specification(_ hardening: String) throws -> EncodingSpecification {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeAll { $0.hasPrefix("  hardening:") }
        guard let start = lines.firstIndex(of: "encoding:") else {
            throw Absent(what: "an encoding")
        }
        lines.insert("  hardening: {\(hardening)}", at: start + 1)
        let document = try YAMLDocument.parse(
            Array(lines.joined(separator: "\n").utf8), file: "contract")
        guard let node = try SourceContract(document).encoding else {
            throw Absent(what: "an encoding")
        }
        var faults = FaultList()
        let specification = EncodingSpecification(node, faults: &faults)
        try faults.check()
        return specification
    }

    struct Absent: Error, CustomStringConvertible {
        var what: String
        var description: String { "The county or its contract lacks \(what)." }
    }
}
