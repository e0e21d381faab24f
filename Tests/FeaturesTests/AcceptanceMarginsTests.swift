import Features
import PipelineModel
import Testing

struct AcceptanceMarginsTests {
    private func margins(_ text: String) throws -> AcceptanceMargins? {
        try SpellTests.model(SpellTests.features, fit: "fit: {method: irls}\n" + text).acceptance
    }

    private func refusal(_ text: String) -> String {
        let error = #expect(throws: StileError.self) { try margins("acceptance: {\(text)}") }
        return error?.description ?? ""
    }

    @Test func marginsAreRead() throws {
        let found = try #require(
            try margins(
                """
                acceptance:
                  auroc_at_least: 0.6
                  calibration_slope: [0.8, 1.2]
                  integrated_calibration_index_at_most: 0.02
                  net_benefit_above_present_rule: [0.1, 0.2]
                  by_group:
                    false_negative_rate_ratio_at_most: 1.25
                    representation_at_least: 0.5
                    representation_at_most: 2
                """))
        #expect(
            found
                == AcceptanceMargins(
                    overall: [
                        .init(.auroc, least: 0.6), .init(.calibrationSlope, least: 0.8, most: 1.2),
                        .init(.integratedCalibrationIndex, most: 0.02),
                    ],
                    byGroup: [
                        .init(.falseNegativeRateRatio, most: 1.25),
                        .init(.representation, least: 0.5, most: 2),
                    ], netBenefitAbovePresentRule: [0.1, 0.2]))
        #expect(try margins("") == nil)
        let judged = try margins(
            "acceptance: {judge: estimate, by_group: {auroc_at_least: 0.6, minimum_events: 40}}")
        #expect(judged?.reading == .estimate && judged?.minimumEvents == 40)
        #expect(refusal("judge: bounds, auroc_at_least: 0.6").contains("cannot be “bounds”"))
        #expect(refusal("judge: interval").contains("sets no margin"))
        #expect(refusal("by_group: {minimum_events: 9}").contains("from 10 to 100000"))
    }

    @Test func refitsAreAskedForByFittedModelsAlone() throws {
        func model(_ fit: String) throws -> ModelSpecification {
            try SpellTests.model(SpellTests.features, fit: fit)
        }
        #expect(try model("fit: {method: irls}").refits == 0)
        #expect(try model("fit: {method: irls}\nresampling: {refits: 50}").refits == 50)
        let dated = try model("fit: {method: irls}\nresampling: {origins: 4}")
        #expect(dated.refits == 0 && dated.origins == 4)
        let both = try model("fit: {method: irls}\nresampling: {origins: 4, refits: 10}")
        #expect(both.refits == 10 && both.origins == 4 && both.byPerson == nil)
        let apart = try model("fit: {method: irls}\nresampling: {by_person: {folds: 10}}")
        #expect(apart.byPerson == .folds(10) && apart.refits == 0)
        let share = try model(
            "fit: {method: irls}\nresampling: {by_person: {test_share_of_persons: 0.3}}")
        #expect(share.byPerson == .testShare(0.3))
        for (text, sentence) in [
            ("fit: {method: irls}\nresampling: {}", "asks for nothing"),
            ("fit: {method: irls}\nresampling: {origins: 0}", "from 1 to 100"),
            ("fit: {method: irls}\nresampling: {refits: 9}", "from 10 to 1000"),
            ("fit: {method: irls}\nresampling: {times: 9}", "no key “times”"),
            (
                "fit: {method: irls}\nresampling: {by_person: {}}",
                "either “folds” or “test_share_of_persons”"
            ),
            (
                "fit: {method: irls}\nresampling: {by_person: {folds: 5, test_share_of_persons: 0.2}}",
                "either “folds” or “test_share_of_persons”"
            ),
            ("fit: {method: irls}\nresampling: {by_person: {folds: 1}}", "from 2 to 100"),
            (
                "coefficients: {intercept: 0, terms: {}}\nresampling: {refits: 10}",
                "A frozen model cannot be fitted anew."
            ),
        ] {
            let error = #expect(throws: StileError.self) { try model(text) }
            #expect(error?.description.contains(sentence) == true, "\(text)")
        }
    }

    @Test func anotherMarginIsAnotherSpecification() throws {
        func digest(_ text: String) throws -> ContentDigest {
            try SpellTests.model(SpellTests.features, fit: "fit: {method: irls}\n" + text).digest
        }
        #expect(
            try digest("acceptance: {auroc_at_least: 0.6}")
                != digest("acceptance: {auroc_at_least: 0.5}"))
    }

    @Test(arguments: [
        ("auroc: 0.6", "“auroc” must be two numbers, the smaller first"),
        ("auroc: [0.9, 0.6]", "“auroc” must be two numbers, the smaller first"),
        ("auroc_at_least: high", "“auroc_at_least” must be a number"),
        ("auroc_at_least: nan", "“auroc_at_least” must be a number"),
        ("auroc: [0, 1], auroc_at_most: 1", "“auroc” is given twice"),
        ("auroc_at_least: 0.9, auroc_at_most: 0.8", "is above"),
        ("aurok_at_least: 0.6", "has no key “aurok_at_least”"),
        ("by_group: {brier: [0, 1]}", "has no key “brier”"),
        ("net_benefit_above_present_rule: 0.123", "at which no decision curve is drawn"),
        ("", "sets no margin"),
    ])
    func whatCannotBeReadIsRefused(text: String, sentence: String) {
        #expect(refusal(text).contains(sentence), "\(refusal(text))")
    }
}
