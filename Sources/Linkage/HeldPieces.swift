public import PipelineModel
import EncodedExtract

/// Encodings are held in pieces: those of one source follow each other, what came first first.
///
/// A night adds a piece and leaves the others as they are, so that what a million records take is
/// not written again for a thousand new ones. A piece that is not much smaller than the one before
/// it is joined to it, so that there are about as many as the logarithm of the records.
extension [Encodings] {
    /// The sources, in ascending order.
    var sourceNames: [String] {
        indices.compactMap {
            $0 > 0 && self[$0 - 1].source == self[$0].source ? nil : self[$0].source
        }
    }

    /// For each piece, the place of its source among ``sourceNames``.
    var sourceOfPiece: [Int32] {
        var place: Int32 = -1
        return indices.map { index in
            if index == 0 || self[index - 1].source != self[index].source { place += 1 }
            return place
        }
    }

    /// All pieces of one source as one, with no other fields than `fields`.
    func joined(_ source: String, fields: Set<String>) -> Encodings? {
        let parts = lazy.filter { $0.source == source }.map { piece in
            var piece = piece
            piece.fields.removeAll { !fields.contains($0.name) }
            return piece
        }
        guard var whole = parts.first else { return nil }
        for part in parts.dropFirst() { whole.append(part) }
        return whole
    }
}

/// Which piece of which source: a piece keeps its name for as long as it is as it was.
public struct PieceName: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let source: String
    /// From 0, among the pieces of the source.
    public let number: Int

    /// Such as `gp.0`.
    public var description: String { "\(source).\(number)" }

    /// Reads the name of a table of a state; a state that was written before there were pieces has
    /// one of each source.
    ///
    /// - Parameters:
    ///   - table: A table of encodings.
    ///   - file: What messages call it.
    /// - Throws: `StileError` with code `integrity` where the table does not say it.
    public init(_ table: ColumnTable, file: String) throws {
        guard let source = table.attributes["source"],
            let number = Int(table.attributes["piece"] ?? "0")
        else {
            throw StileError(
                .integrity, "A piece of the encodings does not say what it is.",
                at: .init(file: file),
                remedy: "Restore the column files of the state from the backup.")
        }
        self.source = source
        self.number = number
    }

    private init(source: String, number: Int) {
        self.source = source
        self.number = number
    }

    static func of(_ pieces: [Encodings]) -> [PieceName] {
        var numbers: [String: Int] = [:]
        return pieces.map { piece in
            defer { numbers[piece.source, default: 0] += 1 }
            return PieceName(source: piece.source, number: numbers[piece.source, default: 0])
        }
    }

    public static func < (left: PieceName, right: PieceName) -> Bool {
        (left.source, left.number) < (right.source, right.number)
    }
}
