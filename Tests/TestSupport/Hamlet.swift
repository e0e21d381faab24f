import Foundation
import PipelineModel

/// A place of forty people, small enough that a night of both zones takes a moment: extracts,
/// configuration and a model whose coefficients are given.
///
/// Nobody in it is real. The first of them carries the canaries: a name, a postcode and an NHS
/// number that nothing outside the source zone may ever hold.
public enum Hamlet {
    public static let firstDay = "2026-03-02"
    public static let secondDay = "2026-03-03"
    public static let people = 40

    /// Texts that identify the first person, as the extracts write them.
    public static let canaries = ["Zwetschgenbaum", "Quillfeather", "ZE98 7QW", nhsNumber(0)]

    /// The day after `day`, on which what was dated that day is worked on.
    public static func asOf(_ day: String) -> String {
        Day(iso: day).map { ($0 + 1).iso } ?? ""
    }

    // MARK: Extracts

    private static let forenames = [
        "Ada", "Basil", "Cora", "Dunstan", "Edith", "Felix", "Greta", "Hugo", "Iris", "Jonah",
        "Kezia", "Lionel", "Mabel", "Nigel", "Olive", "Percy", "Queenie", "Rufus", "Sybil",
        "Tobias",
    ]
    private static let surnames = [
        "Ashdown", "Birtwistle", "Cattermole", "Dobney", "Entwhistle", "Fothergill", "Gathercole",
        "Hollinshead", "Inchbald", "Jellicoe", "Kettlewell", "Ludgrove", "Murgatroyd", "Nethercott",
        "Oldroyd", "Pobjoy", "Quarmby", "Ravenscroft", "Shillito", "Threlkeld",
    ]

    /// A valid NHS number of the range that is kept for tests.
    public static func nhsNumber(_ person: Int) -> String {
        var stem = 999_000_000 + person * 137 + 11
        while true {
            let digits = String(stem).compactMap(\.wholeNumberValue)
            let sum = zip(digits, stride(from: 10, through: 2, by: -1)).reduce(0) {
                $0 + $1.0 * $1.1
            }
            let check = 11 - sum % 11
            if check != 10 { return "\(stem)\(check == 11 ? 0 : check)" }
            stem += 1
        }
    }

    static func identity(_ person: Int) -> [String] {
        let postcode =
            person == 0
            ? canaries[2]
            : "ZZ\(person % 7 + 1)\(person % 3) \(person % 9 + 1)\(letter(person))\(letter(person / 3))"
        return [
            person == 0 ? canaries[0] : forenames[person % forenames.count],
            person == 0 ? canaries[1] : surnames[person * 7 % surnames.count],
            "\(1940 + person)-\(twoDigits(person % 12 + 1))-\(twoDigits(person * 5 % 28 + 1))",
            person.isMultiple(of: 2) ? "F" : "M", postcode, nhsNumber(person),
        ]
    }

    private static func letter(_ number: Int) -> Character {
        Array("ABDEFGHJLNPQRSTUWXYZ")[number % 20]
    }

    private static func twoDigits(_ number: Int) -> String {
        (number < 10 ? "0" : "") + String(number)
    }

    public static let patientsHeader =
        "patient_id,forename,surname,date_of_birth,sex,postcode,nhs_number,registered_on,imd_decile"

    /// The rows of the patients, without the header.
    public static func patientRows(_ day: String) -> [String] {
        (0..<people).map { person in
            let decile = day == firstDay ? person % 10 + 1 : (person * 3) % 10 + 1
            return
                (["P\(person)"] + identity(person) + ["2020-01-\(twoDigits(person % 28 + 1))"]
                + [String(decile)]).joined(separator: ",")
        }
    }

    public static func patients(_ day: String) -> String {
        text(patientsHeader, patientRows(day))
    }

    static let admissionsHeader =
        "admission_id,local_patient_id,forename,surname,date_of_birth,sex,postcode,nhs_number,admitted_on,method"

    /// Two emergencies of each third person on the first day, and one of each fifth on the second.
    public static func admissions(_ day: String) -> String {
        let first = day == firstDay
        var rows: [String] = []
        for person in stride(from: 0, to: people, by: first ? 3 : 5) {
            for number in 0..<(first ? 1 + person % 2 : 1) {
                rows.append(
                    (["\(first ? "A" : "B")\(person)-\(number)", "H\(person)"] + identity(person)
                        + ["2026-0\(number + 1)-1\(person % 9)", "21"]).joined(separator: ","))
            }
        }
        return text(admissionsHeader, rows)
    }

    public static func optOuts(_ day: String) -> String { optOuts(of: [6, 12]) }

    static func text(_ header: String, _ rows: [String]) -> String {
        ([header] + rows).joined(separator: "\n") + "\n"
    }

    /// The files of a day, by their paths below the drop folder.
    public static func files(_ day: String) -> [String: String] {
        [
            "gp/patients_\(day).csv": patients(day),
            "hospital/admissions_\(day).csv": admissions(day),
            "opt_outs/register_\(day).csv": optOuts(day),
        ]
    }
}
