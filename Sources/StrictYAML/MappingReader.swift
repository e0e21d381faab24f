public import PipelineModel

/// Reads the keys of one mapping, notes what is missing or of the wrong kind,
/// and at the end refuses every key that nobody asked for.
///
/// ```swift
/// var faults = FaultList()
/// var reader = MappingReader(node, what: "source", faults: &faults)
/// let purpose = reader.string("purpose", &faults)
/// let days = reader.integer("maximum_age_days", in: 0...3650, default: 3, &faults)
/// reader.finish(&faults)
/// try faults.check()
/// ```
public struct MappingReader: Sendable {
    private var entries: [String: YAMLNode.Entry] = [:]
    private var order: [String] = []
    private var asked: Set<String> = []
    private let what: String
    /// Where the mapping begins.
    public let place: StileError.Place

    /// - Parameters:
    ///   - node: The mapping.
    ///   - what: What the mapping is, for messages: "source", "feature".
    ///   - faults: Takes what is wrong with it.
    public init(_ node: YAMLNode, what: String, faults: inout FaultList) {
        self.what = what
        place = node.place
        guard case .mapping(let list) = node.content else {
            faults.add(
                "A \(what) must be a mapping of keys to values.", at: node.place,
                remedy: "Write it as “key: value” lines.")
            return
        }
        for entry in list {
            entries[entry.key] = entry
            order.append(entry.key)
        }
    }

    /// The keys in the order in which they are written.
    public var keys: [String] { order }

    /// The entry of an optional key.
    public mutating func entry(_ key: String) -> YAMLNode.Entry? {
        asked.insert(key)
        return entries[key]
    }

    /// The node of an optional key.
    public mutating func node(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// The node of a key that must be there.
    public mutating func required(_ key: String, _ faults: inout FaultList) -> YAMLNode? {
        guard let node = node(key) else {
            faults.add(
                "The \(what) has no “\(key)”.", at: place, remedy: "Add the key “\(key)”.")
            return nil
        }
        return node
    }

    /// The text of a key that must be there; empty where it is not.
    public mutating func string(_ key: String, _ faults: inout FaultList) -> String {
        required(key, &faults).flatMap { $0.text(key, &faults) } ?? ""
    }

    /// The text of an optional key.
    public mutating func optionalString(_ key: String, _ faults: inout FaultList) -> String? {
        node(key).flatMap { $0.text(key, &faults) }
    }

    /// The whole number of a key, or `fallback` where the key is absent.
    public mutating func integer(
        _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil,
        _ faults: inout FaultList
    ) -> Int {
        let found: YAMLNode?
        if let fallback {
            found = node(key)
            if found == nil { return fallback }
        } else {
            found = required(key, &faults)
        }
        guard let found else { return range.lowerBound }
        guard let text = found.text(key, &faults) else { return range.lowerBound }
        guard let value = Int(text), range.contains(value) else {
            faults.add(
                "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                at: found.place, remedy: "Write such a number.")
            return range.lowerBound
        }
        return value
    }

    /// The finite number of a key, or `fallback` where the key is absent.
    public mutating func number(
        _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil,
        _ faults: inout FaultList
    ) -> Double {
        let found: YAMLNode?
        if let fallback {
            found = node(key)
            if found == nil { return fallback }
        } else {
            found = required(key, &faults)
        }
        guard let found else { return range.lowerBound }
        guard let text = found.text(key, &faults) else { return range.lowerBound }
        guard let value = Double(text), value.isFinite, range.contains(value) else {
            faults.add(
                "“\(key)” must be a number from \(range.lowerBound) to \(range.upperBound).",
                at: found.place, remedy: "Write such a number.")
            return range.lowerBound
        }
        return value
    }

    /// `true` or `false`, or `fallback` where the key is absent.
    public mutating func boolean(
        _ key: String, default fallback: Bool? = nil, _ faults: inout FaultList
    ) -> Bool {
        let found: YAMLNode?
        if let fallback {
            found = node(key)
            if found == nil { return fallback }
        } else {
            found = required(key, &faults)
        }
        guard let found, let text = found.text(key, &faults) else { return false }
        switch text {
        case "true": return true
        case "false": return false
        default:
            faults.add(
                "“\(key)” must be true or false.", at: found.place,
                remedy: "Write “true” or “false”.")
            return false
        }
    }

    /// One of the cases of an enumeration, or `fallback` where the key is absent.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of _: Choice.Type = Choice.self, default fallback: Choice? = nil,
        _ faults: inout FaultList
    ) -> Choice? where Choice.RawValue == String {
        let found: YAMLNode?
        if let fallback {
            found = node(key)
            if found == nil { return fallback }
        } else {
            found = required(key, &faults)
        }
        guard let found, let text = found.text(key, &faults) else { return nil }
        guard let value = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map { "“\($0.rawValue)”" }.joined(separator: ", ")
            faults.add(
                "“\(key)” cannot be “\(text)”.", at: found.place,
                remedy: "Write one of \(allowed).")
            return nil
        }
        return value
    }

    /// A day as `yyyy-mm-dd`, where the key is there.
    public mutating func day(_ key: String, _ faults: inout FaultList) -> Day? {
        guard let found = node(key), let text = found.text(key, &faults) else { return nil }
        guard let day = Day(iso: text) else {
            faults.add(
                "“\(key)” must be a date.", at: found.place, remedy: "Write it as yyyy-mm-dd.")
            return nil
        }
        return day
    }

    /// A list of texts; a single text counts as a list of one; empty where the key is absent.
    public mutating func strings(_ key: String, _ faults: inout FaultList) -> [String] {
        guard let found = node(key) else { return [] }
        switch found.content {
        case .scalar(let text): return [text]
        case .sequence(let items): return items.compactMap { $0.text(key, &faults) }
        case .mapping:
            faults.add(
                "“\(key)” must be a list.", at: found.place, remedy: "Write it as [a, b, c].")
            return []
        }
    }

    /// The items of a list; empty where the key is absent.
    public mutating func items(_ key: String, _ faults: inout FaultList) -> [YAMLNode] {
        guard let found = node(key) else { return [] }
        guard case .sequence(let items) = found.content else {
            faults.add(
                "“\(key)” must be a list.", at: found.place,
                remedy: "Write each item on a line that begins with “- ”.")
            return []
        }
        return items
    }

    /// The entries of a mapping in the order written; empty where the key is absent.
    public mutating func mapping(_ key: String, _ faults: inout FaultList) -> [YAMLNode.Entry] {
        guard let found = node(key) else { return [] }
        guard case .mapping(let list) = found.content else {
            faults.add(
                "“\(key)” must be a mapping of names to values.", at: found.place,
                remedy: "Write it as “name: value” lines.")
            return []
        }
        return list
    }

    /// Refuses every key that was never asked for.
    public func finish(_ faults: inout FaultList) {
        for key in order where !asked.contains(key) {
            guard let entry = entries[key] else { continue }
            let known = asked.sorted().map { "“\($0)”" }.joined(separator: ", ")
            faults.add(
                "A \(what) has no key “\(key)”.", at: entry.place,
                remedy: "Remove it or correct its spelling; the keys are \(known).")
        }
    }
}

extension YAMLNode {
    /// The scalar of this node; notes a fault where it is not one.
    public func text(_ key: String, _ faults: inout FaultList) -> String? {
        guard case .scalar(let text) = content else {
            faults.add(
                "“\(key)” must be a single value.", at: place, remedy: "Write it on one line.")
            return nil
        }
        return text
    }
}
