public import PipelineModel
public import StrictYAML

extension AcceptanceMargins {
    /// Reads a file that holds margins alone: `acceptance:`, as `model.yaml` has it.
    ///
    /// - Parameter file: The parsed content of the file.
    /// - Throws: `StileError` with code `configuration` that carries every fault of the file.
    public init(file: YAMLNode) throws {
        var faults = FaultList()
        var reader = MappingReader(file, what: "file of margins", faults: &faults)
        _ = reader.required("acceptance", &faults)
        let margins = ModelParser().acceptance(&reader, &faults)
        reader.finish(&faults)
        try faults.check()
        guard let margins else {
            throw StileError(
                .configuration, "The file sets no margin.", at: file.place,
                remedy: "Write “acceptance:” as in a model.yaml.")
        }
        self = margins
    }
}

/// The margins that a model must reach on its test rows.
extension ModelParser {
    /// `acceptance:`: a key `<figure>_at_least` or `<figure>_at_most` with a number, or `<figure>`
    /// with both as a list; the same by group under `by_group`, with `minimum_events`; `judge` says
    /// what is held against them.
    func acceptance(
        _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> AcceptanceMargins? {
        guard let node = reader.node("acceptance") else { return nil }
        var item = MappingReader(node, what: "set of margins", faults: &faults)
        var margins = AcceptanceMargins()
        margins.reading =
            item.choice("judge", default: margins.reading, &faults) ?? margins.reading
        margins.netBenefitAbovePresentRule = thresholds(&item, &faults)
        margins.overall = AcceptanceMargins.Figure.allCases.compactMap { figure in
            margin(figure, figure.rawValue, &item, &faults)
        }
        if let node = item.node("by_group") {
            var groups = MappingReader(node, what: "set of margins by group", faults: &faults)
            margins.byGroup = AcceptanceMargins.GroupFigure.allCases.compactMap { figure in
                margin(figure, figure.rawValue, &groups, &faults)
            }
            margins.minimumEvents = groups.integer(
                "minimum_events", in: 10...100_000, default: margins.minimumEvents, &faults)
            groups.finish(&faults)
        }
        item.finish(&faults)
        if margins.overall.isEmpty, margins.byGroup.isEmpty,
            margins.netBenefitAbovePresentRule.isEmpty
        {
            faults.add(
                "“acceptance” sets no margin.", at: node.place,
                remedy: "Add one, such as “auroc_at_least: 0.7”, or remove the key.")
        }
        return margins
    }

    /// `resampling: {refits: n, origins: n, by_person: …}`, at least one of them.
    func resampling(
        _ reader: inout MappingReader, isFitted: Bool, _ faults: inout FaultList
    ) -> (refits: Int, origins: Int, byPerson: PeopleApart?) {
        guard let node = reader.node("resampling") else { return (0, 0, nil) }
        if !isFitted {
            faults.add(
                "A frozen model cannot be fitted anew.", at: node.place,
                remedy: "Remove “resampling”.")
        }
        var item = MappingReader(node, what: "resampling", faults: &faults)
        let refits =
            item.node("refits") == nil ? 0 : item.integer("refits", in: 10...1_000, &faults)
        let origins =
            item.node("origins") == nil ? 0 : item.integer("origins", in: 1...100, &faults)
        let byPerson = byPerson(&item, &faults)
        item.finish(&faults)
        if ["refits", "origins", "by_person"].allSatisfy({ item.node($0) == nil }) {
            faults.add(
                "“resampling” asks for nothing.", at: node.place,
                remedy: "Write how many “refits”, how many “origins”, or “by_person”.")
        }
        return (refits, origins, byPerson)
    }

    private func margin<Figure>(
        _ figure: Figure, _ name: String, _ reader: inout MappingReader,
        _ faults: inout FaultList
    ) -> AcceptanceMargins.Margin<Figure>? {
        let range = reader.node(name)
        let least = reader.node(name + "_at_least")
        let most = reader.node(name + "_at_most")
        if let range {
            guard least == nil, most == nil else {
                faults.add(
                    "“\(name)” is given twice.", at: range.place,
                    remedy: "Write “\(name): [least, most]” or “\(name)_at_least” and “_at_most”.")
                return nil
            }
            let ends = numbers(range, name, &faults)
            guard ends.count == 2, ends[0] <= ends[1] else {
                faults.add(
                    "“\(name)” must be two numbers, the smaller first.", at: range.place,
                    remedy: "Write it as “\(name): [0.8, 1.2]”.")
                return nil
            }
            return .init(figure, least: ends[0], most: ends[1])
        }
        guard least != nil || most != nil else { return nil }
        let margin = AcceptanceMargins.Margin(
            figure, least: least.flatMap { numbers($0, name + "_at_least", &faults).first },
            most: most.flatMap { numbers($0, name + "_at_most", &faults).first })
        if let least = margin.least, let most = margin.most, least > most {
            faults.add(
                "“\(name)_at_least” is above “\(name)_at_most”.", at: reader.place,
                remedy: "No figure meets both; correct one of them.")
        }
        return margin
    }

    private func thresholds(
        _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> [Double] {
        let key = "net_benefit_above_present_rule"
        guard let node = reader.node(key) else { return [] }
        let found = numbers(node, key, &faults)
        for threshold in found where !AcceptanceMargins.thresholds.contains(threshold) {
            faults.add(
                "“\(key)” has a threshold at which no decision curve is drawn.", at: node.place,
                remedy:
                    "Write 0.001, 0.002, 0.005, a whole per cent from 0.01 to 0.5, or 0.6 to 0.9 by tenths."
            )
            break
        }
        return found
    }

    /// The finite numbers of a list, or of a single value.
    private func numbers(
        _ node: YAMLNode, _ key: String, _ faults: inout FaultList
    ) -> [Double] {
        var nodes = [node]
        if case .sequence(let items) = node.content { nodes = items }
        return nodes.compactMap { item in
            guard let text = item.text(key, &faults) else { return nil }
            guard let value = Double(text), value.isFinite else {
                faults.add("“\(key)” must be a number.", at: item.place, remedy: "Write a number.")
                return nil
            }
            return value
        }
    }
}
