import ColumnFiles
import Foundation
public import Linkage
import PipelineModel
import Report
import Storage

extension LinkingZone {
    /// Explains what the newest linkage decided about two subjects; changes nothing.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - left: A subject's pseudonym, 32 hexadecimal digits.
    ///   - right: Another's.
    /// - Throws: `StileError` with code `input` where a pseudonym cannot be read or is not held,
    ///   or nobody has been linked yet.
    public static func explain(
        configuration path: String, _ left: String, _ right: String
    ) throws -> ExplainedPair {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let (one, two) = try (subject(left), subject(right))
        let state = try linkState(configuration)
        return ExplainedPair(
            try Linker.explain(
                one, two, in: state, specification: linkageSpecification(configuration)))
    }

    private static func subject(_ text: String) throws -> SubjectPseudonym {
        guard let subject = SubjectPseudonym(hex: text) else {
            throw StileError(
                .input, "A subject is not a pseudonym of 32 hexadecimal digits in lower case.",
                remedy: "Take pseudonyms from stile link --export; never give a name or a number.")
        }
        return subject
    }

    /// The state of the newest linkage.
    ///
    /// - Throws: `StileError` with code `input` where nobody has been linked yet.
    static func linkState(_ configuration: LinkingConfiguration) throws -> LinkState {
        guard FileManager.default.fileExists(atPath: "\(configuration.state)/linking.sqlite") else {
            throw nobody(configuration.path)
        }
        let held = try database(configuration).held(prefix: LinkingNight.statePrefix)
        guard !held.isEmpty else { throw nobody(configuration.path) }
        let columns = ColumnStore(existing: "\(configuration.state)/columns")
        return try LinkState(
            tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
            file: columns.directory)
    }

    private static func nobody(_ path: String) -> StileError {
        StileError(
            .input, "Nobody has been linked yet.", at: .init(file: path),
            remedy: "Run stile link first.")
    }
}

/// An explained pair in the forms in which it can be asked for.
public struct ExplainedPair: Sendable {
    public var explanation: PairExplanation

    init(_ explanation: PairExplanation) { self.explanation = explanation }

    /// For people at a terminal.
    public var text: String { explanation.text }

    /// For machines: JSON with sorted keys.
    public var json: [UInt8] { get throws { try CanonicalForm.bytes(explanation) } }

    /// The waterfall as an SVG file.
    public var svg: String { Chart.bars(chart).svg() }

    /// Writes ``svg`` to a file, whole or not at all.
    public func writeSVG(to file: String) throws {
        try DiskFileSystem().writeDurably(Array(svg.utf8), to: file, permissions: 0o640)
    }

    private var chart: BarChart {
        var bars = explanation.steps.enumerated().map { index, step in
            BarChart.Bar(
                index == 0
                    ? "Before anything is compared"
                    : LinkagePage.words(step.name, step.level), from: step.total - step.bits,
                to: step.total, value: LinkagePage.signed(step.bits),
                tone: index == 0 ? .total : step.bits >= 0 ? .good : .bad)
        }
        bars.append(
            .init(
                "Match weight", to: explanation.weight,
                value: LinkagePage.signed(explanation.weight), tone: .total))
        return BarChart(
            "Match weight, step by step",
            description:
                "A waterfall of \(explanation.steps.count) steps that ends at \(LinkagePage.signed(explanation.weight)) bits. \(explanation.decision.words): \(explanation.reason)",
            axis: "bits", bars: bars,
            lines: [ChartLine(at: explanation.linkThreshold, "link")])
    }
}
