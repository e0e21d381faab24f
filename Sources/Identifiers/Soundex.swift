/// The Soundex code of a name: its first letter and three digits for the consonants after it.
///
/// Source: United States National Archives, "The Soundex Indexing System"; letters with the same
/// code that stand side by side, or have only H or W between them, count once.
public enum Soundex {
    /// The code of each letter a–z: 0 for vowels, which separate, 7 for h and w, which do not.
    private static let codes: [UInt8] = Array("01230127022455012623017202".utf8).map { $0 - 0x30 }

    /// Appends the four characters of the code of a name in its normal form.
    ///
    /// - Returns: Whether there was a letter a–z to begin with; where not, nothing is appended.
    @discardableResult
    public static func append(of name: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) -> Bool
    {
        var count = 0
        var last: UInt8 = 0
        for byte in name {
            guard byte >= 0x61, byte <= 0x7a else { continue }
            let code = codes[Int(byte - 0x61)]
            if count == 0 {
                result.append(byte - 0x20)
                count = 1
                last = code == 7 ? 0 : code
                continue
            }
            if code == 7 { continue }
            if code != 0, code != last {
                result.append(0x30 + code)
                count += 1
                if count == 4 { return true }
            }
            last = code
        }
        guard count > 0 else { return false }
        for _ in count..<4 { result.append(0x30) }
        return true
    }

    /// The code of a name in its normal form; empty where it has no letter a–z.
    public static func code(_ name: String) -> String {
        var result: [UInt8] = []
        Array(name.utf8).withUnsafeBufferPointer { _ = append(of: $0, to: &result) }
        return String(decoding: result, as: UTF8.self)
    }
}
