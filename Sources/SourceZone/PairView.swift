import PipelineModel

/// Two records side by side, field by field, as text for a terminal.
struct PairView {
    /// The names of the fields, in the order in which they are shown.
    let fields: [String]
    let clock: Clock

    private static let label = 16
    private static let column = 36

    /// One side of the pair.
    struct Side {
        var source: String
        /// `nil` where the archive no longer tells.
        var identity: IdentityHistory.Fields?
    }

    func text(_ left: Side, _ right: Side) -> String {
        var lines = [row("", [left.source], [right.source])]
        lines.append(String(repeating: "─", count: Self.label + 2 * Self.column + 4))
        for field in fields {
            let (one, two) = (cells(left, field), cells(right, field))
            if !one.isEmpty || !two.isEmpty { lines.append(row(field, one, two)) }
        }
        for side in [left, right] where side.identity == nil {
            lines.append("The values of \(side.source) are no longer in the archive.")
        }
        return lines.joined(separator: "\n")
    }

    private func cells(_ side: Side, _ field: String) -> [String] {
        (side.identity?[field] ?? []).flatMap { value in
            let days =
                "  \(clock.text(value.from)) – \(value.until.map(clock.text) ?? "now")"
            return Self.wrapped(Self.plain(value.text)) + [days]
        }
    }

    private func row(_ label: String, _ left: [String], _ right: [String]) -> String {
        (0..<max(left.count, right.count, 1)).map { line in
            Self.padded(line == 0 ? label : "", Self.label)
                + Self.padded(line < left.count ? left[line] : "", Self.column + 2)
                + (line < right.count ? right[line] : "")
        }.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    private static func wrapped(_ text: String) -> [String] {
        var rest = text[...]
        var lines: [String] = []
        repeat {
            lines.append(String(rest.prefix(column)))
            rest = rest.dropFirst(column)
        } while !rest.isEmpty
        return lines
    }

    /// A value without what would move the cursor or turn the line round: an extract may hold
    /// anything.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate,
                        .privateUse, .unassigned:
                        "·"
                    default: scalar
                    }
                }))
    }
}
