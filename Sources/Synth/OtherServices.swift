import PipelineModel

/// What councils, schools and the police know: none of it depends on admissions.
struct OtherServices {
    private var random: SeededGenerator
    private let population: Population
    private let start: Int32
    private let end: Int32

    private init(_ population: Population, seed: UInt64, label: String, start: Day, end: Day) {
        random = SeededGenerator(seed: seed, label: label)
        self.population = population
        self.start = start.number
        self.end = end.number
    }

    /// Adult social-care packages; from a year before `start`, for the look-back.
    static func packages(
        of population: Population, seed: UInt64, start: Day, end: Day
    ) -> [Event] {
        var services = OtherServices(
            population, seed: seed, label: "packages", start: start - 365, end: end)
        return services.drawPackages()
    }

    /// Children's social care, police and school events, added to what happened.
    static func add(
        to happenings: inout Happenings, population: Population, seed: UInt64, start: Day,
        end: Day
    ) {
        var services = OtherServices(
            population, seed: seed, label: "services", start: start, end: end)
        happenings.episodes = services.drawEpisodes()
        happenings.incidents = services.drawIncidents()
        services.addSchool(to: &happenings)
        // A package of someone who had died or left did not begin.
        happenings.packages.removeAll { !population.people[Int($0.person)].lives(on: $0.day) }
    }

    private mutating func anyDay() -> Int32 { start + Int32(random.below(Int(end - start))) }

    private var years: Double { Double(end - start) / 365.25 }

    private mutating func drawPackages() -> [Event] {
        var events: [Event] = []
        for (index, person) in population.people.enumerated() {
            let age = person.age(on: end)
            let communal = population.dwellings[Int(person.dwelling)].communal
            let yearly = communal ? 0.2 : age < 18 ? 0 : age < 65 ? 0.006 : age < 80 ? 0.03 : 0.12
            guard yearly > 0 else { continue }
            for _ in 0..<4 where random.chance(yearly * years / 4) {
                let day = anyDay()
                let adult = person.age(on: day) >= 18
                let service = communal ? 2 : [0, 0, 1, 3][random.below(4)]
                let recorded = day + 1 + Int32(random.below(30))
                guard adult else { continue }
                events.append(
                    Event(
                        person: Int32(index), day: day, recorded: recorded, kind: UInt8(service),
                        amount: Int16(2 + random.below(26))))
            }
        }
        return events
    }

    private mutating func drawEpisodes() -> [Event] {
        var events: [Event] = []
        for (index, person) in population.people.enumerated() where person.age(on: end) < 24 {
            let deprivation = population.dwellings[Int(person.dwelling)].deprivation
            guard random.chance(deprivation <= 3 ? 0.16 : 0.06) else { continue }
            var day = anyDay()
            var kind = 0
            for _ in 0..<(1 + random.below(4)) {
                guard day < end, person.lives(on: day), person.age(on: day) < 18 else { break }
                events.append(
                    Event(
                        person: Int32(index), day: day,
                        recorded: day + 1 + Int32(random.below(14)), kind: UInt8(kind),
                        code: UInt8(random.below(Codes.needs.count)),
                        amount: Int16(20 + random.below(300))))
                kind = min(kind + (random.chance(0.6) ? 1 : 0), 3)
                day += 20 + Int32(random.below(200))
            }
        }
        return events
    }

    private mutating func drawIncidents() -> [Event] {
        var events: [Event] = []
        for (index, person) in population.people.enumerated() {
            let age = person.age(on: end)
            guard age >= 10, random.chance(age < 65 ? 0.12 : 0.04) else { continue }
            for _ in 0..<(1 + (random.chance(0.4) ? 1 + random.below(4) : 0)) {
                let day = anyDay()
                guard person.lives(on: day), person.age(on: day) >= 10 else { continue }
                events.append(
                    Event(
                        person: Int32(index), day: day,
                        recorded: day + 1 + Int32(random.below(7)),
                        kind: UInt8(random.below(Codes.roles.count)),
                        code: UInt8(random.below(Codes.offences.count))))
            }
        }
        return events
    }

    private mutating func addSchool(to happenings: inout Happenings) {
        let terms = Calendar.termEnds(from: Day(start), to: Day(end)).map(\.number)
        for (index, person) in population.people.enumerated() where person.age(on: end) < 24 {
            let deprived = population.dwellings[Int(person.dwelling)].deprivation <= 3
            // Each pupil has a propensity of their own.
            let absence = 0.03 + (deprived ? 0.02 : 0) + (random.chance(0.12) ? 0.15 : 0)
            for term in terms {
                let age = person.age(on: term)
                guard age >= 5, age < 16, person.lives(on: term) else { continue }
                let possible = 110 + random.below(30)
                let share = absence * (0.4 + 1.2 * random.uniform())
                happenings.schoolTerms.append(
                    Event(
                        person: Int32(index), day: term,
                        recorded: term + 30 + Int32(random.below(15)), amount: Int16(possible),
                        otherAmount: Int16(share * Double(possible))))
                guard age >= 8, random.chance(absence > 0.12 ? 0.06 : 0.008) else { continue }
                let day = term - Int32(random.below(80))
                happenings.exclusions.append(
                    Event(
                        person: Int32(index), day: day, recorded: day + 1 + Int32(random.below(20)),
                        kind: random.chance(0.06) ? 1 : 0))
            }
        }
    }
}
