import NameTables
import PipelineModel

/// How well one source knows who people are.
///
/// The rates of wrong forenames, surnames, dates, sexes and postcodes follow the
/// empirical ones of NHS records that the CRATE project publishes (constants of
/// its fuzzy linkage; Cardinal et al., BMC Medical Informatics and Decision
/// Making 23:85, 2023), scaled by ``sloppiness``.
struct SourceQuality {
    /// Distinguishes the random streams of sources.
    var label: String
    /// The share of people that the source could know at all.
    var coverage: Double
    /// 1 for the published rates.
    var sloppiness: Double
    /// The share of records without an NHS number.
    var withoutNHSNumber: Double
    /// The share of records in which a short form stands for the forename.
    var shortForms: Double
    /// The longest time in days until the source learns of a move.
    var moveDelay: Int
    /// The share of people whose move or change of name it never learns.
    var neverLearns: Double
}

/// What one record says about who the person is: the truth with this source's errors.
struct RecordedIdentity {
    var forename: [UInt8]
    var forenameSlip: Slip
    var surname: [UInt8]
    var surnameSlip: Slip
    var born: Int32
    var sex: UInt8
    /// Empty where it is not recorded.
    var postcode: [UInt8]
    var postcodeSlip: Slip
    var dwelling: Int32
    /// 0 where it is not recorded.
    var nhsNumber: Int
    /// The day on which this version came to be, or 0 for the first one.
    var changedOn: Int32
}

/// Writes people down as one source would; the same person the same way each night.
struct Registrar {
    let quality: SourceQuality
    let seed: UInt64
    private let shortForms: [[UInt8]: [UInt8]]

    init(_ quality: SourceQuality, seed: UInt64) {
        self.quality = quality
        self.seed = seed
        var forms: [[UInt8]: [UInt8]] = [:]
        let pairs = SurnameTables.words(
            """
            Christopher Chris Michael Mike Robert Bob William Bill Thomas Tom James Jim Matthew Matt
            Andrew Andy Stephen Steve Steven Steve Anthony Tony Richard Rick Nicholas Nick Daniel
            Dan Joseph Joe Samuel Sam Benjamin Ben Alexander Alex Timothy Tim Kenneth Ken Edward Ted
            Patricia Pat Susan Sue Margaret Maggie Elizabeth Liz Catherine Cathy Katherine Kate
            Jennifer Jen Victoria Vicky Samantha Sam Rebecca Becky Deborah Debbie Christine Chris
            Jacqueline Jackie Abigail Abi Charlotte Lottie Joshua Josh
            """)
        for index in stride(from: 0, to: pairs.count, by: 2) {
            forms[Array(pairs[index].utf8)] = Array(pairs[index + 1].utf8)
        }
        shortForms = forms
    }

    private func stream(_ person: Int, _ purpose: UInt64) -> SeededGenerator {
        SeededGenerator(
            seed: seed &+ UInt64(person) &* 0x9e37_79b9_7f4a_7c15 &+ purpose << 56,
            label: quality.label)
    }

    /// Whether the source knows this person.
    func covers(_ person: Int) -> Bool {
        var random = stream(person, 1)
        return random.chance(quality.coverage)
    }

    /// The identity as recorded on `day`.
    ///
    /// - Parameter version: Distinguishes records of one person that are typed anew.
    func identity(
        _ index: Int, in population: Population, on day: Int32, version: Int = 0
    ) -> RecordedIdentity {
        let person = population.people[index]
        var random = stream(index, 2)
        let learns = !random.chance(quality.neverLearns)
        let movedAt =
            person.movedOn == Person.never || !learns
            ? Person.never : person.movedOn + Int32(random.below(quality.moveDelay))
        let renamedAt =
            person.renamedOn == Person.never || !learns
            ? Person.never : person.renamedOn + 10 + Int32(random.below(2 * quality.moveDelay))
        if version > 0 { random = stream(index, 2 + UInt64(version % 200)) }
        func amiss(_ rate: Double) -> Bool { random.chance(rate * quality.sloppiness) }

        var identity = RecordedIdentity(
            forename: population.names.names[Int(person.forename)], forenameSlip: .none,
            surname: population.names.names[
                Int(day >= renamedAt ? person.laterSurname : person.surname)],
            surnameSlip: .none, born: person.born, sex: person.male ? 77 : 70, postcode: [],
            postcodeSlip: .none, dwelling: day >= movedAt ? person.laterDwelling : person.dwelling,
            nhsNumber: population.nhsNumbers[index], changedOn: 0)
        if movedAt <= day { identity.changedOn = movedAt }
        if renamedAt <= day { identity.changedOn = max(identity.changedOn, renamedAt) }

        if random.chance(quality.shortForms), let short = shortForms[identity.forename] {
            identity.forename = short
        }
        if amiss(0.018) { identity.forenameSlip = Slip(&random) }
        if amiss(0.006) {
            identity.forename =
                population.names.names[
                    Int(
                        population.names.forename(
                            person.origin, male: person.male, year: Day(person.born).civil.year,
                            &random))]
        }
        if amiss(0.015) { identity.surnameSlip = Slip(&random) }
        if amiss(person.male ? 0.013 : 0.02) {
            identity.surname =
                population.names.names[
                    Int(population.names.surname(person.origin, &random))]
        }
        if amiss(0.005), person.age(on: day) >= 2 { identity.born = wrongDay(person.born, &random) }
        if amiss(0.0033) { identity.sex = person.male ? 70 : 77 }
        identity.postcode = TestIdentifiers.postcode(
            Int(population.dwellings[Int(identity.dwelling)].postcode))
        if amiss(0.01) { identity.postcodeSlip = .replace(random.next()) }
        if amiss(0.012) { identity.postcode = [] }
        if amiss(0.002) { identity.postcode = Array("ZZ99 3VZ".utf8) }
        if random.chance(quality.withoutNHSNumber) {
            identity.nhsNumber = 0
        } else if person.mother >= 0, person.age(on: day) < 1, random.chance(0.04) {
            // A newborn's first record can carry the mother's number.
            identity.nhsNumber = population.nhsNumbers[Int(person.mother)]
        } else if amiss(0.0008) {
            identity.nhsNumber = population.nhsNumbers[random.below(population.nhsNumbers.count)]
        }
        return identity
    }

    /// A date with day and month exchanged, or one of its parts wrong.
    private func wrongDay(_ born: Int32, _ random: inout SeededGenerator) -> Int32 {
        let (year, month, day) = Day(born).civil
        let other: Day?
        switch random.below(4) {
        case 0: other = Day(year: year, month: day, day: month)
        case 1: other = Day(year: year, month: month, day: 1 + random.below(28))
        case 2: other = Day(year: year, month: 1 + random.below(12), day: day)
        default: other = Day(year: year - 1 - random.below(2) * 9, month: month, day: day)
        }
        return (other ?? Day(born)).number
    }
}
