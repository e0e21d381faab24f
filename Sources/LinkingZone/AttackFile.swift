import Foundation
import Hashing
import Linkage
import PipelineModel

/// The file in which the source zone's attack rate was brought here.
struct AttackFile {
    let rate: AttackRate
    let digest: ContentDigest

    /// Reads the file that the configuration names; `nil` where it names none.
    ///
    /// - Throws: `StileError` with code `configuration` where the file cannot be opened, or is not what
    ///   `stile attack --json` prints.
    static func read(
        _ specification: LinkageSpecification, _ configuration: LinkingConfiguration
    ) throws -> AttackFile? {
        guard let name = specification.attackFile else { return nil }
        let path = AbsolutePath.resolve(name, against: LinkingZone.folder(of: configuration))
        let remedy =
            "Put there what stile attack --json printed in the source zone, or remove “attack” under “report”."
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw StileError(
                .configuration, "The attack rate of the encodings cannot be opened.",
                at: .init(file: path), remedy: remedy)
        }
        guard let rate = CanonicalForm.value(AttackRate.self, bytes),
            rate.records > 0, !rate.worst.isEmpty,
            rate.worst.allSatisfy({ worst in
                [worst.namedInOne, worst.namedBlind].allSatisfy { $0 >= 0 && $0 <= worst.records }
            })
        else {
            throw StileError(
                .configuration, "The file does not hold an attack rate.", at: .init(file: path),
                remedy: remedy)
        }
        return AttackFile(rate: rate, digest: .sha256(bytes))
    }
}
