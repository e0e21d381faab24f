public import PipelineModel

/// A county in which nobody is real: extracts as they would arrive night by
/// night, and beside them the truth.
///
/// The same people, seed, nights and first night give the same bytes on every
/// machine: random numbers come from `SeededGenerator`, and the exponential and
/// the logarithm are computed from the four operations.
public enum SyntheticCounty {
    /// What was written.
    public struct Summary: Sendable, Equatable {
        public var people: Int
        public var files: Int
        /// Rows in the extracts of all nights.
        public var extractRows: Int
        /// Rows of the planted model: living adults at as-of dates.
        public var modelRows: Int
        /// How many of them had the outcome.
        public var outcomeEvents: Int
    }

    /// The history begins this many quarters before the quarter of the first night.
    static let historyQuarters = 16
    /// The first quarters of the history have no rows of the planted model, because
    /// features look back for a year.
    static let burnInQuarters = 4

    /// Simulates a county and writes its extracts and its truth.
    ///
    /// Files go to `directory/nights/<yyyy-mm-dd>/<source>/<file>` and
    /// `directory/truth/<file>`. A delivery of night *d* has what was recorded before *d*.
    ///
    /// - Parameters:
    ///   - people: How many people ever live in the county; 1 to 900,000.
    ///   - seed: Another seed gives another county.
    ///   - nights: How many nights deliver, one after the other; at least 1.
    ///   - firstNight: The first of them, which brings the whole history.
    ///   - directory: What the paths begin with.
    ///   - write: Takes the bytes of one file; makes the folders that its path needs.
    ///   - progress: Takes the share that is done, 0…1, and what is being done.
    /// - Throws: `StileError` with code `configuration` for numbers out of range, and
    ///   whatever `write` throws.
    public static func generate(
        people: Int, seed: UInt64, nights: Int, firstNight: Day, into directory: String,
        write: (_ path: String, _ bytes: [UInt8]) throws -> Void,
        progress: (_ done: Double, _ step: String) -> Void = { _, _ in }
    ) throws -> Summary {
        try check(people: people, nights: nights, firstNight: firstNight)
        let county = simulate(
            people: people, seed: seed, nights: nights, firstNight: firstNight, progress: progress)
        return try withoutActuallyEscaping(write) { write in
            var delivery = Delivery(directory: directory, write: write)
            let steps: [(String, (inout Delivery) throws -> Void)] = [
                ("practices", { try PracticeExtracts(county).write(to: &$0) }),
                ("hospital", { try HospitalExtracts(county).write(to: &$0) }),
                ("schools", { try SchoolExtracts(county).write(to: &$0) }),
                ("children's social care", { try ChildrensExtracts(county).write(to: &$0) }),
                ("adult social care", { try AdultCareExtracts(county).write(to: &$0) }),
                ("police", { try PoliceExtracts(county).write(to: &$0) }),
                ("registers", { try RegisterExtracts(county: county).write(to: &$0) }),
                ("truth", { try TruthFiles.write(county, to: &$0) }),
            ]
            for (index, step) in steps.enumerated() {
                progress(0.5 + 0.5 * Double(index) / Double(steps.count), step.0)
                try step.1(&delivery)
            }
            progress(1, "done")
            let truth = county.happenings.truth
            return Summary(
                people: people, files: delivery.files, extractRows: delivery.rows,
                modelRows: truth.person.count,
                outcomeEvents: truth.outcome.reduce(0) { $0 + Int($1) })
        }
    }

    private static func check(people: Int, nights: Int, firstNight: Day) throws {
        var faults: [StileError] = []
        if !(1...900_000).contains(people) {
            faults.append(
                StileError(
                    .configuration, "A synthetic county cannot have \(people) people.",
                    remedy: "Ask for 1 to 900000 people: the test range has no more NHS numbers."))
        }
        if !(1...3660).contains(nights) {
            faults.append(
                StileError(
                    .configuration, "A synthetic county cannot have \(nights) nights.",
                    remedy: "Ask for 1 to 3660 nights."))
        }
        if !(1950...2500).contains(firstNight.civil.year) {
            faults.append(
                StileError(
                    .configuration, "The first night is not between the years 1950 and 2500.",
                    remedy: "Give a day such as 2026-10-01."))
        }
        if let error = StileError.all(faults) { throw error }
    }

    /// The county before it is written down.
    static func simulate(
        people: Int, seed: UInt64, nights: Int, firstNight: Day,
        progress: (_ done: Double, _ step: String) -> Void = { _, _ in }
    ) -> County {
        let deliveries = (0..<nights).map { firstNight + $0 }
        let first = Calendar.quarterStart(firstNight)
        var quarters = (0...historyQuarters).map {
            Calendar.quarter(first, plus: $0 - historyQuarters)
        }
        while quarters[quarters.count - 1] <= firstNight + (nights - 1) {
            quarters.append(Calendar.quarter(quarters[quarters.count - 1], plus: 1))
        }
        let start = quarters[0]
        let end = quarters[quarters.count - 1]
        progress(0, "people")
        var population = PopulationBuilder.build(people: people, seed: seed, reference: end)
        LifeChanges.apply(to: &population, seed: seed, start: start, end: end)
        let packages = OtherServices.packages(of: population, seed: seed, start: start, end: end)
        progress(0.1, "lives")
        let (lived, simulated) = Lives.simulate(
            population, packages: packages, seed: seed, quarters: quarters, burnIn: burnInQuarters
        ) { progress(0.1 + 0.4 * $0, "lives") }
        var happenings = simulated
        happenings.diagnoses = firstDiagnoses(of: lived) + happenings.diagnoses
        OtherServices.add(
            to: &happenings, population: lived, seed: seed, start: start, end: end)
        return County(
            population: lived, happenings: happenings, seed: seed, nights: deliveries,
            start: start)
    }

    /// The GP events with which the conditions of the planted model begin.
    private static func firstDiagnoses(of population: Population) -> [Event] {
        var events: [Event] = []
        for (index, person) in population.people.enumerated() {
            for (code, day) in [person.copd, person.heartFailure, person.diabetes].enumerated()
            where day != Person.never && person.lives(on: day) {
                events.append(
                    Event(
                        person: Int32(index), day: day, recorded: day + 1 + Int32(index % 3),
                        code: UInt8(code)))
            }
        }
        return events
    }
}
