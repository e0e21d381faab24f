import Identifiers
import Testing

@Suite("How common names are")
struct NameFrequencyTests {
    private func band(_ name: String, _ part: NameFrequencies.Part) -> Int {
        NameFrequencies.of(part).standing(of: Array(name.utf8)).band(bornIn: 0)
    }

    @Test("Published shares")
    func shares() throws {
        let smith = try #require(NameFrequencies.family.ranked.first)
        #expect(smith.name == Array("smith".utf8) && smith.share == 0.0137)
        for part in NameFrequencies.Part.allCases {
            let ranked = NameFrequencies.of(part).ranked
            let total = ranked.reduce(0) { $0 + $1.share }
            #expect(total > 0.3 && total < 0.95)
            #expect(zip(ranked, ranked.dropFirst()).allSatisfy { $0.share >= $1.share })
            #expect(Set(ranked.map(\.name)).count == ranked.count)
        }
    }

    @Test("Every band has many names, so that none gives a name away")
    func manyNames() {
        for part in NameFrequencies.Part.allCases {
            for year in [0, 1930, 1950, 1984, 2020] {
                let bands = NameFrequencies.of(part).ranked.map {
                    NameFrequencies.of(part).standing(of: $0.name).band(bornIn: year)
                }
                for band in 1..<NameFrequencies.bandCount {
                    #expect(bands.filter { $0 == band }.count >= 20, "\(part) \(band) \(year)")
                }
            }
        }
    }

    @Test("A name that is not in the table is rare, a double one too")
    func rare() {
        #expect(band("smith", .family) == 1 && band("patel", .family) == 2)
        #expect(band("xyzzy", .family) == 3 && band("smith jones", .family) == 3)
        #expect(band("zoe", .given) < 3 && band("oconnor", .family) == 2)
    }

    @Test("A given name is judged among those of its decade")
    func eras() {
        let given = NameFrequencies.given
        func bands(_ name: String) -> [Int] {
            [1936, 1988, 2016].map { given.standing(of: Array(name.utf8)).band(bornIn: $0) }
        }
        #expect(bands("margaret") == [1, 2, 2])
        #expect(bands("oliver") == [2, 1, 1])
        #expect(bands("xyzzy") == [3, 3, 3])
    }

    @Test(
        "Formal names behind short forms",
        arguments: [
            ("bill", ["william"]), ("william", nil), ("peggy", ["margaret"]),
            ("chris", ["christine", "christina", "christopher"]),
            ("tony louise", ["anthony louise"]),
            ("иван", nil),
        ] as [(String, [String]?)])
    func formal(name: String, expected: [String]?) {
        #expect(
            Nickname.formalNames(ofShort: Array(name.utf8))?.map {
                String(decoding: $0, as: UTF8.self)
            }
                == expected)
    }
}
