/// The words of a name that are no part of it, and those that belong to the next.
enum NameWords {
    private static let titles = words(
        "mr mrs ms miss mx dr prof professor rev reverend sir dame lord lady master mstr fr sr "
            + "messrs mme mlle madam cllr councillor capt captain col lt sgt hon rabbi imam")
    private static let suffixes = words(
        "jr jnr junior snr senior esq esquire ii iii iv obe mbe cbe phd bsc kc qc")
    private static let aliases = words("aka alias nee formerly known")
    private static let particles = words(
        "a ab abd abu al ap ar av bin bint da das de del della den der di do dos du el ibn la "
            + "le lo los mac mc ni o san st t ten ter ul ur van von zu")
    private static let unknown = words(
        "unknown unkown unk nk na none unnamed noname notknown notgiven nil null tbc tba nfn fnu lnu "
            + "unspecified anonymous anon refused withheld xx xxx xxxx test")
    private static let unborn = words(
        "baby babyboy babygirl babyof infant newborn neonate unborn fetus foetus stillborn")
    private static let multiples = words("twin twins triplet triplets quad quadruplet baby babe")
    private static let counters = words(
        "one two three four i ii iii iv a b c d first second third fourth 1st 2nd 3rd 4th")
    private static let kin = words(
        "baby infant newborn twin triplet son daughter child boy girl male female")

    /// What follows “not” or “no”.
    private static let absent = words(
        "known given stated recorded available provided disclosed name forename")

    /// Words, and for each first byte which lengths there are: most names are none of them.
    private struct List {
        private let words: [[UInt8]]
        /// For each byte a bit for every length of the words that begin with it.
        private let lengths: [UInt32]

        init(_ words: [[UInt8]]) {
            var lengths = [UInt32](repeating: 0, count: 256)
            for word in words { lengths[Int(word[0])] |= 1 << UInt32(word.count) }
            self.words = words
            self.lengths = lengths
        }

        func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
            guard let first = word.first, word.count < UInt32.bitWidth,
                lengths[Int(first)] >> UInt32(word.count) & 1 == 1
            else { return false }
            return words.contains { $0.count == word.count && $0.elementsEqual(word) }
        }
    }

    private static func words(_ text: String) -> List {
        List(text.split(separator: " ").map { Array($0.utf8) })
    }

    private static func matches(
        _ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ list: List
    ) -> Bool {
        list.contains(UnsafeBufferPointer(rebasing: bytes[word]))
    }

    static func isParticle(_ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        word.count <= 5 && matches(word, in: bytes, particles)
    }

    /// Whether a word is “saint”, which is written “st” as well.
    static func isSaint(_ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        equals(word, "saint", in: bytes)
    }

    private static func equals(
        _ word: Range<Int>, _ other: StaticString, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        other.withUTF8Buffer { bytes[word].elementsEqual($0) }
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

    /// Removes “twin 1” and its like after a name.
    static func cutCounters(_ words: inout [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>) {
        guard let last = words.last else { return }
        if words.count > 1, isNumbered(last, in: bytes) {
            words.removeLast()
        } else if words.count > 2, isCounter(last, in: bytes),
            matches(words[words.count - 2], in: bytes, multiples)
        {
            words.removeLast(2)
        }
    }

    private static func isCounter(
        _ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        matches(word, in: bytes, counters) || bytes[word].allSatisfy(CompactText.isDigit)
    }

    /// Whether the words say that there is no name yet, or that it is not known.
    static func isPlaceholder(
        _ words: [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let first = words.first else { return false }
        if words.count == 1 {
            return matches(first, in: bytes, unknown) || matches(first, in: bytes, unborn)
                || matches(first, in: bytes, kin) || isNumbered(first, in: bytes)
        }
        let second = words[1]
        // “Baby of”, “b/o”, “f/o”: the name that follows is a parent's.
        if matches(first, in: bytes, kin), equals(second, "of", in: bytes) { return true }
        if first.count == 1, "bfims".utf8.contains(bytes[first.lowerBound]),
            equals(second, "o", in: bytes), words.count > 2
        {
            return true
        }
        if matches(first, in: bytes, multiples) {
            return isCounter(second, in: bytes) || matches(second, in: bytes, kin)
                || equals(first, "baby", in: bytes)
        }
        if matches(second, in: bytes, unborn), matches(first, in: bytes, kin) { return true }
        // “First twin”, “male twin 2”: nothing but such words.
        if words.allSatisfy({
            isCounter($0, in: bytes) || matches($0, in: bytes, kin)
                || matches($0, in: bytes, multiples)
        }) {
            return words.contains {
                matches($0, in: bytes, multiples) || matches($0, in: bytes, kin)
            }
        }
        if equals(first, "not", in: bytes) || equals(first, "no", in: bytes) {
            return words.count == 2
                && matches(second, in: bytes, absent)
        }
        return words.count == 2 && equals(first, "n", in: bytes) && equals(second, "a", in: bytes)
    }

    /// “twin1”, “baby2”, as typed without a space.
    private static func isNumbered(
        _ word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard word.count > 1, CompactText.isDigit(bytes[word.upperBound - 1]) else { return false }
        return matches(word.lowerBound..<(word.upperBound - 1), in: bytes, multiples)
    }
}
