import PipelineModel

/// Children's social care: children as a snapshot, episodes as a delta with an
/// operation column (I, U, D).
struct ChildrensExtracts {
    static let quality = SourceQuality(
        label: "childrens", coverage: 0.97, sloppiness: 2, withoutNHSNumber: 0.4,
        shortForms: 0.07, moveDelay: 200, neverLearns: 0.15)
    private static let source = "childrens_social_care"

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(ChildrensExtracts.quality, seed: county.seed)
    }

    private func number(_ person: Int) -> Int { County.localNumber(person, source: 3) }

    func write(to delivery: inout Delivery) throws {
        let events = county.happenings.episodes
        let people = county.population.people
        let covered = people.indices.map { registrar.covers($0) }
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        // The first episode of each child, by the day on which it was recorded.
        var first = [Int32](repeating: Person.never, count: people.count)
        var known = [Int32](repeating: Person.never, count: people.count)
        for event in events {
            let index = Int(event.person)
            if event.recorded < known[index] {
                known[index] = event.recorded
                first[index] = event.day
            }
        }
        var identified = [Bool](repeating: false, count: people.count)
        for day in county.nights {
            var buffer = ExtractBuffer(
                ExtractStyle(byteOrderMark: true),
                header: """
                    child_id,nhs_number,forename,surname,date_of_birth,sex,postcode,\
                    first_seen_on,recorded_on
                    """)
            for index in people.indices where covered[index] && known[index] < day.number {
                let identity = registrar.identity(
                    index, in: county.population, on: day.number - 1)
                buffer.code("C", number(index))
                buffer.identity(identity)
                buffer.day(first[index])
                buffer.day(
                    identity.changedOn >= county.nights[0].number
                        ? identity.changedOn : known[index])
                buffer.endRow()
                guard !identified[index] else { continue }
                identified[index] = true
                delivery.identify(
                    ChildrensExtracts.source, letter: "C", number: number(index), person: index)
            }
            try delivery.put(
                buffer, night: day, source: ChildrensExtracts.source,
                file: "children_\(day.iso).csv")
        }
        try writeEpisodes(arrivals, to: &delivery)
    }

    private func writeEpisodes(_ arrivals: [[Int]], to delivery: inout Delivery) throws {
        let events = county.happenings.episodes
        var random = SeededGenerator(seed: county.seed, label: "episode changes")
        var deleted = [Bool](repeating: false, count: events.count)
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(byteOrderMark: true),
                header: "op,episode_id,child_id,kind,need,started_on,recorded_on,notes")
            func writeRow(_ operation: UInt8, _ position: Int, need: Int, recorded: Int32) {
                let event = events[position]
                buffer.byte(operation)
                buffer.code("S", position)
                buffer.code("C", number(Int(event.person)))
                buffer.text(Codes.episodeKinds[Int(event.kind)])
                buffer.text(Codes.needs[need])
                buffer.day(event.day)
                buffer.day(recorded)
                buffer.quoted(
                    position % 7 == 0 ? "Visit made, \"all well\",\nsee file." : "Visit made.")
                buffer.endRow()
            }
            for position in arrivals[night] {
                let event = events[position]
                writeRow(
                    UInt8(ascii: "I"), position, need: Int(event.code), recorded: event.recorded)
            }
            if night > 0, arrivals[0].count > 1 {
                // Each night some of the history is assessed anew, and some was entered in error.
                let share = max(arrivals[0].count / 2000, 1)
                for step in 0..<(2 * share) {
                    let width = arrivals[0].count / (2 * share)
                    let position = arrivals[0][step * width + random.below(width)]
                    guard !deleted[position] else { continue }
                    let isDeletion = step % 2 == 1
                    deleted[position] = isDeletion
                    let need = (Int(events[position].code) + night) % Codes.needs.count
                    writeRow(
                        isDeletion ? 68 : 85, position, need: need,
                        recorded: (day - 1).number)
                }
            }
            try delivery.put(
                buffer, night: day, source: ChildrensExtracts.source,
                file: "episodes_\(day.iso).csv")
        }
    }
}

/// Adult social care: clients as a snapshot, packages appended, corrections by the same key.
struct AdultCareExtracts {
    static let quality = SourceQuality(
        label: "adults", coverage: 0.98, sloppiness: 2, withoutNHSNumber: 0.3, shortForms: 0.08,
        moveDelay: 150, neverLearns: 0.1)
    private static let source = "adult_social_care"

    let county: County
    private let registrar: Registrar

    init(_ county: County) {
        self.county = county
        registrar = Registrar(AdultCareExtracts.quality, seed: county.seed)
    }

    private func number(_ person: Int) -> Int { County.localNumber(person, source: 4) }

    func write(to delivery: inout Delivery) throws {
        let events = county.happenings.packages
        let people = county.population.people
        let covered = people.indices.map { registrar.covers($0) }
        var first = [Int32](repeating: Person.never, count: people.count)
        var known = [Int32](repeating: Person.never, count: people.count)
        for event in events {
            let index = Int(event.person)
            if event.recorded < known[index] {
                known[index] = event.recorded
                first[index] = event.day
            }
        }
        var identified = [Bool](repeating: false, count: people.count)
        for day in county.nights {
            var buffer = ExtractBuffer(
                ExtractStyle(),
                header: """
                    client_id,nhs_number,forename,surname,date_of_birth,sex,postcode,uprn,address,\
                    first_seen_on,recorded_on
                    """)
            for index in people.indices where covered[index] && known[index] < day.number {
                let identity = registrar.identity(
                    index, in: county.population, on: day.number - 1)
                let home = county.population.dwellings[Int(identity.dwelling)]
                buffer.code("K", number(index))
                buffer.identity(identity)
                buffer.number(home.uprn)
                buffer.address(home)
                buffer.day(first[index])
                buffer.day(
                    identity.changedOn >= county.nights[0].number
                        ? identity.changedOn : known[index])
                buffer.endRow()
                guard !identified[index] else { continue }
                identified[index] = true
                delivery.identify(
                    AdultCareExtracts.source, letter: "K", number: number(index), person: index)
            }
            try delivery.put(
                buffer, night: day, source: AdultCareExtracts.source,
                file: "clients_\(day.iso).csv")
        }
        try writePackages(covered, to: &delivery)
    }

    private func writePackages(_ covered: [Bool], to delivery: inout Delivery) throws {
        let events = county.happenings.packages
        let arrivals = county.arrivals(of: events) { covered[Int($0.person)] }
        var random = SeededGenerator(seed: county.seed, label: "package corrections")
        for (night, day) in county.nights.enumerated() {
            var buffer = ExtractBuffer(
                ExtractStyle(),
                header: "package_id,client_id,service,hours_a_week,started_on,recorded_on")
            func writeRow(_ position: Int, hours: Int, recorded: Int32) {
                let event = events[position]
                buffer.code("G", position)
                buffer.code("K", number(Int(event.person)))
                buffer.text(Codes.services[Int(event.kind)])
                buffer.number(hours)
                buffer.day(event.day)
                buffer.day(recorded)
                buffer.endRow()
            }
            for position in arrivals[night] {
                writeRow(
                    position, hours: Int(events[position].amount),
                    recorded: events[position].recorded)
            }
            if night > 0, !arrivals[0].isEmpty {
                let position = arrivals[0][random.below(arrivals[0].count)]
                writeRow(
                    position, hours: Int(events[position].amount) + night,
                    recorded: (day - 1).number)
            }
            try delivery.put(
                buffer, night: day, source: AdultCareExtracts.source,
                file: "packages_\(day.iso).csv")
        }
    }
}
