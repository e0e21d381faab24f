/// A list of classification codes: prefixes, categories and ranges.
///
/// An entry is one of
/// - a number of at most three digits, with or without `.xx`: a category of ICD-9, such as
///   `250` or `250.xx`, which holds `250`, `250.0`, `250.83`; any longer number is matched whole;
/// - a range of such categories, such as `390-459`;
/// - a prefix, such as `I50`, `I50.1` or `250.1`, compared without dots and in upper case;
/// - a range of prefixes of one length, such as `I20-I25`, both ends included.
public struct CodeList: Sendable, Equatable {
    enum Entry: Sendable, Equatable {
        case category(ClosedRange<Int>)
        case prefix(String)
        case prefixes(ClosedRange<String>)
    }

    let entries: [Entry]

    /// Reads the entries; `nil` where one of them is none of the forms.
    public init?(_ texts: [String]) {
        var entries: [Entry] = []
        for text in texts {
            guard let entry = Self.entry(text) else { return nil }
            entries.append(entry)
        }
        self.entries = entries
    }

    private static func entry(_ text: String) -> Entry? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { normalised(String($0)) }
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch parts.count {
        case 1:
            if let number = category(text) { return .category(number...number) }
            return .prefix(parts[0])
        case 2:
            if let first = Int(parts[0]), let last = Int(parts[1]) {
                return first <= last ? .category(first...last) : nil
            }
            guard parts[0].utf8.count == parts[1].utf8.count, parts[0] <= parts[1],
                parts[0].first?.isNumber == parts[1].first?.isNumber
            else { return nil }
            return .prefixes(parts[0]...parts[1])
        default: return nil
        }
    }

    /// The whole number before `.` or `.xx`; `nil` where there is a letter or a further digit.
    private static func category(_ text: String) -> Int? {
        var digits = Substring(text)
        while let last = digits.last, last == "x" || last == "X" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(digits) : nil
    }

    private static func normalised(_ text: String) -> String {
        var kept: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: ".") && byte != UInt8(ascii: " ") {
            kept.append((0x61...0x7a).contains(byte) ? byte - 0x20 : byte)
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Whether the list holds `code`.
    public func contains(_ code: String) -> Bool {
        let plain = Self.normalised(code)
        let whole = code.utf8.prefix { $0 != UInt8(ascii: ".") }
        let number =
            whole.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(Substring(whole)) : nil
        return entries.contains { entry in
            switch entry {
            case .category(let range): number.map(range.contains) ?? false
            case .prefix(let prefix): plain.hasPrefix(prefix)
            case .prefixes(let range):
                range.contains(String(plain.prefix(range.lowerBound.utf8.count)))
            }
        }
    }
}
