import Identifiers
import PipelineModel
import Testing

@Suite("Names")
struct NormalFormTests {
    @Test(
        "Spellings of one name have one normal form",
        arguments: [
            ("SMITH", "smith"), ("  Smith ", "smith"), ("Zoë", "zoe"), ("ZOE\u{308}", "zoe"),
            ("O'Brien", "obrien"), ("O’Brien", "obrien"), ("O Brien", "obrien"),
            ("Mc Donald", "mcdonald"), ("McDonald", "mcdonald"),
            ("Smith-Jones", "smith jones"), ("Smith Jones", "smith jones"),
            ("van der Berg", "vanderberg"), ("Al-Hassan", "alhassan"), ("de la Cruz", "delacruz"),
            ("St. John", "stjohn"), ("Mr John", "john"), ("Dr. Prof. Ann", "ann"), ("Miss", "miss"),
            ("Robert (Bob)", "robert"), ("Robert aka Bob", "robert"), ("Nee", "nee"),
            ("Smith née Jones", "smith"), ("Smith Jr", "smith"), ("John3", "john"),
            ("Łukasz", "lukasz"), ("Björk", "bjork"), ("Groß", "gross"), ("Ŵyn", "wyn"),
            ("Saint John", "stjohn"), ("Saint", "saint"), ("Jayden Twin 1", "jayden"),
            ("Ann (Twin B)", "ann"), ("Smith twin2", "smith"), ("D'Arcy", "darcy"),
            ("ni Bhriain", "nibhriain"), ("dos Santos", "dossantos"), ("Cllr Ann", "ann"),
            ("Boyd", "boyd"), ("First", "first"), ("No", "no"), ("Smith OBE", "smith"),
            ("Nguyễn", "nguyen"), ("Bronisław", "bronislaw"), ("ИВАНОВ", "иванов"),
        ])
    func normal(text: String, expected: String) { #expect(NormalForm.name(text) == expected) }

    @Test(
        "Placeholders are missing",
        arguments: [
            "Baby", "BABY OF SMITH", "Baby boy Smith", "Twin 1", "twin two", "Twin2", "Triplet B",
            "Unknown", "Not known", "N/A", "Infant", "Male infant", "Son of Ann", "Baby Girl",
            "B/O Smith", "First twin", "Twin boy 1", "Male twin 2", "Not stated", "No forename",
            "TBC",
            "Girl", "Baby-Smith", "NFN", "xxxx", "Baby Twin Two",
        ])
    func placeholder(text: String) {
        var form = NormalForm()
        var bytes: [UInt8] = []
        #expect(form.append(name: text, to: &bytes) == .namePlaceholder)
        #expect(bytes.isEmpty)
    }

    @Test("No letters, no name")
    func shape() {
        var form = NormalForm()
        var bytes: [UInt8] = []
        #expect(form.append(name: "", to: &bytes) == .absent)
        #expect(form.append(name: "???", to: &bytes) == .nameShape)
        #expect(form.append(name: "12 34", to: &bytes) == .nameShape)
        #expect(bytes.isEmpty)
    }

    @Test("The normal form of a normal form is itself, and holds letters and single spaces only")
    func idempotent() {
        var generator = SeededGenerator(seed: 7, label: "names")
        let alphabet = Array("abcdeÉÅøŒßzZ-'’ .()19")
        for _ in 0..<2_000 {
            let text = String(
                (0..<generator.below(14)).map { _ in alphabet[generator.below(alphabet.count)] })
            guard let normal = NormalForm.name(text) else { continue }
            #expect(
                normal.utf8.allSatisfy { $0 == 0x20 || $0 >= 0x61 && $0 <= 0x7a }, "\(text)")
            #expect(!normal.hasPrefix(" ") && !normal.hasSuffix(" ") && !normal.contains("  "))
            #expect(NormalForm.text(normal) == normal)
        }
    }

    @Test("Free text keeps its digits and words")
    func text() {
        #expect(NormalForm.text("12a, High St.") == "12a high st")
        #expect(NormalForm.text(" ,- ") == nil)
    }

    /// The published examples of the United States National Archives and of Knuth, volume 3, 6.
    @Test(
        "Soundex",
        arguments: [
            ("washington", "W252"), ("lee", "L000"), ("gutierrez", "G362"), ("pfister", "P236"),
            ("jackson", "J250"), ("tymczak", "T522"), ("vandeusen", "V532"), ("ashcraft", "A261"),
            ("robert", "R163"), ("rupert", "R163"), ("honeyman", "H555"),
        ])
    func soundex(name: String, code: String) { #expect(Soundex.code(name) == code) }

    @Test("A name without a letter a–z has no Soundex code")
    func noSoundex() { #expect(Soundex.code("иванов") == "") }

    /// A combining accent leaves no trace, but takes the way of text that is not all ASCII.
    @Test("Plain text gives the same by the short way and the long one")
    func bothWays() {
        var generator = SeededGenerator(seed: 2, label: "names")
        let pieces = [
            "a", "B", "smith", "Mc", "st", "saint", "twin", "1", "of", "baby", "not", "known", "(",
            ")", "[", " ", "-", "'", ".", "aka", "jr", "Dr", "\t", "3", "o", "/", "nee", "xx",
        ]
        var found = 0
        for _ in 0..<3_000 {
            let text = (0...generator.below(7)).map { _ in pieces[generator.below(pieces.count)] }
                .joined(separator: generator.chance(0.5) ? " " : "")
            let name = NormalForm.name(text)
            #expect(name == NormalForm.name(text + "\u{301}"), "\(text)")
            #expect(NormalForm.text(text) == NormalForm.text(text + "\u{301}"), "\(text)")
            if name != nil { found += 1 }
        }
        #expect(found > 1_000)
    }

    /// A hard space counts as none, but takes the way of text that is not all ASCII.
    @Test("Identifiers are the same by the short way and the long one")
    func identifiersBothWays() {
        for text in [
            "943 476 5919", "9434765918", "le1 4ab", "LEI-4AB", "ZZ99 3CZ", "H801200001001", "UN3",
            "100012345678", "0", "", "\u{1}", "a\u{7f}", "LE1\t4AB",
        ] {
            let long = text + "\u{a0}"
            #expect(NHSNumber.read(text) == NHSNumber.read(long))
            #expect(Postcode.read(text) == Postcode.read(long))
            #expect(UPN.read(text) == UPN.read(long))
            #expect(UPRN.read(text) == UPRN.read(long))
        }
    }
}
