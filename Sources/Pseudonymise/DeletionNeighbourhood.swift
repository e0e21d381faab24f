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
        var message = Message()
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
                text.withUnsafeBufferPointer { append($0, starts, &message, to: &tokens) }
                sortTail(&tokens, from: offsets[row])
            }
            offsets.append(tokens.count)
        }
        return (offsets, tokens)
    }

    private func append(
        _ text: UnsafeBufferPointer<UInt8>, _ starts: [Int], _ message: inout Message,
        to tokens: inout [UInt64]
    ) {
        func add(_ position: Int, _ skipped: Range<Int>) {
            message.removeAll()
            message.add(CollectionOfOne(UInt8(truncatingIfNeeded: position)))
            message.add(text[..<skipped.lowerBound], text[skipped.upperBound...])
            tokens.append(hasher.token(message.bytes))
        }
        for position in starts.indices {
            add(position, 0..<0)
            if position + 1 < starts.count {
                add(position, starts[position]..<starts[position + 1])
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
