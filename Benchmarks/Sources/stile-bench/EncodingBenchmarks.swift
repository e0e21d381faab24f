import EncodedExtract
import Hashing
import Intake
import PipelineModel
import Pseudonymise
import Sealing
import StrictYAML

/// What becomes of identities in the source zone, on one core: filters alone, and whole records.
struct EncodingBenchmarks {
    let share: Double

    private var rows: Int { max(100, Int(100_000 * share)) }

    var all: [Benchmark] { [filters, names, encode, seal] }

    /// The masks of all pairs of letters are there before; normal forms go in.
    private var filters: Benchmark {
        Benchmark(
            name: "filters",
            what: "given names and surnames of \(rows) people, 512 bits, no salt: cached masks",
            byProcessor: true
        ) {
            let pseudonymiser = try Self.pseudonymiser(
                fields: "{given_name: {kind: name}, surname: {kind: name}}",
                also: "hardening: {salt: none}")
            let columns = try ["forename", "surname"].map(values)
            return {
                var words = 0
                for (field, values) in zip(["given_name", "surname"], columns) {
                    words +=
                        pseudonymiser.filters(of: values, field: field, salt: 0)?.count ?? 0
                }
                guard words == rows * 2 * 8 else { throw Wrong(what: "\(words) words") }
                return [.init(Double(rows), "records"), .init(Double(2 * rows), "filters")]
            }
        }
    }

    /// The default: raw names and dates go in, six filters a record come out, salted by the date of
    /// birth and its parts.
    private var names: Benchmark {
        Benchmark(
            name: "salted",
            what: "names and dates of birth of \(rows) people: 6 salted filters of 512 bits, "
                + "5 tokens, 2 bands", byProcessor: true
        ) {
            let pseudonymiser = try Self.pseudonymiser(
                fields: "{given_name: {kind: name}, surname: {kind: name}, "
                    + "date_of_birth: {kind: date_of_birth}}")
            var delta = try Self.delta(rows).0
            delta.identity.removeAll {
                !["given_name", "surname", "date_of_birth"].contains($0.name)
            }
            let names = delta
            return {
                let encoded = try pseudonymiser.encode(
                    names, held: IdentityVersionsHeld(), sealsIdentities: false)
                guard encoded.encodings.count == rows else { throw Wrong(what: "rows are gone") }
                return [.init(Double(rows), "records"), .init(Double(6 * rows), "filters")]
            }
        }
    }

    private var encode: Benchmark {
        Benchmark(
            name: "encode",
            what: "\(rows) identities: tokens, postcodes' neighbours, 6 filters of 512 bits, "
                + "4 blocking keys", byProcessor: true
        ) {
            let (delta, pseudonymiser) = try Self.delta(rows)
            return {
                let encoded = try pseudonymiser.encode(
                    delta, held: IdentityVersionsHeld(), sealsIdentities: false)
                guard encoded.encodings.count == rows else { throw Wrong(what: "rows are gone") }
                return [.init(Double(rows), "records")]
            }
        }
    }

    /// As ``encode``, and every identity sealed to three roles; files are not written.
    private var seal: Benchmark {
        Benchmark(
            name: "sealed", what: "\(rows) identities encoded as above and sealed to 3 roles",
            byProcessor: true
        ) {
            let (delta, pseudonymiser) = try Self.delta(rows)
            let holder = try HolderKey.generate(person: "p-1", throwaway: true)
            // The roles of the sample deployment.
            let names = ["information_governance", "lived_experience", "practice_lead"]
            let roles = try RoleHolders(
                Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, [.init(person: "p-1", sealingKey: holder.sealingKey)])
                    }))
            return {
                let encoded = try pseudonymiser.encode(
                    delta, held: IdentityVersionsHeld(), sealsIdentities: true)
                let sealer = try BatchSealer(
                    batch: "gp.people.000001", policyDigest: .sha256("policy"), roles: roles,
                    keyEpoch: 1)
                let sealed = try sealer.table(
                    sealing: encoded.identities.map {
                        UnsealedRow($0.bytes, record: $0.record, subject: $0.subject)
                    })
                guard sealed["ciphertext"]?.count == rows else {
                    throw Wrong(what: "rows are gone")
                }
                return [.init(Double(rows), "records")]
            }
        }
    }

    /// The values of a column of the extract, which are their normal forms.
    private func values(_ column: String) throws -> [[UInt8]] {
        let lines = MadeExtract.csv(people: rows, seed: 1, slips: 0).split(separator: 0x0a)
        let names = lines[0].split(separator: 0x2c, omittingEmptySubsequences: false)
        guard let place = names.firstIndex(where: { $0.elementsEqual(column.utf8) }) else {
            throw Wrong(what: "there is no \(column)")
        }
        return lines.dropFirst().map {
            Array($0.split(separator: 0x2c, omittingEmptySubsequences: false)[place])
        }
    }

    private static func delta(_ rows: Int) throws -> (ExtractDelta, Pseudonymiser) {
        let (contract, hasher, pseudonymiser) = try SourceBenchmarks.setting("gp")
        let checked = try SourceBenchmarks.checked(
            MadeExtract.csv(people: rows, seed: 1, slips: 0), contract, hasher)
        let delta = try HeldRows(name: contract.name, keyEpoch: 1).delta(of: checked).delta
        return (delta, pseudonymiser)
    }

    private static func pseudonymiser(fields: String, also: String = "") throws -> Pseudonymiser {
        var faults = FaultList()
        let node = try YAMLDocument.parse(
            Array("fields: \(fields)\n\(also)\n".utf8), file: "benchmark.yaml")
        let specification = EncodingSpecification(node, faults: &faults)
        try faults.check()
        var generator = SeededGenerator(seed: 1, label: "keys")
        return try Pseudonymiser(
            specification: specification,
            keyring: Keyring.create(
                project: "benchmark", created: Day(iso: "2025-06-02") ?? .missing,
                using: &generator))
    }
}
