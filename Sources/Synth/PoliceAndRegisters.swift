import PipelineModel

/// The police: incidents with names and dates of birth, no NHS number;
/// Windows-1252, dd/mm/yyyy, and a date without hyphens in the file name.
struct PoliceExtracts {
    static let quality = SourceQuality(
        label: "police", coverage: 0.98, sloppiness: 3, withoutNHSNumber: 1, shortForms: 0.12,
        moveDelay: 300, neverLearns: 0.3)
    private static let source = "police"

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(PoliceExtracts.quality, seed: county.seed)
    }

    func write(to delivery: inout Delivery) throws {
        let events = county.happenings.incidents
        let people = county.population.people
        let covered = people.indices.map { registrar.covers($0) }
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        var identified = [UInt8](repeating: 0, count: people.count)
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(dates: .uk, windows1252: true),
                header: """
                    incident_id,nominal_id,forename,surname,dob,sex,postcode,occurred_on,\
                    recorded_on,role,offence,summary
                    """)
            for position in arrivals[night] {
                let event = events[position]
                let person = Int(event.person)
                let copy = person % 25 == 4 && position % 2 == 1 ? 1 : 0
                let number = County.localNumber(person + copy * people.count, source: 5)
                buffer.code("I", position)
                buffer.code("N", number)
                buffer.identity(
                    registrar.identity(
                        person, in: county.population, on: event.day, version: copy),
                    withNHSNumber: false)
                buffer.day(event.day)
                buffer.day(event.recorded)
                buffer.text(Codes.roles[Int(event.kind)])
                buffer.text(Codes.offences[Int(event.code)])
                buffer.quoted(
                    position % 5 == 0 ? "Reported by phone,\nno injury" : "Reported, noted")
                buffer.endRow()
                if identified[person] & (1 << UInt8(copy)) == 0 {
                    identified[person] |= 1 << UInt8(copy)
                    delivery.identify(
                        PoliceExtracts.source, letter: "N", number: number, person: person)
                }
            }
            let (year, month, number) = day.civil
            let compact = String(year * 10_000 + month * 100 + number)
            try delivery.put(
                buffer, night: day, source: PoliceExtracts.source,
                file: "incidents_\(compact).csv")
        }
    }
}

/// The registers of people whose data may not be used: opt-outs and objections.
struct RegisterExtracts {
    let county: County

    func write(to delivery: inout Delivery) throws {
        try write("opt_outs", share: 0.008, letter: "R", number: 6, to: &delivery)
        try write("objections", share: 0.003, letter: "J", number: 7, to: &delivery)
    }

    private func write(
        _ source: String, share: Double, letter: Character, number sourceNumber: Int,
        to delivery: inout Delivery
    ) throws {
        let registrar = Registrar(
            SourceQuality(
                label: source, coverage: share, sloppiness: 1, withoutNHSNumber: 0.1,
                shortForms: 0.03, moveDelay: 300, neverLearns: 0.3), seed: county.seed)
        let people = county.population.people
        let covered = people.indices.filter { registrar.covers($0) }
        // The register grows: the last on it come night by night.
        let perNight = max(covered.count / 200, 1)
        let later = min(perNight * (county.nights.count - 1), max(covered.count - 1, 0))
        let atFirst = covered.count - later
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(),
                header: """
                    register_id,nhs_number,forename,surname,date_of_birth,sex,postcode,\
                    registered_on
                    """)
            for (rank, index) in covered.enumerated() {
                let joined = rank < atFirst ? 0 : 1 + (rank - atFirst) / perNight
                guard joined <= night, people[index].born < day.number - 60 else { continue }
                let registered =
                    joined == 0
                    ? max(
                        county.nights[0].number - 10 - Int32(index % 900),
                        people[index].born + 30)
                    : county.nights[joined].number - 1
                let number = County.localNumber(index, source: sourceNumber)
                buffer.code(letter, number)
                buffer.identity(
                    registrar.identity(index, in: county.population, on: registered))
                buffer.day(registered)
                buffer.endRow()
                if joined == night {
                    delivery.identify(source, letter: letter, number: number, person: index)
                }
            }
            try delivery.put(buffer, night: day, source: source, file: "register_\(day.iso).csv")
        }
    }
}
