import NameTables

/// One event that a source records about one person.
struct Event {
    var person: Int32
    /// When it happened.
    var day: Int32
    /// The first day on which the source has it.
    var recorded: Int32
    /// The kind of event; its meaning is the extract's.
    var kind: UInt8 = 0
    /// The index of a code in the extract's list.
    var code: UInt8 = 0
    /// A count: days in hospital, hours a week, sessions.
    var amount: Int16 = 0
    var otherAmount: Int16 = 0
    /// The first day on which a correction of `code` and `amount` is recorded.
    var corrected = Person.never
    /// The first day on which the source deletes it.
    var deleted = Person.never
}

/// Everything that happened, as it happened, by kind.
struct Happenings {
    var diagnoses: [Event] = []
    var admissions: [Event] = []
    var attendances: [Event] = []
    var outpatients: [Event] = []
    var packages: [Event] = []
    var episodes: [Event] = []
    var incidents: [Event] = []
    var schoolTerms: [Event] = []
    var exclusions: [Event] = []
    /// The features and outcomes of the planted model.
    var truth = TruthRows()
}

/// Rows of the planted model: person, as-of date, features, outcome.
struct TruthRows {
    var person: [Int32] = []
    var asOf: [Int32] = []
    /// Row-major, one value for each term.
    var features: [Double] = []
    var outcome: [UInt8] = []
}

/// The codes that events index.
enum Codes {
    static let diagnoses = SurnameTables.words(
        """
        J44.9 I50.9 E11.9 I10 J45.9 F32.9 F41.9 M54.5 N39.0 J06.9 L30.9 K21.9 R51 E03.9 E66.9
        I48.9 N18.3 M17.9 G43.9 H66.9
        """)
    static let admissions = SurnameTables.words(
        """
        J44.1 I50.0 E11.6 J18.9 N39.0 I21.9 I63.9 S72.0 A41.9 R07.4 K80.2 K35.8 J22 R10.4 T39.1
        L03.1 H26.9 M16.9 M17.1 K40.9 C50.9 C18.9 N40 O80
        """)
    /// The first of `admissions` that are planned.
    static let firstPlanned = 16
    static let methods = ["11", "12", "13", "21", "22", "28"]
    static let disposals = ["admitted", "discharged", "left"]
    static let specialties = SurnameTables.words("100 110 120 130 300 301 320 330 340 410 420 502")
    static let services = ["home_care", "reablement", "residential", "direct_payment"]
    static let episodeKinds = ["referral", "need", "protection", "looked_after"]
    static let needs = ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"]
    static let offences = SurnameTables.words(
        "theft violence damage disorder drugs domestic missing")
    static let roles = ["suspect", "victim", "witness"]
    static let exclusionKinds = ["suspension", "permanent"]
}
