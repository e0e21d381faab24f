import EncodedExtract
import Intake
import PipelineModel
import Pseudonymise
import StrictYAML
import Synth
import Tabular

/// The stages of the source zone, and the county.
struct SourceBenchmarks {
    let share: Double

    private func size(_ full: Int) -> Int { max(100, Int(Double(full) * share)) }

    var all: [Benchmark] { [tokenise, check, synth] + EncodingBenchmarks(share: share).all }

    private var tokenise: Benchmark {
        let rows = size(1_000_000)
        return Benchmark(name: "tokenise", what: "a CSV of \(rows) rows, 12 columns, one core") {
            let bytes = MadeExtract.csv(people: rows, seed: 1, slips: 0)
            return {
                let reader = try CSVReader(
                    MemorySource(bytes), file: "benchmark", dialect: CSVDialect())
                var fields = 0
                try reader.forEachRow { fields += $0.count }
                guard fields == rows * 12 else { throw Wrong(what: "\(fields) fields") }
                return [.init(Double(bytes.count) / 1e6, "MB"), .init(Double(rows), "rows")]
            }
        }
    }

    private var check: Benchmark {
        let rows = size(500_000)
        return Benchmark(name: "check", what: "\(rows) rows against a contract, one core") {
            let (contract, hasher, _) = try Self.setting("gp")
            let bytes = MadeExtract.csv(people: rows, seed: 1, slips: 0)
            return {
                let checked = try Self.checked(bytes, contract, hasher)
                guard checked.rowCount == rows else { throw Wrong(what: "rows were refused") }
                return [.init(Double(rows), "rows")]
            }
        }
    }

    private var synth: Benchmark {
        let people = size(100_000)
        return Benchmark(name: "synth", what: "a county of \(people) people, 3 nights, not written")
        {
            {
                var bytes = 0
                let summary = try SyntheticCounty.generate(
                    people: people, seed: 1, nights: 3,
                    firstNight: Day(iso: "2025-06-02") ?? .missing, into: "",
                    write: { bytes += $1.count })
                return [
                    .init(Double(people), "people"), .init(Double(summary.extractRows), "rows"),
                ]
            }
        }
    }

    static func setting(_ source: String) throws -> (
        ExtractContract, PseudonymHasher, Pseudonymiser
    ) {
        let contract = try MadeExtract.contract(source: source)
        guard let extract = contract.sources.first?.extracts.first, let node = contract.encoding
        else { throw Wrong(what: "the contract is empty") }
        var faults = FaultList()
        let encoding = EncodingSpecification(node, faults: &faults)
        try faults.check()
        var generator = SeededGenerator(seed: 1, label: "keys")
        let keyring = Keyring.create(
            project: "benchmark", created: Day(iso: "2025-06-02") ?? .missing, using: &generator)
        return (
            extract, try keyring.pseudonymHasher(),
            try Pseudonymiser(specification: encoding, keyring: keyring)
        )
    }

    static func checked(
        _ bytes: [UInt8], _ contract: ExtractContract, _ hasher: PseudonymHasher
    ) throws -> CheckedExtract {
        try ExtractCheck(contract: contract, clock: .calendar, digest: hasher.closure).check(
            Delivery(
                extract: contract.name, file: "people_2025-06-02.csv", day: Day(iso: "2025-06-02")),
            source: MemorySource(bytes), heldRows: 0)
    }
}

/// A result that cannot be right, so that no figure is printed for it.
struct Wrong: Error, CustomStringConvertible {
    var what: String
    var description: String { "The benchmark does not do what it says: \(what)." }
}
