import PipelineModel

extension TestPack {
    /// The rows as CSV (RFC 4180, lines ended by a line feed): name, columns, expected scores;
    /// numbers in the shortest form that reads back to the same bits.
    var csv: String {
        var text = Self.line(["row"] + columns + ["linear_predictor", "probability"])
        for row in rows {
            text += Self.line(
                [row.name]
                    + (row.values + [row.linearPredictor, row.probability]).map(
                        Decimals.roundTrip))
        }
        return text
    }

    private static func line(_ cells: [String]) -> String {
        cells.map { cell in
            cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\""
                    + cell.split(separator: "\"", omittingEmptySubsequences: false)
                    .joined(separator: "\"\"") + "\""
                : cell
        }.joined(separator: ",") + "\n"
    }

    /// Reads what ``csv`` wrote.
    ///
    /// - Throws: `StileError` with code `integrity` where it is no test pack.
    init(csv text: String, file: String) throws {
        func refuse(_ what: String) -> StileError {
            StileError(
                .integrity, "The test pack \(what).", at: .init(file: file),
                remedy: "Restore it, or publish the model again.")
        }
        let lines = Self.cells(text)
        guard let header = lines.first, header.count >= 3, header.first == "row",
            Array(header.suffix(2)) == ["linear_predictor", "probability"]
        else { throw refuse("has another header") }
        columns = Array(header[1..<(header.count - 2)])
        rows = try lines.dropFirst().map { cells in
            let numbers = cells.dropFirst().map { Double($0) ?? .nan }
            guard cells.count == header.count, numbers.allSatisfy(\.isFinite) else {
                throw refuse("has a row without all its numbers")
            }
            return Row(
                name: cells[0], values: Array(numbers.dropLast(2)),
                linearPredictor: numbers[numbers.count - 2],
                probability: numbers[numbers.count - 1])
        }
        guard !rows.isEmpty else { throw refuse("has no row") }
    }

    /// The cells of each line; quotes may stand around a cell and are doubled inside it.
    private static func cells(_ text: String) -> [[String]] {
        var lines: [[String]] = []
        var line: [String] = []
        var cell = ""
        var isQuoted = false
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        while let scalar = pending {
            pending = scalars.next()
            switch scalar {
            case "\"" where isQuoted && pending == "\"":
                cell.unicodeScalars.append(scalar)
                pending = scalars.next()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                line.append(cell)
                cell = ""
            case "\n" where !isQuoted:
                lines.append(line + [cell])
                line = []
                cell = ""
            case "\r" where !isQuoted: break
            default: cell.unicodeScalars.append(scalar)
            }
        }
        if !cell.isEmpty || !line.isEmpty { lines.append(line + [cell]) }
        return lines
    }
}
