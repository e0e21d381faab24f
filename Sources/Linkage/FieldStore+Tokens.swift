import CBitKernels
import EncodedExtract

extension FieldStore {
    /// The tokens of one field of all rows.
    ///
    /// They stay where the encodings hold them, which may be a mapped file: a million rows have
    /// twenty such fields, and most are looked at once or twice.
    struct Tokens: Sendable {
        /// By piece; empty where the piece has no such field.
        private let columns: [WordColumn]
        private let places: [Origin]

        /// - Parameters:
        ///   - columns: By piece; empty where the piece has no such field.
        ///   - places: Where each row lies.
        init(columns: [WordColumn], places: [Origin]) {
            self.columns = columns
            self.places = places
        }

        /// The token of one row; 0 where it is missing.
        subscript(row: Int) -> UInt64 {
            let column = columns[Int(places[row].source)]
            return column.isEmpty ? 0 : column[Int(places[row].row)]
        }

        /// The tokens of all rows.
        var values: [UInt64] {
            defer { letGo() }
            return [UInt64](unsafeUninitializedCapacity: places.count) { buffer, count in
                if let start = buffer.baseAddress { read(places.indices, to: start) }
                count = places.count
            }
        }

        /// The tokens of some rows.
        func values(of rows: [UInt32]) -> [UInt64] {
            defer { letGo() }
            return [UInt64](unsafeUninitializedCapacity: rows.count) { buffer, count in
                if let start = buffer.baseAddress {
                    read(rows.lazy.map { Int($0) }, to: start)
                }
                count = rows.count
            }
        }

        /// Sets in some words the bits of the tokens of some places of a piece: what stays 0 is missing.
        func unite(_ piece: Int, _ places: Range<Int>, into words: inout [UInt64]) {
            guard !columns[piece].isEmpty else { return }
            columns[piece].withUnsafeBufferPointer { tokens in
                words.withUnsafeMutableBufferPointer { words in
                    for (place, token) in zip(words.indices, tokens[places]) {
                        words[place] |= token
                    }
                }
            }
        }

        /// Writes the tokens of rows that lie at some places, one after the other.
        func read(
            at places: UnsafeBufferPointer<Origin>, to target: UnsafeMutablePointer<UInt64>
        ) {
            columns.withPointers { pointers in
                for (number, place) in places.enumerated() {
                    (target + number).initialize(
                        to: pointers[Int(place.source)]?[Int(place.row)] ?? 0)
                }
            }
        }

        /// Writes the tokens of some rows.
        ///
        /// - Parameters:
        ///   - rows: The rows, in any order.
        ///   - target: Where the first one goes; the others follow it.
        private func read(
            _ rows: some Sequence<Int>, to target: UnsafeMutablePointer<UInt64>
        ) {
            columns.withPointers { pointers in
                places.withUnsafeBufferPointer { places in
                    var next = target
                    for row in rows {
                        let place = places[row]
                        next.initialize(to: pointers[Int(place.source)]?[Int(place.row)] ?? 0)
                        next += 1
                    }
                }
            }
        }

        /// Lets go of the pages of mapped columns.
        func letGo() { for column in columns { column.letGo() } }
    }
}
