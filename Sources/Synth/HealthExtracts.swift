import PipelineModel

/// The general practices: patients as a nightly snapshot, events and deductions appended.
struct PracticeExtracts {
    static let quality = SourceQuality(
        label: "gp", coverage: 0.985, sloppiness: 1, withoutNHSNumber: 0.004, shortForms: 0.01,
        moveDelay: 120, neverLearns: 0.1)
    private static let source = "gp"

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(PracticeExtracts.quality, seed: county.seed)
    }

    private func number(_ person: Int) -> Int { County.localNumber(person, source: 1) }

    /// The day on which a person was registered, and the day on which it was recorded.
    private func registration(_ index: Int) -> (on: Int32, recorded: Int32) {
        let born = county.population.people[index].born
        let spread = Int32(truncatingIfNeeded: UInt64(index) &* 2_654_435_761 % 6000)
        let on = max(born + 5 + spread % 30, county.start.number - 30 - spread)
        return (on, on + spread % 3)
    }

    func write(to delivery: inout Delivery) throws {
        let people = county.population.people
        let covered = people.indices.map { registrar.covers($0) }
        var random = SeededGenerator(seed: county.seed, label: "gp withdrawals")
        // The night from which a row is gone, because it had been made in error.
        var withdrawn = [Int](repeating: Int.max, count: people.count)
        for night in 1..<max(county.nights.count, 2) {
            for _ in 0..<max(people.count / 25_000, 1) {
                withdrawn[random.below(people.count)] = night
            }
        }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(gzip: true),
                header: """
                    patient_id,nhs_number,forename,surname,date_of_birth,sex,postcode,uprn,\
                    ethnicity,imd_decile,address,registered_on,recorded_on
                    """)
            for index in people.indices where covered[index] && withdrawn[index] > night {
                let registered = registration(index)
                guard registered.recorded < day.number else { continue }
                writePatient(index, registered, on: day - 1, to: &buffer)
                if night == 0 || registered.recorded >= (day - 1).number {
                    delivery.identify(
                        PracticeExtracts.source, letter: "P", number: number(index), person: index)
                }
            }
            try delivery.put(
                buffer, night: day, source: PracticeExtracts.source,
                file: "patients_\(day.iso).csv")
        }
        try writeEvents(covered, to: &delivery)
        try writeDeductions(covered, to: &delivery)
    }

    private func writePatient(
        _ index: Int, _ registered: (on: Int32, recorded: Int32), on day: Day,
        to buffer: inout ExtractBuffer
    ) {
        let identity = registrar.identity(index, in: county.population, on: day.number)
        let home = county.population.dwellings[Int(identity.dwelling)]
        buffer.code("P", number(index))
        buffer.identity(identity)
        buffer.number(home.uprn)
        let isStated = index % 17 != 5
        buffer.byte(isStated ? county.population.people[index].ethnicity : UInt8(ascii: "Z"))
        buffer.number(Int(home.deprivation))
        buffer.address(home)
        buffer.day(registered.on)
        let isNew = identity.changedOn >= county.nights[0].number
        buffer.day(isNew ? max(identity.changedOn, registered.recorded) : registered.recorded)
        buffer.endRow()
    }

    private func writeEvents(_ covered: [Bool], to delivery: inout Delivery) throws {
        let events = county.happenings.diagnoses
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        let codes = Codes.diagnoses.map { Array($0.utf8) }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(gzip: true),
                header: "event_id,patient_id,event_date,recorded_on,icd10")
            for position in arrivals[night] {
                let event = events[position]
                buffer.code("E", position)
                buffer.code("P", number(Int(event.person)))
                buffer.day(event.day)
                buffer.day(event.recorded)
                buffer.text(codes[Int(event.code)])
                buffer.endRow()
            }
            try delivery.put(
                buffer, night: day, source: PracticeExtracts.source, file: "events_\(day.iso).csv")
        }
    }

    private func writeDeductions(_ covered: [Bool], to delivery: inout Delivery) throws {
        var events: [Event] = []
        for (index, person) in county.population.people.enumerated()
        where person.gone != Person.never && covered[index] {
            events.append(
                Event(
                    person: Int32(index), day: person.gone,
                    recorded: person.gone + 1 + Int32(index % 9), kind: person.died ? 0 : 1))
        }
        let arrivals = county.arrivals(of: events) { _ in true }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(gzip: true),
                header: "deduction_id,patient_id,deducted_on,recorded_on,reason")
            for position in arrivals[night] {
                let event = events[position]
                buffer.code("D", number(Int(event.person)))
                buffer.code("P", number(Int(event.person)))
                buffer.day(event.day)
                buffer.day(event.recorded)
                buffer.text(event.kind == 0 ? "death" : "moved")
                buffer.endRow()
            }
            try delivery.put(
                buffer, night: day, source: PracticeExtracts.source,
                file: "deductions_\(day.iso).csv")
        }
    }
}

/// The hospital: admissions, attendances and outpatient appointments, each row
/// with the identity as typed at that desk; corrections come with the same key.
struct HospitalExtracts {
    static let quality = SourceQuality(
        label: "hospital", coverage: 0.975, sloppiness: 1.2, withoutNHSNumber: 0.04,
        shortForms: 0.03, moveDelay: 400, neverLearns: 0.25)
    private static let source = "hospital"

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(HospitalExtracts.quality, seed: county.seed)
    }

    func write(to delivery: inout Delivery) throws {
        let covered = county.population.people.indices.map { registrar.covers($0) }
        var seen = [UInt8](repeating: 0, count: covered.count)
        try writeAdmissions(covered, &seen, to: &delivery)
        try writeAppointments(
            county.happenings.attendances, covered, &seen, file: "attendances", letter: "B",
            day: "attended_on", column: "disposal", to: &delivery
        ) { buffer, event in buffer.text(Codes.disposals[Int(event.kind)]) }
        try writeAppointments(
            county.happenings.outpatients, covered, &seen, file: "outpatients", letter: "O",
            day: "appointment_on", column: "specialty,attended", to: &delivery
        ) { buffer, event in
            buffer.text(Codes.specialties[Int(event.code)])
            buffer.byte(event.kind == 0 ? 89 : 78)
        }
        for (index, flags) in seen.enumerated() {
            for copy in 0..<2 where flags & (1 << UInt8(copy)) != 0 {
                delivery.identify(
                    HospitalExtracts.source, letter: "H", number: number(index, copy: copy),
                    person: index)
            }
        }
    }

    private func number(_ person: Int, copy: Int) -> Int {
        County.localNumber(person + copy * county.population.people.count, source: 2)
    }

    /// Three people in a hundred have been registered twice.
    private func copy(_ person: Int, _ position: Int) -> Int {
        person % 33 == 7 && position % 2 == 1 ? 1 : 0
    }

    /// Local number and identity; one row in twenty was typed anew.
    private func writeIdentity(
        _ event: Event, _ position: Int, _ seen: inout [UInt8], to buffer: inout ExtractBuffer
    ) {
        let person = Int(event.person)
        let copy = copy(person, position)
        seen[person] |= 1 << UInt8(copy)
        buffer.code("H", number(person, copy: copy))
        let anew = copy == 1 ? 199 : position % 20 == 3 ? 1 + position % 190 : 0
        buffer.identity(
            registrar.identity(
                person, in: county.population, on: event.day, version: anew))
    }

    private func writeAdmissions(
        _ covered: [Bool], _ seen: inout [UInt8], to delivery: inout Delivery
    ) throws {
        let events = county.happenings.admissions
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        let codes = Codes.admissions.map { Array($0.utf8) }
        var random = SeededGenerator(seed: county.seed, label: "hospital corrections")
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(),
                header: """
                    admission_id,local_patient_id,nhs_number,forename,surname,date_of_birth,sex,\
                    postcode,admitted_on,admission_method,diagnosis,days_in_hospital,recorded_on
                    """)
            func writeRow(_ position: Int, code: Int, stay: Int, recorded: Int32) {
                let event = events[position]
                buffer.code("A", position)
                writeIdentity(event, position, &seen, to: &buffer)
                buffer.day(event.day)
                buffer.text(Codes.methods[Int(event.kind)])
                buffer.text(codes[code])
                buffer.number(stay)
                buffer.day(recorded)
                buffer.endRow()
            }
            for position in arrivals[night] {
                let event = events[position]
                writeRow(
                    position, code: Int(event.code), stay: Int(event.amount),
                    recorded: event.recorded)
            }
            if night > 0, !arrivals[0].isEmpty {
                // Coders look again at the latest of the history: another diagnosis, a longer stay.
                let recent = arrivals[0].suffix(max(arrivals[0].count / 40, 1))
                let share = max(recent.count / 100, 1)
                for step in 0..<share {
                    let width = recent.count / share
                    let position =
                        recent[recent.startIndex + step * width + random.below(width)]
                    let event = events[position]
                    writeRow(
                        position, code: (Int(event.code) + night) % Codes.firstPlanned,
                        stay: Int(event.amount) + night, recorded: (day - 1).number)
                }
            }
            try delivery.put(
                buffer, night: day, source: HospitalExtracts.source,
                file: "admissions_\(day.iso).csv")
        }
    }

    private func writeAppointments(
        _ events: [Event], _ covered: [Bool], _ seen: inout [UInt8], file: String,
        letter: Character, day dayColumn: String, column: String, to delivery: inout Delivery,
        payload: (inout ExtractBuffer, Event) -> Void
    ) throws {
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(gzip: true),
                header: """
                    id,local_patient_id,nhs_number,forename,surname,date_of_birth,sex,postcode,\
                    \(dayColumn),\(column),recorded_on
                    """)
            for position in arrivals[night] {
                let event = events[position]
                buffer.code(letter, position)
                writeIdentity(event, position, &seen, to: &buffer)
                buffer.day(event.day)
                payload(&buffer, event)
                buffer.day(event.recorded)
                buffer.endRow()
            }
            try delivery.put(
                buffer, night: day, source: HospitalExtracts.source, file: "\(file)_\(day.iso).csv")
        }
    }
}
