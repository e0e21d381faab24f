/// A unique pupil number: check letter, local authority, establishment, year, serial.
///
/// Source: Department for Education, "Unique pupil numbers (UPNs): a guide"; the check letter is
/// the sum of position × value over characters 2 to 13, modulo 23, in a table without I, O and S.
public struct UPN: Hashable, Sendable {
    /// The thirteen characters.
    public let text: String
    /// Whether the last character is a letter: such a number is given until the child's own is
    /// known, so two children may bear it in turn, and it is never a stable key.
    public let isTemporary: Bool

    private static let table: [UInt8] = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)

    /// The local authority codes that a UPN may carry, former ones included.
    static let authorities: [ClosedRange<Int>] = [
        1...5, 201...213, 301...320, 330...336, 340...344, 350...359, 370...373, 380...384,
        390...394, 420...420, 660...681, 701...708, 800...803, 805...808, 810...813, 815...816,
        820...823, 825...826, 830...831, 835...841, 845...846, 850...852, 855...857, 860...861,
        865...896, 908...909, 916...916, 919...919, 921...921, 925...926, 928...929, 931...931,
        933...933, 935...938, 940...943,
    ]

    /// Reads a number; the codes UN1 to UN10, which say why there is none, are missing.
    public static func read(_ text: String) -> Verdict<UPN> {
        guard let bytes = CompactText.bytes(text) else { return .invalid(.upnShape) }
        if bytes.isEmpty { return .missing(.absent) }
        if isUnknownCode(bytes) { return .missing(.upnUnknown) }
        guard bytes.count == 13, table.contains(bytes[0]),
            bytes[1..<12].allSatisfy(CompactText.isDigit)
        else { return .invalid(.upnShape) }
        var sum = 0
        for position in 1..<12 { sum += (position + 1) * Int(bytes[position] - 0x30) }
        let last = bytes[12]
        let isTemporary: Bool
        if CompactText.isDigit(last) {
            sum += 13 * Int(last - 0x30)
            isTemporary = false
        } else if let value = table.firstIndex(of: last) {
            sum += 13 * value
            isTemporary = true
        } else {
            return .invalid(.upnShape)
        }
        guard table[sum % 23] == bytes[0] else { return .invalid(.upnCheck) }
        let authority = bytes[1..<4].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard authorities.contains(where: { $0.contains(authority) }) else {
            return .invalid(.upnAuthority)
        }
        return .valid(
            UPN(text: CompactText.string(bytes), isTemporary: isTemporary),
            warning: isTemporary ? .upnTemporary : nil)
    }

    private static func isUnknownCode(_ bytes: [UInt8]) -> Bool {
        guard (3...4).contains(bytes.count), bytes[0] == 0x55, bytes[1] == 0x4e else {
            return false
        }
        return bytes.count == 3
            ? bytes[2] >= 0x31 && bytes[2] <= 0x39 : bytes[2] == 0x31 && bytes[3] == 0x30
    }
}
