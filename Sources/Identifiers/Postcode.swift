/// A British postcode in its normal form, and its parts.
public struct Postcode: Hashable, Sendable {
    /// The part before the space, such as `LE1`, which is the district; `BFPO` for forces' post.
    public let outward: String
    /// The part after it, such as `4AB`; for forces' post the number of the office.
    public let inward: String

    /// The whole with one space.
    public var text: String { outward + " " + inward }
    /// The whole without a space, by which two are compared.
    public var compact: String { outward + inward }
    /// The outward part, such as `LE1`.
    public var district: String { outward }
    /// The outward part and the first digit of the inward one, such as `LE1 4`; `nil` for
    /// forces' post, which has none.
    public var sector: String? {
        outward == "BFPO" ? nil : outward + " " + String(inward.prefix(1))
    }

    /// Reads a postcode in any case, with or without spaces.
    ///
    /// A letter O where only a digit may stand is read as 0, an I as 1, and the other way round;
    /// a value that is valid as it stands is never changed. Pseudo-postcodes (ZZ99) are missing.
    ///
    /// Source: BS 7666 and the pattern of the Government Data Standards Catalogue.
    public static func read(_ text: String) -> Verdict<Postcode> {
        guard let bytes = CompactText.bytes(text) else { return .invalid(.postcodeShape) }
        if bytes.isEmpty { return .missing(.absent) }
        if bytes.starts(with: "ZZ99".utf8) { return .missing(.postcodePseudo) }
        if bytes.starts(with: "BFPO".utf8) { return forcesPost(bytes.dropFirst(4)) }
        guard (5...7).contains(bytes.count) else { return .invalid(.postcodeShape) }
        if bytes.elementsEqual("GIR0AA".utf8) {
            return .valid(Postcode(outward: "GIR", inward: "0AA"))
        }
        let split = bytes.count - 3
        let digit = mended(bytes[split], toDigit: true)
        guard CompactText.isDigit(digit), inwardLetter(bytes[split + 1]),
            inwardLetter(bytes[split + 2])
        else { return .invalid(.postcodeShape) }
        guard let outward = PostcodeOutward.read(bytes[..<split]) else {
            return .invalid(.postcodeShape)
        }
        let inward = [digit, bytes[split + 1], bytes[split + 2]]
        let isMended = digit != bytes[split] || !outward.elementsEqual(bytes[..<split])
        return .valid(
            Postcode(outward: CompactText.string(outward), inward: CompactText.string(inward)),
            warning: isMended ? .postcodeMended : nil)
    }

    private static func forcesPost(_ digits: ArraySlice<UInt8>) -> Verdict<Postcode> {
        var digits = digits
        if digits.starts(with: "C/O".utf8) { digits = digits.dropFirst(3) }
        guard (1...4).contains(digits.count), digits.allSatisfy(CompactText.isDigit) else {
            return .invalid(.postcodeShape)
        }
        return .valid(Postcode(outward: "BFPO", inward: CompactText.string(digits)))
    }

    /// Any letter but C, I, K, M, O and V.
    private static func inwardLetter(_ byte: UInt8) -> Bool {
        CompactText.isLetter(byte) && !"CIKMOV".utf8.contains(byte)
    }

    static func mended(_ byte: UInt8, toDigit: Bool) -> UInt8 {
        switch (byte, toDigit) {
        case (0x4f, true): 0x30
        case (0x49, true): 0x31
        case (0x30, false): 0x4f
        case (0x31, false): 0x49
        default: byte
        }
    }
}

/// The six forms of the outward part: AN, ANN, AAN, AANN, ANA, AANA.
enum PostcodeOutward {
    private static let forms: [[Character]] = [
        ["A", "N"], ["A", "N", "N"], ["A", "A", "N"], ["A", "N", "A"], ["A", "A", "N", "N"],
        ["A", "A", "N", "A"],
    ]

    /// The outward part, mended where it must be; `nil` where no form fits.
    static func read(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let given = Array(bytes)
        if isValid(given) { return given }
        for form in forms where form.count == given.count {
            let candidate = zip(given, form).map { Postcode.mended($0, toDigit: $1 == "N") }
            if isValid(candidate) { return candidate }
        }
        return nil
    }

    private static func isValid(_ code: [UInt8]) -> Bool {
        let isDigit = CompactText.isDigit
        func letter(_ byte: UInt8, except excluded: StaticString) -> Bool {
            CompactText.isLetter(byte)
                && !excluded.withUTF8Buffer { $0.contains(byte) }
        }
        guard code.count >= 2, letter(code[0], except: "QVX") else { return false }
        func second() -> Bool { letter(code[1], except: "IJZ") }
        switch code.count {
        case 2: return isDigit(code[1])
        case 3:
            if isDigit(code[1]) {
                return isDigit(code[2]) || "ABCDEFGHJKPSTUW".utf8.contains(code[2])
            }
            return second() && isDigit(code[2])
        case 4:
            return second() && isDigit(code[2])
                && (isDigit(code[3]) || "ABEHMNPRVWXY".utf8.contains(code[3]))
        default: return false
        }
    }
}
