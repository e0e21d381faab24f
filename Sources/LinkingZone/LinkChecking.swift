import Foundation
public import Linkage
import PipelineModel

extension LinkingZone {
    /// Links everything that is held anew and compares the people with those of the nights; changes
    /// nothing.
    ///
    /// - Parameter path: The path of the zone's `stile.yaml`.
    /// - Throws: `StileError` with code `input` where nobody has been linked yet, or the
    ///   configuration has changed since.
    public static func checkLinks(configuration path: String) throws -> CheckedLinks {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        return CheckedLinks(
            try Linker.check(
                linkState(configuration), specification: linkageSpecification(configuration),
                mint: Minter(seed: KeyFiles.seed(at: configuration.mintSeed))))
    }
}

/// A comparison of people in the forms in which it can be asked for.
public struct CheckedLinks: Sendable {
    public var check: LinkCheck

    init(_ check: LinkCheck) { self.check = check }

    /// Whether linking anew gives the same people.
    public var agrees: Bool { check.agrees }

    /// For people at a terminal.
    public var text: String {
        let counts =
            "\(check.agreeing) of \(check.people) people are the same when everything is linked anew (\(check.peopleAnew) people then), of \(check.subjects) subjects"
        guard !check.agrees else { return counts }
        return
            ([
                counts,
                "\(check.differences.count) subjects differ: source, subject, person, person anew",
            ]
            + check.differences.map { "\($0.source) \($0.subject) \($0.person) \($0.anew)" })
            .joined(separator: "\n")
    }

    /// For machines: JSON with sorted keys.
    public var json: [UInt8] { get throws { try CanonicalForm.bytes(check) } }
}
