import Hashing

extension KeyedHasher {
    /// The first 128 bits of the code of a message, never all zeros.
    func pseudonym(_ message: [UInt8]) -> (UInt64, UInt64) {
        let words = code(message).words
        return words.0 == 0 && words.1 == 0 ? (0, 1) : (words.0, words.1)
    }

    /// The first 64 bits of the code of a message, never 0, which stands for a missing value.
    func token(_ message: [UInt8]) -> UInt64 { message.withUnsafeBytes { token($0) } }

    /// The same of a message that lies in memory.
    func token(_ message: UnsafeRawBufferPointer) -> UInt64 {
        let word = code(message).words.0
        return word == 0 ? 1 : word
    }
}
