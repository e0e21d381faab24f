import Foundation
import PipelineModel
import Testing

@testable import Features

@Suite struct RefusalTests {
    private func faults(_ features: String, extra: String = "") -> [String] {
        do {
            _ = try personModel("features:\n" + features, extra: extra)
            return []
        } catch let error as StileError {
            return ([error] + error.others).map {
                "\($0.place.map(\.description) ?? "") \($0.message)"
            }
        } catch { return ["\(error)"] }
    }

    @Test(arguments: [
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, within_days: -30}",
            "features.yaml:2:75 The window of the feature “a” reaches past its as-of date."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, until_days: -1}",
            "features.yaml:2:74 The window of the feature “a” reaches past its as-of date."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, within_days: 30, until_days: 30}",
            "features.yaml:2:5 The window of the feature “a” is empty."
        ),
        (
            "  - {name: a, title: t, from: care.offers, aggregate: count}",
            "features.yaml:2:5 The feature “a” is made from “care.offers”, which tells what was offered or answered."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: any, where: [{column: has_declined, in: [Y]}]}",
            "features.yaml:2:5 The feature “a” is made from “has_declined”, which tells what was offered or answered."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: mean, of: amount}",
            "features.yaml:2:5 The feature “a” does not say what missing means."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: any, about: household}",
            "features.yaml:2:5 The feature “a” does not say what missing means."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, missing: 0}",
            "features.yaml:2:71 The feature “a” is 0 where there is no fact and never missing."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: mean, missing: 0}",
            "features.yaml:2:5 The feature “a” does not say which column it reads."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: latest, of: kind, levels: [b], missing: flag}",
            "features.yaml:2:5 The feature “a” does not state its reference level."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, records: index}",
            "features.yaml:2:71 “records” of the feature “a” has no meaning here."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, windw: 3}",
            "features.yaml:2:62 A feature has no key “windw”."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: any, where: [{column: kind, codes: [I2-I25]}]}",
            "features.yaml:2:90 An entry of “codes” is neither a code, a prefix nor a range."
        ),
    ])
    func aFeatureThatCannotBeIsRefused(feature: String, message: String) {
        #expect(faults(feature) == [message])
    }

    @Test func allFaultsAreReportedAtOnce() {
        let found = faults(
            """
              - {name: a, title: t, from: care.events, aggregate: count}
              - {name: a, title: t, from: care.events, aggregate: any}
              - {name: b, title: t, from: care.events, aggregate: latest, of: kind, levels: [x], reference: y, missing: flag}
              - {name: b_x, title: t, from: care.events, aggregate: count}
            """, extra: "baseline: nothing")
        #expect(
            found == [
                "features.yaml:3:5 The feature “a” is declared twice.",
                "features.yaml:5:5 The features “b” and “b_x” both make a column “b_x”.",
                "model.yaml:16:11 The baseline “nothing” is not a column of the model.",
            ])
    }

    @Test func aTestDateBeforeTheTrainingOutcomesAreKnownIsRefused() throws {
        let error = #expect(throws: StileError.self) {
            try ModelSpecification(
                model: yaml(
                    """
                    {model: m, title: t, purpose: p, version: 1, unit: person, cohort: {from: a.b},
                     as_of: {train: {from: 2023-01-01, to: 2023-04-01, every_months: 3},
                             test: {from: 2023-05-01, to: 2023-05-01, every_months: 1}},
                     outcome: {from: a.c, horizon_days: 90}, list: {size: 1}, fit: {method: irls}}
                    """, "model.yaml"),
                features: yaml("features: [{name: a, title: t, from: a.b, aggregate: count}]"))
        }
        #expect(
            error?.message
                == "The first test date comes before the outcomes of the last training date are known."
        )
    }

    static let schemas = [
        TableSchema(name: "care.people", columns: [.init(name: "born", kind: .day)]),
        TableSchema(
            name: "care.events",
            columns: [
                .init(name: "kind", kind: .code), .init(name: "amount", kind: .number),
                .init(name: "later", kind: .code, isOutcome: true),
            ]),
    ]

    @Test(arguments: [
        (
            "{name: a, title: t, from: care.event, aggregate: count}",
            "The feature “a” reads the table “care.event”, which no source delivers."
        ),
        (
            "{name: a, title: t, from: care.events, aggregate: sum, of: amuont}",
            "The feature “a” reads the column “amuont”, which the table “care.events” does not have."
        ),
        (
            "{name: a, title: t, from: care.events, aggregate: any, where: [{column: later, in: [x]}]}",
            "The feature “a” reads “later” of “care.events”, which is an outcome."
        ),
        (
            "{name: a, title: t, from: care.events, aggregate: sum, of: kind}",
            "The feature “a” makes a number of the code “kind”."
        ),
        (
            "{name: a, title: t, from: care.events, aggregate: years_since, of: kind, missing: 0}",
            "The feature “a” needs the column “kind” to be a day."
        ),
        (
            "{name: a, title: t, from: care.events, aggregate: any, where: [{column: kind, at_least: 3}]}",
            "The feature “a” needs the column “kind” to be a number."
        ),
    ])
    func whatTheTablesDoNotHoldIsRefused(feature: String, message: String) throws {
        let model = try personModel("features:\n  - \(feature)")
        let error = #expect(throws: StileError.self) {
            try model.check(against: Self.schemas, clock: .calendar)
        }
        #expect(error?.message == message)
        #expect(error?.place?.file == "features.yaml")
        #expect(error?.place?.line == 2)
        #expect(error?.others.isEmpty == true)
    }

    @Test func daysAreNotCountedOnAnOrdinalClock() throws {
        let model = try personModel(
            "features:\n  - {name: a, title: t, from: care.events, aggregate: count, within_days: 9}"
        )
        try model.check(against: Self.schemas, clock: .calendar)
        let error = #expect(throws: StileError.self) {
            try model.check(against: Self.schemas, clock: .ordinal)
        }
        #expect(
            error?.message
                == "The feature “a” counts days, but the deployment's clock is ordinal.")
    }

    @Test func aSpellMayNotReadItsOwnOutcome() throws {
        let error = #expect(throws: StileError.self) {
            try SpellTests.model(
                "  - {name: a, title: t, from: ward.spells, records: history, aggregate: any, where: [{column: back, in: [Y]}]}"
            )
        }
        #expect(error?.message == "The feature “a” reads “back”, which tells the outcome.")
    }

    @Test(arguments: [
        ("b", nil), ("exposure", "The offset “exposure” is not a column of the model."),
        ("c_x", "The offset “c_x” is one of several columns of the feature “c”."),
        ("d", "The offset “d” is one of several columns of the feature “d”."),
    ])
    func anOffsetIsANumberOfEachRow(offset: String, fault: String?) throws {
        for (key, what) in [("offset", "offset"), ("weights", "weight")] {
            let found = try faults(of: "\(key): \(offset)")
            let fault = fault?.replacingOccurrences(of: "The offset", with: "The \(what)")
            #expect(found == [fault].compactMap(\.self), "\(found)")
        }
    }

    @Test func besideOffsetAndWeightSomethingIsFitted() throws {
        #expect(try faults(of: "offset: a, weights: b").isEmpty)
        let few = try faults(of: "offset: a, weights: b", besides: "c, d")
        #expect(few == ["The model has an offset, a weight and nothing to fit."])
    }

    private func faults(of fit: String, besides left: String = "") throws -> [String] {
        let features = """
              - {name: a, title: t, from: ward.spells, records: history, aggregate: count}
              - {name: b, title: t, from: ward.spells, records: index, aggregate: latest, of: days, missing: 0}
              - {name: c, title: t, from: ward.spells, records: index, aggregate: latest, of: ward, levels: [x, y], reference: y, missing: reference}
              - {name: d, title: t, from: ward.spells, records: index, aggregate: latest, of: days, missing: flag}

            """
        var found: [String] = []
        do {
            _ = try SpellTests.model(
                left.isEmpty
                    ? features : String(features.split(separator: "  - {name: c")[0]) + "\n",
                fit: "fit: {method: irls, \(fit)}")
        } catch let error as StileError {
            found = ([error] + error.others).map(\.message)
        }
        return found
    }
}
