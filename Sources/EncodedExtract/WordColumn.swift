import PipelineModel

/// Words of 64 bits, such as those of filters: held by themselves, or in a mapped column file.
public struct WordColumn: Sendable, Equatable {
    /// The words, each with its lowest byte first.
    let bytes: ColumnBytes

    public init(_ words: [UInt64]) { bytes = ColumnBytes(words: words) }

    /// - Parameter bytes: Whole words, which begin where a word may.
    init(_ bytes: ColumnBytes) { self.bytes = bytes }

    /// The words, in one piece.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<UInt64>) throws -> Result
    ) rethrows -> Result {
        // Every machine that Swift supports has the lowest byte first.
        try bytes.withUnsafeBytes { try $0.withMemoryRebound(to: UInt64.self, body) }
    }
}

extension WordColumn: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { bytes.count / 8 }
    public subscript(index: Int) -> UInt64 { withUnsafeBufferPointer { $0[index] } }

    /// Lets go of the memory that a mapped column takes; it is read from the file again when it
    /// is looked at.
    public func letGo() { bytes.letGo() }

    /// As ``letGo()``, of some of the words.
    public func letGo(_ some: Range<Int>) {
        bytes.letGo((some.lowerBound * 8)..<(some.upperBound * 8))
    }
}

extension WordColumn: ExpressibleByArrayLiteral {
    public init(arrayLiteral words: UInt64...) { self.init(words) }
}

extension Encodings.Values {
    /// A keyed token a row, from an array.
    public static func token(_ tokens: [UInt64]) -> Encodings.Values { .token(WordColumn(tokens)) }

    /// A filter of `bits` bits a row, from an array.
    public static func filter(bits: Int, words: [UInt64]) -> Encodings.Values {
        .filter(bits: bits, words: WordColumn(words))
    }

    /// Any number of keyed tokens a row, from an array.
    public static func tokenSet(offsets: [Int], tokens: [UInt64]) -> Encodings.Values {
        .tokenSet(offsets: offsets, tokens: WordColumn(tokens))
    }
}
