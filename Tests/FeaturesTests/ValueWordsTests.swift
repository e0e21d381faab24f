import Features
import PipelineModel
import StrictYAML
import Testing

/// A reason must never say the opposite of what is so.
@Suite struct ValueWordsTests {
    private let model = """
        model: m
        title: M
        purpose: help
        version: 1
        unit: person
        cohort: {from: gp.patients}
        as_of: {train: {from: 2024-01-01, to: 2024-01-01, every_months: 3}}
        outcome: {from: hospital.admissions, horizon_days: 90}
        list: {size: 5}
        fit: {method: irls}
        """
    private let features = """
        features:
          - {name: heart, title: Heart failure, from: gp.events, aggregate: any}
          - {name: visits, title: Visits, from: hospital.attendances, aggregate: count, transform: log1p}
          - {name: stays, title: Stays, from: hospital.admissions, aggregate: count, cap: 5}
          - {name: age, title: "Age, in tens of years", from: gp.patients, aggregate: days_since_latest, of: born, divide_by: 3652.5, missing: 5}
          - {name: decile, title: Decile, from: gp.patients, aggregate: latest, of: imd, missing: flag}
          - {name: odd, title: Odd, from: hospital.admissions, aggregate: count, transform: square, divide_by: 3}
          - {name: care, title: Care at home, from: care.packages, aggregate: any, about: household, missing: 0}
          - {name: years, title: Age, from: gp.patients, aggregate: years_since, of: born, bands: [40, 65], reference: below_40, missing: reference}
        """

    @Test(arguments: [
        ("heart", 1.0, true, "Heart failure"), ("heart", 0, false, "Heart failure: no"),
        ("visits", 1.0986122886681098, true, "Visits: 2"), ("visits", 0, false, "Visits: 0"),
        ("stays", 3, true, "Stays: 3"), ("stays", 5, true, "Stays: 5 or more"),
        ("age", 7.058453, true, "Age, in tens of years: 7.1"),
        ("age", 5, false, "Age, in tens of years: not known"),
        ("decile", 0, false, "Decile: not known"), ("decile", 3, true, "Decile: 3"),
        ("decile_missing", 1, false, "Decile: not known"),
        ("decile_missing", 0, true, "Decile: known"),
        ("odd", 3, true, "Odd: above average"), ("odd", 1, true, "Odd: below average"),
        ("odd", 2, true, "Odd: average"),
        ("care", 0, false, "Care at home: none known"), ("care", 1, true, "Care at home"),
        ("years_40_65", 1, true, "Age: 40 to under 65"),
        ("years_65_plus", 0, true, "Age: not 65 and over"),
    ])
    func aValueInWords(_ name: String, _ value: Double, _ hasFact: Bool, _ words: String) throws {
        let specification = try ModelSpecification(
            model: YAMLDocument.parse(Array(model.utf8), file: "model.yaml"),
            features: YAMLDocument.parse(Array(features.utf8), file: "features.yaml"))
        let equation = ScoringEquation(
            name: "m", intercept: 0,
            terms: specification.columns.map { .init(name: $0.name, coefficient: 1, mean: 2) })
        let column = try #require(specification.columns.first { $0.name == name })
        #expect(
            ValueWords(specification, equation: equation)
                .words(column, value: value, hasFact: hasFact) == words)
    }
}
