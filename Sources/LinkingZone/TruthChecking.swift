import ColumnFiles
import EncodedExtract
import Features
import Foundation
public import Linkage
public import NightRun
import PipelineModel
import Storage

extension LinkingZone {
    /// Measures the people of the newest linkage against a truth; changes nothing.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - truth: A CSV file `source,subject,person` of pseudonyms, as the source zone makes it.
    ///   - skipUnknown: Whether rows of subjects that no source holds are left out and counted.
    ///   - environment: The day as of which ages are.
    /// - Throws: `StileError` with code `input` where nobody has been linked yet, the configuration has
    ///   changed since, or the truth cannot be read; `configuration` where the file of the attack rate or a
    ///   column of a group cannot.
    public static func checkLinks(
        configuration path: String, against truth: String, skipUnknown: Bool,
        environment: NightEnvironment
    ) throws -> MeasuredLinks {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let specification = try linkageSpecification(configuration)
        let day = try environment.day(on: configuration.clock) ?? Day(inLondon: Date())
        let state = try linkState(configuration)
        let known = try TruthFile.read(truth, for: state, skipUnknown: skipUnknown)
        let database = try database(configuration)
        let columns = ColumnStore(existing: "\(configuration.state)/columns")
        let groups = try LinkageGroups(
            clock: configuration.clock, today: day
        ).levels(specification.reportGroups) { extract in
            try database.held("facts.\(extract)").map {
                try FactTable(columns.read($0), file: columns.path(of: $0))
            }
        }
        let attack = try AttackFile.read(specification, configuration)?.rate
        var check = try Linker.check(
            state, against: known, specification: specification, groups: groups)
        if let encodings = state.held.first,
            attack?.isOf(
                keyEpoch: encodings.keyEpoch,
                encodingSpecification: encodings.specification.hex) == true
        {
            check.attack = attack
        }
        return MeasuredLinks(check)
    }
}

/// What a truth says of a linkage, in the forms in which it can be asked for.
public struct MeasuredLinks: Sendable {
    public var check: TruthCheck

    init(_ check: TruthCheck) { self.check = check }

    /// For people at a terminal.
    public var text: String { TruthText(check).lines.joined(separator: "\n") }

    /// For machines: JSON with sorted keys.
    public var json: [UInt8] { get throws { try CanonicalForm.bytes(check) } }
}
