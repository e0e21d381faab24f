/// Names and free text as they are compared: lower case, no accents, no punctuation.
///
/// A value of this type holds scratch memory, so that a column of names is brought into its
/// normal form without an allocation for each name.
public struct NormalForm: Sendable {
    private var scratch: [UInt8] = []
    private var words: [Range<Int>] = []

    public init() {}

    /// Appends the normal form of a name; where there is none, appends nothing and says why.
    ///
    /// Accents of Latin letters, apostrophes and full stops go; a hyphen counts as a space; what
    /// stands in brackets, or after “aka”, “née” or “formerly”, goes; so do titles at the front
    /// and “junior” and its like at the end; particles (`de la`, `van der`, `o`, `mc`, `al`,
    /// `st`, also written “saint”) join the word after them. “Twin 1” after a name goes; “baby of …”,
    /// “twin 1” and “not known” are missing.
    /// Letters of other scripts stay as they are, in lower case.
    @discardableResult
    public mutating func append(name: String, to result: inout [UInt8]) -> IdentifierRule? {
        fold(name, dropsBrackets: true)
        guard !words.isEmpty else {
            return name.utf8.allSatisfy({ $0 == 0x20 }) ? .absent : .nameShape
        }
        scratch.withUnsafeBufferPointer { NameWords.cutAliases(&words, in: $0) }
        if scratch.withUnsafeBufferPointer({ NameWords.isPlaceholder(words, in: $0) }) {
            return .namePlaceholder
        }
        scratch.withUnsafeBufferPointer {
            NameWords.cutTitles(&words, in: $0)
            NameWords.cutCounters(&words, in: $0)
        }
        let start = result.count
        scratch.withUnsafeBufferPointer { join(in: $0, to: &result) }
        return result.count == start ? .nameShape : nil
    }

    /// Appends the words without digits, particles joined to what follows them.
    private func join(in scratch: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        var joins = true
        for (position, word) in words.enumerated() {
            if !joins { result.append(0x20) }
            let before = result.count
            let isSaint = words.count > 1 && NameWords.isSaint(word, in: scratch)
            if isSaint {
                result.append(contentsOf: "st".utf8)
            } else {
                for place in word where !(0x30...0x39).contains(scratch[place]) {
                    result.append(scratch[place])
                }
            }
            if result.count == before {
                if !joins { result.removeLast() }
                continue
            }
            joins =
                isSaint
                || position + 1 < words.count && NameWords.isParticle(word, in: scratch)
        }
    }

    /// Appends the normal form of free text: as for a name, but digits stay and no word goes.
    @discardableResult
    public mutating func append(text: String, to result: inout [UInt8]) -> IdentifierRule? {
        fold(text, dropsBrackets: false)
        guard !words.isEmpty else { return .absent }
        for (position, word) in words.enumerated() {
            if position > 0 { result.append(0x20) }
            result.append(contentsOf: scratch[word])
        }
        return nil
    }

    /// The normal form of one name; `nil` where it has none.
    public static func name(_ text: String) -> String? {
        var form = NormalForm()
        var result: [UInt8] = []
        return form.append(name: text, to: &result) == nil
            ? String(decoding: result, as: UTF8.self) : nil
    }

    /// The normal form of one text; `nil` where it has none.
    public static func text(_ text: String) -> String? {
        var form = NormalForm()
        var result: [UInt8] = []
        return form.append(text: text, to: &result) == nil
            ? String(decoding: result, as: UTF8.self) : nil
    }

    /// Fills `scratch` with the folded letters and digits, and `words` with where each word lies.
    private mutating func fold(_ text: String, dropsBrackets: Bool) {
        scratch.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        var start = 0
        var depth = 0
        let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.allSatisfy({ $0 < 0x80 }) else { return false }
            for byte in bytes { fold(Unicode.Scalar(byte), dropsBrackets, &start, &depth) }
            return true
        }
        if isPlain != true {
            for scalar in text.unicodeScalars { fold(scalar, dropsBrackets, &start, &depth) }
        }
        endWord(&start)
    }

    /// Adds one character.
    ///
    /// - Parameters:
    ///   - start: Where the word begins that is being read.
    ///   - depth: How many brackets are open.
    @inline(__always)
    private mutating func fold(
        _ scalar: Unicode.Scalar, _ dropsBrackets: Bool, _ start: inout Int, _ depth: inout Int
    ) {
        if dropsBrackets, scalar == "(" || scalar == "[" { depth += 1 }
        if dropsBrackets, scalar == ")" || scalar == "]" {
            depth = max(0, depth - 1)
            return
        }
        guard depth == 0 else { return }
        switch scalar.value {
        case 0x61...0x7a, 0x30...0x39: scratch.append(UInt8(scalar.value))
        case 0x41...0x5a: scratch.append(UInt8(scalar.value) + 0x20)
        // Apostrophes and accents of every kind, and combining marks, leave no gap.
        case 0x27, 0x60, 0xb4, 0x2b9...0x2bf, 0x2018...0x201b, 0x2032, 0x300...0x36f: return
        case 0...0x7f: endWord(&start)
        default: fold(other: scalar, &start)
        }
    }

    /// Adds a character outside ASCII that is no accent.
    private mutating func fold(other scalar: Unicode.Scalar, _ start: inout Int) {
        if let plain = LatinLetters.plain(scalar) {
            scratch.append(contentsOf: plain)
        } else if scalar.properties.isAlphabetic
            || scalar.properties.generalCategory == .nonspacingMark
        {
            for lower in scalar.properties.lowercaseMapping.utf8 { scratch.append(lower) }
        } else {
            endWord(&start)
        }
    }

    private mutating func endWord(_ start: inout Int) {
        if scratch.count > start { words.append(start..<scratch.count) }
        start = scratch.count
    }
}
