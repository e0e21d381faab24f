import Identifiers
import PipelineModel

@testable import Attack
@testable import Pseudonymise

/// People who do not exist, with a home and numbers, and dates of birth and sexes of which each is
/// another number of people's.
struct MadeResidents {
    var people: MadePeople
    var postcode: [String] = []
    var address: [String] = []
    var number: [String] = []

    /// - Parameters:
    ///   - count: How many people there are.
    ///   - dates: How many dates of birth there are; the commoner the later.
    init(_ count: Int, dates: Int = 40) {
        people = MadePeople(count)
        var generator = SeededGenerator(seed: 2, label: "homes")
        let first = Day(iso: "1950-03-05") ?? .missing
        // As many of each date as its number, over and over: no two dates are equally common.
        let shares = (0..<dates).flatMap { Array(repeating: $0, count: 2 * $0 + 1) }
        for person in 0..<count {
            people.born[person] = (first + 397 * shares[person % shares.count]).iso
            people.sex[person] = person % 5 < 2 ? "M" : "F"
            let home = generator.below(count / 4 + 1)
            let letters = Array("ABDEFGHJLN")
            postcode.append(
                "\(["N", "LE", "LE1"][home % 3])\(1 + home / 3 % 9) \(1 + home / 27 % 9)\(letters[home / 250 % 10])\(letters[home / 25 % 10])"
            )
            address.append(
                "\(1 + home % 60) \(["Mill", "Church", "Orchard", "Willow"][home / 60 % 4]) \(["Lane", "Road", "Close"][home / 240 % 3])"
            )
            number.append(Self.nhsNumber(400_000_000 + 7 * person + 3))
        }
        // Rows are stored in the order of pseudonyms, which tells nothing of that of numbers.
        number.shuffle(using: &generator)
    }

    /// The first number from these nine digits on whose check digit holds.
    private static func nhsNumber(_ digits: Int) -> String {
        for check in 0...9 {
            let text = "\(digits)\(check)"
            if NHSNumber.read(text).value != nil { return text }
        }
        return nhsNumber(digits + 1)
    }

    var identities: [String: [String?]] {
        people.identities.merging(
            ["postcode": postcode, "address": address, "nhs_number": number]
        ) { first, _ in first }
    }

    static func specification(_ hardening: String) throws -> EncodingSpecification {
        try MadePeople.specification(
            yaml: """
                hardening: {\(hardening)}
                fields:
                  given_name: {kind: name}
                  surname: {kind: name}
                  date_of_birth: {kind: date_of_birth}
                  sex: {kind: code}
                  postcode: {kind: uk_postcode}
                  nhs_number: {kind: nhs_number}
                  address: {kind: text}
                blocking:
                  names_home: [given_name.soundex, surname.soundex, postcode.sector]
                """)
    }

    func attacked(_ hardening: String = "") throws -> AttackedRecords {
        try MadePeople.attacked(identities, Self.specification(hardening))
    }
}
