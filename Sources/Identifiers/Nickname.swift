import NameTables

/// Short forms of given names and the formal names that they stand for, in their normal form.
public enum Nickname {
    /// The formal names of each short form, in the order of the table.
    private static let formal: [[UInt8]: [[UInt8]]] = {
        var table: [[UInt8]: [[UInt8]]] = [:]
        for line in Nicknames.lines.split(separator: "\n") {
            let words = line.split(separator: " ").map { Array($0.utf8) }
            guard let name = words.first else { continue }
            for short in words.dropFirst() { table[short, default: []].append(name) }
        }
        return table
    }()

    /// The longest short form, in bytes.
    private static let longest = formal.keys.reduce(0) { max($0, $1.count) }

    /// The formal names that a given name may stand for; `nil` where it is no short form.
    ///
    /// The first word of several decides: “Kate Louise” stands for what “Kate” stands for.
    ///
    /// - Parameter name: A name in its normal form, as UTF-8.
    public static func formalNames(ofShort name: [UInt8]) -> [[UInt8]]? {
        let first = name.prefix { $0 != 0x20 }
        guard first.count <= longest, let names = formal[Array(first)] else { return nil }
        let rest = Array(name.dropFirst(first.count))
        return names.map { $0 + rest }
    }
}
