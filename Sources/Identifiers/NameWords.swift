/// The words of a name that are no part of it, and those that belong to the next.
enum NameWords {
    private static let titles = words(
        "mr mrs ms miss mx dr prof professor rev reverend sir dame lord lady master mstr fr sr")
    private static let suffixes = words("jr jnr junior snr senior esq ii iii iv")
    private static let aliases = words("aka alias nee formerly known")
    private static let particles = words(
        "a al ap bin bint da de del della den der di du el ibn la le lo mac mc o san st ten ter "
            + "van von")
    private static let unknown = words("unknown nk na none unnamed noname notknown notgiven")
    private static let unborn = words("baby babyboy babygirl infant newborn")
    private static let multiples = words("twin triplet quad baby")
    private static let counters = words("one two three four i ii iii iv a b c d")
    private static let kin = words(
        "baby infant twin triplet son daughter child boy girl male female")

    private static func words(_ text: String) -> [[UInt8]] {
        text.split(separator: " ").map { Array($0.utf8) }
    }

    private static func matches(
        _ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ list: [[UInt8]]
    ) -> Bool {
        for entry in list where entry.count == word.count {
            var same = true
            for offset in 0..<entry.count where entry[offset] != bytes[word.lowerBound + offset] {
                same = false
                break
            }
            if same { return true }
        }
        return false
    }

    static func isParticle(_ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        word.count <= 5 && matches(word, in: bytes, particles)
    }

    /// Removes everything from a word such as “aka” on, unless it is the first.
    static func cutAliases(_ words: inout [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>) {
        guard words.count > 1 else { return }
        for position in 1..<words.count where matches(words[position], in: bytes, aliases) {
            // “Not known” is a placeholder, not an alias.
            if words.count == 2, words[0].count == 3, bytes[words[0].lowerBound] == 0x6e { return }
            words.removeLast(words.count - position)
            return
        }
    }

    /// Removes titles at the front and suffixes at the end, as long as a word is left.
    static func cutTitles(_ words: inout [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>) {
        while words.count > 1, matches(words[0], in: bytes, titles) { words.removeFirst() }
        while words.count > 1, matches(words[words.count - 1], in: bytes, suffixes) {
            words.removeLast()
        }
    }

    /// Whether the words say that there is no name yet, or that it is not known.
    static func isPlaceholder(
        _ words: [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let first = words.first else { return false }
        if words.count == 1 {
            return matches(first, in: bytes, unknown) || matches(first, in: bytes, unborn)
                || isNumbered(first, in: bytes)
        }
        let second = words[1]
        func text(_ word: Range<Int>, _ other: StaticString) -> Bool {
            other.withUTF8Buffer { bytes[word].elementsEqual($0) }
        }
        if matches(first, in: bytes, kin), text(second, "of") { return true }
        if matches(first, in: bytes, multiples) {
            return matches(second, in: bytes, counters) || matches(second, in: bytes, kin)
                || bytes[second].allSatisfy(CompactText.isDigit) || text(first, "baby")
        }
        if matches(second, in: bytes, unborn), matches(first, in: bytes, kin) { return true }
        return words.count == 2
            && (text(first, "not") && (text(second, "known") || text(second, "given"))
                || text(first, "no") && text(second, "name")
                || text(first, "n") && text(second, "a"))
    }

    /// “twin1”, “baby2”, as typed without a space.
    private static func isNumbered(
        _ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard word.count > 1, CompactText.isDigit(bytes[word.upperBound - 1]) else { return false }
        return matches(word.lowerBound..<(word.upperBound - 1), in: bytes, multiples)
    }
}
