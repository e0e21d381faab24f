import PipelineModel

/// What `evaluation.json` sets beside the figures of all test rows.
extension EvaluationHeadline {
    /// The test rows with everybody on one side of every fit.
    public struct Apart: Sendable, Equatable {
        /// The parts of the people, or nothing where a share of them was tested once.
        public var folds: Int?
        /// The share of the people that was tested, or nothing where everybody was.
        public var testShare: Double?
        public var discrimination: Figure
        public var slope: Figure
        public var observedToExpected: Figure
        /// The AUROC of the model less that of the fits that knew nobody whom they scored.
        public var modelLess: Figure
    }

    /// The test rows for which the outcome cannot happen, and the figures of the others.
    public struct Impossible: Sendable, Equatable {
        public var reasons: [String]
        public var rows: Int
        /// Those of them that have the event all the same: the records or the reason are wrong.
        public var events: Int
        public var listed: Int
        public var listSize: Int
        public var discrimination: Figure
        public var slope: Figure
        public var observedToExpected: Figure
    }

    static func apart(_ root: JSONTree) -> Apart? {
        guard let node = root.value(at: "person_split") else { return nil }
        return Apart(
            folds: node.number(at: "folds").flatMap { Int(exactly: $0) },
            testShare: node.number(at: "test_share"),
            discrimination: figure(node, "same_rows.discrimination"),
            slope: figure(node, "same_rows.calibration.slope"),
            observedToExpected: figure(node, "same_rows.observed_to_expected"),
            modelLess: figure(node, "model_less.difference"))
    }

    static func impossible(_ root: JSONTree) -> Impossible? {
        guard let node = root.value(at: "cannot_happen"),
            case .array(let reasons)? = node.value(at: "reasons")
        else { return nil }
        func count(_ name: String) -> Int {
            node.number(at: name).flatMap { Int(exactly: $0) } ?? 0
        }
        return Impossible(
            reasons: reasons.compactMap {
                if case .string(let why)? = $0.value(at: "why") { why } else { nil }
            },
            rows: count("rows"), events: count("events"), listed: count("listed"),
            listSize: count("list_size"),
            discrimination: figure(node, "others.discrimination"),
            slope: figure(node, "others.calibration.slope"),
            observedToExpected: figure(node, "others.observed_to_expected"))
    }

    private static func figure(_ node: JSONTree, _ path: String) -> Figure {
        let found = node.value(at: path)
        return Figure(
            name: path, title: path, value: found?.number(at: "estimate"),
            lower: found?.number(at: "lower"), upper: found?.number(at: "upper"))
    }
}

extension ModelFacts {
    /// What keeping everybody on one side came to.
    var apartPhrase: String {
        evaluation?.apart.map {
            "With everybody on one side the AUROC of \($0.testShare == nil ? "the same rows" : "a share of the test rows") is \($0.discrimination.text)."
        } ?? "Nothing was fitted with everybody on one side (`resampling.by_person`)."
    }

    /// What stands beside the figures of all test rows, in sentences.
    var beside: [String] {
        var lines: [String] = []
        if let apart = evaluation?.apart {
            let how = apart.folds.map { " (\($0) parts)" } ?? ""
            let tested = apart.testShare == nil ? "the same test rows" : "a share of the test rows"
            lines.append(
                "With all \(model.unit.plural) on one side\(how), \(tested), scored by fits that saw nothing of those whom they score: AUROC \(apart.discrimination.text), that of the model less theirs \(apart.modelLess.shown(decimals: 4)); calibration slope \(apart.slope.text); events for each expected \(apart.observedToExpected.text)."
            )
        }
        if let impossible = evaluation?.impossible {
            let counted =
                impossible.events > 0
                ? ". Of these rows \(Self.withheld(impossible.events)) had the event all the same, so that the records or the reason are wrong."
                : " and count above as rows without the event."
            lines.append(
                "\(impossible.reasons.joined(separator: " ")) Of the test rows that holds for \(Self.withheld(impossible.rows)), which take \(Self.withheld(impossible.listed)) of the \(Decimals.count(impossible.listSize)) places of the list\(counted) Without them: AUROC \(impossible.discrimination.text), calibration slope \(impossible.slope.text), events for each expected \(impossible.observedToExpected.text)."
            )
        }
        return lines
    }
}
