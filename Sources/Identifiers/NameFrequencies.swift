import NameTables

/// How common names are in England and Wales, by published tables: a share of all people for
/// each name in its normal form.
///
/// The tables, their sources and what in them is approximate are stated in the module
/// `NameTables`. Nobody's data stands behind a share, so it may be used in a deployment, and an
/// attacker has it too.
public struct NameFrequencies: Sendable {
    /// Which part of a person's name a table is of.
    public enum Part: String, Sendable, CaseIterable {
        case given
        case family
    }

    /// A name and its share.
    public struct Entry: Sendable, Equatable {
        /// In its normal form, as UTF-8.
        public var name: [UInt8]
        /// Of all people, from 0 to 1.
        public var share: Double
    }

    /// The names of the table, commonest first; equal shares in the order of the letters.
    public let ranked: [Entry]
    /// What is known of each name of the table.
    private let standings: [[UInt8]: Standing]

    /// The number of bands: see ``Standing``.
    public static let bandCount = 3
    /// The smallest share of band 1.
    static let common = 0.003

    /// The table of given names, of both sexes and all ages.
    public static let given = NameFrequencies(
        shares: Self.givenShares(), eras: Self.givenSharesByEra())
    /// The table of surnames.
    public static let family = NameFrequencies(shares: Self.familyShares(), eras: [])

    /// The table of one part.
    public static func of(_ part: Part) -> NameFrequencies {
        switch part {
        case .given: given
        case .family: family
        }
    }

    /// - Parameters:
    ///   - shares: Of all people.
    ///   - eras: The shares among those born in each era; empty for surnames, which hardly change.
    private init(shares: [[UInt8]: Double], eras: [[[UInt8]: Double]]) {
        standings = Dictionary(
            uniqueKeysWithValues: shares.map { name, share in
                (name, Self.standing(of: name, share, eras))
            })
        ranked = shares.map { Entry(name: $0.key, share: $0.value) }.sorted {
            $0.share != $1.share
                ? $0.share > $1.share : $0.name.lexicographicallyPrecedes($1.name)
        }
    }

    /// The coarse bands of one name's frequency, looked up once for all years of birth: 1 for a share of
    /// at least 0.3 %, 2 for the rest of the table, 3 for a name that is not in the table.
    ///
    /// A given name is judged among those born in its decade: a band over all ages would tell an
    /// attacker who knows the year of birth which of the fashionable names it is not.
    public struct Standing: Sendable {
        /// Over all years.
        fileprivate var overall = NameFrequencies.bandCount
        /// For each decade of the tables a bit, where the name is in band 1; `nil` where nothing
        /// but the band over all years is known.
        fileprivate var commonEras: UInt64?
        fileprivate var eraCount = 0

        /// The band among those born in a year; over all years where it is 0.
        public func band(bornIn year: Int) -> Int {
            guard year > 0, let commonEras else { return overall }
            let era = min(max((year - ForenameTables.years[0] + 5) / 10, 0), eraCount - 1)
            return commonEras >> UInt64(era) & 1 == 1 ? 1 : 2
        }
    }

    /// The bands of a name.
    ///
    /// - Parameter name: A name in its normal form, as UTF-8.
    public func standing(of name: [UInt8]) -> Standing {
        standings[name] ?? Standing()
    }

    private static func standing(
        of name: [UInt8], _ share: Double, _ eras: [[[UInt8]: Double]]
    ) -> Standing {
        var standing = Standing()
        standing.overall = share >= common ? 1 : 2
        guard !eras.isEmpty else { return standing }
        standing.eraCount = eras.count
        standing.commonEras = eras.enumerated().reduce(UInt64(0)) { bits, era in
            era.element[name, default: 0] >= common ? bits | 1 << UInt64(era.offset) : bits
        }
        return standing
    }

    // MARK: Shares from the tables

    /// The share of all people whose names come from each other table: the 2021 census of
    /// England and Wales (Office for National Statistics, ethnic group), in per cent.
    private enum Origins {
        static let european = 6.2
        static let southAsian = 6.9
        static let african = 4.0
        static let eastAsian = 0.7
    }

    private static func normal(_ text: String) -> [UInt8] {
        var form = NormalForm()
        var bytes: [UInt8] = []
        form.append(name: text, to: &bytes)
        return bytes
    }

    /// Adds the names of a list whose shares fall as 1 / (rank + offset) and sum to `total`.
    private static func add(
        _ list: [String], total: Double, offset: Int, to shares: inout [[UInt8]: Double]
    ) {
        let weights = list.indices.map { 1 / Double($0 + 1 + offset) }
        let sum = weights.reduce(0, +)
        for (name, weight) in zip(list, weights) {
            shares[normal(name), default: 0] += total * weight / sum
        }
    }

    private static func familyShares() -> [[UInt8]: Double] {
        var shares: [[UInt8]: Double] = [:]
        for (name, hundredths) in SurnameTables.published {
            shares[normal(name), default: 0] += Double(hundredths) / 10_000
        }
        let first = SurnameTables.published.count + 1
        for (position, name) in SurnameTables.following.enumerated() {
            shares[normal(name), default: 0] += 0.14 / Double(position + first + 27)
        }
        // About half of the people of each origin bear one of the names listed for it.
        for (list, percent) in [
            (SurnameTables.european, Origins.european),
            (SurnameTables.southAsian, Origins.southAsian),
            (SurnameTables.african, Origins.african), (SurnameTables.eastAsian, Origins.eastAsian),
        ] { add(list, total: percent / 200, offset: 20, to: &shares) }
        return shares
    }

    private static func givenShares() -> [[UInt8]: Double] {
        let eras = givenSharesByEra()
        var shares: [[UInt8]: Double] = [:]
        for era in eras {
            for (name, share) in era { shares[name, default: 0] += share / Double(eras.count) }
        }
        return shares
    }

    /// The shares among those born in each decade of the tables.
    private static func givenSharesByEra() -> [[[UInt8]: Double]] {
        let others =
            (Origins.european + Origins.southAsian + Origins.african + Origins.eastAsian) / 100
        return ForenameTables.headPercent.indices.map { era in
            var shares: [[UInt8]: Double] = [:]
            for lists in [ForenameTables.male, ForenameTables.female] {
                let head = Double(ForenameTables.headPercent[era]) / 100
                add(lists[era], total: (1 - others) * head / 2, offset: 6, to: &shares)
            }
            for (list, percent) in [
                (ForenameTables.europeanMale, Origins.european),
                (ForenameTables.europeanFemale, Origins.european),
                (ForenameTables.southAsianMale, Origins.southAsian),
                (ForenameTables.southAsianFemale, Origins.southAsian),
                (ForenameTables.africanMale, Origins.african),
                (ForenameTables.africanFemale, Origins.african),
                (ForenameTables.eastAsianMale, Origins.eastAsian),
                (ForenameTables.eastAsianFemale, Origins.eastAsian),
            ] { add(list, total: percent / 400, offset: 6, to: &shares) }
            return shares
        }
    }
}
