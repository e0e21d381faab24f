public import StrictYAML

extension LinkageSpecification {
    /// Reads the `linkage:` part of a zone's configuration; all of it is optional.
    ///
    /// ```yaml
    /// thresholds: {link: estimated, review: -4} # match weight in bits
    /// margin: 3                                 # in bits; 0 for none
    /// largest_block: 1000
    /// candidates_per_record: 40
    /// memory: 2000                              # in MB; 16 million pairs at once where it is left out
    /// household: [surname, postcode, uprn]
    /// identifiers: [nhs_number, upn]
    /// blocking: [block.surname_birth, nhs_number]
    /// sources: {hospital: {duplicates: true}}
    /// parameters: linkage-parameters.json
    /// report:
    ///   groups:
    ///     - {name: Age, column: gp.patients.birth_month, bands: [5, 11, 16, 18, 25, 65]}
    /// review: {size: 300, seed: 1, uncertain: 0.5, strata: 4, depth: 6}
    /// conflicts:
    ///   - {disagree: [given_name], agree: [surname, date_of_birth], of_twins: true}
    /// comparisons:
    ///   given_name:
    ///     - {similar: given_name, at_least: 0.9}
    ///   postcode:
    ///     - {equal: postcode, term_frequency: true}
    ///     - {shares: postcode.near}
    ///   names_key:
    ///     - {equal: block.names_sector, under: postcode.sector}
    ///   date_of_birth:
    ///     - {equal: date_of_birth}
    ///     - {swapped: date_of_birth}
    ///     - {any_equal: [date_of_birth.year_month, date_of_birth.month_day]}
    /// ```
    public init(_ node: YAMLNode, faults: inout FaultList) {
        self.init()
        var reader = MappingReader(node, what: "linkage", faults: &faults)
        readThresholds(&reader, &faults)
        margin = reader.number("margin", in: 0...50, default: margin, &faults)
        largestBlock = reader.integer(
            "largest_block", in: 2...1_000_000, default: largestBlock, &faults)
        candidatesPerRecord = reader.number(
            "candidates_per_record", in: 0...10_000, default: candidatesPerRecord, &faults)
        if reader.node("memory") != nil {
            memory = reader.integer("memory", in: 1...10_000_000, default: 0, &faults)
        }
        if reader.node("household") != nil { household = reader.strings("household", &faults) }
        if reader.node("identifiers") != nil {
            identifiers = reader.strings("identifiers", &faults)
        }
        if reader.node("blocking") != nil { blocking = reader.strings("blocking", &faults) }
        for entry in reader.mapping("sources", &faults) {
            var source = MappingReader(entry.value, what: "source", faults: &faults)
            if source.boolean("duplicates", default: false, &faults) {
                sourcesWithDuplicates.insert(entry.key)
            }
            source.finish(&faults)
        }
        parametersFile = reader.optionalString("parameters", &faults)
        let compared = reader.mapping("comparisons", &faults)
        if !compared.isEmpty {
            comparisons = compared.compactMap { Self.comparison($0, &faults) }
        }
        readConflicts(&reader, &faults)
        if let node = reader.node("report") {
            var report = MappingReader(node, what: "report", faults: &faults)
            reportGroups = LinkageReportGroup.read(&report, &faults)
            attackFile = report.optionalString("attack", &faults)
            report.finish(&faults)
        }
        if let node = reader.node("review") { review = ReviewPlan(node, faults: &faults) }
        reader.finish(&faults)
    }

    private mutating func readThresholds(_ reader: inout MappingReader, _ faults: inout FaultList) {
        guard let node = reader.node("thresholds") else { return }
        var thresholds = MappingReader(node, what: "thresholds", faults: &faults)
        if case .scalar("estimated")? = thresholds.node("link")?.content {
            estimatesThreshold = true
        } else if thresholds.node("link") != nil {
            estimatesThreshold = false
            linkThreshold = thresholds.number(
                "link", in: -50...100, default: linkThreshold, &faults)
        }
        reviewThreshold = thresholds.number(
            "review", in: -50...100, default: min(reviewThreshold, linkThreshold), &faults)
        if reviewThreshold > linkThreshold {
            faults.add(
                "The threshold for review is above the threshold for a link.",
                at: node.place, remedy: "Make “review” at most “link”.")
        }
        thresholds.finish(&faults)
    }

    private mutating func readConflicts(_ reader: inout MappingReader, _ faults: inout FaultList) {
        guard reader.node("conflicts") != nil else { return }
        let known = comparisons.map { Set($0.map(\.name)) }
        conflicts = reader.items("conflicts", &faults).map { item in
            var conflict = MappingReader(item, what: "conflict", faults: &faults)
            let result = Conflict(
                disagree: conflict.strings("disagree", &faults),
                agree: conflict.strings("agree", &faults),
                evenWithIdentifier: conflict.boolean(
                    "even_with_identifier", default: false, &faults),
                ofTwins: conflict.boolean("of_twins", default: false, &faults))
            conflict.finish(&faults)
            if result.disagree.isEmpty {
                faults.add(
                    "A conflict names nothing that disagrees.", at: item.place,
                    remedy: "Name the comparisons under “disagree”.")
            }
            for name in result.disagree + result.agree where known?.contains(name) == false {
                faults.add(
                    "A conflict names the comparison “\(name)”, which there is not.",
                    at: item.place, remedy: "Name one of the comparisons.")
            }
            return result
        }
    }

    private static func comparison(
        _ entry: YAMLNode.Entry, _ faults: inout FaultList
    ) -> Comparison? {
        guard case .sequence(let items) = entry.value.content, !items.isEmpty else {
            faults.add(
                "The comparison “\(entry.key)” has no levels.", at: entry.value.place,
                remedy: "Write its levels as a list, the best agreement first.")
            return nil
        }
        guard items.count <= 14 else {
            faults.add(
                "The comparison “\(entry.key)” has more than 14 levels.", at: entry.value.place,
                remedy: "Leave levels out.")
            return nil
        }
        var comparison = Comparison(entry.key, [])
        for (position, item) in items.enumerated() {
            guard let level = level(item, first: position == 0, &comparison, &faults) else {
                continue
            }
            comparison.levels.append(level)
        }
        return comparison.levels.isEmpty ? nil : comparison
    }

    private static func level(
        _ node: YAMLNode, first: Bool, _ comparison: inout Comparison, _ faults: inout FaultList
    ) -> Level? {
        var reader = MappingReader(node, what: "level", faults: &faults)
        var found: [Level] = []
        if let field = reader.optionalString("equal", &faults) {
            let salt = reader.optionalString("under", &faults)
            if salt != nil, !first {
                faults.add(
                    "“under” stands on a level that is not the first.", at: node.place,
                    remedy: "Make it the first level of a comparison of its own.")
            }
            found.append(salt.map { .equalUnder(field, under: $0) } ?? .equal(field))
        }
        if let field = reader.optionalString("swapped", &faults) {
            found.append(.crossed(field, "\(field).swapped"))
        }
        let parts = reader.strings("any_equal", &faults)
        if !parts.isEmpty { found.append(.anyEqual(parts)) }
        if let field = reader.optionalString("shares", &faults) { found.append(.shares(field)) }
        if let field = reader.optionalString("similar", &faults) {
            let least = reader.number("at_least", in: 0...1, &faults)
            found.append(.similar(field, atLeast: least))
        }
        if reader.boolean("term_frequency", default: false, &faults) {
            if first, case .equal? = found.first {
                comparison.termFrequency = true
            } else {
                faults.add(
                    "“term_frequency” stands on a level that is not the first “equal”.",
                    at: node.place, remedy: "Move it to the first level, or remove it.")
            }
        }
        reader.finish(&faults)
        guard found.count == 1 else {
            faults.add(
                "A level needs exactly one test.", at: node.place,
                remedy: "Write one of “equal”, “swapped”, “any_equal”, “shares”, “similar”.")
            return nil
        }
        return found[0]
    }
}
