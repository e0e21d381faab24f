import PipelineModel
import StrictYAML
import Tabular

/// Parses one entry of `files:`.
struct ExtractParser {
    let source: String
    let link: SourceContract.LinkRule
    let clock: Clock
    let register: SourceContract.Register

    mutating func parse(_ entry: YAMLNode.Entry, _ faults: inout FaultList) -> ExtractContract? {
        let before = faults.faults.count
        ContractName.check(entry, what: "file", &faults)
        var reader = MappingReader(entry.value, what: "file", faults: &faults)
        let arrives = reader.choice(
            "arrives", of: ExtractContract.Arrival.self, &faults)
        let pattern = pattern(&reader, arrives, &faults)
        let text =
            reader.choice("text", of: TextEncoding.self, default: .utf8, &faults) ?? .utf8
        let delimiter = delimiter(&reader, &faults)
        let dates =
            reader.choice("dates", of: ExtractContract.DateStyle.self, default: .iso, &faults)
            ?? .iso
        let delivery = reader.choice(
            "delivery", of: ExtractContract.DeliveryKind.self, &faults)
        let operation = operation(&reader, delivery, &faults)
        let key = key(&reader, &faults)
        let subject = column(&reader, "subject", &faults)
        let happened = day(&reader, "happened", pattern, &faults)
        let known = day(&reader, "known", pattern, &faults)
        let missing = reader.node("missing") == nil ? [""] : reader.strings("missing", &faults)
        let volume = volume(&reader, delivery, &faults)
        let limit = reader.number("quarantine_limit", in: 0...1, default: 0.02, &faults)
        let identity = identity(&reader, &faults)
        let trustedKey = link.trustedKey
        let guarded = Set(
            identity.flatMap { [$0.column] + [$0.marker?.column].compactMap(\.self) }
                + [subject] + [trustedKey].compactMap(\.self))
        let payload = payload(&reader, guarded: guarded, &faults)
        reader.finish(&faults)
        guard faults.faults.count == before, let arrives, let delivery else { return nil }
        return ExtractContract(
            source: source, file: entry.key, pattern: pattern, arrives: arrives,
            dialect: CSVDialect(delimiter: delimiter, encoding: text), format: .csv,
            dates: dates, delivery: delivery, operation: operation, key: key, subject: subject,
            happened: happened, known: known,
            trustedKey: trustedKey, missing: missing, minimumRows: volume.minimum,
            largestChange: volume.change, quarantineLimit: limit, identity: identity,
            payload: payload)
    }

    /// The name of a column under `key`, never empty.
    private func column(
        _ reader: inout MappingReader, _ key: String, _ faults: inout FaultList
    ) -> String {
        let name = reader.string(key, &faults)
        if name.isEmpty, let place = reader.node(key)?.place {
            faults.add(
                "“\(key)” names no column.", at: place, remedy: "Write the name of the column.")
        }
        return name
    }

    /// The column of a day under `key`, or the day of the delivery where the file has one.
    private func day(
        _ reader: inout MappingReader, _ key: String, _ pattern: String,
        _ faults: inout FaultList
    ) -> ExtractContract.DayRule {
        let rule = ExtractContract.DayRule(column(&reader, key, &faults))
        if clock == .ordinal, rule == .delivery, !pattern.contains("{date}"),
            let place = reader.node(key)?.place
        {
            faults.add(
                "On an ordinal clock a file without {date} has no day of delivery.", at: place,
                remedy: "Name a column in “\(key)”, or put {date} into “name”.")
        }
        return rule
    }

    private func pattern(
        _ reader: inout MappingReader, _ arrives: ExtractContract.Arrival?,
        _ faults: inout FaultList
    ) -> String {
        let pattern = column(&reader, "name", &faults)
        guard let place = reader.node("name")?.place else { return pattern }
        let dates = pattern.split(separator: "{date}", omittingEmptySubsequences: false).count - 1
        if pattern.contains("/") || pattern.hasPrefix(".") || dates > 1
            || pattern.replacing("{date}", with: "").contains(where: { "{}".contains($0) })
        {
            faults.add(
                "“name” must be a file name with {date} at most once.", at: place,
                remedy: "Write it like “patients_{date}.csv”.")
        } else if dates == 0, arrives == .nightly || arrives == .termly {
            faults.add(
                "A file that comes again needs {date} in its “name”.", at: place,
                remedy: "Write it like “patients_{date}.csv”.")
        }
        return pattern
    }

    private func delimiter(_ reader: inout MappingReader, _ faults: inout FaultList) -> UInt8 {
        guard let text = reader.optionalString("delimiter", &faults) else {
            return UInt8(ascii: ",")
        }
        let bytes = Array(text == "tab" ? "\t".utf8 : text.utf8)
        guard bytes.count == 1, bytes[0] < 0x80, !Array("\"\r\n\0".utf8).contains(bytes[0]) else {
            if let place = reader.node("delimiter")?.place {
                faults.add(
                    "“delimiter” must be one ASCII character.", at: place,
                    remedy: "Write “,”, “;”, “|” or “tab”.")
            }
            return UInt8(ascii: ",")
        }
        return bytes[0]
    }

    private func operation(
        _ reader: inout MappingReader, _ delivery: ExtractContract.DeliveryKind?,
        _ faults: inout FaultList
    ) -> ExtractContract.OperationRule? {
        guard let node = reader.node("operation") else {
            if delivery == .delta {
                faults.add(
                    "A delta needs an “operation”.", at: reader.place,
                    remedy: "Write “operation: {column: op, open: [I, U], close: [D]}”.")
            }
            return nil
        }
        if let delivery, delivery != .delta {
            faults.add(
                "“\(delivery.rawValue)” has no “operation”.", at: node.place,
                remedy: "Remove the key, or write “delivery: delta”.")
        }
        var inner = MappingReader(node, what: "operation", faults: &faults)
        let rule = ExtractContract.OperationRule(
            column: column(&inner, "column", &faults), open: inner.strings("open", &faults),
            close: inner.strings("close", &faults))
        if rule.open.isEmpty || !Set(rule.open).isDisjoint(with: rule.close) {
            faults.add(
                "“open” and “close” must be lists without a common value, “open” not empty.",
                at: node.place, remedy: "Write “open: [I, U], close: [D]”.")
        }
        inner.finish(&faults)
        return rule
    }

    private func key(_ reader: inout MappingReader, _ faults: inout FaultList) -> [String] {
        guard let node = reader.required("key", &faults) else { return [] }
        let key = reader.strings("key", &faults)
        if key.isEmpty || key.contains("") || Set(key).count != key.count {
            faults.add(
                "“key” must name one or more different columns.", at: node.place,
                remedy: "Write the columns that identify a row for ever, like [patient_id].")
        }
        return key
    }

    private func volume(
        _ reader: inout MappingReader, _ delivery: ExtractContract.DeliveryKind?,
        _ faults: inout FaultList
    ) -> (minimum: Int, change: Double?) {
        guard let node = reader.node("volume") else { return (1, nil) }
        var inner = MappingReader(node, what: "volume", faults: &faults)
        let minimum = inner.integer("minimum_rows", in: 0...Int(Int32.max), default: 1, &faults)
        var change: Double?
        if let place = inner.node("largest_change")?.place {
            change = inner.number("largest_change", in: 0...1_000_000, &faults)
            if let delivery, delivery != .snapshot {
                faults.add(
                    "“largest_change” compares a snapshot with what is held; this is “\(delivery.rawValue)”.",
                    at: place, remedy: "Remove it; “minimum_rows” holds for every delivery.")
            }
        }
        inner.finish(&faults)
        return (minimum, change)
    }

    private func identity(
        _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> [ExtractContract.IdentityField] {
        var fields: [ExtractContract.IdentityField] = []
        for entry in reader.mapping("identity", &faults) {
            ContractName.check(entry, what: "field", &faults)
            guard case .mapping = entry.value.content else {
                guard let column = entry.value.text(entry.key, &faults) else { continue }
                if column.isEmpty {
                    faults.add(
                        "“\(entry.key)” names no column.", at: entry.value.place,
                        remedy: "Write the name of the column.")
                }
                fields.append(.init(field: entry.key, column: column))
                continue
            }
            var inner = MappingReader(entry.value, what: "field", faults: &faults)
            let column = column(&inner, "column", &faults)
            let marker = marker(&inner, &faults)
            inner.finish(&faults)
            fields.append(.init(field: entry.key, column: column, marker: marker))
        }
        return fields.sorted { $0.field < $1.field }
    }

    /// Reads `when: {column: …, in: […]}`.
    private func marker(
        _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> ExtractContract.Marker? {
        guard let node = reader.required("when", &faults) else { return nil }
        var inner = MappingReader(node, what: "when", faults: &faults)
        let column = column(&inner, "column", &faults)
        let values = inner.strings("in", &faults)
        if values.isEmpty || values.contains("") {
            faults.add(
                "“when” does not say which values of its column count.", at: node.place,
                remedy: "Write them as “in: [superseded]”; an empty one never counts.")
        }
        inner.finish(&faults)
        return .init(column: column, values: values)
    }

    private func payload(
        _ reader: inout MappingReader, guarded: Set<String>, _ faults: inout FaultList
    ) -> [ExtractContract.PayloadColumn] {
        var parser = PayloadParser(clock: clock, guarded: guarded)
        return reader.mapping("payload", &faults)
            .compactMap { parser.parse($0, &faults) }
            .sorted { $0.name < $1.name }
    }
}
