import PipelineModel

/// A county whose lives have been lived, ready to be written down by its sources.
struct County {
    let population: Population
    let happenings: Happenings
    let seed: UInt64
    /// The days on which deliveries arrive.
    let nights: [Day]
    /// The first day of the simulated history.
    let start: Day

    /// The night whose delivery brings what was recorded on a day.
    ///
    /// A night brings everything up to the day before it; `nil` where no night of
    /// this county does.
    func night(ofRecorded day: Int32) -> Int? {
        if day < nights[0].number { return 0 }
        let index = Int(day - nights[0].number) + 1
        return index < nights.count ? index : nil
    }

    /// The positions of the events that each night brings for the first time, in order.
    func arrivals(of events: [Event], where covered: (Event) -> Bool) -> [[Int]] {
        var result = [[Int]](repeating: [], count: nights.count)
        for (position, event) in events.enumerated() where covered(event) {
            if let night = night(ofRecorded: event.recorded) { result[night].append(position) }
        }
        return result
    }

    /// The number in a local identifier: a permutation of seven digits for each source.
    static func localNumber(_ person: Int, source: Int) -> Int {
        (person * 7_368_787 + source * 1_234_567 + 271_828) % 10_000_000
    }
}

/// Takes the files of the county as they are finished.
struct Delivery {
    let directory: String
    let write: (_ path: String, _ bytes: [UInt8]) throws -> Void
    /// Rows of `truth/subjects.csv`: source, subject, person.
    private(set) var subjects = ExtractBuffer(ExtractStyle(), header: "source,subject,person")
    private(set) var files = 0
    private(set) var rows = 0

    init(directory: String, write: @escaping (String, [UInt8]) throws -> Void) {
        self.directory = directory
        self.write = write
    }

    /// Writes one extract file of a night; a file without rows does not arrive.
    mutating func put(_ buffer: ExtractBuffer, night: Day, source: String, file: String) throws {
        guard buffer.rows > 0 else { return }
        let bytes = buffer.style.gzip ? Gzip.compress(buffer.bytes) : buffer.bytes
        let suffix = buffer.style.gzip ? ".gz" : ""
        try write("\(directory)/nights/\(night.iso)/\(source)/\(file)\(suffix)", bytes)
        files += 1
        rows += buffer.rows
    }

    /// Writes one file of the truth.
    mutating func putTruth(_ bytes: [UInt8], file: String) throws {
        try write("\(directory)/truth/\(file)", bytes)
        files += 1
    }

    /// Remembers whom a source's subject really is.
    mutating func identify(_ source: String, letter: Character, number: Int, person: Int) {
        subjects.text(source)
        subjects.code(letter, number)
        subjects.number(person)
        subjects.endRow()
    }

    mutating func identify(_ source: String, subject: [UInt8], person: Int) {
        subjects.text(source)
        subjects.text(subject)
        subjects.number(person)
        subjects.endRow()
    }
}

extension ExtractBuffer {
    /// NHS number, forename, surname, date of birth, sex and postcode, in this order.
    mutating func identity(_ identity: RecordedIdentity, withNHSNumber: Bool = true) {
        if withNHSNumber { nhsNumber(identity.nhsNumber) }
        name(identity.forename, slip: identity.forenameSlip)
        name(identity.surname, slip: identity.surnameSlip)
        day(identity.born)
        byte(identity.sex)
        name(identity.postcode, slip: identity.postcodeSlip)
    }

    mutating func nhsNumber(_ value: Int) {
        if value == 0 { empty() } else { number(value, width: 10) }
    }

    /// The address as free text, which no contract lets pass: it has commas and line breaks.
    mutating func address(_ dwelling: Dwelling) {
        let street = Streets.names[Int(dwelling.street)]
        quoted(
            dwelling.houseNumber % 9 == 0
                ? "Flat 2,\n\(dwelling.houseNumber) \(street)"
                : "\(dwelling.houseNumber) \(street), Meadowbridge")
    }
}

/// Street names; none is of a real place.
enum Streets {
    static let names =
        [
            "Mill", "Church", "Station", "Meadow", "Orchard", "Bridge", "Stile", "Willow", "School",
            "Canal",
        ]
        .flatMap { first in ["Lane", "Road", "Street", "Close"].map { "\(first) \($0)" } }
}
