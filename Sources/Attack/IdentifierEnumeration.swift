import PipelineModel
import Pseudonymise

/// Enumeration of identifiers with the key: candidates are encoded, and every token that is found
/// among the stored ones names its records.
///
/// All dates of 120 years are encoded. Of postcodes and numbers those of the records themselves are,
/// which shows that an enumeration reads them; where it is known how many there are in all, again and
/// again until the rate can be measured, from which it follows how long all would take.
struct IdentifierEnumeration: Sendable {
    /// How many years before the newest date of birth are tried.
    private static let years = 120

    let records: AttackedRecords
    let stored: StoredValues
    let truth: TrueValues
    let limits: AttackLimits

    /// - Parameter key: The project's own pseudonymiser.
    /// - Returns: `nil` where the field is no token of one whole identifier, date or code.
    func run(_ key: Pseudonymiser) -> Enumeration.Outcome? {
        guard stored.form == .token, let kind = records.specification[stored.field]?.kind,
            let tokens = records.tokens(stored.field), !truth.distinct.isEmpty
        else { return nil }
        let isDate = kind == .dateOfBirth
        let all = Self.candidates(kind)
        let candidates = isDate ? dates() : truth.distinct
        guard !candidates.isEmpty else { return nil }
        var outcome = Enumeration.Outcome()
        let started = ContinuousClock.now
        var meanings: [UInt64: Int32] = [:]
        repeat {
            guard let encoded = key.tokens(of: candidates, field: stored.field) else { return nil }
            meanings.removeAll(keepingCapacity: true)
            for (token, candidate) in zip(encoded, candidates) {
                meanings[token] = truth.number(candidate)
            }
            outcome.encoded += candidates.count
        } while all != nil && outcome.encoded < limits.encodedIdentifiers
        for row in tokens.indices where stored.values[row] >= 0 && truth.ids[row] >= 0 {
            outcome.score.records += 1
            if meanings[tokens[row]] == truth.ids[row] {
                outcome.score.first += 1
                outcome.score.five += 1
            }
        }
        outcome.stop(started)
        outcome.candidates = all
        return outcome
    }

    /// Every date of the years up to that of the newest date of birth, as `yyyymmdd`.
    private func dates() -> [[UInt8]] {
        let newest = Int(records.year.max() ?? 0)
        guard var day = Day(year: newest - Self.years + 1, month: 1, day: 1),
            let last = Day(year: newest, month: 12, day: 31)
        else { return [] }
        var dates: [[UInt8]] = []
        dates.reserveCapacity(Self.years * 366)
        while day <= last {
            dates.append(Array(day.iso.utf8.filter { $0 != UInt8(ascii: "-") }))
            day = day + 1
        }
        return dates
    }

    /// About how many values of a kind there are, where the records have only some; `nil` where
    /// nobody knows, or all dates are tried.
    ///
    /// Postcodes in use: about 1.8 million. NHS numbers: ten elevenths of a thousand million have a
    /// check digit. UPNs: about 24,500 schools of England, 20 years and 1,000 serial numbers. UPRNs:
    /// about 41 million are published.
    private static func candidates(_ kind: EncodingSpecification.Kind) -> Int? {
        switch kind {
        case .postcode: 1_800_000
        case .nhsNumber: 909_000_000
        case .upn: 24_500 * 20 * 1_000
        case .uprn: 41_000_000
        case .name, .text, .dateOfBirth, .code, .localID: nil
        }
    }
}
