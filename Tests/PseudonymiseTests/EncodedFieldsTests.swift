import EncodedExtract
import PipelineModel
import Testing

@testable import Pseudonymise

@Suite("Encoded fields")
struct EncodedFieldsTests {
    @Test("The same inputs give the same encodings")
    func deterministic() throws {
        let names = ["Smith", "Jones", "O'Neill", nil]
        let one = try Fixtures.encode("surname", names, with: Fixtures.pseudonymiser())
        let other = try Fixtures.encode("surname", names, with: Fixtures.pseudonymiser())
        #expect(one.encodings == other.encodings)
    }

    @Test("Similar names have similar filters, different names do not")
    func similarity() throws {
        let names = ["Catherine", "Katherine", "CATHERINE", "Smith", "Smyth", "Oluwaseun", nil]
        let encoded = try Fixtures.encode("surname", names, with: Fixtures.pseudonymiser())
        let filters = Fixtures.filters(encoded.encodings, "surname")
        #expect(filters[0] == filters[2])
        #expect(Fixtures.dice(filters[0], filters[1]) > 0.75)
        #expect(Fixtures.dice(filters[3], filters[4]) > 0.6)
        #expect(Fixtures.dice(filters[0], filters[3]) < 0.25)
        #expect(Fixtures.dice(filters[0], filters[5]) < 0.25)
        #expect(filters[6].allSatisfy { $0 == 0 })
    }

    @Test("Dice of filters follows Dice of bigrams")
    func bigrams() throws {
        func bigrams(_ text: String) -> Set<String> {
            let padded = Array("_" + text + "_")
            return Set(zip(padded, padded.dropFirst()).map { "\($0)\($1)" })
        }
        let pairs = [
            ("abcdef", "abcdeg"), ("martha", "marhta"), ("jonson", "johnson"), ("ab", "abc"),
        ]
        let names = pairs.flatMap { [$0.0, $0.1] }
        let encoded = try Fixtures.encode("surname", names, with: Fixtures.pseudonymiser())
        let filters = Fixtures.filters(encoded.encodings, "surname")
        for (index, pair) in pairs.enumerated() {
            let (left, right) = (bigrams(pair.0), bigrams(pair.1))
            let plain =
                2 * Double(left.intersection(right).count) / Double(left.count + right.count)
            let encoded = Fixtures.dice(filters[2 * index], filters[2 * index + 1])
            #expect(abs(encoded - plain) < 0.12, "\(index)")
        }
    }

    @Test("Letters of other scripts are encoded too")
    func otherScripts() throws {
        let encoded = try Fixtures.encode(
            "surname", ["Иванов", "Иванова", "Петров"], with: Fixtures.pseudonymiser())
        let filters = Fixtures.filters(encoded.encodings, "surname")
        #expect(Fixtures.dice(filters[0], filters[1]) > 0.7)
        #expect(Fixtures.dice(filters[0], filters[2]) < 0.5)
    }

    @Test("Another field, epoch or project gives unrelated tokens and filters")
    func keySeparation() throws {
        var generator = SeededGenerator(seed: 4, label: "rotation")
        let keyring = Fixtures.keyring()
        let rotated = keyring.rotated(created: Day(1), using: &generator)
        // The same secrets under the name of another project.
        let renamed = Keyring(
            project: "elsewhere", epochs: keyring.epochs, pseudonyms: keyring.pseudonyms,
            current: 1)
        let base = try Fixtures.pseudonymiser(keyring)
        let others = try [
            Fixtures.pseudonymiser(rotated), Fixtures.pseudonymiser(renamed),
            Fixtures.pseudonymiser(Fixtures.keyring(seed: 99)),
        ]
        func filter(_ field: String, _ pseudonymiser: Pseudonymiser) throws -> [UInt64] {
            let encoded = try Fixtures.encode(field, ["Catherine"], with: pseudonymiser)
            return Fixtures.filters(encoded.encodings, field)[0]
        }
        func token(_ pseudonymiser: Pseudonymiser) throws -> UInt64 {
            let encoded = try Fixtures.encode("nhs_number", ["9434765919"], with: pseudonymiser)
            return Fixtures.tokens(encoded.encodings, "nhs_number")[0]
        }
        let surname = try filter("surname", base)
        #expect(Fixtures.dice(surname, try filter("given_name", base)) < 0.25)
        for other in others {
            #expect(Fixtures.dice(surname, try filter("surname", other)) < 0.25)
            #expect(try token(base) != token(other))
        }
        #expect(try Fixtures.pseudonymiser(rotated, epoch: 1).keyEpoch == 1)
        #expect(try token(Fixtures.pseudonymiser(rotated, epoch: 1)) == token(base))
        let local = try Fixtures.encode("patient", ["9434765919"], with: base)
        #expect(Fixtures.tokens(local.encodings, "patient")[0] != (try token(base)))
    }

    @Test("A date has its parts, and its swapped form equals the date it is mistaken for")
    func dates() throws {
        let encoded = try Fixtures.encode(
            "date_of_birth", ["2011-03-04", "2011-04-03", "2011-03-25", "2010-03-04", "nonsense"],
            with: Fixtures.pseudonymiser()
        ).encodings
        let whole = Fixtures.tokens(encoded, "date_of_birth")
        let swapped = Fixtures.tokens(encoded, "date_of_birth.swapped")
        #expect(swapped[0] == whole[1] && swapped[1] == whole[0])
        #expect(swapped[2] == 0 && whole[4] == 0 && swapped[4] == 0)
        let yearMonth = Fixtures.tokens(encoded, "date_of_birth.year_month")
        #expect(yearMonth[0] == yearMonth[2] && yearMonth[0] != yearMonth[1])
        let monthDay = Fixtures.tokens(encoded, "date_of_birth.month_day")
        #expect(monthDay[0] == monthDay[3] && monthDay[0] != monthDay[2])
        let yearDay = Fixtures.tokens(encoded, "date_of_birth.year_day")
        #expect(Set(yearDay).count == 5)
    }

    @Test("A postcode has sector, district and neighbourhood; a mended one is the same code")
    func postcodes() throws {
        let encoded = try Fixtures.encode(
            "postcode", ["LE1 4AB", "le1 4ad", "LE1 OAB", "LE1 0AB", "ZZ99 3VZ", "rubbish"],
            with: Fixtures.pseudonymiser())
        let whole = Fixtures.tokens(encoded.encodings, "postcode")
        let sector = Fixtures.tokens(encoded.encodings, "postcode.sector")
        let district = Fixtures.tokens(encoded.encodings, "postcode.district")
        #expect(whole[0] != whole[1] && sector[0] == sector[1] && sector[0] != sector[2])
        #expect(whole[2] == whole[3] && whole[4] == 0 && whole[5] == 0)
        #expect(Set(district[0..<4]).count == 1 && district[4] == 0)
        #expect(encoded.counts.count(field: "postcode", rule: "postcode.pseudo") == 1)
        #expect(encoded.counts.count(field: "postcode", rule: "postcode.shape") == 1)
        #expect(encoded.counts.count(field: "postcode", rule: "postcode.mended") == 1)
        guard case .tokenSet(let offsets, _)? = encoded.encodings["postcode.near"] else {
            Issue.record("no neighbourhood")
            return
        }
        #expect(offsets[6] == offsets[4])
    }

    @Test("Identifiers that break a rule are missing and counted")
    func rules() throws {
        let pseudonymiser = try Fixtures.pseudonymiser()
        let nhs = try Fixtures.encode(
            "nhs_number", ["0000000000", "9434765871", "400 000 0004", "4000000004", nil],
            with: pseudonymiser)
        let tokens = Fixtures.tokens(nhs.encodings, "nhs_number")
        #expect(tokens[0] == 0 && tokens[1] == 0 && tokens[2] != 0 && tokens[2] == tokens[3])
        #expect(
            nhs.counts.counts.filter { $0.field == "nhs_number" }.map { "\($0.rule) \($0.count)" }
                == ["absent 1", "nhs_number.check 1", "nhs_number.repeated 1"])
        #expect(nhs.counts.versions == 5)
        let upn = try Fixtures.encode(
            "upn", ["B801200005001", "M80120000500A", "UN3"], with: pseudonymiser)
        #expect(Fixtures.tokens(upn.encodings, "upn").map { $0 != 0 } == [true, false, false])
        #expect(upn.counts.count(field: "upn", rule: "upn.temporary") == 1)
        #expect(upn.counts.count(field: "upn", rule: "upn.unknown_code") == 1)
        let uprn = try Fixtures.encode("uprn", ["000000199356", "199356"], with: pseudonymiser)
        #expect(Set(Fixtures.tokens(uprn.encodings, "uprn")).count == 1)
    }

    @Test("A blocking token needs all its parts, and joins spellings that share them")
    func blocking() throws {
        let rows: [Fixtures.Row] = [
            .init(
                record: 1, subject: 1,
                identity: ["surname": "Smith", "date_of_birth": "2011-03-04"]),
            .init(
                record: 2, subject: 2,
                identity: ["surname": "SMYTH", "date_of_birth": "2011-03-04"]),
            .init(
                record: 3, subject: 3,
                identity: ["surname": "Smith", "date_of_birth": "2011-03-05"]),
            .init(record: 4, subject: 4, identity: ["surname": "Smith"]),
        ]
        let encoded = try Fixtures.pseudonymiser().encode(
            Fixtures.delta(rows, fields: ["surname", "date_of_birth"]), held: .init(),
            sealsIdentities: false
        ).encodings
        let tokens = Fixtures.tokens(encoded, "block.surname_birth")
        #expect(tokens[0] == tokens[1] && tokens[0] != tokens[2] && tokens[0] != 0)
        #expect(tokens[3] == 0)
        #expect(encoded["block.names_year"] == nil)
    }

    @Test("No token among the encoded fields stands for a name alone")
    func noNameToken() throws {
        // Everybody has one surname and one given name; all else differs.
        let rows = (0..<40).map { index in
            Fixtures.Row(
                record: UInt64(index + 1), subject: UInt64(index + 1),
                identity: [
                    "given_name": "Ann", "surname": "Smith",
                    "date_of_birth": "\(1950 + index)-0\(1 + index % 9)-\(10 + index % 17)",
                    "postcode": "LE\(1 + index) 4AB", "uprn": "\(1000 + index)",
                    "patient": "p\(index)",
                ])
        }
        let encoded = try Fixtures.pseudonymiser().encode(
            Fixtures.delta(
                rows,
                fields: ["given_name", "surname", "date_of_birth", "postcode", "uprn", "patient"]),
            held: .init(), sealsIdentities: false
        ).encodings
        for field in encoded.fields {
            switch field.values {
            case .token(let tokens):
                // A band is no token of a name: a county has four.
                if field.name.hasSuffix(".band") { continue }
                #expect(Set(tokens).count > 1, "\(field.name)")
                #expect(field.name != "surname" && field.name != "given_name")
            case .filter:
                #expect(["surname", "given_name", "given_name.formal"].contains(field.name))
            case .tokenSet: #expect(field.name == "postcode.near")
            }
        }
    }
}
