import EthicsGate
import PipelineModel
import Sealing

/// The referral list as a CSV file: UTF-8, LF, RFC 4180 quotes where needed, no
/// cell that a spreadsheet would run as a formula.
public enum ReferralCSV {
    /// The identity columns that come first, in this order; others follow by name.
    static let identityOrder = [
        "given_name", "middle_name", "surname", "date_of_birth", "sex", "postcode", "uprn",
        "nhs_number", "upn",
    ]

    /// The bytes of the file.
    ///
    /// The score itself is not in it. A list of households has a column that says who belong
    /// together; a list of settings has their codes and nobody's identity.
    public static func bytes(_ released: Released) -> [UInt8] {
        let present = Set(released.rows.flatMap(\.identity.fields.keys))
        let identity =
            identityOrder.filter(present.contains)
            + present.subtracting(identityOrder).sorted()
        let unit: [String] =
            switch released.unit {
            case .person, .spell: []
            case .household: ["household"]
            case .setting: ["setting"]
            }
        let head =
            ["row", "reference"] + unit + identity + [
                "likelihood", "reasons", "protective_factors",
            ]
        var text = line(head)
        for row in released.rows {
            text += line(
                [String(row.rank), row.reference]
                    + unit.map { _ in row.household ?? row.setting ?? "" }
                    + identity.map { row.identity.fields[$0] ?? "" }
                    + [
                        row.probability, reasons(row.reasons, protective: false, released.unit),
                        reasons(row.reasons, protective: true, released.unit),
                    ])
        }
        return Array(text.utf8)
    }

    /// The reasons in words.
    ///
    /// What comes from someone else's record is said to be so, and nothing more.
    static func reasons(
        _ reasons: [Candidate.Reason], protective: Bool, _ unit: UnitKind = .person
    ) -> String {
        let ofOthers =
            unit == .household
            ? "information held about the household" : "information held about someone else"
        var parts: [String] = []
        for reason in reasons {
            guard let value = Double(reason.contribution), protective ? value < 0 : value > 0
            else { continue }
            let text =
                reason.thirdParty
                ? ofOthers
                : reason.newestFact.isEmpty
                    ? "\(reason.words) (\(reason.source))"
                    : "\(reason.words) (\(reason.source), \(reason.newestFact))"
            if !parts.contains(text) { parts.append(text) }
        }
        return parts.joined(separator: "; ")
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\n"
    }

    /// One cell: guarded against formulas, quoted where it holds a comma, a quote
    /// or a line end.
    static func cell(_ value: String) -> String {
        var text = value
        if let first = value.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) {
            text = "'" + text
        }
        guard
            text.unicodeScalars.contains(where: {
                $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
            })
        else { return text }
        let doubled = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }
}
