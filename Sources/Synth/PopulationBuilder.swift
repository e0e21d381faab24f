import PipelineModel

/// Puts people into homes: couples, lone parents, several generations, people on
/// their own, sharers, care homes.
struct PopulationBuilder {
    private var population = Population()
    private var random: SeededGenerator
    private let count: Int
    /// The day on which the ages are as drawn.
    private let reference: Int32

    private init(people: Int, seed: UInt64, reference: Day) {
        count = people
        random = SeededGenerator(seed: seed, label: "population")
        self.reference = reference.number
    }

    /// Exactly `people` people, the same ones for the same seed.
    static func build(people: Int, seed: UInt64, reference: Day) -> Population {
        var builder = PopulationBuilder(people: people, seed: seed, reference: reference)
        builder.population.people.reserveCapacity(people)
        while builder.population.people.count < people { builder.addHousehold() }
        builder.population.nhsNumbers = TestIdentifiers.nhsNumbers(people)
        return builder.population
    }

    // MARK: Homes

    /// Adds a home and gives its index.
    private mutating func addDwelling(communal: Bool = false) -> Int32 {
        let number = population.dwellings.count
        // About fifteen homes share a postcode, and eight postcodes an area.
        let postcode = communal ? number / 15 : random.below(max(count / 36, 4))
        let area = postcode / 8
        var areaRandom = SeededGenerator(seed: UInt64(area), label: "area")
        population.dwellings.append(
            Dwelling(
                uprn: 999_000_000_000 + (number &* 7_368_787 &+ 424_243) % 1_000_000_000,
                postcode: Int32(postcode), deprivation: UInt8(1 + areaRandom.below(10)),
                communal: communal, houseNumber: Int32(1 + random.below(180)),
                street: Int32(random.below(40))))
        return Int32(number)
    }

    // MARK: People

    private mutating func drawOrigin() -> Origin {
        let point = random.below(1000)
        if point < 790 { return .british }
        if point < 860 { return .european }
        if point < 945 { return .southAsian }
        if point < 990 { return .african }
        return .eastAsian
    }

    /// An NHS ethnic category that goes with an origin, with some that do not.
    private mutating func drawEthnicity(_ origin: Origin) -> UInt8 {
        let letters: StaticString
        switch origin {
        case .british: letters = "AAAAAAAAAAAAAAAAAAAAAAAAAAAABDEG"
        case .european: letters = "CCCCCCCCCCBBBCCG"
        case .southAsian: letters = "HHHHJJJJJKKLLHJF"
        case .african: letters = "NNNNNNMMMMPPDEEN"
        case .eastAsian: letters = "RRRRRRSS"
        }
        return letters.utf8Start[random.below(letters.utf8CodeUnitCount)]
    }

    /// Adds a person where there is still room; gives their index.
    @discardableResult
    private mutating func add(
        age: Int, male: Bool, origin: Origin, surname: Int32, dwelling: Int32,
        mother: Int32 = -1
    ) -> Int32? {
        guard population.people.count < count else { return nil }
        var person = Person()
        person.male = male
        person.born = reference - Int32(age * 36_525 / 100 + random.below(365))
        person.origin = origin
        person.ethnicity = drawEthnicity(origin)
        person.forename = population.names.forename(
            origin, male: male, year: Day(person.born).civil.year, &random)
        person.surname = surname
        person.laterSurname = surname
        person.dwelling = dwelling
        person.laterDwelling = dwelling
        person.mother = mother
        population.people.append(person)
        return Int32(population.people.count - 1)
    }

    private mutating func surname(_ origin: Origin) -> Int32 {
        population.names.surname(origin, &random)
    }

    private mutating func male() -> Bool { random.chance(0.49) }

    // MARK: Households

    private mutating func addHousehold() {
        let room = count - population.people.count
        let kind = random.below(1000)
        switch kind {
        case 0..<4 where room >= 20 && population.people.count > 1000: addCareHome()
        case 0..<150: addSingle(youngest: 19, oldest: 64)
        case 150..<280: addSingle(youngest: 65, oldest: 96)
        case 280..<460: addCouple(youngest: 21, oldest: 64)
        case 460..<560: addCouple(youngest: 65, oldest: 92)
        case 560..<800: addFamily(adults: 2)
        case 800..<890: addFamily(adults: 1)
        case 890..<950: addGenerations()
        default: addSharers()
        }
    }

    private mutating func addSingle(youngest: Int, oldest: Int) {
        let origin = drawOrigin()
        let home = addDwelling()
        let age = youngest + random.below(oldest - youngest + 1)
        add(
            age: age, male: random.chance(age > 70 ? 0.36 : 0.55), origin: origin,
            surname: surname(origin), dwelling: home)
    }

    private mutating func addCouple(youngest: Int, oldest: Int) {
        let home = addDwelling()
        let span = oldest - youngest + 1
        // Among those below 65 the older ones more often have no child at home.
        let age =
            youngest
            + (oldest < 65
                ? max(random.below(span), random.below(span))
                : random.below(span))
        _ = addAdults(2, age: age, home: home)
    }

    /// Adults of one home; gives origin, the surname of their children and the mother.
    private mutating func addAdults(
        _ adults: Int, age: Int, home: Int32
    ) -> (origin: Origin, surname: Int32, mother: Int32?) {
        let origin = drawOrigin()
        let family = surname(origin)
        if adults == 1 {
            let isMale = random.chance(0.13)
            let parent = add(
                age: age, male: isMale, origin: origin, surname: family, dwelling: home)
            return (origin, random.chance(0.75) ? family : surname(origin), isMale ? nil : parent)
        }
        let otherOrigin = random.chance(0.9) ? origin : drawOrigin()
        let sharesName = random.chance(0.74)
        let firstMale = random.chance(0.975)
        add(
            age: min(max(age + random.below(7) - 2, 18), 100), male: firstMale, origin: origin,
            surname: family, dwelling: home)
        let own = sharesName ? family : surname(otherOrigin)
        let second = add(
            age: age, male: !firstMale && random.chance(0.5), origin: otherOrigin, surname: own,
            dwelling: home)
        return (origin, family, second)
    }

    private mutating func addFamily(adults: Int) {
        let home = addDwelling()
        let age = 25 + random.below(32)
        let parents = addAdults(adults, age: age, home: home)
        addChildren(of: parents, parentAge: age, home: home)
    }

    private mutating func addChildren(
        of parents: (origin: Origin, surname: Int32, mother: Int32?), parentAge: Int, home: Int32
    ) {
        var age = min(parentAge - 18 - random.below(14), 22)
        var remaining = 1 + (random.chance(0.55) ? 1 : 0) + (random.chance(0.22) ? 1 : 0)
        if random.chance(0.04) { remaining += 2 }
        age = max(age, 0)
        while remaining > 0, age >= 0 {
            let child = add(
                age: age, male: male(), origin: parents.origin, surname: parents.surname,
                dwelling: home, mother: parents.mother ?? -1)
            if let child, random.chance(0.015) {
                let twin = add(
                    age: age, male: male(), origin: parents.origin, surname: parents.surname,
                    dwelling: home, mother: parents.mother ?? -1)
                if let twin {
                    population.people[Int(twin)].born = population.people[Int(child)].born
                    population.people[Int(twin)].twin = child
                    population.people[Int(child)].twin = twin
                }
            }
            remaining -= 1
            age -= 2 + random.below(3)
        }
    }

    private mutating func addGenerations() {
        let home = addDwelling()
        let age = 26 + random.below(22)
        let parents = addAdults(2, age: age, home: home)
        addChildren(of: parents, parentAge: age, home: home)
        let older = min(age + 24 + random.below(10), 95)
        add(
            age: older, male: false, origin: parents.origin, surname: parents.surname,
            dwelling: home)
        if random.chance(0.5) {
            add(
                age: min(older + 2, 97), male: true, origin: parents.origin,
                surname: parents.surname, dwelling: home)
        }
    }

    private mutating func addSharers() {
        let home = addDwelling()
        for _ in 0..<(2 + random.below(4)) {
            let origin = drawOrigin()
            add(
                age: 18 + random.below(22), male: male(), origin: origin,
                surname: surname(origin), dwelling: home)
        }
    }

    private mutating func addCareHome() {
        let home = addDwelling(communal: true)
        for _ in 0..<(16 + random.below(20)) {
            let origin = random.chance(0.92) ? Origin.british : drawOrigin()
            add(
                age: 74 + random.below(25), male: random.chance(0.3), origin: origin,
                surname: surname(origin), dwelling: home)
        }
    }
}
