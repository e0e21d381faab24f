import Hashing
import Intake
import PipelineModel
import StrictYAML
import Tabular

/// An unkeyed stand-in for the keyring's digest.
let testDigest: KeyedDigest = { domain, bytes in
    let digest = ContentDigest.sha256(Array(domain.utf8) + [0] + bytes).bytes
    var words: (UInt64, UInt64) = (0, 0)
    for index in 0..<8 {
        words.0 = words.0 << 8 | UInt64(digest[index])
        words.1 = words.1 << 8 | UInt64(digest[index + 8])
    }
    return words
}

let zoneKeys = """
    version: 1
    zone: source
    deployment: sample
    project: meadowshire
    clock: calendar
    drop: drop
    archive: {folder: archive, retain_days: 400}
    exchange: ../exchange
    state: state
    pages: pages
    keyring: keys/project.keyring
    policy: ../Ethics/policy.yaml
    encoding:
      filter: {bits: 1024}
    """

let patientsFile = """
            name: "patients_{date}.csv"
            arrives: nightly
            text: utf-8
            delimiter: ","
            dates: iso
            delivery: snapshot
            key: [patient_id]
            subject: patient_id
            happened: registered_on
            known: delivery
            missing: ["", "NULL"]
            volume: {minimum_rows: 1, largest_change: 0.5}
            quarantine_limit: 0.02
            identity: {surname: surname, given_name: forename, date_of_birth: date_of_birth}
            payload:
              sex: {column: sex, type: code, allow: [F, M, X]}
              birth_month: {column: date_of_birth, type: day, coarsen: month}
              imd_decile: {column: imd_decile, type: number, minimum: 1, maximum: 10}
    """

let gpSource = """
    sources:
      gp:
        purpose: offer-early-help
        legal_basis: {article_6: e, article_9: h, reference: "Children Act 2004 s.10", expires: 2031-03-31}
        maximum_age_days: 3
        link: encodings
        seal_identities: true
        files:
          patients:

    """

func parse(_ text: String) throws -> SourceContract {
    try SourceContract(try YAMLDocument.parse(Array(text.utf8), file: "stile.yaml"))
}

/// The contract of `gp.patients`, with pieces of its YAML exchanged.
func contract(_ exchanges: [(String, String)] = []) throws -> SourceContract {
    var text = zoneKeys + "\n" + gpSource + patientsFile
    for (old, new) in exchanges {
        guard text.contains(old) else { throw FixtureFault.notFound(old) }
        text = text.replacing(old, with: new)
    }
    return try parse(text)
}

enum FixtureFault: Error { case notFound(String) }

func patients(_ exchanges: [(String, String)] = []) throws -> ExtractContract {
    try contract(exchanges).sources[0].extracts[0]
}

let patientsHeader = "patient_id,forename,surname,date_of_birth,sex,imd_decile,registered_on\n"
let someDay = Day(20_000)

func check(
    _ text: String, _ extract: ExtractContract, day: Day? = someDay, held: Int = 0,
    clock: Clock = .calendar
) throws -> CheckedExtract {
    try check(Array(text.utf8), extract, day: day, held: held, clock: clock)
}

func check(
    _ bytes: [UInt8], _ extract: ExtractContract, day: Day? = someDay, held: Int = 0,
    clock: Clock = .calendar
) throws -> CheckedExtract {
    try ExtractCheck(contract: extract, clock: clock, digest: testDigest).check(
        Delivery(extract: extract.name, file: "patients.csv", day: day),
        source: MemorySource(bytes), heldRows: held)
}

func nothingHeld(_ extract: ExtractContract) -> HeldRows {
    HeldRows(name: extract.name, keyEpoch: 1)
}

/// What `body` throws, as a ``StileError``.
func fault(_ body: () throws -> Void) -> StileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StileError
    }
}
