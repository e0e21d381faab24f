import PipelineModel
import StrictYAML

extension FeatureParser {
    /// Levels, bands, numbers for codes, cap and transform.
    func shape(
        _ feature: inout FeatureDeclaration, _ reader: inout MappingReader,
        _ faults: inout FaultList
    ) {
        for entry in reader.mapping("values", &faults) {
            guard let text = entry.value.text("values", &faults) else { continue }
            guard let number = Double(text), number.isFinite else {
                faults.add(
                    "A value of the feature “\(feature.name)” is not a number.",
                    at: entry.value.place, remedy: "Write the number that stands for the code.")
                continue
            }
            feature.values[entry.key] = number
        }
        if reader.node("cap") != nil {
            feature.cap = reader.number("cap", in: -1e15...1e15, &faults)
        }
        let hasTransform = reader.node("transform") != nil
        feature.transform = reader.choice("transform", default: .identity, &faults) ?? .identity
        feature.divisor = reader.number("divide_by", in: 1e-9...1e9, default: 1, &faults)
        feature.levels = levels(&reader, &faults)
        feature.reference = reader.optionalString("reference", &faults)
        feature.hasOtherLevel = reader.boolean("other_level", default: false, &faults)
        if !feature.levels.isEmpty, feature.about == .setting || feature.isPerPerson {
            faults.add(
                "The feature “\(feature.name)” has levels, which a number of a setting or per person cannot have.",
                at: feature.place, remedy: "Remove them; use the number itself.")
        }
        guard !feature.levels.isEmpty else {
            if feature.reference != nil || feature.hasOtherLevel {
                faults.add(
                    "The feature “\(feature.name)” has a reference but no levels.",
                    at: feature.place, remedy: "Add “levels” or “bands”, or remove it.")
            }
            return
        }
        if hasTransform || feature.cap != nil || feature.divisor != 1 {
            faults.add(
                "The feature “\(feature.name)” has levels, which take no cap, transform or divisor.",
                at: feature.place, remedy: "Remove “cap”, “transform” and “divide_by”.")
        }
        guard let reference = feature.reference else {
            faults.add(
                "The feature “\(feature.name)” does not state its reference level.",
                at: feature.place, remedy: "Add “reference: <level>”; it gets no column.")
            return
        }
        let isDeclared = feature.levels.contains { $0.name == reference }
        if feature.hasOtherLevel, !isDeclared {
            faults.add(
                "The reference of the feature “\(feature.name)” is not one of its levels, so every other value is the reference.",
                at: feature.place,
                remedy: "Declare the reference as a level, or drop “other_level”.")
        }
        if !isDeclared, feature.levels.contains(where: { $0.tests.first?.isNumeric == true }) {
            faults.add(
                "The reference of the feature “\(feature.name)” is not one of its bands.",
                at: feature.place,
                remedy: "Write one of \(feature.levels.map(\.name).joined(separator: ", ")).")
        }
    }

    func levels(_ reader: inout MappingReader, _ faults: inout FaultList)
        -> [FeatureDeclaration.Level]
    {
        var levels = reader.items("levels", &faults).map { level($0, &faults) }
        let bands = bands(&reader, &faults)
        if !bands.isEmpty, !levels.isEmpty {
            faults.add(
                "Both “levels” and “bands” are written.", at: bands[0].place,
                remedy: "Keep one of them.")
        }
        levels += bands
        var seen: Set<String> = []
        for level in levels where !seen.insert(level.name).inserted {
            faults.add(
                "The level “\(level.name)” stands twice.", at: level.place,
                remedy: "Give each level a name of its own.")
        }
        return levels
    }

    private func level(_ node: YAMLNode, _ faults: inout FaultList) -> FeatureDeclaration.Level {
        if case .scalar(let code) = node.content {
            Self.checkName(code, what: "level", at: node.place, &faults)
            return .init(name: code, tests: [.among([code])], place: node.place)
        }
        var reader = MappingReader(node, what: "level", faults: &faults)
        let name = reader.string("name", &faults)
        let tests = tests(&reader, &faults)
        reader.finish(&faults)
        Self.checkName(name, what: "level", at: node.place, &faults)
        if tests.isEmpty {
            faults.add(
                "The level “\(name)” tests nothing.", at: node.place,
                remedy: "Add “in”, “codes”, “at_least” or “below”.")
        }
        return .init(name: name, tests: tests, place: node.place)
    }

    /// Cut points a < b < c make the levels `below_a`, `a_b`, `b_c`, `c_plus`.
    private func bands(_ reader: inout MappingReader, _ faults: inout FaultList)
        -> [FeatureDeclaration.Level]
    {
        guard let place = reader.node("bands")?.place else { return [] }
        let texts = reader.strings("bands", &faults)
        let cuts = texts.compactMap(Double.init).filter(\.isFinite)
        guard !cuts.isEmpty, cuts.count == texts.count, zip(cuts, cuts.dropFirst()).allSatisfy(<)
        else {
            faults.add(
                "“bands” must be ascending numbers.", at: place,
                remedy: "Write the cut points, such as [18, 40, 65].")
            return []
        }
        func name(_ cut: Double) -> String {
            var text = cut == cut.rounded() ? String(Int(cut)) : String(cut)
            text = text.replacing(".", with: "p").replacing("-", with: "minus")
            return text
        }
        var levels: [FeatureDeclaration.Level] = [
            .init(name: "below_\(name(cuts[0]))", tests: [.below(cuts[0])], place: place)
        ]
        for (lower, upper) in zip(cuts, cuts.dropFirst()) {
            levels.append(
                .init(
                    name: "\(name(lower))_\(name(upper))",
                    tests: [.atLeast(lower), .below(upper)], place: place))
        }
        if let last = cuts.last {
            levels.append(.init(name: "\(name(last))_plus", tests: [.atLeast(last)], place: place))
        }
        return levels
    }

    /// `missing: <number> | reference | flag | {value: <number>, flag: true}`.
    func missing(
        _ feature: FeatureDeclaration, _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> FeatureDeclaration.Missing {
        // Where the unit is the household itself, its members are known.
        let mayLiveNowhere = feature.about == .household && unit != .household
        let needed = !feature.aggregate.isZeroOfNothing || mayLiveNowhere
        guard let node = reader.node("missing") else {
            if needed {
                faults.add(
                    "The feature “\(feature.name)” does not say what missing means.",
                    at: feature.place,
                    remedy: "Add “missing: 0”, “missing: <number>” or “missing: flag”.")
            }
            return .never
        }
        guard needed else {
            faults.add(
                "The feature “\(feature.name)” is 0 where there is no fact and never missing.",
                at: node.place, remedy: "Remove “missing”.")
            return .never
        }
        switch node.content {
        case .scalar("flag"): return .flag(0)
        case .scalar("reference") where !feature.levels.isEmpty: return .value(0)
        case .scalar(let text):
            if let number = Double(text), number.isFinite, feature.levels.isEmpty || number == 0 {
                return .value(number)
            }
        case .mapping where feature.levels.isEmpty:
            var policy = MappingReader(node, what: "missing policy", faults: &faults)
            let value = policy.number("value", in: -1e15...1e15, &faults)
            let flag = policy.boolean("flag", default: false, &faults)
            policy.finish(&faults)
            return flag ? .flag(value) : .value(value)
        default: break
        }
        faults.add(
            "“missing” of the feature “\(feature.name)” cannot be read.", at: node.place,
            remedy: "Write a number or “flag” (with levels: “reference” or “flag”).")
        return .never
    }
}
