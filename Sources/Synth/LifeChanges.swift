import PipelineModel

/// What changes in people's lives before the first as-of date is known to matter:
/// moves of home, changes of name and the onset of long-term conditions.
struct LifeChanges {
    private var random: SeededGenerator
    private let start: Int32
    private let end: Int32

    /// Gives moves, names and conditions to a population over `start..<end`.
    static func apply(to population: inout Population, seed: UInt64, start: Day, end: Day) {
        var changes = LifeChanges(
            random: SeededGenerator(seed: seed, label: "changes"), start: start.number,
            end: end.number)
        changes.move(&population)
        changes.rename(&population)
        changes.diagnose(&population)
    }

    private mutating func anyDay() -> Int32 { start + Int32(random.below(Int(end - start))) }

    /// Five in a hundred homes move as a whole each year; some of the young leave alone.
    private mutating func move(_ population: inout Population) {
        let years = Double(end - start) / 365.25
        let homes = population.dwellings.count
        var first = 0
        while first < population.people.count {
            let home = population.people[first].dwelling
            var last = first
            while last < population.people.count, population.people[last].dwelling == home {
                last += 1
            }
            if !population.dwellings[Int(home)].communal {
                if random.chance(0.05 * years) {
                    let day = anyDay()
                    let target = newHome(&population, like: homes)
                    for person in first..<last {
                        population.people[person].movedOn = day
                        population.people[person].laterDwelling = target
                    }
                } else {
                    for person in first..<last where last - first > 1 {
                        let age = population.people[person].age(on: end)
                        guard age >= 20, age <= 29, random.chance(0.06 * years) else { continue }
                        let day = max(anyDay(), population.people[person].born + 6600)
                        population.people[person].movedOn = day
                        population.people[person].laterDwelling = newHome(
                            &population, like: homes)
                    }
                }
            }
            first = last
        }
    }

    /// A new home in the area of one that exists.
    private mutating func newHome(_ population: inout Population, like homes: Int) -> Int32 {
        var home = population.dwellings[random.below(homes)]
        let number = population.dwellings.count
        home.uprn = 999_000_000_000 + (number &* 7_368_787 &+ 424_243) % 1_000_000_000
        home.houseNumber = Int32(1 + random.below(180))
        home.communal = false
        population.dwellings.append(home)
        return Int32(number)
    }

    /// Women of 22 to 45 who live with a partner of another name may take it.
    private mutating func rename(_ population: inout Population) {
        let hyphen = UInt8(ascii: "-")
        for person in population.people.indices.dropFirst() {
            let her = population.people[person]
            let partner = population.people[person - 1]
            guard !her.male, partner.male, partner.dwelling == her.dwelling,
                !population.dwellings[Int(her.dwelling)].communal,
                abs(her.born - partner.born) < 3000
            else { continue }
            let age = her.age(on: end)
            guard age >= 22, age <= 45 else { continue }
            if her.surname == partner.surname {
                guard random.chance(0.12) else { continue }
                population.people[person].surname = population.names.surname(her.origin, &random)
            } else if random.chance(0.25) {
                population.people[person].laterSurname = partner.surname
            } else if random.chance(0.08) {
                let both =
                    population.names.names[Int(her.surname)] + [hyphen]
                    + population.names.names[Int(partner.surname)]
                population.people[person].laterSurname = population.names.add(both)
            } else {
                continue
            }
            population.people[person].renamedOn = anyDay()
        }
    }

    /// Onset of the three conditions of the planted model, by age.
    private mutating func diagnose(_ population: inout Population) {
        for person in population.people.indices {
            let born = population.people[person].born
            let age = population.people[person].age(on: end)
            let ethnicityRisk = population.people[person].origin == .southAsian ? 2.2 : 1.0
            guard age >= 18 else { continue }
            // The chance of ever having it by this age.
            let old = Double(max(age - 35, 0))
            let copd = 0.0024 * old
            let failure = age < 45 ? 0.001 : 0.00004 * old * old
            let diabetes = (0.004 + 0.0027 * old) * ethnicityRisk
            if random.chance(copd) { population.people[person].copd = onset(born) }
            if random.chance(failure) { population.people[person].heartFailure = onset(born) }
            if random.chance(diabetes) { population.people[person].diabetes = onset(born) }
        }
    }

    /// A day in the twelve years before the end, in adult life.
    private mutating func onset(_ born: Int32) -> Int32 {
        max(end - Int32(random.below(4383)), born + 6575 + Int32(random.below(300)))
    }
}
