import NameTables
import PipelineModel

/// All names of the county as UTF-8 bytes, drawn by origin, sex and year of birth.
struct NamePool {
    /// The bytes of each name; a name is an index here.
    private(set) var names: [[UInt8]] = []

    /// Names with cumulative weights.
    private struct Table {
        var names: [Int32] = []
        var cumulative: [Int] = []

        func draw(_ random: inout SeededGenerator) -> Int32 {
            let point = random.below(cumulative[cumulative.count - 1])
            var low = 0
            var high = cumulative.count - 1
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > point { high = middle } else { low = middle + 1 }
            }
            return names[low]
        }
    }

    private var surnames: [Table] = []
    private var forenames: [[Table]] = []
    private var originForenames: [[Table]] = []
    /// The first of the generated surnames in `names`, and how many there are.
    private var generatedSurnames = 0..<0
    private var generatedForenames: [Range<Int>] = []
    private var publishedTotal = 0

    init() {
        var british = SurnameTables.published.map { ($0.0, $0.1 * 100) }
        for (offset, name) in SurnameTables.following.enumerated() {
            british.append((name, 140_000 / (offset + 21 + 27)))
        }
        surnames = [table(british)]
        publishedTotal = surnames[0].cumulative[surnames[0].cumulative.count - 1]
        for list in [
            SurnameTables.european, SurnameTables.southAsian, SurnameTables.african,
            SurnameTables.eastAsian,
        ] { surnames.append(ranked(list, offset: 20)) }
        forenames = [ForenameTables.female, ForenameTables.male].map { eras in
            eras.map { ranked($0, offset: 6) }
        }
        originForenames = [
            [
                ForenameTables.europeanFemale, ForenameTables.southAsianFemale,
                ForenameTables.africanFemale, ForenameTables.eastAsianFemale,
            ],
            [
                ForenameTables.europeanMale, ForenameTables.southAsianMale,
                ForenameTables.africanMale, ForenameTables.eastAsianMale,
            ],
        ].map { $0.map { ranked($0, offset: 6) } }
        generateTails()
    }

    private mutating func table(_ entries: [(String, Int)]) -> Table {
        var table = Table()
        var total = 0
        for (name, weight) in entries {
            total += weight
            table.names.append(add(Array(name.utf8)))
            table.cumulative.append(total)
        }
        return table
    }

    private mutating func ranked(_ list: [String], offset: Int) -> Table {
        table(
            list.enumerated().map { position, name in
                (name, 1_000_000 / (position + 1 + offset))
            })
    }

    /// Adds a name and gives its index.
    mutating func add(_ bytes: [UInt8]) -> Int32 {
        names.append(bytes)
        return Int32(names.count - 1)
    }

    /// The long tail: names put together from parts, in a fixed order.
    private mutating func generateTails() {
        let heads = SurnameTables.words(
            """
            Ash Black Brad Brock Burn Cald Chat Clay Col Cran Crow Dal Den Dun East Eld Fair Farn
            Gold Grim Had Hal Ham Hart Hazel Hol Hors Hunt Kel Kings Lang Lin Long Mal Mar Mid Nor
            Oak Old Pen Pick Pres Rad Rams Red Ros Rush Sand Sea Shel Stan Stock Sut Thorn Tun Up
            Wake Wal War Wat Wes Whit Win Wood Wy
            """)
        let tails = SurnameTables.words(
            """
            bank borough bourne bridge brook bury by combe cote croft dale den don field ford gate
            ham hill house hurst land ley low man mere more ridge shaw son stead stock stone ton
            wall water way well wick wood worth yard
            """)
        let endings = ["", "s", "e"]
        let start = names.count
        for ending in endings {
            for tail in tails {
                for head in heads { _ = add(Array((head + tail + ending).utf8)) }
            }
        }
        generatedSurnames = start..<names.count
        let openings = SurnameTables.words(
            "Al Bel Cal Dar El Fen Gar Jal Kay Lor Mar Ner Or Per Ray Sal Tam Val Wil Zan")
        let middles = ["", "a", "i", "o", "li", "ri", "na"]
        for closings in [["na", "lyn", "elle", "ia", "isa", "ette"], ["on", "den", "ard", "ick"]] {
            let first = names.count
            for closing in closings {
                for middle in middles {
                    for opening in openings { _ = add(Array((opening + middle + closing).utf8)) }
                }
            }
            generatedForenames.append(first..<names.count)
        }
    }

    /// A number below `count`, the smallest four times as often as the mean.
    private func skewed(_ count: Int, _ random: inout SeededGenerator) -> Int {
        let point = random.uniform()
        return Int(point * (0.25 + 0.75 * point) * Double(count))
    }

    /// A surname; shares below the published ones come from the generated tail.
    func surname(_ origin: Origin, _ random: inout SeededGenerator) -> Int32 {
        guard origin.table > 0, random.chance(Origin.ownSurnames[origin.table]) else {
            // Weights are in ten-thousandths of a per cent of all people.
            if random.below(1_000_000) < publishedTotal { return surnames[0].draw(&random) }
            return Int32(
                generatedSurnames.lowerBound + skewed(generatedSurnames.count, &random))
        }
        return surnames[origin.table].draw(&random)
    }

    /// A forename of someone of this sex born in this year.
    func forename(
        _ origin: Origin, male: Bool, year: Int, _ random: inout SeededGenerator
    ) -> Int32 {
        let sex = male ? 1 : 0
        if origin.table > 0, random.chance(0.8) {
            return originForenames[sex][origin.table - 1].draw(&random)
        }
        let last = ForenameTables.years.count - 1
        let era = min(max((year - 1929) / 10, 0), last)
        if random.below(100) < ForenameTables.headPercent[era] {
            return forenames[sex][era].draw(&random)
        }
        if random.chance(0.8) {
            let other = min(max(era + random.below(5) - 2, 0), last)
            let table = forenames[sex][other]
            return table.names[random.below(table.names.count)]
        }
        let range = generatedForenames[sex]
        return Int32(range.lowerBound + skewed(range.count, &random))
    }
}

/// Where a family's names come from; goes with the ethnic category.
enum Origin: UInt8, Sendable {
    case british, european, southAsian, african, eastAsian

    /// The share of each origin whose surname is one of the listed ones.
    static let ownSurnames = [0, 0.5, 0.85, 0.6, 0.9]

    /// The index of its surnames; 0 is the general table.
    var table: Int { Int(rawValue) }
}
