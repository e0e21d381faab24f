import EncodedExtract
import Intake
import Linkage
import PipelineModel
import Pseudonymise

/// Linkage of two sources that know the same people, with slips.
struct LinkageBenchmarks {
    let share: Double

    private var people: Int { max(200, Int(50_000 * share)) }

    var all: [Benchmark] { [score, link] }

    /// The encodings of one source.
    private func encodings(_ source: String, slips: Double) throws -> Encodings {
        let (contract, hasher, pseudonymiser) = try SourceBenchmarks.setting(source)
        let checked = try SourceBenchmarks.checked(
            MadeExtract.csv(people: people, seed: 1, slips: slips), contract, hasher)
        let delta = try HeldRows(name: contract.name, keyEpoch: 1).delta(of: checked).delta
        return try pseudonymiser.encode(
            delta, held: IdentityVersionsHeld(), sealsIdentities: false
        ).encodings
    }

    private var score: Benchmark {
        Benchmark(
            name: "pairs", what: "candidate pairs of 2 × \(people) identities found and weighed"
        ) {
            let left = try encodings("gp", slips: 0.05)
            let right = try encodings("hospital", slips: 0.1)
            let mint = try Minter(seed: Array(repeating: 1, count: 32))
            var specification = LinkageSpecification()
            specification.pinned = try Linker.link(
                state: LinkState(), delta: [left, right], specification: specification, mint: mint
            ).report.parameters
            return {
                let study = try LinkageStudy([left, right], specification)
                guard let study, study.pairs.count >= people / 2 else {
                    throw Wrong(what: "few pairs")
                }
                return [.init(Double(study.pairs.count), "pairs")]
            }
        }
    }

    private var link: Benchmark {
        Benchmark(
            name: "link", what: "2 × \(people) identities into people, m and u estimated"
        ) {
            let left = try encodings("gp", slips: 0.05)
            let right = try encodings("hospital", slips: 0.1)
            let mint = try Minter(seed: Array(repeating: 1, count: 32))
            return {
                let outcome = try Linker.link(
                    state: LinkState(), delta: [left, right],
                    specification: LinkageSpecification(), mint: mint)
                guard outcome.report.people >= people else { throw Wrong(what: "few people") }
                return [.init(Double(2 * people), "identities")]
            }
        }
    }
}
