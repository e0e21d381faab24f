import PipelineModel

/// Simulates the county from one as-of date to the next.
///
/// Within a quarter the first emergency admission of an adult is one Bernoulli
/// draw with the planted probability; everything else follows from the past and
/// from that draw, never the other way round.
struct Lives {
    private var random: SeededGenerator
    private var population: Population
    private var happenings = Happenings()
    private let model = PlantedModel.emergencyAdmission
    /// Emergency admissions and attendances of each person, newest first, as linked lists.
    private var newestAdmission: [Int32]
    private var olderAdmission: [Int32] = []
    private var newestAttendance: [Int32]
    private var olderAttendance: [Int32] = []
    private var packageDays: [[Int32]] = []
    private var carers: [Int32]

    /// The emergency methods are the last three of ``Codes/methods``.
    static let firstEmergency: UInt8 = 3

    private init(population: Population, seed: UInt64) {
        self.population = population
        random = SeededGenerator(seed: seed, label: "lives")
        newestAdmission = Array(repeating: -1, count: population.people.count)
        newestAttendance = Array(repeating: -1, count: population.people.count)
        carers = Array(repeating: 0, count: population.dwellings.count)
    }

    /// Simulates the quarters that begin on `quarters`, and gives the population
    /// with its deaths beside what happened.
    ///
    /// - Parameters:
    ///   - quarters: First days of consecutive quarters, and the day after the last one.
    ///   - burnIn: The number of quarters whose rows are not part of the truth.
    static func simulate(
        _ population: Population, packages: [Event], seed: UInt64, quarters: [Day], burnIn: Int,
        progress: (Double) -> Void
    ) -> (Population, Happenings) {
        var lives = Lives(population: population, seed: seed)
        lives.happenings.packages = packages
        lives.packageDays = Array(repeating: [], count: population.people.count)
        for package in packages { lives.packageDays[Int(package.person)].append(package.day) }
        for index in 0..<(quarters.count - 1) {
            lives.simulateQuarter(
                from: quarters[index].number, to: quarters[index + 1].number,
                keepsTruth: index >= burnIn)
            progress(Double(index + 1) / Double(quarters.count - 1))
        }
        return (lives.population, lives.happenings)
    }

    // MARK: Features

    private func count(
        _ events: [Event], _ older: [Int32], newest: Int32, from first: Int32, before day: Int32
    ) -> Int {
        var count = 0
        var index = newest
        // Within a quarter the days are in no order, so look one quarter further back.
        while index >= 0, events[Int(index)].day >= first - 100 {
            if events[Int(index)].day >= first, events[Int(index)].day < day { count += 1 }
            index = older[Int(index)]
        }
        return count
    }

    private func hasPackage(_ person: Int, before day: Int32) -> Bool {
        packageDays[person].contains { $0 >= day - 730 && $0 < day }
    }

    /// The number of people in each private home who have a recent package.
    private mutating func countCarers(on day: Int32) {
        for home in carers.indices { carers[home] = 0 }
        for (index, person) in population.people.enumerated()
        where person.lives(on: day) && hasPackage(index, before: day) {
            carers[Int(person.dwelling(on: day))] += 1
        }
    }

    /// The features in the order of the model's terms.
    private func features(_ index: Int, on day: Int32) -> [Double] {
        let person = population.people[index]
        let home = Int(person.dwelling(on: day))
        let admissions = count(
            happenings.admissions, olderAdmission, newest: newestAdmission[index],
            from: day - 365, before: day)
        let attendances = count(
            happenings.attendances, olderAttendance, newest: newestAttendance[index],
            from: day - 90, before: day)
        let others = Int(carers[home]) - (hasPackage(index, before: day) ? 1 : 0)
        let isPrivate = !population.dwellings[home].communal
        return [
            Double(day - person.birthMonth) / 3652.5,
            person.male ? 1 : 0,
            Double(min(admissions, 5)),
            Elementary.log(Double(1 + attendances)),
            person.copd < day ? 1 : 0,
            person.heartFailure < day ? 1 : 0,
            person.diabetes < day ? 1 : 0,
            Double(population.dwellings[home].deprivation),
            isPrivate && others > 0 ? 1 : 0,
        ]
    }

    /// Whether a person has had the 18th birthday, by the month of birth.
    private func isAdult(_ person: Person, on day: Int32) -> Bool {
        let born = Day(person.born).civil
        let now = Day(day).civil
        return (now.year - born.year) * 12 + now.month - born.month >= model.youngestAge * 12
    }

    // MARK: A quarter

    private mutating func simulateQuarter(from day: Int32, to end: Int32, keepsTruth: Bool) {
        countCarers(on: day)
        for index in population.people.indices {
            let person = population.people[index]
            guard person.lives(on: day) else { continue }
            let age = person.age(on: day)
            let conditions =
                (person.copd < day ? 1 : 0) + (person.heartFailure < day ? 1 : 0)
                + (person.diabetes < day ? 1 : 0)
            var last = day
            var admitted = false
            if isAdult(person, on: day) {
                let values = features(index, on: day)
                admitted = random.chance(Elementary.logistic(model.linearPredictor(values)))
                if keepsTruth {
                    happenings.truth.person.append(Int32(index))
                    happenings.truth.asOf.append(day)
                    happenings.truth.features += values
                    happenings.truth.outcome.append(admitted ? 1 : 0)
                }
            } else {
                admitted = random.chance(age < 5 ? 0.02 : 0.008)
            }
            if admitted {
                last = day + Int32(random.below(model.horizonDays))
                addEmergency(index, on: last)
                if last + 3 < end, random.chance(0.15) {
                    last += 3 + Int32(random.below(Int(end - last - 3)))
                    addEmergency(index, on: last)
                }
            }
            let deprived = population.dwellings[Int(person.dwelling(on: day))].deprivation <= 3
            let attends =
                (age < 5 || age >= 75 ? 0.11 : 0.055) + (deprived ? 0.03 : 0)
                + 0.03 * Double(conditions)
            for _ in 0..<draws(attends) {
                let on = anyDay(day, end)
                last = max(last, on)
                addAttendance(index, on: on, admitted: false)
            }
            addPlannedCare(index, age: age, conditions: conditions, day, end, &last)
            addDiagnoses(index, age: age, conditions: conditions, day, end, &last)
            addDeparture(index, age: age, after: last, before: end)
        }
    }

    private mutating func anyDay(_ day: Int32, _ end: Int32) -> Int32 {
        day + Int32(random.below(Int(end - day)))
    }

    /// A Poisson number with a small mean, by inversion.
    private mutating func draws(_ mean: Double) -> Int {
        var point = random.uniform()
        var term = Elementary.exp(-mean)
        var count = 0
        while point >= term, count < 20 {
            point -= term
            count += 1
            term = term * mean / Double(count)
        }
        return count
    }

    /// Most is recorded within days, a little months later.
    private mutating func lag(_ usual: Int, late: Double) -> Int32 {
        Int32(1 + random.below(usual) + (random.chance(late) ? 20 + random.below(100) : 0))
    }

    private mutating func addEmergency(_ index: Int, on day: Int32) {
        let person = population.people[index]
        let code: Int
        switch random.below(10) {
        case 0..<3 where person.copd < day: code = 0
        case 0..<4 where person.heartFailure < day: code = 1
        case 0..<2 where person.diabetes < day: code = 2
        default: code = 3 + random.below(Codes.firstPlanned - 3)
        }
        let stay = 1 + random.below(8) + (random.chance(0.1) ? random.below(30) : 0)
        let event = Event(
            person: Int32(index), day: day, recorded: day + Int32(stay) + lag(6, late: 0.05),
            kind: Lives.firstEmergency + UInt8(random.below(3)), code: UInt8(code),
            amount: Int16(stay))
        olderAdmission.append(newestAdmission[index])
        newestAdmission[index] = Int32(happenings.admissions.count)
        happenings.admissions.append(event)
        if random.chance(0.7) { addAttendance(index, on: day, admitted: true) }
    }

    private mutating func addAttendance(_ index: Int, on day: Int32, admitted: Bool) {
        olderAttendance.append(newestAttendance[index])
        newestAttendance[index] = Int32(happenings.attendances.count)
        happenings.attendances.append(
            Event(
                person: Int32(index), day: day, recorded: day + lag(3, late: 0.02),
                kind: admitted ? 0 : random.chance(0.06) ? 2 : 1))
    }

    private mutating func addPlannedCare(
        _ index: Int, age: Int, conditions: Int, _ day: Int32, _ end: Int32, _ last: inout Int32
    ) {
        for _ in 0..<draws(0.012 + (age >= 60 ? 0.015 : 0) + 0.01 * Double(conditions)) {
            let on = anyDay(day, end)
            last = max(last, on)
            let stay = random.below(4)
            // Planned admissions are in no person's list of emergencies.
            olderAdmission.append(-1)
            happenings.admissions.append(
                Event(
                    person: Int32(index), day: on, recorded: on + Int32(stay) + lag(8, late: 0.04),
                    kind: UInt8(random.below(3)),
                    code: UInt8(
                        Codes.firstPlanned
                            + random.below(
                                Codes.admissions.count - Codes.firstPlanned
                                    - (population.people[index].male || age < 16 || age > 45
                                        ? 2 : 0))),
                    amount: Int16(stay)))
        }
        for _ in 0..<draws(0.05 + (age >= 60 ? 0.07 : 0) + 0.08 * Double(conditions)) {
            let on = anyDay(day, end)
            last = max(last, on)
            happenings.outpatients.append(
                Event(
                    person: Int32(index), day: on, recorded: on + lag(5, late: 0.02),
                    kind: random.chance(0.07) ? 1 : 0,
                    code: UInt8(random.below(Codes.specialties.count))))
        }
    }

    private mutating func addDiagnoses(
        _ index: Int, age: Int, conditions: Int, _ day: Int32, _ end: Int32, _ last: inout Int32
    ) {
        let person = population.people[index]
        for _ in 0..<draws(0.1 + (age >= 60 ? 0.1 : 0) + 0.22 * Double(conditions)) {
            let on = anyDay(day, end)
            last = max(last, on)
            // A review of a condition that they have, or something else.
            let known = [person.copd < on, person.heartFailure < on, person.diabetes < on]
            var code = 3 + random.below(Codes.diagnoses.count - 3)
            if conditions > 0, random.chance(0.5) {
                let review = random.below(3)
                if known[review] { code = review }
            }
            happenings.diagnoses.append(
                Event(
                    person: Int32(index), day: on, recorded: on + lag(2, late: 0.01),
                    code: UInt8(code)))
        }
    }

    private mutating func addDeparture(
        _ index: Int, age: Int, after last: Int32, before end: Int32
    ) {
        let communal = population.dwellings[Int(population.people[index].dwelling)].communal
        let hazard: Double
        switch age {
        case ..<1: hazard = 0.0008
        case 1..<40: hazard = 0.0001
        case 40..<60: hazard = 0.0008
        case 60..<70: hazard = 0.0025
        case 70..<80: hazard = 0.006
        case 80..<90: hazard = 0.017
        default: hazard = 0.045
        }
        let dies = random.chance(communal ? 2 * hazard : hazard)
        let leaves = !dies && age >= 18 && age < 45 && random.chance(0.003)
        guard dies || leaves, last + 1 < end else { return }
        population.people[index].gone = last + 1 + Int32(random.below(Int(end - last - 1)))
        population.people[index].died = dies
    }
}
