import Foundation

/// One table: data set and quantity, who says what is right, how far Stile is from it, and
/// whether that is near enough.
struct OracleTable {
    enum Measure {
        /// |a − b| ÷ |b|, the largest of all numbers of the row.
        case relative
        /// |a − b|, the largest of all numbers of the row.
        case absolute
    }

    private var rows: [[String]] = []
    private(set) var agrees = true

    /// A row of numbers beside their reference.
    mutating func compare(
        _ set: String, _ quantity: String, with reference: String, _ got: [Double],
        _ expected: [Double]?, within limit: Double, _ measure: Measure = .relative
    ) {
        guard let expected, !expected.isEmpty else {
            return fault(set, quantity, with: reference, "the reference has no figure")
        }
        guard got.count == expected.count else {
            return fault(
                set, quantity, with: reference, "\(got.count) numbers, not \(expected.count)")
        }
        guard !got.contains(where: \.isNaN) else {
            return fault(set, quantity, with: reference, "Stile has no such figure")
        }
        var worst = 0.0
        for (a, b) in zip(got, expected) {
            let difference = (a - b).magnitude
            let measured =
                measure == .absolute || difference == 0 ? difference : difference / b.magnitude
            // A NaN is no agreement, and would be lost in a maximum.
            worst = measured.isNaN ? .infinity : max(worst, measured)
        }
        let words = String(format: "%.1e", worst) + (measure == .absolute ? " absolute" : "")
        add(
            set, quantity, reference, words, String(format: "%.0e", limit), worst <= limit)
    }

    /// A row whose answer is not a number.
    mutating func state(
        _ set: String, _ quantity: String, with reference: String, _ found: String,
        wanted: String, _ agrees: Bool
    ) {
        add(set, quantity, reference, found, wanted, agrees)
    }

    /// A row that could not be compared, which counts as one that does not agree.
    mutating func fault(
        _ set: String, _ quantity: String, with reference: String, _ reason: String
    ) {
        add(set, quantity, reference, reason, "–", false)
    }

    private mutating func add(
        _ set: String, _ quantity: String, _ reference: String, _ found: String,
        _ limit: String, _ agrees: Bool
    ) {
        rows.append([set, quantity, reference, found, limit, agrees ? "yes" : "NO"])
        if !agrees { self.agrees = false }
    }

    /// The table as Markdown, its columns aligned.
    var text: String {
        let header = [
            "data set", "quantity", "reference", "largest difference", "limit", "agrees",
        ]
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            "| "
                + zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
                .joined(separator: " | ") + " |"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|")
        let against = rows.count { $0[5] != "yes" }
        return ([line(header), rule + "|"] + rows.map(line)).joined(separator: "\n")
            + "\n\n\(rows.count - against) of \(rows.count) rows agree."
    }
}
