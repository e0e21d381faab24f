/// A logistic model from which the synthetic county draws its outcomes, so that
/// a fit on features built from the truth can be asked whether it finds the
/// coefficients again.
///
/// For a living adult *i* on as-of date *t*
///
///     P(an event in [t, t + horizon)) = 1 / (1 + exp(−(β₀ + Σ βⱼ xᵢⱼ(t))))
///
/// where each xᵢⱼ(t) uses only true facts that happened before *t*. The county is
/// simulated from one as-of date to the next, so that an outcome depends on the
/// past only.
public struct PlantedModel: Sendable, Equatable {
    /// One feature and its true coefficient.
    public struct Term: Sendable, Equatable {
        /// The name of the feature.
        public var name: String
        /// The change of the log odds for one unit of the feature.
        public var coefficient: Double
        /// How the feature is computed from the true facts.
        public var definition: String

        public init(_ name: String, _ coefficient: Double, _ definition: String) {
            self.name = name
            self.coefficient = coefficient
            self.definition = definition
        }
    }

    /// The name of the model; also of its file of truth.
    public var name: String
    /// The length of the outcome window in days.
    public var horizonDays: Int
    /// The youngest age in the cohort, in completed years at the as-of date.
    public var youngestAge: Int
    public var intercept: Double
    public var terms: [Term]

    /// Emergency admission of an adult within 90 days of the first day of a quarter.
    public static let emergencyAdmission = PlantedModel(
        name: "emergency_admission",
        horizonDays: 90,
        youngestAge: 18,
        intercept: -5.3,
        terms: [
            Term(
                "age_decades", 0.30,
                "days from the first day of the month of birth to the as-of date, over 3652.5"),
            Term("male", 0.10, "1 where the sex is M, else 0"),
            Term(
                "emergency_admissions_365", 0.55,
                "emergency admissions that began in the 365 days before, at most 5"),
            Term(
                "attendances_90", 0.45,
                "log(1 + emergency attendances in the 90 days before)"),
            Term("copd", 0.60, "1 where a GP event before has an ICD-10 code in J44, else 0"),
            Term(
                "heart_failure", 0.80,
                "1 where a GP event before has an ICD-10 code in I50, else 0"),
            Term("diabetes", 0.35, "1 where a GP event before has an ICD-10 code in E11, else 0"),
            Term(
                "imd_decile", -0.06,
                "decile of deprivation of the home on the as-of date (1 is the most deprived)"),
            Term(
                "household_care_package", 0.40,
                """
                1 where another living person of the same private home had an adult \
                social-care package that began in the 730 days before, else 0
                """),
        ])

    /// The linear predictor of one row.
    ///
    /// - Parameter values: The features in the order of ``terms``.
    func linearPredictor(_ values: some RandomAccessCollection<Double>) -> Double {
        var sum = intercept
        for (term, value) in zip(terms, values) { sum += term.coefficient * value }
        return sum
    }
}
