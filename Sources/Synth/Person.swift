import PipelineModel

/// One person of the county, as they really are.
struct Person {
    static let never = Int32.max

    var male = false
    var born: Int32 = 0
    /// The day of death or of leaving the county.
    var gone = Person.never
    var died = false
    var origin = Origin.british
    /// The NHS ethnic category.
    var ethnicity: UInt8 = 65
    var forename: Int32 = 0
    var surname: Int32 = 0
    /// The surname from ``renamedOn``.
    var laterSurname: Int32 = 0
    var renamedOn = Person.never
    var dwelling: Int32 = 0
    /// The home from ``movedOn``.
    var laterDwelling: Int32 = 0
    var movedOn = Person.never
    var mother: Int32 = -1
    /// The other of two twins, or −1.
    var twin: Int32 = -1
    /// The day of the first diagnosis.
    var copd = Person.never
    var heartFailure = Person.never
    var diabetes = Person.never

    func dwelling(on day: Int32) -> Int32 { day >= movedOn ? laterDwelling : dwelling }

    func surname(on day: Int32) -> Int32 { day >= renamedOn ? laterSurname : surname }

    /// Whether they live in the county on a day.
    func lives(on day: Int32) -> Bool { born <= day && day < gone }

    /// The first day of the month of birth.
    var birthMonth: Int32 { born - Int32(Day(born).civil.day) + 1 }

    func age(on day: Int32) -> Int { Int(day - born) * 100 / 36_525 }
}

/// A home, private or communal.
struct Dwelling {
    var uprn: Int
    var postcode: Int32
    /// The decile of deprivation of its area; 1 is the most deprived.
    var deprivation: UInt8
    /// A care home, whose residents are not a household.
    var communal: Bool
    var houseNumber: Int32
    var street: Int32
}

/// The people and homes of the county, before their lives are simulated.
struct Population {
    var people: [Person] = []
    var dwellings: [Dwelling] = []
    var names = NamePool()
    var nhsNumbers: [Int] = []
}
