/// Latin letters without their accents, in lower case.
///
/// The tables are the NFKD decompositions of the Unicode Character Database without combining
/// marks; letters that do not decompose are written as English usage writes them (æ ae, ø o, ß ss).
/// A dot stands for a character that is no such letter.
enum LatinLetters {
    private static func table(_ text: String) -> [[UInt8]] {
        text.split(whereSeparator: \.isWhitespace).map { $0 == "." ? [] : Array($0.utf8) }
    }

    /// U+00C0 to U+024F.
    private static let first = table(
        """
        a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss a a a a a a ae c e e e
        e i i i i d n o o o o o . o u u u u y th y a a a a a a c c c c c c c c d d d d e e e e e e
        e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n
        n n n n n n ng ng o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t u u u u u u u
        u u u u u w w y y y z z z z z z s . . . . . . . . . . . . . . e e e f f . . . . i . . . .
        . . . . o o . . . . . . . . . . . . . u u . . . . . . . . . . . . . . . . . . . dz dz dz
        lj lj lj nj nj nj a a i i o o u u u u u u u u u u e a a a a ae ae . . g g k k o o o o . .
        j dz dz dz g g . . n n a a ae ae o o a a a a e e e e i i i i o o o o r r r r u u u u s s t
        t . . h h . . . . . . a a e e o o o o o o o o y y . . . . . . . . . . . . . . . . . . . .
        . . . . . . . .
        """)

    /// U+1E00 to U+1EFF.
    private static let additional = table(
        """
        a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f g g h h h h h h h h h h i
        i i i k k k k k k l l l l l l l l m m m m m m n n n n n n n n o o o o o o o o p p p p r r
        r r r r r r s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v w w w w w w w
        w w w x x x x y y z z z z z z h t w y a s . . ss . a a a a a a a a a a a a a a a a a a a a
        a a a a e e e e e e e e e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o o
        o o o u u u u u u u u u u u u u u y y y y y y y y . . . . . .
        """)

    /// The letters a–z that `scalar` stands for; `nil` where it is no Latin letter with an accent.
    static func plain(_ scalar: Unicode.Scalar) -> [UInt8]? {
        let letters: [UInt8]
        switch scalar.value {
        case 0xc0...0x24f: letters = first[Int(scalar.value) - 0xc0]
        case 0x1e00...0x1eff: letters = additional[Int(scalar.value) - 0x1e00]
        default: return nil
        }
        return letters.isEmpty ? nil : letters
    }
}
