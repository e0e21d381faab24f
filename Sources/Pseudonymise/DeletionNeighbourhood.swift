import Hashing

/// Keyed tokens of a text such that two texts share one exactly where a single insertion,
/// deletion or replacement of a character, or none, leads from one to the other.
///
/// A text of n characters has the tokens (i, text) for each gap i of 0…n and (i, text without
/// character i) for each i below n. Two texts of equal length share (i, rest) where they differ
/// at most at i; a longer one shares (i, rest) with the shorter one that is that rest. Because
/// the position is part of the token, no two texts further apart share one.
struct DeletionNeighbourhood: Sendable {
    let hasher: KeyedHasher

    /// The token sets of a column, each sorted, so that the order tells no position.
    ///
    /// - Parameters:
    ///   - firstRows: For each row the first row with the same text.
    ///   - skipsSpaces: Whether spaces count as nothing, as in a postcode.
    func tokenSets(
        _ column: NormalColumn, firstRows: [Int], skipsSpaces: Bool
    ) -> (offsets: [Int], tokens: [UInt64]) {
        var offsets = [0]
        offsets.reserveCapacity(column.count + 1)
        var tokens: [UInt64] = []
        var text: [UInt8] = []
        var starts: [Int] = []
        var message: [UInt8] = []
        for row in 0..<column.count {
            if firstRows[row] < row {
                for position in offsets[firstRows[row]]..<offsets[firstRows[row] + 1] {
                    tokens.append(tokens[position])
                }
                offsets.append(tokens.count)
                continue
            }
            text.removeAll(keepingCapacity: true)
            starts.removeAll(keepingCapacity: true)
            column.withRow(row) { bytes in
                for byte in bytes where !(skipsSpaces && byte == 0x20) {
                    if byte & 0xc0 != 0x80 { starts.append(text.count) }
                    text.append(byte)
                }
            }
            if !text.isEmpty {
                starts.append(text.count)
                append(text, starts, &message, to: &tokens)
                sortTail(&tokens, from: offsets[row])
            }
            offsets.append(tokens.count)
        }
        return (offsets, tokens)
    }

    /// Appends the tokens of a text: of messages of two parts, the position in one byte and the
    /// text, as ``Message`` writes them.
    ///
    /// - Parameters:
    ///   - starts: Where each character begins, and the end.
    ///   - message: Scratch.
    private func append(
        _ text: [UInt8], _ starts: [Int], _ message: inout [UInt8], to tokens: inout [UInt64]
    ) {
        let head = 9
        message.removeAll(keepingCapacity: true)
        message.append(contentsOf: [0, 0, 0, 1, 0, 0, 0, 0, 0])
        message.append(contentsOf: text)
        message.withUnsafeMutableBytes { message in
            func add(_ position: Int, _ count: Int) {
                message[4] = UInt8(truncatingIfNeeded: position)
                message.storeBytes(
                    of: UInt32(truncatingIfNeeded: count).bigEndian, toByteOffset: 5,
                    as: UInt32.self)
                tokens.append(
                    hasher.token(UnsafeRawBufferPointer(rebasing: message[..<(head + count)])))
            }
            for position in starts.indices { add(position, text.count) }
            // From the last character to the first: what lies behind the gap moves up, the gap
            // takes in the character before it.
            for position in stride(from: starts.count - 2, through: 0, by: -1) {
                let (start, end) = (starts[position], starts[position + 1])
                for place in end..<text.count {
                    message[head + start + place - end] = text[place]
                }
                add(position, text.count - (end - start))
            }
        }
    }

    /// Sorts the tokens from `start` on and removes repetitions; there are few, so by insertion.
    private func sortTail(_ tokens: inout [UInt64], from start: Int) {
        for position in (start + 1)..<max(start + 1, tokens.count) {
            let token = tokens[position]
            var place = position
            while place > start, tokens[place - 1] > token {
                tokens[place] = tokens[place - 1]
                place -= 1
            }
            tokens[place] = token
        }
        var kept = start
        for position in start..<tokens.count
        where position == start || tokens[position] != tokens[kept - 1] {
            tokens[kept] = tokens[position]
            kept += 1
        }
        tokens.removeLast(tokens.count - kept)
    }
}
