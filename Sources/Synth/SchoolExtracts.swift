import PipelineModel

/// The schools: pupils as a termly snapshot, attendance by term and exclusions appended.
///
/// CRLF line ends and a byte order mark, as school systems write them.
struct SchoolExtracts {
    static let quality = SourceQuality(
        label: "school", coverage: 0.94, sloppiness: 1.2, withoutNHSNumber: 1, shortForms: 0.05,
        moveDelay: 200, neverLearns: 0.12)
    private static let source = "school"
    private static let style = ExtractStyle(carriageReturn: true, byteOrderMark: true)

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(SchoolExtracts.quality, seed: county.seed)
    }

    private func upn(_ person: Int) -> [UInt8] {
        let born = Day(county.population.people[person].born).civil.year
        return TestIdentifiers.upn(
            pupil: person, year: born + 5, temporary: person % 67 == 11)
    }

    /// The first of September after the fourth birthday.
    private func entry(_ person: Person) -> Int32 {
        let (year, month, _) = Day(person.born).civil
        let start = Day(year: year + (month >= 9 ? 5 : 4), month: 9, day: 4)
        return (start ?? Day(person.born)).number
    }

    func write(to delivery: inout Delivery) throws {
        let people = county.population.people
        let covered = people.indices.map { registrar.covers($0) }
        var identified = [Bool](repeating: false, count: people.count)
        for (night, day) in county.nights.enumerated()
        where night == 0 || Calendar.isCensusDelivery(day) {
            var buffer = ExtractBuffer(
                SchoolExtracts.style,
                header: """
                    upn,forename,surname,date_of_birth,gender,postcode,sen,free_meals,entered_on,\
                    recorded_on
                    """)
            for (index, person) in people.enumerated() where covered[index] {
                let entered = entry(person)
                let recorded = entered + 20
                let age = person.age(on: day.number)
                guard recorded < day.number, age < 16, person.lives(on: day.number - 1) else {
                    continue
                }
                let identity = registrar.identity(
                    index, in: county.population, on: day.number - 1)
                let number = upn(index)
                buffer.text(number)
                buffer.identity(identity, withNHSNumber: false)
                buffer.byte(index % 29 == 3 ? 69 : index % 8 == 5 ? 75 : 78)
                let deprivation = county.population.dwellings[Int(identity.dwelling)].deprivation
                buffer.byte(deprivation <= 3 && index % 5 < 2 ? 89 : 78)
                buffer.day(entered)
                buffer.day(
                    identity.changedOn >= county.nights[0].number ? identity.changedOn : recorded)
                buffer.endRow()
                identify(index, number, &identified, in: &delivery)
            }
            try delivery.put(
                buffer, night: day, source: SchoolExtracts.source, file: "pupils_\(day.iso).csv")
        }
        try writeTerms(covered, &identified, to: &delivery)
        try writeExclusions(covered, &identified, to: &delivery)
    }

    private func identify(
        _ index: Int, _ number: [UInt8], _ identified: inout [Bool], in delivery: inout Delivery
    ) {
        guard !identified[index] else { return }
        identified[index] = true
        delivery.identify(SchoolExtracts.source, subject: number, person: index)
    }

    private func writeTerms(
        _ covered: [Bool], _ identified: inout [Bool], to delivery: inout Delivery
    ) throws {
        let events = county.happenings.schoolTerms
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                SchoolExtracts.style,
                header: "upn,term_end,recorded_on,sessions_possible,sessions_absent")
            for position in arrivals[night] {
                let event = events[position]
                let number = upn(Int(event.person))
                identify(Int(event.person), number, &identified, in: &delivery)
                buffer.text(number)
                buffer.day(event.day)
                buffer.day(event.recorded)
                buffer.number(Int(event.amount))
                buffer.number(Int(event.otherAmount))
                buffer.endRow()
            }
            try delivery.put(
                buffer, night: day, source: SchoolExtracts.source,
                file: "attendance_\(day.iso).csv")
        }
    }

    private func writeExclusions(
        _ covered: [Bool], _ identified: inout [Bool], to delivery: inout Delivery
    ) throws {
        let events = county.happenings.exclusions
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                SchoolExtracts.style, header: "exclusion_id,upn,excluded_on,recorded_on,kind")
            for position in arrivals[night] {
                let event = events[position]
                let number = upn(Int(event.person))
                identify(Int(event.person), number, &identified, in: &delivery)
                buffer.code("X", position)
                buffer.text(number)
                buffer.day(event.day)
                buffer.day(event.recorded)
                buffer.text(Codes.exclusionKinds[Int(event.kind)])
                buffer.endRow()
            }
            try delivery.put(
                buffer, night: day, source: SchoolExtracts.source,
                file: "exclusions_\(day.iso).csv")
        }
    }
}
